/**
 * What a scenario may say about a `balancer`: whom it passes requests to, how it chooses, and how it learns who is up.
 */
import * as z from 'zod';
import {
  complain,
  count,
  countOrNone,
  distribution,
  duration,
  number,
  positiveDuration,
  reference,
  sortedEntries,
} from '../../scenario/fields.ts';
import type { ComponentSettings, OwnFinding, StageSettings } from '../../scenario/settings.ts';
import { nobodyReturns } from '../../scenario/users.ts';

const targets = z
  .union([
    reference('One component; each of its instances is a target.').transform((name) => [{ name, weight: 1 }]),
    z
      .record(z.string(), number('Weight.', { above: 0 }))
      .refine((map) => Object.keys(map).length > 0, { error: 'a balancer needs at least one target' })
      .transform((map) => sortedEntries(map).map(([name, weight]) => ({ name, weight }))),
  ])
  .meta({ description: 'Whom requests are passed to.' });

export type BalancerPolicy =
  | { kind: 'round-robin' | 'weighted' | 'random' | 'least-connections' | 'key-hash' }
  | { kind: 'consistent-hash'; virtualNodes: number; bound: number | null }
  /** The one with fewest connections of `count` drawn at random. */
  | { kind: 'random-of'; count: number };

const policy = z
  .union([
    z
      .enum(['round-robin', 'weighted', 'random', 'least-connections', 'two-random', 'key-hash', 'consistent-hash'])
      .transform((kind): BalancerPolicy => {
        if (kind === 'two-random') return { kind: 'random-of', count: 2 };
        if (kind === 'consistent-hash') return { kind, virtualNodes: 100, bound: null };
        return { kind };
      }),
    z
      .strictObject({
        'consistent-hash': z
          .strictObject({
            'virtual-nodes': count('Points of each target on the ring.', 1, 100_000).prefault(100),
            bound: number('Most load of a target ÷ mean load; more goes to the next.', { above: 1 }).optional(),
          })
          .optional(),
        'random-of': count('Candidates drawn at random; the one with fewest connections is taken.', 1, 1000).optional(),
      })
      .meta({ minProperties: 1, maxProperties: 1 })
      .transform((p, ctx): BalancerPolicy => {
        const ring = p['consistent-hash'];
        const candidates = p['random-of'];
        if (ring !== undefined && candidates === undefined) {
          return { kind: 'consistent-hash', virtualNodes: ring['virtual-nodes'], bound: ring.bound ?? null };
        }
        if (candidates !== undefined && ring === undefined) return { kind: 'random-of', count: candidates };
        complain(
          ctx,
          'a policy is one word or one map',
          '{ consistent-hash: { virtual-nodes: 100 } } or { random-of: 3 }',
        );
        return z.NEVER;
      }),
  ])
  .prefault('round-robin')
  .meta({ description: 'How a target is chosen.' });

const sticky = z
  .union([
    z.boolean().transform((on): { forNs: number | null } | null => (on ? { forNs: null } : null)),
    z
      .strictObject({ for: positiveDuration('Until the user was idle this long.') })
      .transform((s) => ({ forNs: s.for })),
  ])
  .optional()
  .meta({ description: 'A user stays with the instance that served it first.' });

const active = z
  .strictObject({
    interval: positiveDuration('Time between two probes.').prefault('5s'),
    timeout: positiveDuration('A probe not answered by then has failed.').prefault('2s'),
    unhealthy: count('Failed probes in a row that take an instance out.', 1, 1000).prefault(3),
    healthy: count('Good probes in a row that bring it back.', 1, 1000).prefault(2),
  })
  .transform((a) => ({ intervalNs: a.interval, timeoutNs: a.timeout, unhealthy: a.unhealthy, healthy: a.healthy }));

const passive = z
  .strictObject({
    failures: count('Failures that eject an instance.', 1, 1_000_000).prefault(3),
    within: positiveDuration('… within this long.').prefault('10s'),
    eject: positiveDuration('How long it stays out.').prefault('30s'),
  })
  .transform((p) => ({ failures: p.failures, withinNs: p.within, ejectNs: p.eject }));

export const health = z
  .strictObject({
    active: active.optional().meta({ description: 'Probes.' }),
    passive: passive.optional().meta({ description: 'Watches the answers to real requests.' }),
  })
  .prefault({})
  .transform((h) => ({ active: h.active ?? null, passive: h.passive ?? null }))
  .meta({ description: 'How it learns which instances are up. Absent: it never does.' });

export const settings = z
  .strictObject({
    targets,
    weights: z
      .array(number('Weight of one instance.', { above: 0 }))
      .min(1)
      .optional()
      .meta({ description: 'One per instance of a single target component.' }),
    policy,
    sticky,
    health,
    retries: count('Other targets tried when the connection is refused.', 0, 100).prefault(0),
    'slow-start': duration('An instance that comes back reaches its full share after this long.').prefault('0s'),
    cpu: distribution("Core time per request on the balancer's machine.").prefault('0s'),
    connections: countOrNone('Most requests passing through at once; more are refused. `none`: no limit.').prefault(
      'none',
    ),
  })
  .transform((s, ctx) => {
    if (s.weights !== undefined && s.targets.length > 1) {
      complain(
        ctx,
        '`weights` needs a single target component',
        'give the weights in `targets: { app-a: 3, app-b: 1 }`',
        ['weights'],
      );
    }
    return {
      /** Sorted by name. */
      targets: s.targets,
      weights: s.weights ?? null,
      policy: s.policy,
      /** forNs null: for ever. */
      sticky: s.sticky ?? null,
      health: s.health,
      retries: s.retries,
      slowStartNs: s['slow-start'],
      cpu: s.cpu,
      connections: s.connections,
    };
  });

export type BalancerSettings = z.output<typeof settings>;

/** The components it passes requests to. */
export function references(own: BalancerSettings): { name: string; path: (string | number)[] }[] {
  // A single name may be written as the value itself; its path then ends at `targets`, the nearest that is there.
  return own.targets.map(({ name }) => ({ name, path: ['targets', name] }));
}

/** Weights of instances must be as many as there are instances; what would change nothing is said. */
export function check({ own }: ComponentSettings<BalancerSettings>, stage: StageSettings) {
  const findings: OwnFinding[] = [];
  const target = stage.components.find(({ name }) => name === own.targets[0].name);
  if (own.weights !== null && target !== undefined && own.weights.length !== target.instances) {
    findings.push({
      path: ['weights'],
      message: `${own.weights.length} weights for the ${target.instances} instances of \`${target.name}\``,
    });
  }
  if (own.slowStartNs > 0 && (own.policy.kind === 'key-hash' || own.policy.kind === 'consistent-hash')) {
    const message = `\`slow-start\` has no effect with the policy ${own.policy.kind}: keys stay where they belong`;
    findings.push({ path: ['slow-start'], message, severity: 'warning' });
  }
  if (own.sticky !== null && nobodyReturns(stage)) {
    const message = '`sticky` has no effect: each arrival is a new user';
    findings.push({ path: ['sticky'], message, hint: 'only `users` come back', severity: 'warning' });
  }
  return findings;
}
