/** Knobs of shards on a map. */
import { type Fields, type Json, knob, type Knob, system } from './kit.ts';

/** Fifty keys, some of them popular, through one router to three servers; measured three times a second. */
const sharded = (router: Fields, ...patches: Fields[]): Fields =>
  system(
    {
      clients: { c: { keys: { zipf: 1, of: 50 }, timeout: '200ms', entry: 'router' } },
      components: {
        app: { instances: 3, runtime: { threads: 1 } },
        map: { type: 'database', quorum: { n: 3, r: 2, w: 2 }, read: { cpu: '0.1ms' }, write: { cpu: '0.1ms' } },
        router: {
          type: 'shard-router',
          target: 'app',
          store: 'map',
          shards: 6,
          refresh: '200ms',
          rebalance: { every: '300ms', above: 1.05 },
        },
      },
    },
    { components: { router } },
    ...patches,
  );
const shard = (key: string, a: Json | undefined, b: Json | undefined, own: Fields = {}, ...patches: Fields[]): Knob =>
  knob(sharded(own, ...patches), `components.router.${key}`, a, b);

const lost = (what: string, how: string): Fields => ({
  run: { duration: '4s' },
  faults: { f: { crash: what, how, at: '500ms', for: '1500ms' } },
});
const probing: Fields = { health: { active: { interval: '100ms', timeout: '50ms', unhealthy: 2, healthy: 2 } } };
const watching: Fields = { health: { passive: { failures: 3, within: '1s', eject: '500ms' } } };
const failing: Fields = { components: { app: { operations: { op: [{ cpu: '4ms' }, { fail: '10%' }] } } } };
const twin: Fields = { components: { twin: { type: 'server', operations: { op: [{ cpu: '9ms' }] } } } };
const otherStore: Fields = {
  components: {
    slow: { type: 'database', quorum: { n: 5, r: 3, w: 3 }, read: { cpu: '90ms' }, write: { cpu: '90ms' } },
  },
};
const apart: Fields = {
  regions: { near: {}, far: { latency: { near: '20ms' } } },
  clients: { c: { in: 'near' } },
  components: { app: { in: 'near' }, map: { in: 'near' } },
};

export const shardRouters: Record<string, Knob> = {
  instances: shard('instances', 1, 3),
  machine: shard('machine', { cores: 1, speed: 1 }, { cores: 1, speed: 0.1 }, { cpu: '0.5ms' }),
  on: shard('on', undefined, 'map', { cpu: '2ms' }),
  in: shard('in', 'near', 'far', {}, apart),
  price: shard('price', '10/month', '20/month'),
  target: shard('target', 'app', 'twin', {}, twin),
  store: shard('store', 'map', 'slow', {}, otherStore),
  shards: shard('shards', 3, 12),
  pieces: shard('pieces', 64, 65),
  refresh: shard('refresh', '50ms', '900ms'),
  timeout: shard('timeout', '10ms', '900ms', { store: 'slow' }, otherStore),
  'rebalance.every': shard('rebalance.every', '200ms', '700ms'),
  'rebalance.above': shard('rebalance.above', 1.01, 9),
  'rebalance.moves': shard('rebalance.moves', 1, 9),
  'rebalance.split': shard('rebalance.split', true, false, { shards: 3 }),
  'health.active.interval': shard('health.active.interval', '100ms', '400ms', probing, lost('app#1', 'kill')),
  'health.active.timeout': shard('health.active.timeout', '20ms', '90ms', probing, lost('app#1', 'pause')),
  'health.active.unhealthy': shard('health.active.unhealthy', 1, 5, probing, lost('app#1', 'kill')),
  'health.active.healthy': shard('health.active.healthy', 1, 5, probing, lost('app#1', 'kill')),
  'health.passive.failures': shard('health.passive.failures', 2, 9, watching, failing),
  'health.passive.within': shard('health.passive.within', '50ms', '2s', watching, failing),
  'health.passive.eject': shard('health.passive.eject', '100ms', '1s', watching, failing),
  cpu: shard('cpu', '0s', '2ms'),
};

const METRICS = ['imbalance', 'shards', 'moves', 'splits', 'misrouted', 'homeless', 'failedReads', 'failedWrites'];

export const shardExpectations: [string, Knob][] = METRICS.map((metric) => [
  `thresholds.components.*.${metric}`,
  knob(sharded({}), `thresholds.components.router.${metric}`, '>= 0', '< 0'),
]);

export const shardExcluded: [string, string][] = [
  ['shard-router.type', 'which keys there are'],
  ['shard-router.public', 'who may not be an entry; see places.test.ts'],
  ['shard-router.machine', 'see machine'],
];
