/** Knobs of machines, servers and steps. */
import { doing, knob, type Fields, type Json, type Knob, merge, system } from './kit.ts';
import { caching } from './workload.ts';

/** A server that is called by `app`. */
const OTHER: Fields = { components: { other: { type: 'server', operations: { op: [{ sleep: '5ms' }] } } } };
const calling = (...patches: Fields[]): Fields => system(doing({ call: 'other' }), OTHER, ...patches);
const machine = (value: Fields, ...patches: Fields[]): Fields =>
  system({ components: { app: { machine: value } } }, ...patches);
const inApp = (app: Fields): Fields => ({ components: { app } });
const loaded = { clients: { c: { arrivals: { poisson: '400/s' } } } };
/** Each request takes a hundredth of the memory. */
const hungry = machine(
  { cores: 1, memory: '1GiB' },
  doing({ sleep: '20ms' }),
  inApp({ memory: { base: '100MiB', 'per-request': '10MiB', 'per-connection': '10MiB' } }),
);

export const machines: Record<string, Knob> = {
  preset: knob(machine({ connections: 'none' }, loaded), 'components.app.machine.preset', 'm5.large', 'm5.24xlarge'),
  cores: knob(system(loaded), 'components.app.machine.cores', 1, 4),
  memory: knob(hungry, 'components.app.machine.memory', '120MiB', '1GiB'),
  connections: knob(machine({ cores: 1 }, loaded), 'components.app.machine.connections', 5, 50),
  price: knob(machine({ cores: 1 }), 'components.app.machine.price', '10/month', '20/month'),
  speed: knob(machine({ cores: 1 }), 'components.app.machine.speed', 1, 2),
};

const crashed = { faults: { f: { crash: 'app', at: '500ms' } } };
const sessions = (own: Fields): Fields =>
  system({ clients: { c: { arrivals: null, users: 40, think: '20ms' } } }, inApp({ sessions: own }));
const stores = { components: { cache: { type: 'cache', capacity: 100 } } };
const pooled = calling(loaded, { components: { app: { pools: { other: { size: 1, queue: 1 } } } } });
const ranked = system(loaded, {
  clients: { c: { does: { op: '50%', last: '50%' } } },
  components: {
    app: { runtime: { threads: 1 }, queue: { discipline: 'priority' }, operations: { last: [{ cpu: '4ms' }] } },
  },
});
/** One thread, and twice the work it can do. */
const queueing = system(loaded, inApp({ runtime: { threads: 1 } }));

export const servers: Record<string, Knob> = {
  instances: knob(queueing, 'components.app.instances', 1, 3),
  on: knob(
    system(doing({ cpu: '4ms' }, { call: 'other' }), {
      components: { other: { type: 'server', operations: { op: [{ cpu: '1ms' }] } } },
    }),
    'components.other.on',
    undefined,
    'app',
  ),
  price: knob(system(), 'components.app.price', '10/month', '20/month'),
  'runtime.threads': knob(queueing, 'components.app.runtime.threads', 1, 9),
  'runtime.event-loop': knob(
    system(inApp({ runtime: { 'event-loop': 1 }, machine: { cores: 4 } }), loaded),
    'components.app.runtime.event-loop',
    1,
    4,
  ),
  'runtime.workers': knob(
    system(inApp({ runtime: { workers: 1 }, machine: { cores: 4 } }), loaded),
    'components.app.runtime.workers',
    1,
    4,
  ),
  'queue.limit': knob(queueing, 'components.app.queue.limit', 5, 50),
  'queue.discipline': knob(queueing, 'components.app.queue.discipline', 'fifo', 'lifo'),
  'queue.patience': knob(queueing, 'components.app.queue.patience', '10ms', '100ms'),
  'memory.base': knob(hungry, 'components.app.memory.base', '100MiB', '1000MiB'),
  'memory.per-connection': knob(hungry, 'components.app.memory.per-connection', '0B', '500MiB'),
  'memory.per-request': knob(hungry, 'components.app.memory.per-request', '0B', '500MiB'),
  restart: knob(system(crashed), 'components.app.restart', undefined, '200ms'),
  'sessions.store': knob(
    merge(sessions({ login: { cpu: '1ms' } }), stores),
    'components.app.sessions.store',
    'memory',
    'cache',
  ),
  'sessions.size': knob(sessions({ store: 'memory' }), 'components.app.sessions.size', '1KiB', '500MiB'),
  'sessions.login.cpu': knob(sessions({ store: 'memory' }), 'components.app.sessions.login.cpu', '1ms', '9ms'),
  'pools.*.size': knob(pooled, 'components.app.pools.other.size', 1, 9),
  'pools.*.queue': knob(pooled, 'components.app.pools.other.queue', 0, 9),
  operations: knob(system(), 'components.app.operations', { op: [{ cpu: '1ms' }] }, { op: [{ cpu: '2ms' }] }),
  priorities: knob(ranked, 'components.app.priorities', { op: 1, last: 0 }, { op: 0, last: 1 }),
};

/** Twenty-five seconds: a rush of two seconds' work a second, then a lull. */
const scaled = system({
  run: { duration: '25s' },
  clients: {
    c: {
      arrivals: {
        poisson: '40/s',
        curve: [
          { at: '0s', times: 1 },
          { at: '2s', times: 2 },
          { at: '12s', times: 2 },
          { at: '13s', times: 0.2 },
        ],
      },
    },
  },
  components: {
    app: {
      operations: { op: [{ cpu: '40ms' }] },
      autoscale: {
        min: 1,
        max: 6,
        cpu: '60%',
        every: '1s',
        'metric-delay': '1s',
        boot: '1s',
        stabilization: '2s',
        drain: '1s',
        'scale-up': { pods: 1, percent: '10%', period: '2s' },
        'scale-down': { pods: 1, percent: '10%', period: '2s' },
      },
    },
  },
});
const scale = (key: string, a: Json | undefined, b: Json | undefined, ...patches: Fields[]): Knob =>
  knob(system(scaled, ...patches), `components.app.autoscale.${key}`, a, b);
const by = (metric: string): Fields => inApp({ runtime: { threads: 2 }, autoscale: { cpu: null, [metric]: 1 } });
/** Requests that are still served when their instance is taken away. */
const lingering = doing({ cpu: '40ms' }, { sleep: '2s' });

export const autoscaling: Record<string, Knob> = {
  min: scale('min', 1, 3),
  max: scale('max', 2, 6),
  cpu: scale('cpu', '30%', '80%'),
  connections: scale('connections', 1, 5, by('connections')),
  queue: scale('queue', 1, 20, by('queue')),
  every: scale('every', '1s', '3s'),
  'metric-delay': scale('metric-delay', '0s', '3s'),
  boot: scale('boot', '0s', '3s'),
  tolerance: scale('tolerance', '0%', '50%'),
  stabilization: scale('stabilization', '0s', '5s'),
  cooldown: scale('cooldown', '0s', '5s'),
  drain: scale('drain', '0s', '5s', lingering),
  'scale-up.pods': scale('scale-up.pods', 1, 4),
  'scale-up.percent': scale('scale-up.percent', '10%', '300%'),
  'scale-up.period': scale('scale-up.period', '2s', '5s'),
  'scale-down.pods': scale('scale-down.pods', 1, 4),
  'scale-down.percent': scale('scale-down.percent', '10%', '100%'),
  'scale-down.period': scale('scale-down.period', '2s', '5s'),
};

const step = (steps: Json[], key: string, a: Json | undefined, b: Json | undefined, ...patches: Fields[]): Knob =>
  knob(system(doing(...steps), ...patches), `components.app.operations.op.${key}`, a, b);
const ANOTHER: Fields = {
  components: { another: { type: 'server', operations: { op: [{ sleep: '9ms' }], slow: [{ sleep: '50ms' }] } } },
};
const DB: Fields = { components: { db: { type: 'database', read: { cpu: '1ms' }, write: { cpu: '1ms' } } } };
const DB2: Fields = { components: { db2: { type: 'database', read: { cpu: '3ms' }, write: { cpu: '3ms' } } } };
const FLAKY: Fields = { components: { other: { type: 'server', operations: { op: [{ fail: '50%' }] } } } };
const again: Json[] = [{ call: 'other', retry: { attempts: 3 } }];
const retried = (key: string, a: Json, b: Json): Knob => step(again, `0.retry.${key}`, a, b, FLAKY);
const budgeted = (key: string, a: Json, b: Json): Knob =>
  step([{ call: 'other', retry: { attempts: 3, budget: { ratio: '10%' } } }], `0.retry.budget.${key}`, a, b, FLAKY);
const others = (steps: Json[], key: string, a: Json | undefined, b: Json | undefined): Knob =>
  step(steps, key, a, b, OTHER, {
    components: { other: { instances: 3, operations: { op: [{ sleep: { exponential: '5ms' } }] } } },
  });
const caches = { components: { second: { type: 'cache', capacity: 20, time: '2ms' } } };
const found = caching();
const inCache = (steps: Json[], key: string, a: Json | undefined, b: Json | undefined): Knob =>
  knob(system(found, caches, doing(...steps)), `components.app.operations.op.${key}`, a, b);
const split = (share: number): Json => ({
  a: { weight: `${share}%`, steps: [{ sleep: '9ms' }] },
  b: { weight: `${100 - share}%`, steps: [] },
});

export const steps: Record<string, Knob> = {
  cpu: step([{}], '0.cpu', '1ms', '2ms'),
  sleep: step([{}], '0.sleep', '1ms', '2ms'),
  call: step([{}], '0.call', 'other', 'another', OTHER, ANOTHER),
  read: step([{}], '0.read', 'db', 'db2', DB, DB2),
  write: step([{}], '0.write', 'db', 'db2', DB, DB2),
  get: inCache([{}, { set: 'cache' }, { set: 'second' }], '0.get', 'cache', 'second'),
  set: inCache([{}], '0.set', 'cache', 'second'),
  delete: inCache([{}], '0.delete', 'cache', 'second'),
  parallel: step([{}], '0.parallel', [[{ sleep: '1ms' }]], [[{ sleep: '1ms' }], [{ sleep: '9ms' }]]),
  'parallel.times': step([{ parallel: { steps: [{ cpu: '1ms' }] } }], '0.parallel.times', 2, 3),
  'parallel.steps': step([{ parallel: { times: 2 } }], '0.parallel.steps', [{ cpu: '1ms' }], [{ cpu: '2ms' }]),
  'choose.*.weight': step([{}], '0.choose', split(20), split(80)),
  'choose.*.steps': step(
    [{ choose: { a: { weight: '100%' } } }],
    '0.choose.a.steps',
    [{ cpu: '1ms' }],
    [{ cpu: '2ms' }],
  ),
  repeat: step([{ steps: [{ cpu: '1ms' }] }], '0.repeat', 1, 3),
  steps: step([{ repeat: 2 }], '0.steps', [{ cpu: '1ms' }], [{ cpu: '2ms' }]),
  respond: knob(system(), 'components.app.operations.op', [{ sleep: '5ms' }], [{ respond: 'early' }, { sleep: '5ms' }]),
  fail: step([{}], '0.fail', '10%', '50%'),
  op: step([{ call: 'another' }], '0.op', 'op', 'slow', ANOTHER),
  to: others([{ call: 'other' }], '0.to', 'one', 'all'),
  first: others([{ call: 'other', to: 'all' }], '0.first', 1, 2),
  key: inCache([{ get: 'cache', miss: [{ set: 'cache' }] }], '0.key', 'request', 'random'),
  hit: inCache([{ get: 'cache', miss: [{ set: 'cache' }] }], '0.hit', undefined, [{ sleep: '9ms' }]),
  miss: inCache([{ get: 'cache' }, { set: 'cache' }], '0.miss', undefined, [{ sleep: '9ms' }]),
  timeout: step([{ call: 'other' }], '0.timeout', '1ms', '1s', OTHER),
  'retry.attempts': retried('attempts', 2, 3),
  'retry.backoff.base': retried('backoff.base', '10ms', '100ms'),
  'retry.backoff.cap': retried('backoff.cap', '100ms', '1s'),
  'retry.backoff.factor': retried('backoff.factor', 2, 5),
  'retry.backoff.jitter': retried('backoff.jitter', 'none', 'equal'),
  'retry.budget': retried('budget', '10%', '50%'),
  'retry.budget.ratio': budgeted('ratio', '10%', '50%'),
  'retry.budget.burst': budgeted('burst', 1, 50),
  'on-error': step([{ call: 'other' }], '0.on-error', 'fail', 'continue', FLAKY),
  else: step([{ call: 'other' }], '0.else', [{ sleep: '1ms' }], [{ sleep: '9ms' }], FLAKY),
};
