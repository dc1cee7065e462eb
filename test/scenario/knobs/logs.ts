/** Knobs of logs (`kafka`), and of the steps that publish to them. */
import { type Fields, type Json, knob, type Knob, system } from './kit.ts';

/** 200 messages a second through two brokers to two members, for two seconds. */
const logging = (log: Fields, ...patches: Fields[]): Fields =>
  system(
    {
      clients: { c: { keys: { uniform: 50 }, timeout: 'none' } },
      components: {
        app: { instances: 2, operations: { op: [{ publish: 'log' }] } },
        worker: { type: 'server', instances: 2, operations: { save: [{ cpu: { exponential: '2ms' } }] } },
        log: {
          type: 'kafka',
          brokers: 2,
          topics: { t: { partitions: 4 } },
          groups: { save: { members: 'worker' } },
        },
      },
    },
    { components: { log } },
    ...patches,
  );

const log = (key: string, a: Json | undefined, b: Json | undefined, own: Fields = {}, ...patches: Fields[]): Knob =>
  knob(logging(own, ...patches), `components.log.${key}`, a, b);

const seconds = (n: number): Fields => ({ run: { duration: `${n}s` } });
const crash = (what: string, how: string, more: Fields = {}): Fields => ({
  ...seconds(8),
  faults: { f: { crash: what, how, at: '1s', for: '3s', ...more } },
});
/** Losses are noticed in a second, by all. */
const fast: Fields = {
  controller: { heartbeat: '200ms', session: '1s' },
  groups: { save: { session: '1s', heartbeat: '200ms' } },
  producer: { 'request-timeout': '500ms' },
  replication: { 'lag-max': '500ms' },
};
const group = (key: string, a: Json | undefined, b: Json | undefined, own: Fields = {}, ...patches: Fields[]): Knob =>
  log(`groups.save.${key}`, a, b, own, ...patches);
const failing: Fields = { components: { worker: { operations: { save: [{ fail: '40%' }] } } } };
const doing = (
  key: string,
  a: Json | undefined,
  b: Json | undefined,
  step: Fields,
  own: Fields = {},
  ...patches: Fields[]
): Knob =>
  knob(
    logging(own, { components: { app: { operations: { op: [{ publish: 'log', ...step }] } } } }, ...patches),
    `components.app.operations.op.0.${key}`,
    a,
    b,
  );
const second: Fields = { topics: { u: { partitions: 1 } } };
const lossy: Fields = { ...seconds(4), links: { 'app -> log': { delay: '1ms', loss: '20%' } } };

export const logs: Record<string, Knob> = {
  brokers: log('brokers', 2, 4),
  machine: log('machine', { cores: 1, speed: 1 }, { cores: 1, speed: 0.05 }),
  on: log('on', undefined, 'app', { append: { cpu: '2ms' } }),
  price: log('price', '10/month', '20/month'),
  in: log(
    'in',
    'near',
    'far',
    {},
    {
      regions: { near: { latency: { far: '40ms' } }, far: {} },
      components: { app: { in: 'near' }, worker: { in: 'near' } },
    },
  ),
  'topics.*.partitions': log('topics.t.partitions', 1, 4),
  'topics.*.replicas': log('topics.t.replicas', 1, 2),
  'topics.*.min-insync': log('topics.t.min-insync', 1, 2, fast, crash('log#2', 'power')),
  'topics.*.retention': log('topics.t.retention', '200ms', '1h', fast, crash('worker', 'kill')),
  'topics.*.record': log('topics.t.record', '1KiB', '16KiB', { producer: { linger: '50ms' } }),
  'producer.acks': log('producer.acks', 1, 'all'),
  'producer.linger': log('producer.linger', '0s', '20ms'),
  'producer.batch': log('producer.batch', '1KiB', '64KiB', { producer: { linger: '100ms' } }),
  'producer.buffer': log('producer.buffer', '3KiB', '1MiB', { producer: { linger: '100ms' } }),
  'producer.idempotence': log('producer.idempotence', true, false, { producer: { 'request-timeout': '60ms' } }, lossy),
  'producer.request-timeout': log('producer.request-timeout', '300ms', '2s', fast, crash('log#1', 'power')),
  'producer.delivery-timeout': log('producer.delivery-timeout', '600ms', '1m', fast, crash('log', 'power')),
  'producer.retry-backoff': log('producer.retry-backoff', '20ms', '700ms', fast, crash('log#1', 'kill')),
  'groups.*.topics': group('topics', 't', ['t', 'u'], second, {
    components: {
      app: {
        operations: {
          op: [
            { publish: 'log', topic: 't' },
            { publish: 'log', topic: 'u' },
          ],
        },
      },
    },
  }),
  'groups.*.members': group(
    'members',
    'worker',
    'other',
    {},
    {
      components: { other: { type: 'server', operations: { save: [{ cpu: '1ms' }] } } },
    },
  ),
  'groups.*.each': group('each', false, true, {}, { components: { app: { instances: 2 } } }),
  'groups.*.op': group(
    'op',
    'save',
    'slow',
    {},
    {
      components: { worker: { operations: { slow: [{ cpu: '9ms' }] } } },
    },
  ),
  'groups.*.assignor': group('assignor', 'range', 'round-robin'),
  'groups.*.commit': group('commit', 'batch', 'record'),
  'groups.*.commit.every': group('commit.every', '100ms', '5s', fast, crash('worker#1', 'kill')),
  'groups.*.max-poll-records': group('max-poll-records', 1, 500, { groups: { save: { commit: 'batch' } } }),
  'groups.*.max-poll-interval': group('max-poll-interval', '300ms', '1m', fast, seconds(4), {
    components: { worker: { operations: { save: [{ sleep: '800ms' }] } } },
  }),
  'groups.*.session': group('session', '500ms', '3s', fast, crash('worker#1', 'power')),
  'groups.*.heartbeat': group(
    'heartbeat',
    '100ms',
    '400ms',
    { groups: { save: { session: '2s' } } },
    crash('worker#1', 'power'),
  ),
  'groups.*.initial-delay': group('initial-delay', '0s', '2s', fast, crash('worker', 'kill')),
  'groups.*.start': group(
    'start',
    'earliest',
    'latest',
    { ...fast, groups: { save: { session: '1s', heartbeat: '200ms', commit: { every: '1m' } } } },
    crash('worker#1', 'kill'),
  ),
  'groups.*.fetch-wait': group('fetch-wait', '10ms', '500ms', {}, { clients: { c: { arrivals: { poisson: '5/s' } } } }),
  'groups.*.attempts': group('attempts', 1, 3, {}, failing),
  'groups.*.backoff': group('backoff', '0s', '30ms', {}, failing),
  'groups.*.replay.at': group('replay.at', '500ms', '1500ms'),
  'groups.*.replay.back': group('replay.back', '100ms', '900ms', { groups: { save: { replay: { at: '1s' } } } }),
  'replication.lag-max': log(
    'replication.lag-max',
    '300ms',
    '3s',
    { topics: { t: { replicas: 2 } } },
    crash('log#2', 'pause'),
  ),
  'replication.fetch-wait': log(
    'replication.fetch-wait',
    '10ms',
    '500ms',
    {},
    { clients: { c: { arrivals: { poisson: '5/s' } } } },
  ),
  'controller.heartbeat': log(
    'controller.heartbeat',
    '100ms',
    '700ms',
    { controller: { session: '1s' } },
    crash('log#1', 'power'),
  ),
  'controller.session': log('controller.session', '1s', '2s', fast, crash('log#1', 'power')),
  'controller.leader-rebalance': log(
    'controller.leader-rebalance',
    '1s',
    '1m',
    fast,
    crash('log#1', 'kill', { for: '2s' }),
  ),
  'unclean-election': log(
    'unclean-election',
    false,
    true,
    { ...fast, topics: { t: { replicas: 2 } }, producer: { acks: 1, 'request-timeout': '500ms' } },
    {
      ...seconds(10),
      faults: {
        one: { crash: 'log#2', how: 'power', at: '1s', for: '4s' },
        other: { crash: 'log#1', how: 'power', at: '3s', for: '6s' },
      },
    },
  ),
  'append.cpu': log('append.cpu', '50us', '4ms'),
  'append.disk': log('append.disk', undefined, '3ms'),
  'fetch.cpu': log('fetch.cpu', '50us', '2ms'),
  'disk.parallel': log('disk.parallel', 1, 8, { append: { disk: '4ms' } }),
  'io-threads': log(
    'io-threads',
    1,
    8,
    { machine: { cores: 8 }, append: { cpu: '8ms' } },
    { clients: { c: { arrivals: { poisson: '800/s' } } } },
  ),
  flush: log(
    'flush',
    '500ms',
    '1m',
    { ...fast, topics: { t: { replicas: 1 } }, producer: { acks: 1 } },
    {
      ...seconds(6),
      faults: { f: { crash: 'log', how: 'power', at: '2s', for: '1s' } },
    },
  ),
};

/** Everything is published to by somebody. */
const also = (...steps: Fields[]): Fields => ({
  clients: { c: { does: { op: '50%', also: '50%' } } },
  components: { app: { operations: { also: steps as Json[] } } },
});

/** Options of the step that publishes which only a log has a use for. */
export const publishing: Record<string, Knob> = {
  topic: doing('topic', 't', 'u', {}, second, also({ publish: 'log', topic: 't' }, { publish: 'log', topic: 'u' })),
  acks: doing('acks', 0, 'all', {}),
};
