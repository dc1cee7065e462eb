/**
 * Counters as they stood when a fault began or ended: what happened between two moments is told by their difference, without a
 * look at the run in between. Cold.
 */
import type { Calls } from './calls.ts';
import type { World } from './world.ts';
import type { Outcomes } from '../workload/outcomes.ts';

export interface Mark {
  atNs: number;
  /** Attempts sent by clients, and requests started, since the beginning of the window. */
  attempts: number;
  offered: number;
  /** Answers that came when nobody waited any more. */
  late: number;
  /** Answers in all, by the components. */
  answered: number;
  /** Look-ups of caches, and those that found something. */
  lookups: number;
  hits: number;
}

export function markNow(world: World, outcomes: Outcomes, calls: Calls): Mark {
  let lookups = 0;
  let hits = 0;
  for (const actor of world.actors) {
    if (world.components.type[actor.component] !== 'cache') continue;
    const figures = actor.figures();
    lookups += (figures.hits ?? 0) + (figures.misses ?? 0);
    hits += figures.hits ?? 0;
  }
  return {
    atNs: world.clock[0],
    attempts: outcomes.attempts,
    offered: outcomes.operations.reduce((sum, o) => sum + o.offered, 0),
    late: calls.late,
    answered: world.components.name.reduce((sum, _, c) => sum + world.ledger.completed(c), 0),
    lookups,
    hits,
  };
}
