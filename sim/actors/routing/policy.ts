/** How a balancer chooses: what every policy can do, and which there are. */
import type { Stream } from '../../random/keys.ts';
import type { BalancerPolicy } from './balancer.settings.ts';
import { KeyHash } from './key-hash.ts';
import { LeastConnections } from './least-connections.ts';
import { RandomOf, RandomTarget } from './random.ts';
import { RingHash } from './ring-hash.ts';
import { Rotation } from './rotation.ts';
import type { Targets } from './targets.ts';

/**
 * One balancer process's way to choose. `pick` and `moved` run for every request: they allocate nothing.
 *
 * Callers make sure that there is somebody to choose (`targets.choices > 0`). Targets already tried by the request
 * (`targets.isTried`) are passed over.
 */
export interface Policy {
  /** Does a choice depend on how many requests targets have? Then it matters when exactly an answer passes. */
  readonly goesByOutstanding: boolean;
  /** Slot of the target for a request with this key. */
  pick(key: number): number;
  /** A target's outstanding requests have become one more or one fewer. */
  moved(slot: number): void;
  /** Who is active has changed. */
  rebuild(): void;
}

/**
 * @param names of the slots, `app#3`: what hashes go by
 * @param stream the process's own random numbers
 */
export function policyOf(own: BalancerPolicy, targets: Targets, names: readonly string[], stream: Stream): Policy {
  switch (own.kind) {
    case 'round-robin':
    case 'weighted':
      return new Rotation(targets);
    case 'random':
      return new RandomTarget(targets, stream);
    case 'random-of':
      return new RandomOf(targets, stream, own.count);
    case 'least-connections':
      return new LeastConnections(targets, stream);
    case 'key-hash':
      return new KeyHash(targets);
    case 'consistent-hash':
      return new RingHash(targets, names, own.virtualNodes, own.bound);
  }
}
