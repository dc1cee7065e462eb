/** Knobs of balancers, caches and databases. */
import { doing, type Fields, type Json, knob, type Knob, system } from './kit.ts';
import { caching } from './workload.ts';

const balanced = (lb: Fields, ...patches: Fields[]): Fields =>
  system(
    {
      clients: { c: { entry: 'lb' } },
      components: { lb: { type: 'balancer', targets: 'app' }, app: { instances: 3, runtime: { threads: 1 } } },
    },
    { components: { lb } },
    ...patches,
  );
const lb = (key: string, a: Json | undefined, b: Json | undefined, own: Fields = {}, ...patches: Fields[]): Knob =>
  knob(balanced(own, ...patches), `components.lb.${key}`, a, b);

const crash = (how: string): Fields => ({
  run: { duration: '4s' },
  faults: { f: { crash: 'app#1', how, at: '500ms', for: '1500ms' } },
});
const probing: Fields = { health: { active: { interval: '100ms', timeout: '50ms', unhealthy: 2, healthy: 2 } } };
const watching: Fields = { health: { passive: { failures: 3, within: '1s', eject: '500ms' } } };
const failing: Fields = doing({ cpu: '4ms' }, { fail: '10%' });
const keyed: Fields = { clients: { c: { keys: { zipf: 0.9, of: 100 } } } };
const users: Fields = { clients: { c: { arrivals: null, users: 20, think: { exponential: '100ms' } } } };
const twins = balanced(
  {},
  { components: { lb: { targets: null }, twin: { type: 'server', operations: { op: [{ cpu: '9ms' }] } } } },
);

export const balancers: Record<string, Knob> = {
  instances: lb('instances', 1, 3, { policy: 'least-connections' }),
  on: lb('on', undefined, 'app', { cpu: '2ms' }, { components: { app: { instances: 1 } } }),
  price: lb('price', '10/month', '20/month'),
  targets: knob(twins, 'components.lb.targets', 'app', { app: 1, twin: 1 }),
  weights: lb('weights', undefined, [5, 1, 1]),
  policy: lb('policy', 'round-robin', 'least-connections'),
  'policy.consistent-hash.virtual-nodes': lb('policy.consistent-hash.virtual-nodes', 10, 100, {}, keyed),
  'policy.consistent-hash.bound': lb('policy.consistent-hash.bound', undefined, 1.25, {}, keyed),
  'policy.random-of': lb('policy.random-of', 1, 3),
  sticky: lb('sticky', false, true, {}, users),
  'sticky.for': lb('sticky.for', '10ms', '10s', {}, users),
  'health.active.interval': lb('health.active.interval', '100ms', '400ms', probing, crash('kill')),
  'health.active.timeout': lb('health.active.timeout', '20ms', '90ms', probing, crash('pause')),
  'health.active.unhealthy': lb('health.active.unhealthy', 1, 5, probing, crash('kill')),
  'health.active.healthy': lb('health.active.healthy', 1, 5, probing, crash('kill')),
  'health.passive.failures': lb('health.passive.failures', 2, 9, watching, failing),
  'health.passive.within': lb('health.passive.within', '50ms', '2s', watching, failing),
  'health.passive.eject': lb('health.passive.eject', '100ms', '1s', watching, failing),
  retries: lb('retries', 0, 2, {}, crash('kill')),
  'slow-start': lb('slow-start', '0s', '2s', probing, crash('kill')),
  cpu: lb('cpu', '0s', '2ms'),
  connections: lb('connections', 1, 10),
};

const cached = (key: string, a: Json | undefined, b: Json | undefined, own: Fields = {}): Knob =>
  knob(caching(own), `components.cache.${key}`, a, b);

export const caches: Record<string, Knob> = {
  machine: cached('machine', { cores: 1, speed: 1 }, { cores: 1, speed: 0.01 }),
  on: cached('on', undefined, 'app', { time: '3ms' }),
  price: cached('price', '10/month', '20/month'),
  nodes: cached('nodes', 1, 3),
  policy: cached('policy', 'lru', 'random'),
  capacity: cached('capacity', 10, 50),
  item: cached('item', '1KiB', '2KiB', { capacity: '20KiB' }),
  ttl: cached('ttl', '50ms', '1s'),
  sliding: cached('sliding', false, true, { ttl: '100ms' }),
  coalesce: cached('coalesce', false, true),
  'coalesce.lease': cached('coalesce.lease', '1ms', '1s'),
  time: cached('time', '50us', '2ms'),
  serial: cached('serial', true, false, { time: '3ms' }),
  hits: cached('hits', '10%', '90%', { capacity: null }),
};

const base = (...patches: Fields[]): Fields =>
  system(
    doing({
      choose: { r: { weight: '50%', steps: [{ read: 'db' }] }, w: { weight: '50%', steps: [{ write: 'db' }] } },
    }),
    {
      clients: { c: { arrivals: null, users: 20, think: { exponential: '50ms' }, keys: { uniform: 50 } } },
      components: { db: { type: 'database', read: { cpu: '2ms' }, write: { cpu: '1ms' } } },
    },
    ...patches,
  );
const inDb = (db: Fields): Fields => ({ components: { db } });
const db = (key: string, a: Json | undefined, b: Json | undefined, own: Fields = {}, ...patches: Fields[]): Knob =>
  knob(base(inDb(own), ...patches), `components.db.${key}`, a, b);

const narrow: Fields = { connections: 1 };
const replicated: Fields = { replicas: 2, reads: 'any', replication: { apply: { cpu: '5ms' } } };
const steady: Fields = { replicas: 2, replication: { mode: 'semi-synchronous' } };
const LEG: Json = { exponential: '1ms' };
const quorum: Fields = { quorum: { n: 3, r: 2, w: 2, delays: { write: LEG, ack: LEG, read: LEG, response: LEG } } };
const everywhere = (own: Fields = {}): Fields => ({
  'multi-primary': { copies: 2, merge: 'last-writer-wins', ...own },
});
const failover = (own: Fields = {}): Fields => ({
  replicas: 2,
  failover: { by: 'election', heartbeat: '100ms', timeout: '400ms', promotion: '100ms', ...own },
});
const LOST: Fields = {
  run: { duration: '3s' },
  clients: { c: { timeout: '200ms' } },
  faults: { f: { crash: 'db#1', at: '500ms' } },
};
const SPLIT: Fields = {
  run: { duration: '4s' },
  clients: { c: { timeout: '200ms' } },
  faults: {
    f: {
      partition: [
        ['app', 'db#1'],
        ['db#2', 'db#3'],
      ],
      at: '500ms',
      for: '2s',
    },
  },
};
const BACK: Fields = { faults: { f: { for: '1s' } } };
/** The primary and one replica are left of four voters, or five with a witness. */
const HALF: Fields = { faults: { g: { crash: 'db#2', at: '500ms' } } };

export const databases: Record<string, Knob> = {
  machine: db('machine', { cores: 1, speed: 1 }, { cores: 1, speed: 0.5 }),
  on: db('on', undefined, 'app', {}, { components: { app: { operations: { op: [{ cpu: '4ms' }, { read: 'db' }] } } } }),
  price: db('price', '10/month', '20/month'),
  connections: db('connections', 1, 100, { read: { disk: '2ms' } }),
  'queue.limit': db('queue.limit', 0, 9, narrow),
  'queue.discipline': db('queue.discipline', 'fifo', 'lifo', narrow, { clients: { c: { users: 60 } } }),
  'queue.patience': db('queue.patience', '1ms', '100ms', narrow, { clients: { c: { users: 60 } } }),
  'read.cpu': db('read.cpu', '1ms', '2ms'),
  'read.disk': db('read.disk', '1ms', '2ms'),
  'read.miss': db('read.miss', '10%', '90%', { read: { disk: '2ms' } }),
  'write.cpu': db('write.cpu', '1ms', '2ms'),
  'write.fsync': db('write.fsync', '1ms', '2ms'),
  'disk.parallel': db('disk.parallel', 1, 4, { read: { disk: '3ms' } }),
  replicas: db('replicas', 1, 3, { reads: 'any' }),
  'replication.mode': db('replication.mode', 'asynchronous', 'synchronous', { replicas: 2 }),
  'replication.apply.cpu': db('replication.apply.cpu', '1ms', '9ms', replicated),
  'replication.apply.parallel': db('replication.apply.parallel', 1, 4, { ...replicated, machine: { cores: 4 } }),
  'replication.acks': db('replication.acks', 1, 2, steady, { network: { delay: { exponential: '2ms' } } }),
  reads: db('reads', 'primary', 'any', { replicas: 2 }),
  'read-your-writes.pin': db('read-your-writes.pin', '10ms', '1s', replicated),
  'failover.by': db('failover.by', 'election', 'monitor', failover(), LOST),
  'failover.heartbeat': db('failover.heartbeat', '100ms', '300ms', failover({ by: 'monitor' }), LOST),
  'failover.timeout': db('failover.timeout', '400ms', '800ms', failover(), LOST),
  'failover.election-timeout': db('failover.election-timeout', '10ms', '500ms', failover(), LOST),
  'failover.vote': db('failover.vote', '0s', '100ms', failover(), LOST),
  'failover.promotion': db('failover.promotion', '100ms', '500ms', failover(), LOST),
  'failover.fencing': db('failover.fencing', true, false, failover(), SPLIT),
  'failover.failback.after': db('failover.failback.after', '0s', '300ms', failover(), LOST, BACK),
  'failover.failback': db('failover.failback', 'manual', { after: '100ms' }, failover(), LOST, BACK),
  'failover.witness': db('failover.witness', false, true, { ...failover(), replicas: 3 }, LOST, HALF),
  'quorum.n': db('quorum.n', 3, 5, quorum),
  'quorum.r': db('quorum.r', 1, 3, quorum),
  'quorum.w': db('quorum.w', 1, 3, quorum),
  'quorum.delays.write': db('quorum.delays.write', LEG, '5ms', quorum),
  'quorum.delays.ack': db('quorum.delays.ack', LEG, '5ms', quorum),
  'quorum.delays.read': db('quorum.delays.read', LEG, '5ms', quorum),
  'quorum.delays.response': db('quorum.delays.response', LEG, '5ms', quorum),
  'multi-primary.copies': db('multi-primary.copies', 2, 3, everywhere()),
  'multi-primary.merge': db('multi-primary.merge', 'last-writer-wins', 'version-vector', everywhere()),
  'multi-primary.skew': db('multi-primary.skew', '0s', '100ms', everywhere()),
  'multi-primary.repair': db('multi-primary.repair', '100ms', '900ms', everywhere({ copies: 3 }), SPLIT),
  shards: db('shards', 1, 3),
};
