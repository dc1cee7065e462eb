/**
 * What a scenario may say about a `dns`: whose addresses it gives out, to whom which one, how long an answer may be
 * remembered, and how patient those are who ask.
 */
import * as z from 'zod';
import {
  complain,
  count,
  distribution,
  duration,
  failback,
  number,
  positiveDuration,
  ratio,
  reference,
  sortedEntries,
} from '../../scenario/fields.ts';

const targets = z
  .union([
    reference('One component; each of its instances is an address.').transform((name) => [{ name, weight: 1 }]),
    z
      .record(z.string(), number('Weight.', { above: 0 }))
      .refine((map) => Object.keys(map).length > 0, { error: 'a name needs at least one address' })
      .transform((map) => sortedEntries(map).map(([name, weight]) => ({ name, weight }))),
  ])
  .meta({ description: 'Whose addresses it gives out.' });

/** What decides which of the healthy addresses an answer holds. */
export type DnsPolicy =
  | { kind: 'round-robin' | 'weighted' | 'random' }
  | { kind: 'latency' }
  /** Target of users by region or zone; the others get what is in their own zone, or their own region. */
  | { kind: 'geo'; map: { place: string; target: string }[] }
  /** Targets in the order of preference. */
  | { kind: 'failover'; order: string[] };

const policy = z
  .union([
    z.enum(['round-robin', 'weighted', 'random', 'latency', 'geo']).transform((kind): DnsPolicy => {
      if (kind === 'geo') return { kind, map: [] };
      return kind === 'latency' ? { kind } : { kind };
    }),
    z
      .strictObject({
        geo: z.record(z.string(), reference('Target whose addresses they get.')).optional().meta({
          description:
            'Target by region or zone of who asks. Others get one in their own zone, else in their own region, else any.',
        }),
        failover: z
          .array(reference('A target.'))
          .min(2)
          .optional()
          .meta({ description: 'The first target with a healthy address is given out, the others stand by.' }),
      })
      .meta({ minProperties: 1, maxProperties: 1 })
      .transform((p, ctx): DnsPolicy => {
        if (p.geo !== undefined && p.failover === undefined)
          return { kind: 'geo', map: sortedEntries(p.geo).map(([place, target]) => ({ place, target })) };
        if (p.failover !== undefined && p.geo === undefined) return { kind: 'failover', order: p.failover };
        complain(ctx, 'a policy is one word or one map', '{ failover: [main, standby] } or { geo: { eu: lb-eu } }');
        return z.NEVER;
      }),
  ])
  .prefault('round-robin')
  .meta({
    description:
      'Which address an answer holds. latency: the nearest by the latencies between regions; geo: by region or zone.',
  });

const health = z
  .strictObject({
    interval: positiveDuration('Time between two probes.').prefault('10s'),
    timeout: positiveDuration('A probe not answered by then has failed.').prefault('2s'),
    unhealthy: count('Failed probes in a row that take an address out.', 1, 1000).prefault(3),
    healthy: count('Good probes in a row that bring it back.', 1, 1000).prefault(3),
  })
  .transform((a) => ({ intervalNs: a.interval, timeoutNs: a.timeout, unhealthy: a.unhealthy, healthy: a.healthy }))
  .optional()
  .meta({ description: 'Each name server probes the addresses and gives out healthy ones. Absent: it gives out all.' });

const ignoring = z
  .union([
    ratio('Share that keeps the first answer for ever.').transform((share) => ({
      share,
      forNs: null as number | null,
    })),
    z
      .strictObject({
        share: ratio('Share of the callers.'),
        for: positiveDuration('How long they keep an answer instead.'),
      })
      .transform((i) => ({ share: i.share, forNs: i.for as number | null })),
  ])
  .optional()
  .meta({ description: 'Callers that keep an answer longer than they may: `10%`, or `{ share: 10%, for: 10m }`.' });

export const settings = z
  .strictObject({
    targets,
    policy,
    ttl: duration('How long an answer may be remembered. 0s: every request looks up.').prefault('60s'),
    'negative-ttl': duration(
      'How long a caller remembers that there was no answer (RFC 2308, RFC 9520): its requests fail at once.',
    ).prefault('0s'),
    'serve-stale': duration(
      'When no name server answers, an answer is used this long beyond its time to live (RFC 8767).',
    ).prefault('0s'),
    'ignore-ttl': ignoring,
    resolvers: count(
      'Caches that the users of a population share, in turn. Default: one each, and one for all open arrivals.',
      1,
      1_000_000,
    ).optional(),
    timeout: positiveDuration('A caller without an answer by then asks again, the next name server.').prefault('5s'),
    attempts: count('Times it asks in all.', 1, 100).prefault(2),
    cpu: distribution('Core time per lookup.').prefault('0s'),
    health,
    failback: failback(
      'With the policy failover: whether a preferred target that is healthy again is given out again, never by itself (manual) or once it has been healthy for so long. Default: at once.',
    ).optional(),
  })
  .transform((s, ctx) => {
    if (s.policy.kind === 'failover' || s.policy.kind === 'geo') checkNamed(s.policy, s.targets, ctx);
    const own = s.targets.some(({ weight }) => weight !== 1);
    if (own && s.policy.kind !== 'round-robin' && s.policy.kind !== 'weighted') {
      complain(ctx, `weights have no effect with the policy ${s.policy.kind}`, 'write 1 for each target', ['targets']);
    }
    if (s.failback !== undefined && s.policy.kind !== 'failover')
      complain(ctx, `\`failback\` has no effect with the policy ${s.policy.kind}`, 'it goes with failover: [ … ]', [
        'failback',
      ]);
    if (s.failback !== undefined && s.health === undefined)
      complain(ctx, '`failback` has no effect without health checks', 'health: { interval: 10s }', ['failback']);
    return {
      /** Sorted by name. */
      targets: s.targets,
      policy: s.policy,
      ttlNs: s.ttl,
      negativeTtlNs: s['negative-ttl'],
      staleNs: s['serve-stale'],
      /** forNs null: for ever. */
      ignoring: s['ignore-ttl'] ?? null,
      resolvers: s.resolvers ?? null,
      timeoutNs: s.timeout,
      attempts: s.attempts,
      cpu: s.cpu,
      health: s.health ?? null,
      /** Infinity: never by itself; absent: at once. */
      ...(s.failback !== undefined && { failbackNs: s.failback === 'manual' ? Infinity : s.failback.afterNs }),
    };
  });

/** A policy may only name targets, and `failover` each of them. */
function checkNamed(
  policy: Extract<DnsPolicy, { kind: 'failover' | 'geo' }>,
  list: { name: string }[],
  ctx: z.RefinementCtx,
): void {
  const names = list.map(({ name }) => name);
  const given = policy.kind === 'failover' ? policy.order : policy.map.map(({ target }) => target);
  const unknown = given.find((name) => !names.includes(name));
  const path = ['policy', policy.kind];
  if (unknown !== undefined) complain(ctx, `\`${unknown}\` is none of the targets`, `one of ${names.join(', ')}`, path);
  else if (policy.kind === 'failover' && [...given].sort().join() !== names.join())
    complain(ctx, '`failover` must name each target once', `in some order: ${names.join(', ')}`, path);
}

export type DnsSettings = z.output<typeof settings>;
