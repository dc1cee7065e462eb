/**
 * What a scenario may say about a `cdn`: what it caches for how long, what it does when that has expired, and how it
 * spares its origin.
 */
import * as z from 'zod';
import {
  complain,
  countOrNone,
  distribution,
  duration,
  positiveDuration,
  positiveSize,
  reference,
  sortedEntries,
  word,
} from '../../scenario/fields.ts';

/** nginx lets a request wait at most so long for the one that fetches (proxy_cache_lock_timeout). */
const DEFAULT_WAIT_NS = 5_000_000_000;

const content = z.strictObject({
  ttl: positiveDuration('How long it is fresh; overrides the `ttl` of all.').optional(),
  size: positiveSize('Bytes of one answer; overrides the `size` of all.').optional(),
});

const cached = z
  .union([
    z
      .array(reference('An operation.'))
      .min(1)
      .transform((names) => [...new Set(names)].sort().map((name) => ({ name, ttl: undefined, size: undefined }))),
    z
      .record(z.string(), content)
      .refine((map) => Object.keys(map).length > 0, { error: 'it caches nothing' })
      .transform((map) => sortedEntries(map).map(([name, { ttl, size }]) => ({ name, ttl, size }))),
  ])
  .meta({
    description: 'Operations whose answers are cached, by key. All others are dynamic: passed on to the origin.',
  });

const coalesce = z
  .union([
    z.boolean().transform((on): { waitNs: number } | null => (on ? { waitNs: DEFAULT_WAIT_NS } : null)),
    z
      .strictObject({ wait: positiveDuration('After this long a request fetches for itself; `true` means 5s.') })
      .transform((c) => ({ waitNs: c.wait })),
  ])
  .prefault(true)
  .meta({ description: 'One request fetches what a point of presence has not got; others for the same key wait.' });

const revalidate = z
  .union([
    z.boolean().transform((on): { operation: string | null } | null => (on ? { operation: null } : null)),
    z
      .strictObject({ operation: reference('Operation of the origin that answers whether a copy is still good.') })
      .transform((r) => ({ operation: r.operation as string | null })),
  ])
  .prefault(false)
  .meta({
    description:
      'An expired copy is kept, and the origin is asked whether it has changed (If-None-Match). A 304 costs a round trip and what its operation costs, and hardly any bytes.',
  });

const purges = z
  .record(z.string(), z.strictObject({ at: duration('When it is ordered, from the end of the warm-up.') }))
  .prefault({})
  .transform((map) => sortedEntries(map).map(([name, { at }]) => ({ name, atNs: at })))
  .meta({ description: 'Times at which everything is purged, by name (a release).' });

export const settings = z
  .strictObject({
    origin: reference('Where content comes from, and where dynamic requests go.'),
    shield: reference(
      'Another `cdn` that what is missing is fetched through, so that the origin is asked once.',
    ).optional(),
    cached,
    ttl: positiveDuration('How long an answer is fresh.').prefault('60s'),
    size: positiveSize('Bytes of one answer.').prefault('64KiB'),
    capacity: positiveSize('Bytes that each point of presence holds. Default: no limit.').optional(),
    policy: word(['lru', 'fifo'], 'What is evicted.').prefault('lru'),
    coalesce,
    revalidate,
    'stale-while-revalidate': duration(
      'For so long after it has expired a copy is still served, while it is fetched anew (RFC 5861).',
    ).prefault('0s'),
    'stale-if-error': duration(
      'For so long after it has expired a copy is served when the origin fails (RFC 5861).',
    ).prefault('0s'),
    'purge-delay': distribution('Until a purge has reached another point of presence.').prefault('150ms'),
    purges,
    withdraw: positiveDuration(
      'A point of presence that is silent for so long gets no more traffic (the hold time of its BGP session).',
    ).prefault('90s'),
    cpu: distribution('Core time per request on the machine of the point of presence.').prefault('0s'),
    connections: countOrNone('Most requests at one point of presence at once; more are refused.').prefault('none'),
  })
  .transform((s, ctx) => {
    if (s.policy !== 'lru' && s.capacity === undefined)
      complain(ctx, '`policy` has no effect without a `capacity`', 'nothing is ever evicted', ['policy']);
    const contents = s.cached.map(({ name, ttl, size }) => ({
      operation: name,
      ttlNs: ttl ?? s.ttl,
      sizeBytes: size ?? s.size,
    }));
    const largest = Math.max(...contents.map(({ sizeBytes }) => sizeBytes));
    if (s.capacity !== undefined && s.capacity < largest)
      complain(ctx, 'the capacity holds not one answer', '', ['capacity']);
    return {
      origin: s.origin,
      shield: s.shield ?? null,
      /** What requests may be passed on to: for the compiler, which finds by it the paths and the operations. */
      targets: [{ name: s.origin }, ...(s.shield === undefined ? [] : [{ name: s.shield }])],
      contents,
      capacityBytes: s.capacity ?? Infinity,
      policy: s.policy,
      coalesce: s.coalesce,
      /** operation null: the one that was asked for. */
      revalidate: s.revalidate,
      staleWhileNs: s['stale-while-revalidate'],
      staleIfErrorNs: s['stale-if-error'],
      purgeDelay: s['purge-delay'],
      purges: s.purges,
      withdrawNs: s.withdraw,
      cpu: s.cpu,
      connections: s.connections,
    };
  });

export type CdnSettings = z.output<typeof settings>;
