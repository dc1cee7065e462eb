/** The history of live connections and queues depends neither on the event list nor on who else is there. */
import { beforeAll, expect, it } from 'vitest';
import { loadSimulator, loadSimulatorWithPlainHeap, type RunResult } from '../../scenarios/simulator.ts';

type Simulator = Awaited<ReturnType<typeof loadSimulator>>;
let simulator: Simulator;
let withPlainHeap: Simulator;
beforeAll(async () => {
  [simulator, withPlainHeap] = await Promise.all([loadSimulator(), loadSimulatorWithPlainHeap()]);
});

/** Players on three gateways with a bus, whose moves are also queued for workers; things crash. */
const scenario = (more: object) => ({
  name: 'history',
  run: { duration: '10s', warmup: '1s' },
  links: { 'c -> lb': { delay: { lognormal: { p50: '10ms', p99: '40ms' } } } },
  clients: {
    c: {
      users: 100,
      think: { exponential: '300ms' },
      does: 'move',
      entry: 'lb',
      timeout: '1s',
      connect: {
        ramp: '500ms',
        rooms: 2,
        turns: true,
        'catch-up': 'resume',
        refresh: '2s',
        lasts: { exponential: '8s' },
        backoff: { base: '100ms', jitter: 'full' },
      },
    },
  },
  components: {
    lb: { type: 'balancer', targets: 'live', policy: 'least-connections', retries: 1 },
    live: {
      type: 'gateway',
      instances: 3,
      runtime: { 'event-loop': 1 },
      listens: 'bus',
      heartbeat: { interval: '500ms', timeout: '200ms' },
      operations: {
        move: [{ cpu: { exponential: '1ms' } }, { write: 'db' }, { publish: 'bus' }, { publish: 'broker' }],
        resume: [{ read: 'db' }],
      },
    },
    bus: { type: 'pubsub', channels: 'room' },
    db: { type: 'database', read: { cpu: '1ms' }, write: { cpu: '1ms' } },
    broker: { type: 'queue', queues: { jobs: { consumers: { workers: { op: 'work', prefetch: 5 } }, deliveries: 4 } } },
    workers: {
      type: 'server',
      instances: 2,
      operations: { work: [{ sleep: { exponential: '8ms' } }, { fail: '5%' }] },
    },
    clock: { type: 'cron', runs: 'workers', op: 'work', every: '2s', times: 10, parallel: 3 },
    ...more,
  },
  faults: {
    one: { crash: 'live#2', at: '2s', for: '1s' },
    two: { crash: 'workers#1', how: 'power', at: '4s', for: '1s' },
    three: { crash: 'bus', at: '5s', for: '500ms' },
    four: { partition: [['c'], ['live#3']], at: '6s', for: '1s' },
    five: { crash: 'broker', at: '8s', for: '500ms' },
  },
});

const told = (result: RunResult, idle: string[] = []): string =>
  JSON.stringify(
    result.stages.map(({ fingerprint: _f, checkpoints: _c, components, ...rest }) => ({
      ...rest,
      components: components.filter(({ name }) => !idle.includes(name)),
    })),
  );

it('is the same with another event list', () => {
  const text = JSON.stringify(scenario({}));
  expect(told(withPlainHeap.simulate(text, { plain: true }))).toBe(told(simulator.simulate(text)));
});

it('is the same beside components that nobody talks to', () => {
  const server = { type: 'server', operations: { nothing: [{ cpu: '1ms' }] } };
  // Without a heartbeat, whose sweeps would be events of their own.
  const gateway = { ...server, type: 'gateway', runtime: { 'event-loop': 1 }, heartbeat: 'none' };
  const idle = { 'a-idle': server, 'm-idle': gateway, 'zz-idle': server };
  const before = told(simulator.simulate(JSON.stringify(scenario({}))));
  expect(told(simulator.simulate(JSON.stringify(scenario(idle))), Object.keys(idle))).toBe(before);
});

it('is the same when the file is written in another order', () => {
  const { name, run, components, ...rest } = scenario({});
  const turned = Object.fromEntries(Object.entries(components).reverse());
  const before = told(simulator.simulate(JSON.stringify(scenario({}))));
  expect(told(simulator.simulate(JSON.stringify({ components: turned, ...rest, run, name })))).toBe(before);
});
