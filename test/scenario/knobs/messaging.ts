/** Knobs of the broker of queues and of cron. */
import { type Fields, type Json, knob, type Knob, merge, system } from './kit.ts';

const JOB: Fields = {
  run: { duration: '4s' },
  clients: { c: { arrivals: { poisson: '100/s' } } },
  components: {
    app: { operations: { op: [{ cpu: '1ms' }, { publish: 'broker' }] } },
    workers: {
      type: 'server',
      instances: 2,
      runtime: { threads: 1 },
      operations: { work: [{ sleep: { exponential: '15ms' } }] },
    },
    broker: { type: 'queue', queues: { jobs: { consumers: { workers: { op: 'work' } } } } },
  },
};
const broker = (own: Fields): Fields => ({ components: { broker: own } });
const jobs = (own: Fields): Fields => broker({ queues: { jobs: own } });
const twoQueues = broker({ queues: { spare: { consumers: { workers: { op: 'work' } } } } });
const exchange = (type: string, key: string): Fields =>
  merge(broker({ exchanges: { x: { type, bindings: { jobs: key } } } }), {
    components: { app: { operations: { op: [{ cpu: '1ms' }, { publish: 'broker', 'routing-key': 'a.b' }] } } },
  });
const crash = (target: string, how: string): Fields => ({
  faults: { f: { crash: target, how, at: '1s', for: '1s' } },
});
const failing: Fields = { components: { workers: { operations: { work: [{ sleep: '5ms' }, { fail: '30%' }] } } } };
const slow: Fields = { components: { workers: { operations: { work: [{ sleep: '40ms' }] } } } };
const silent = broker({ heartbeat: '200ms', reconnect: '100ms' });
const inBroker = (key: string, a: Json | undefined, b: Json | undefined, ...patches: Fields[]): Knob =>
  knob(system(JOB, ...patches), `components.broker.${key}`, a, b);
const inStep = (key: string, a: Json | undefined, b: Json | undefined, ...patches: Fields[]): Knob =>
  knob(system(JOB, ...patches), `components.app.operations.op.1.${key}`, a, b);
const publishing = (own: Fields): Fields => ({
  components: { app: { operations: { op: [{ cpu: '1ms' }, { publish: 'broker', ...own }] } } },
});

export const brokers: Record<string, Knob> = {
  on: inBroker('on', undefined, 'app', broker({ time: '3ms' })),
  price: inBroker('price', '10/month', '20/month'),
  'exchanges.*.type': inBroker('exchanges.x.type', 'direct', 'topic', exchange('direct', 'a.*')),
  'exchanges.*.bindings': inBroker('exchanges.x.bindings.jobs', 'a.*', 'b.*', exchange('topic', 'a.*')),
  'queues.*.consumers.*.op': inBroker('queues.jobs.consumers.workers.op', 'work', 'other', {
    components: { workers: { operations: { other: [{ sleep: '1ms' }] } } },
  }),
  'queues.*.consumers.*.prefetch': inBroker('queues.jobs.consumers.workers.prefetch', 1, 50, slow),
  'queues.*.limit': inBroker('queues.jobs.limit', 5, 50, slow),
  'queues.*.overflow': inBroker('queues.jobs.overflow', 'drop-head', 'reject-publish', slow, jobs({ limit: 5 })),
  'queues.*.ttl': inBroker('queues.jobs.ttl', '100ms', '1s', slow),
  'queues.*.dead-letter': inBroker(
    'queues.jobs.dead-letter',
    undefined,
    'spare',
    slow,
    twoQueues,
    jobs({ limit: 5 }),
    publishing({ 'routing-key': 'jobs' }),
  ),
  'queues.*.deliveries': inBroker('queues.jobs.deliveries', 1, 5, failing),
  time: inBroker('time', '10us', '5ms'),
  fsync: inBroker('fsync', '0s', '5ms'),
  durable: inBroker('durable', true, false, slow, crash('broker', 'kill')),
  timeout: inBroker('timeout', '100ms', '900ms', crash('broker', 'power')),
  heartbeat: inBroker('heartbeat', '100ms', '1s', crash('workers#1', 'power')),
  reconnect: inBroker('reconnect', '50ms', '900ms', slow, silent, crash('broker', 'kill')),
};

export const publishingSteps: Record<string, Knob> = {
  publish: inStep('publish', 'broker', 'second', {
    components: { second: { type: 'queue', queues: { other: {} } } },
  }),
  exchange: inStep(
    'exchange',
    'x',
    'y',
    broker({
      exchanges: { x: { type: 'fanout', bindings: { jobs: '' } }, y: { type: 'direct', bindings: { jobs: 'k' } } },
    }),
    publishing({ exchange: 'x' }),
  ),
  'routing-key': inStep(
    'routing-key',
    'jobs',
    'spare',
    broker({ queues: { spare: {} } }),
    publishing({ 'routing-key': 'jobs' }),
  ),
  wait: inStep('wait', true, false, broker({ fsync: '5ms' })),
};

const CRON: Fields = {
  run: { duration: '4s' },
  components: {
    app: { operations: { op: [{ cpu: '1ms' }], report: [{ cpu: { exponential: '5ms' } }] } },
    nightly: { type: 'cron', runs: 'app', op: 'report', every: '500ms', times: 20 },
  },
};
const inCron = (key: string, a: Json, b: Json, ...patches: Fields[]): Knob =>
  knob(system(CRON, ...patches), `components.nightly.${key}`, a, b);

export const crons: Record<string, Knob> = {
  price: inCron('price', '10/month', '20/month'),
  runs: inCron('runs', 'app', 'other', {
    components: { other: { type: 'server', operations: { report: [{ cpu: '1ms' }] } } },
  }),
  op: inCron('op', 'report', 'op'),
  every: inCron('every', '300ms', '1s'),
  first: inCron('first', '0s', '300ms'),
  times: inCron('times', 5, 50),
  parallel: inCron('parallel', 1, 10),
  'when-late': inCron('when-late', 'skip', 'both', { components: { nightly: { times: 200 } } }),
};

const METRICS: Record<string, string[]> = {
  broker: [
    'published',
    'confirmed',
    'publishFailures',
    'unroutable',
    'delivered',
    'acknowledged',
    'redelivered',
    'deadLettered',
    'dropped',
    'lost',
    'waiting',
    'waitingMax',
    'workP50Ms',
    'workP99Ms',
  ],
  nightly: ['jobs', 'jobsSkipped', 'pieces', 'pieceFailures', 'jobMaxMs'],
};

/** At least nothing, and less than nothing: where there is no data both fail. */
export const messagingExpectations: [string, Knob][] = Object.entries(METRICS).flatMap(([name, metrics]) =>
  metrics.map((metric): [string, Knob] => {
    const unit = metric.endsWith('Ms') ? 'ms' : '';
    const base = system(name === 'broker' ? JOB : CRON);
    return [
      `thresholds.components.*.${metric}`,
      knob(base, `thresholds.components.${name}.${metric}`, `>= 0${unit}`, `< 0${unit}`),
    ];
  }),
);

export const messagingExcluded: [string, string][] = [
  ['queue.type', 'which keys there are'],
  ['queue.public', 'who may not be an entry; see places.test.ts'],
  ['queue.machine', 'see machine'],
  ['queue.in', 'see server'],
  ['cron.type', 'which keys there are'],
  ['cron.public', 'who may not be an entry; see places.test.ts'],
  ['cron.machine', 'it only looks at the clock'],
  ['cron.on', 'it only looks at the clock'],
  ['cron.in', 'it only looks at the clock'],
];
