/**
 * What a scenario may say about a `shard-router`: whose instances hold the shards, which store holds the map, how often
 * routers look at it, and when shards are split and moved.
 */
import * as z from 'zod';
import { count, distribution, flag, number, positiveDuration, reference } from '../../scenario/fields.ts';
import type { ComponentSettings, OwnFinding, StageSettings } from '../../scenario/settings.ts';
import { health } from './balancer.settings.ts';

const rebalance = z
  .strictObject({
    every: positiveDuration('How often the activity since the last time is looked at.').prefault('10s'),
    above: number('Busiest instance ÷ mean, from which on shards are moved.', { above: 1 }).prefault(1.2),
    moves: count('Most shards moved or split at a time.', 1, 1000).prefault(4),
    split: flag('Whether a shard that is too hot to move is split in two.').prefault(true),
  })
  .transform((r) => ({ everyNs: r.every, above: r.above, moves: r.moves, split: r.split }))
  .optional()
  .meta({
    description:
      'The first router measures how active each shard is, and moves what is hot, and what belongs to instances that it finds unhealthy. Absent: the map stays as it is.',
  });

export const settings = z
  .strictObject({
    target: reference('Component whose instances hold the shards.'),
    store: reference('Database with a majority quorum that holds the map.'),
    shards: count('Shards at the start, dealt out to the instances in turn.', 1, 100_000).prefault(16),
    pieces: count('Keys fall by their hash into so many pieces, the least that can be moved.', 1, 100_000).prefault(
      256,
    ),
    refresh: positiveDuration('How often each router reads the map from the store.').prefault('1s'),
    timeout: positiveDuration('How long an answer of the store is waited for.').prefault('1s'),
    rebalance,
    health,
    cpu: distribution('Core time per request.').prefault('0s'),
  })
  .transform((s) => ({
    /** For the compiler: whom requests are passed on to. */
    targets: [{ name: s.target }],
    store: s.store,
    shards: s.shards,
    pieces: s.pieces,
    refreshNs: s.refresh,
    timeoutNs: s.timeout,
    rebalance: s.rebalance ?? null,
    health: s.health,
    cpu: s.cpu,
  }));

export type ShardRouterSettings = z.output<typeof settings>;

export function references(own: ShardRouterSettings): { name: string; path: (string | number)[] }[] {
  return [
    { name: own.targets[0].name, path: ['target'] },
    { name: own.store, path: ['store'] },
  ];
}

/** A store that may forget the map, or show an old one; more shards than there are pieces of them. */
export function check({ own }: ComponentSettings<ShardRouterSettings>, stage: StageSettings): OwnFinding[] {
  const findings: OwnFinding[] = [];
  const store = stage.components.find(({ name }) => name === own.store);
  const quorum = (store?.own as { quorum?: { n: number; r: number; w: number } | null } | undefined)?.quorum ?? null;
  const hint = 'write quorum: { n: 3, r: 2, w: 2 }';
  if (store !== undefined && store.type !== 'database')
    findings.push({ path: ['store'], message: `a ${store.type} cannot hold the map`, hint: 'a database can' });
  else if (store !== undefined && quorum === null)
    findings.push({ path: ['store'], message: `\`${own.store}\` has no quorum: it might forget the map`, hint });
  else if (quorum !== null && (quorum.r + quorum.w <= quorum.n || 2 * quorum.w <= quorum.n))
    findings.push({
      path: ['store'],
      message: `\`${own.store}\` has no majority: a read might miss the last map`,
      hint,
    });
  if (own.shards > own.pieces)
    findings.push({ path: ['shards'], message: `${own.shards} shards of ${own.pieces} pieces`, hint: 'more `pieces`' });
  return findings;
}
