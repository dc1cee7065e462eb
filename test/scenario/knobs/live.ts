/** Knobs of live connections: users who connect, gateways, buses. */
import { type Fields, type Json, knob, type Knob, system } from './kit.ts';
import { autoscaling, servers } from './servers.ts';

/** Twenty pairs of players on two gateways; a store, and a bus between the gateways. */
const LIVE: Fields = {
  run: { duration: '4s', warmup: '1s' },
  clients: {
    c: {
      arrivals: null,
      users: 40,
      think: { exponential: '200ms' },
      entry: 'lb',
      timeout: '300ms',
      connect: { ramp: '500ms', rooms: 2, turns: true, 'catch-up': 'resume', backoff: { base: '50ms', cap: '2s' } },
    },
  },
  components: {
    lb: { type: 'balancer', targets: 'app' },
    app: {
      type: 'gateway',
      instances: 2,
      runtime: { 'event-loop': 1 },
      listens: 'bus',
      operations: {
        op: [{ cpu: { exponential: '1ms' } }, { write: 'db' }, { publish: 'bus' }],
        resume: [{ read: 'db' }],
      },
    },
    bus: { type: 'pubsub', channels: 'room' },
    db: { type: 'database', read: { cpu: '1ms' }, write: { cpu: '1ms' } },
  },
};

const live = (...patches: Fields[]): Fields => system(LIVE, ...patches);
const app = (own: Fields): Fields => ({ components: { app: own } });
const connect = (own: Fields): Fields => ({ clients: { c: { connect: own } } });
const crash: Fields = { faults: { f: { crash: 'app#1', at: '1s', for: '500ms' } } };
const silence: Fields = { faults: { f: { crash: 'app#1', how: 'pause', at: '500ms', for: '3s' } } };
const noBus: Fields = { components: { bus: { channels: 'one' } } };
const inUsers = (key: string, a: Json | undefined, b: Json | undefined, ...patches: Fields[]): Knob =>
  knob(live(...patches), `clients.c.connect.${key}`, a, b);
const inApp = (key: string, a: Json | undefined, b: Json | undefined, ...patches: Fields[]): Knob =>
  knob(live(...patches), `components.app.${key}`, a, b);
const inBus = (key: string, a: Json | undefined, b: Json | undefined, ...patches: Fields[]): Knob =>
  knob(live(...patches), `components.bus.${key}`, a, b);
const flaky: Fields = { faults: { f: { crash: 'bus', how: 'power', at: '500ms', for: '500ms' } } };
/** Two hundred connections that are closed by force. */
const many = live({ clients: { c: { users: 200 } } }, crash);

export const connecting: Record<string, Knob> = {
  ramp: inUsers('ramp', '100ms', '3s'),
  rooms: inUsers('rooms', 2, 4),
  turns: inUsers('turns', false, true),
  'catch-up': inUsers('catch-up', undefined, 'resume', connect({ turns: false })),
  // Without a bus no move reaches who is on the other gateway.
  refresh: inUsers('refresh', undefined, '300ms', app({ listens: null, operations: { op: [{ write: 'db' }] } })),
  'backoff.base': knob(many, 'clients.c.connect.backoff.base', '1ms', '500ms'),
  'backoff.cap': knob(many, 'clients.c.connect.backoff.cap', '50ms', '2s'),
  'backoff.factor': knob(many, 'clients.c.connect.backoff.factor', 1, 4),
  'backoff.jitter': knob(many, 'clients.c.connect.backoff.jitter', 'none', 'full'),
  lasts: inUsers('lasts', undefined, { exponential: '1s' }),
};

const pushing = (to: string): Fields => app({ listens: null, operations: { op: [{ write: 'db' }, { push: to }] } });

export const livePush: Record<string, Knob> = {
  push: knob(live(pushing('room')), 'components.app.operations.op.1.push', 'room', 'all'),
};

export const gateways: Record<string, Knob> = {
  connections: inApp('connections', 12, 30),
  handshake: inApp('handshake', '1ms', '40ms'),
  push: inApp('push', '20us', '4ms'),
  receive: inApp('receive', '20us', '4ms'),
  'message.size': inApp('message.size', '1KiB', '2KiB'),
  'message.encoding': inApp('message.encoding', 'json', 'protobuf', app({ message: { size: '20KiB' } })),
  listens: inApp('listens', undefined, 'bus', noBus),
  delivers: inApp('delivers', 'room', 'all', noBus),
  heartbeat: inApp('heartbeat', 'none', { interval: '200ms', timeout: '100ms' }, silence),
  'heartbeat.interval': inApp('heartbeat.interval', '100ms', '1s', silence, app({ heartbeat: { timeout: '100ms' } })),
  'heartbeat.timeout': knob(
    live(silence, app({ heartbeat: { interval: '200ms' } })),
    'components.app.heartbeat.timeout',
    '100ms',
    '1s',
  ),
  drain: inApp('drain', '0s', '1s', app({ rollout: { at: '500ms', every: '1s' } })),
  'rollout.at': inApp('rollout.at', '0s', '2s', app({ rollout: { every: '1s' }, drain: '200ms' })),
  'rollout.every': inApp('rollout.every', '500ms', '2s', app({ rollout: { at: '0s' }, drain: '200ms' })),
  'rollout.boot': inApp('rollout.boot', '100ms', '2s', app({ rollout: { at: '0s', every: '1s' }, drain: '200ms' })),
};

export const buses: Record<string, Knob> = {
  instances: inBus('instances', 1, 3),
  on: knob(live(), 'components.bus.on', undefined, 'db'),
  price: inBus('price', '10/month', '20/month'),
  channels: inBus('channels', 'one', 'room', app({ instances: 3, receive: '4ms' })),
  time: inBus('time', '10us', '5ms'),
  send: inBus('send', '5us', '5ms'),
  keepalive: inBus('keepalive', '100ms', '3s', flaky),
  timeout: inBus('timeout', '50ms', '250ms', flaky),
};

const METRICS: Record<string, string[]> = {
  app: [
    'connectionsMean',
    'connectionsMax',
    'connectionsImbalance',
    'connectionsRefused',
    'connectionsLost',
    'deadPeers',
    'pushes',
    'pushesPerSecond',
    'deliveries',
    'duplicates',
    'unwanted',
    'movesMissed',
    'movesUnstored',
    'deliveryP50Ms',
    'deliveryP99Ms',
    'deliveryMaxMs',
  ],
  bus: ['published', 'delivered', 'unheard', 'publishFailures'],
};
const unitOf = (metric: string): string => (metric.endsWith('Ms') ? 'ms' : metric.endsWith('PerSecond') ? '/s' : '');

/** At least nothing, and less than nothing: where there is no data both fail. */
export const liveExpectations: [string, Knob][] = Object.entries(METRICS).flatMap(([name, metrics]) =>
  metrics.map((metric): [string, Knob] => [
    `thresholds.components.*.${metric}`,
    knob(live(), `thresholds.components.${name}.${metric}`, `>= 0${unitOf(metric)}`, `< 0${unitOf(metric)}`),
  ]),
);

liveExpectations.push(
  ...['bytesPushed', 'bytesPushedPerSecond'].map((metric): [string, Knob] => [
    `thresholds.components.*.${metric}`,
    knob(
      live(app({ message: { size: '1KiB' } })),
      `thresholds.components.app.${metric}`,
      `>= 0${unitOf(metric)}`,
      `< 0${unitOf(metric)}`,
    ),
  ]),
);

/** What a gateway shares with every server, or what says which keys there are. */
export const liveExcluded: [string, string][] = [
  ...[
    ...Object.keys(servers),
    ...Object.keys(autoscaling).map((key) => `autoscale.${key}`),
    'autoscale.rule',
    'machine',
    'in',
  ].map((key): [string, string] => [`gateway.${key}`, 'see server']),
  ['gateway.type', 'which keys there are'],
  ['gateway.public', 'who may not be an entry; see places.test.ts'],
  ['pubsub.type', 'which keys there are'],
  ['pubsub.public', 'who may not be an entry; see places.test.ts'],
  ['pubsub.machine', 'see machine'],
  ['pubsub.in', 'see server'],
];
