/**
 * What a scenario may say about a `cache`: how much it holds, what it evicts, how long entries live, and its nodes.
 */
import * as z from 'zod';
import {
  complain,
  count,
  distribution,
  flag,
  parseCountOrSize,
  positiveDuration,
  positiveSize,
  quantity,
  ratio,
  word,
} from '../../scenario/fields.ts';

/** memcached at Facebook gave out a lease on a key at most this often (Nishtala et al., NSDI 2013). */
const DEFAULT_LEASE_NS = 10_000_000_000;

const capacity = quantity(parseCountOrSize, {
  type: ['integer', 'string'],
  examples: ['10k', '1GiB'],
  description: 'Entries each node holds, or bytes (then `item` says how large an entry is).',
});

const coalesce = z
  .union([
    z.boolean().transform((on): { leaseNs: number } | null => (on ? { leaseNs: DEFAULT_LEASE_NS } : null)),
    z
      .strictObject({ lease: positiveDuration('After this long another may fill; `coalesce: true` means 10s.') })
      .transform((c) => ({ leaseNs: c.lease })),
  ])
  .optional()
  .meta({ description: 'One filler per key; the others wait for it.' });

export const settings = z
  .strictObject({
    nodes: count('Nodes on a consistent-hash ring.', 1, 10_000).prefault(1),
    policy: word(['lru', 'lfu', 'fifo', 'random'], 'What is evicted.').prefault('lru'),
    capacity: capacity.optional(),
    item: positiveSize('Size of one entry.').optional(),
    ttl: positiveDuration('How long an entry lives.').optional(),
    sliding: flag('Every hit renews the life of an entry.').prefault(false),
    coalesce,
    time: distribution('Time of one command on the event loop of the node.').prefault('50us'),
    serial: flag('Commands queue behind each other; false: their time is a pure delay.').prefault(true),
    hits: ratio('Assumed hit ratio, instead of following keys.').optional(),
  })
  .transform((s, ctx) => {
    if (s.hits === undefined && s.capacity === undefined)
      complain(ctx, 'a cache needs a `capacity`', 'for example capacity: 10k');
    if (s.hits !== undefined) {
      for (const name of ['capacity', 'ttl', 'coalesce', 'item'] as const) {
        if (s[name] !== undefined)
          complain(ctx, `\`${name}\` has no effect with an assumed hit ratio`, 'leave `hits` out to follow keys', [
            name,
          ]);
      }
    }
    if (s.sliding && s.ttl === undefined) complain(ctx, '`sliding` needs a `ttl`', '', ['sliding']);
    const bytes = s.capacity !== undefined && s.capacity.unit === 'bytes';
    if (bytes && s.item === undefined)
      complain(ctx, 'a capacity in bytes needs the size of an `item`', 'for example item: 1KiB', ['capacity']);
    const items =
      s.capacity === undefined ? null : bytes ? Math.floor(s.capacity.value / (s.item ?? 1)) : s.capacity.value;
    if (items === 0) complain(ctx, 'the capacity holds not one item', '', ['capacity']);
    return {
      nodes: s.nodes,
      policy: s.policy,
      /** Entries of each node; null with an assumed hit ratio. */
      capacityItems: items,
      itemBytes: s.item ?? null,
      ttlNs: s.ttl ?? null,
      sliding: s.sliding,
      /** null: whoever misses fills. */
      coalesce: s.coalesce ?? null,
      time: s.time,
      serial: s.serial,
      hits: s.hits ?? null,
    };
  });

export type CacheSettings = z.output<typeof settings>;

/** Nodes on the ring. */
export const nodes = (own: CacheSettings): number => own.nodes;
