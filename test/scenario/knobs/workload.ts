/** Knobs of the run, the network, distributions and clients. */
import { doing, knob, type Fields, type Json, type Knob, system } from './kit.ts';

const sleeping = (time: Json): Fields => system(doing({ sleep: time }));
const SLEEP = 'components.app.operations.op.0.sleep';
const drawn = (kind: string, whole: Json, path: string, a: Json, b: Json): Knob =>
  knob(sleeping({ [kind]: whole }), `${SLEEP}.${kind}${path === '' ? '' : `.${path}`}`, a, b);

const branches = (share: number): Json => [
  { weight: `${share}%`, mean: '1ms' },
  { weight: `${100 - share}%`, mean: '20ms' },
];
const mixed = (share: number): Json => [
  { weight: `${share}%`, of: '1ms' },
  { weight: `${100 - share}%`, of: '20ms' },
];

export const distributions: Record<string, Knob> = {
  exponential: drawn('exponential', '1ms', '', '1ms', '9ms'),
  uniform: drawn('uniform', ['1ms', '2ms'], '', ['1ms', '2ms'], ['1ms', '9ms']),
  'lognormal.mean': drawn('lognormal', { mean: '1ms', cv: 1 }, 'mean', '1ms', '5ms'),
  'lognormal.cv': drawn('lognormal', { mean: '1ms', cv: 1 }, 'cv', 0.5, 2),
  'lognormal.p50': drawn('lognormal', { p50: '1ms', p99: '9ms' }, 'p50', '1ms', '5ms'),
  'lognormal.p99': drawn('lognormal', { p50: '1ms', p99: '9ms' }, 'p99', '5ms', '9ms'),
  'pareto.scale': drawn('pareto', { scale: '1ms', shape: 2 }, 'scale', '1ms', '2ms'),
  'pareto.shape': drawn('pareto', { scale: '1ms', shape: 2 }, 'shape', 2, 3),
  'gamma.mean': drawn('gamma', { mean: '1ms', shape: 2 }, 'mean', '1ms', '2ms'),
  'gamma.shape': drawn('gamma', { mean: '1ms', shape: 2 }, 'shape', 2, 3),
  'erlang.mean': drawn('erlang', { mean: '1ms', stages: 2 }, 'mean', '1ms', '2ms'),
  'erlang.stages': drawn('erlang', { mean: '1ms', stages: 2 }, 'stages', 2, 3),
  'hyperexponential[].weight': drawn('hyperexponential', [], '', branches(20), branches(80)),
  'hyperexponential[].mean': drawn('hyperexponential', branches(50), '0.mean', '1ms', '9ms'),
  empirical: drawn('empirical', {}, '', { p0: '1ms', p100: '2ms' }, { p0: '1ms', p100: '9ms' }),
  'mixture[].weight': drawn('mixture', [], '', mixed(20), mixed(80)),
  'mixture[].of': drawn('mixture', mixed(50), '0.of', '1ms', '9ms'),
  'shifted.by': drawn('shifted', { by: '1ms', of: '1ms' }, 'by', '1ms', '2ms'),
  'shifted.of': drawn('shifted', { by: '1ms', of: '1ms' }, 'of', '1ms', '2ms'),
};

/** Two servers that call each other, each for its own clients. */
const both: Fields = {
  clients: { d: { arrivals: { poisson: '100/s' }, does: 'back', entry: 'other' } },
  components: {
    app: { operations: { op: [{ call: 'other', op: 'leaf' }], leaf: [{ sleep: '1ms' }] } },
    other: { type: 'server', operations: { back: [{ call: 'app', op: 'leaf' }], leaf: [{ sleep: '1ms' }] } },
  },
};

/** Answers of 100 kB over 100 Mbps, and a call that carries as much. */
const heavy = system(both, {
  clients: { c: { response: '100kB' } },
  links: { 'c -> app': { delay: '1ms', bandwidth: '100Mbps' } },
  components: {
    app: { operations: { op: [{ call: 'other', op: 'leaf', request: '10kB', response: '10kB', encoding: 'json' }] } },
  },
});
const users: Fields = { clients: { c: { arrivals: null, users: 20, think: '50ms' } } };
const connected = system(users, { links: { 'c -> app': { connection: { tls: true } } } });
const everywhere = system(users, { network: { connection: { tls: true } } });
const encoded = (encoding: string, key: string, a: Json, b: Json): [string, Knob] => [
  `network.encodings.${encoding}.${key}`,
  knob(
    system(heavy, {
      network: { encodings: {} },
      links: { 'app -> other': { bandwidth: '10Mbps' } },
      components: {
        app: { operations: { op: [{ call: 'other', op: 'leaf', request: '10kB', response: '10kB', encoding }] } },
      },
    }),
    `network.encodings.${encoding}.${key}`,
    a,
    b,
  ),
];
const CALL = 'components.app.operations.op.0';

export const payloads: Record<string, Knob> = {
  'links.*.bandwidth': knob(heavy, 'links.c -> app.bandwidth', '100Mbps', '1Gbps'),
  'links.*.shared': knob(heavy, 'links.c -> app.shared', true, false),
  'links.*.connection.tls': knob(connected, 'links.c -> app.connection.tls', true, false),
  'links.*.connection.keep-alive': knob(connected, 'links.c -> app.connection.keep-alive', '60s', 'none'),
  'links.*.connection.cpu': knob(connected, 'links.c -> app.connection.cpu', '0s', '2ms'),
  'network.connection.tls': knob(everywhere, 'network.connection.tls', true, false),
  'network.connection.keep-alive': knob(everywhere, 'network.connection.keep-alive', '60s', '10ms'),
  'network.connection.cpu': knob(everywhere, 'network.connection.cpu', '0s', '2ms'),
  ...Object.fromEntries(
    ['json', 'protobuf'].flatMap((encoding) => [
      encoded(encoding, 'size', '100%', '50%'),
      encoded(encoding, 'encode', '1us', '50us'),
      encoded(encoding, 'decode', '1us', '50us'),
    ]),
  ),
  'clients.*.request': knob(heavy, 'clients.c.request', '1kB', '50kB'),
  'clients.*.response': knob(heavy, 'clients.c.response', '1kB', '50kB'),
  'clients.*.encoding': knob(heavy, 'clients.c.encoding', 'json', 'protobuf'),
  'step.request': knob(heavy, `${CALL}.request`, '1kB', '50kB'),
  'step.response': knob(heavy, `${CALL}.response`, '1kB', '50kB'),
  'step.encoding': knob(heavy, `${CALL}.encoding`, 'json', 'protobuf'),
};

export const network: Record<string, Knob> = {
  'run.duration': knob(system(), 'run.duration', '1s', '2s'),
  'run.warmup': knob(system(), 'run.warmup', '0s', '500ms'),
  'run.seed': knob(system(), 'run.seed', 1, 2),
  'network.delay': knob(system(), 'network.delay', '1ms', '9ms'),
  'links.*.delay': knob(system(), 'links.c -> app.delay', '1ms', '9ms'),
  'links.*.response': knob(
    system({ links: { 'c -> app': { delay: '1ms' } } }),
    'links.c -> app.response',
    undefined,
    '9ms',
  ),
  'links.*.loss': knob(system(), 'links.c -> app.loss', '0%', '20%'),
  'links.*.one-way': knob(
    system(both, { links: { 'app -> other': { delay: '9ms' } } }),
    'links.app -> other.one-way',
    false,
    true,
  ),
};

const arriving = (arrivals: Json): Fields =>
  system({ clients: { c: { arrivals: null } } }, { clients: { c: { arrivals } } });
const A = 'clients.c.arrivals';
const curved = arriving({
  poisson: '200/s',
  curve: [
    { at: '0s', times: 1 },
    { at: '1s', times: 3 },
  ],
});
const spiky = arriving({ poisson: '200/s', spikes: { s: { at: '1s', for: '500ms', times: 3 } } });
const closed = system({ clients: { c: { arrivals: null, users: 10, think: '50ms' } } });

/** Every other attempt fails. */
const failing = system(doing({ fail: '50%' }), { clients: { c: { retry: { attempts: 3 } } } });
const retrying = (retry: Fields): Fields => system(failing, { clients: { c: { retry } } });

/** A cache of twenty entries, filled on a miss. */
export const caching = (cache: Fields = {}): Fields =>
  system(
    doing({ get: 'cache', miss: [{ sleep: '10ms' }, { set: 'cache' }] }),
    {
      clients: { c: { keys: { zipf: 1, of: 100 } } },
      components: { cache: { type: 'cache', capacity: 20 } },
    },
    { components: { cache } },
  );

const ranked = system({
  clients: { d: { arrivals: { poisson: '100/s' }, does: 'op', entry: 'app', priority: 9 } },
  components: { app: { runtime: { threads: 1 }, queue: { discipline: 'priority' } } },
});

/** Twenty users with keys of their own. */
const owning = system(caching(), {
  clients: {
    c: {
      arrivals: null,
      users: 20,
      think: { exponential: '50ms' },
      keys: { zipf: null, of: null, own: 1 },
    },
  },
});

export const clients: Record<string, Knob> = {
  users: knob(closed, 'clients.c.users', 1, 20),
  think: knob(closed, 'clients.c.think', '50ms', '100ms'),
  'arrivals.poisson': knob(system(), `${A}.poisson`, '100/s', '200/s'),
  'arrivals.constant': knob(arriving({ constant: '100/s' }), `${A}.constant`, '100/s', '200/s'),
  'arrivals.interarrival': knob(arriving({ interarrival: '5ms' }), `${A}.interarrival`, '5ms', '9ms'),
  'arrivals.batch': knob(system(), `${A}.batch`, 1, 5),
  'arrivals.curve[].at': knob(curved, `${A}.curve.1.at`, '500ms', '1s'),
  'arrivals.curve[].times': knob(curved, `${A}.curve.1.times`, 2, 3),
  'arrivals.spikes.*.at': knob(spiky, `${A}.spikes.s.at`, '500ms', '1s'),
  'arrivals.spikes.*.for': knob(spiky, `${A}.spikes.s.for`, '200ms', '500ms'),
  'arrivals.spikes.*.times': knob(spiky, `${A}.spikes.s.times`, 2, 3),
  does: knob(
    system({ components: { app: { operations: { slow: [{ cpu: '9ms' }] } } } }),
    'clients.c.does',
    { op: '90%', slow: '10%' },
    { op: '50%', slow: '50%' },
  ),
  'keys.zipf': knob(caching(), 'clients.c.keys.zipf', 0.5, 2),
  'keys.of': knob(caching(), 'clients.c.keys.of', 100, 1000),
  'keys.uniform': knob(
    system(caching(), { clients: { c: { keys: { zipf: null, of: null } } } }),
    'clients.c.keys.uniform',
    100,
    1000,
  ),
  'keys.own': knob(owning, 'clients.c.keys.own', 1, 20),
  timeout: knob(system(), 'clients.c.timeout', '5ms', '1s'),
  'retry.attempts': knob(failing, 'clients.c.retry.attempts', 2, 3),
  'retry.backoff.base': knob(failing, 'clients.c.retry.backoff.base', '10ms', '100ms'),
  'retry.backoff.cap': knob(failing, 'clients.c.retry.backoff.cap', '100ms', '1s'),
  'retry.backoff.factor': knob(failing, 'clients.c.retry.backoff.factor', 2, 5),
  'retry.backoff.jitter': knob(failing, 'clients.c.retry.backoff.jitter', 'full', 'decorrelated'),
  'retry.budget': knob(failing, 'clients.c.retry.budget', '10%', '50%'),
  'retry.budget.ratio': knob(retrying({ budget: { ratio: '10%' } }), 'clients.c.retry.budget.ratio', '10%', '50%'),
  'retry.budget.burst': knob(retrying({ budget: { ratio: '10%' } }), 'clients.c.retry.budget.burst', 1, 50),
  priority: knob(ranked, 'clients.c.priority', 8, 10),
  cancel: knob(
    system({
      clients: { c: { arrivals: { poisson: '400/s' }, timeout: '50ms' } },
      components: { app: { runtime: { threads: 1 } } },
    }),
    'clients.c.cancel',
    false,
    true,
  ),
  entry: knob(
    system({ components: { other: { type: 'server', operations: { op: [{ cpu: '1ms' }] } } } }),
    'clients.c.entry',
    'app',
    'other',
  ),
};
