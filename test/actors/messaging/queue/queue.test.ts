/** The broker of queues from outside: what is routed where, who gets how much, what limits and failures do. */
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSimulator } from '../../../scenarios/simulator.ts';

type Simulator = Awaited<ReturnType<typeof loadSimulator>>;
type Fields = { [key: string]: unknown };
let simulator: Simulator;
beforeAll(async () => {
  simulator = await loadSimulator();
});

interface Plan {
  broker?: Fields;
  work?: Fields[];
  workers?: Fields;
  publish?: Fields;
  arrivals?: Fields;
  faults?: Fields;
  run?: Fields;
}

/** A hundred messages a second for ten seconds, then silence, in which everything is worked off. */
function run(plan: Plan) {
  const scenario = {
    name: 'queue',
    run: { duration: '40s', warmup: '0s', ...plan.run },
    clients: {
      c: {
        arrivals: plan.arrivals ?? {
          poisson: '100/s',
          curve: [
            { at: '0s', times: 1 },
            { at: '10s', times: 1 },
            { at: '10001ms', times: 0 },
          ],
        },
        does: 'order',
        entry: 'app',
      },
    },
    components: {
      app: {
        type: 'server',
        instances: 2,
        restart: '1s',
        operations: { order: [{ cpu: '1ms' }, { publish: 'broker', ...plan.publish }] },
      },
      workers: {
        type: 'server',
        instances: 3,
        restart: '2s',
        operations: { work: plan.work ?? [{ sleep: { exponential: '20ms' } }] },
        ...plan.workers,
      },
      broker: {
        type: 'queue',
        queues: { jobs: { consumers: { workers: { op: 'work' } } } },
        reconnect: '500ms',
        heartbeat: '1s',
        ...plan.broker,
      },
    },
    faults: plan.faults ?? {},
  };
  const result = simulator.simulate(JSON.stringify(scenario));
  const of = (name: string) => result.stages[0].components.find((c) => c.name === name)!;
  return {
    requests: result.stages[0].requests,
    broker: of('broker').extra,
    workers: of('workers'),
    failovers: result.stages[0].failovers,
  };
}

describe('without faults', () => {
  it('every confirmed message is done once', () => {
    const { broker, workers, requests } = run({});
    expect(broker.confirmed).toBe(requests.completed);
    expect(broker.acknowledged).toBe(broker.confirmed);
    expect(workers.completed).toBe(broker.confirmed);
    expect(broker.redelivered).toBe(0);
    expect(broker.waiting).toBe(0);
  });

  it('a fanout makes a copy for every queue, an unbound key none', () => {
    const queues = { a: { consumers: { workers: { op: 'work' } } }, b: { consumers: { workers: { op: 'work' } } } };
    const fanout = run({ broker: { queues, exchanges: { x: { type: 'fanout', bindings: { a: '', b: '' } } } } });
    expect(fanout.workers.completed).toBe((fanout.broker.confirmed ?? 0) * 2);
    const topic = run({
      broker: { queues, exchanges: { x: { type: 'topic', bindings: { a: 'order.*', b: 'mail.#' } } } },
      publish: { 'routing-key': 'order.new' },
    });
    expect(topic.workers.completed).toBe(topic.broker.confirmed);
    const nowhere = run({
      broker: { queues, exchanges: { x: { type: 'direct', bindings: { a: 'k', b: 'l' } } } },
      publish: { 'routing-key': 'm' },
    });
    expect(nowhere.broker.unroutable).toBe(nowhere.broker.confirmed);
    expect(nowhere.workers.completed).toBe(0);
  });

  it('prefetch bounds what an instance has at once: throughput is instances × prefetch ÷ time', () => {
    const slow = [{ sleep: '100ms' }];
    const one = run({
      work: slow,
      arrivals: { poisson: '200/s' },
      run: { duration: '20s' },
      broker: { time: '0s', queues: { jobs: { consumers: { workers: { op: 'work', prefetch: 2 } } } } },
    });
    // Three instances with two messages each, 100 ms and two trips of 0.25 ms: 59.7 a second.
    expect((one.broker.acknowledged ?? 0) / 20).toBeCloseTo(6 / 0.1005, 0);
    expect(one.broker.waiting).toBeGreaterThan(2500);
  });

  it('the user is answered at once, the work is done later', () => {
    const { broker, requests } = run({ work: [{ sleep: '500ms' }] });
    expect(requests.completed).toBe(requests.offered);
    expect(broker.workP50Ms).toBeGreaterThan(500);
  });
});

describe('faults', () => {
  it('what is delivered again after one counts as its duplicates', () => {
    const { broker, failovers } = run({
      work: [{ sleep: '200ms' }],
      faults: { gone: { crash: 'workers#1', at: '5s', for: '3s' } },
    });
    expect(broker.redelivered).toBeGreaterThan(0);
    expect(failovers[0].duplicates).toBe(broker.redelivered);
  });
});

describe('limits', () => {
  const slow = { work: [{ sleep: '1s' }], run: { duration: '20s' } };
  const queue = (own: Fields, others: Fields = {}): Fields => ({
    queues: { jobs: { consumers: { workers: { op: 'work', prefetch: 1 } }, ...own }, ...others },
  });

  it('at its limit a queue drops its oldest, or refuses the new', () => {
    const drops = run({ ...slow, broker: queue({ limit: 50 }) });
    expect(drops.broker.waitingMax).toBe(50);
    expect(drops.broker.dropped).toBeGreaterThan(800);
    expect(drops.requests.failed).toBe(0);
    const refuses = run({ ...slow, broker: queue({ limit: 50, overflow: 'reject-publish' }) });
    expect(refuses.broker.dropped).toBe(0);
    expect(refuses.requests.failed).toBeGreaterThan(800);
    expect(refuses.broker.waitingMax).toBe(50);
  });

  it('what consumers give back counts: the oldest go, or stay where the new ones are refused', () => {
    const gone = (overflow: string, what = 'workers') =>
      run({
        work: [{ sleep: '10m' }],
        broker: queue({ limit: 50, overflow, consumers: { workers: { op: 'work', prefetch: 100 } } }),
        faults: { gone: { crash: what, how: 'power', at: '5s', ...(what === 'broker' && { for: '1s' }) } },
      }).broker;
    expect(gone('drop-head').waiting).toBe(50);
    expect(gone('drop-head').waitingMax).toBe(50);
    expect(gone('drop-head').dropped).toBe((gone('drop-head').confirmed ?? 0) - 50);
    expect(gone('reject-publish').waiting).toBeGreaterThan(250);
    expect(gone('reject-publish').dropped).toBe(0);
    // When the broker starts again all of them wait, until the consumers are back.
    expect(gone('reject-publish', 'broker').dropped).toBe(0);
    expect(gone('drop-head', 'broker').dropped).toBeGreaterThan(200);
  });

  it('one queue that refuses does not keep the others from it, but the publisher is told no', () => {
    const { broker, requests } = run({
      ...slow,
      publish: {},
      broker: {
        exchanges: { all: { type: 'fanout', bindings: { jobs: 'any', log: 'any' } } },
        ...queue({ limit: 50, overflow: 'reject-publish' }, { log: {} }),
      },
    });
    expect(requests.failed).toBeGreaterThan(800);
    expect(broker.confirmed).toBe(requests.completed);
    // All of them are in the other queue, which nobody reads; of the one that refuses some have been done since.
    const elsewhere = (broker.waiting ?? 0) - requests.completed - requests.failed;
    expect(elsewhere).toBeGreaterThanOrEqual(0);
    expect(elsewhere).toBeLessThanOrEqual(50);
  });

  it('what expires or fails too often becomes a dead letter', () => {
    const dead = { dead: {} };
    const publish = { 'routing-key': 'jobs' };
    const expired = run({ ...slow, publish, broker: queue({ ttl: '2s', 'dead-letter': 'dead' }, dead) });
    expect(expired.broker.deadLettered).toBeGreaterThan(800);
    expect((expired.broker.deadLettered ?? 0) + (expired.broker.acknowledged ?? 0)).toBe(expired.broker.confirmed);
    const failing = run({
      publish,
      work: [{ sleep: '5ms' }, { fail: '100%' }],
      broker: queue({ deliveries: 3, 'dead-letter': 'dead' }, dead),
    });
    expect(failing.broker.deadLettered).toBe(failing.broker.confirmed);
    expect(failing.broker.delivered).toBe((failing.broker.confirmed ?? 0) * 3);
  });
});

describe('crashes', () => {
  const kill = (crash: string, how: string, at: string, lasts: string): Fields => ({
    f: { crash, how, at, for: lasts },
  });

  it('a consumer that dies gives its messages back, and they are done again', () => {
    const { broker } = run({ work: [{ sleep: '100ms' }], faults: kill('workers#1', 'kill', '5s', '3s') });
    expect(broker.redelivered).toBeGreaterThan(0);
    expect(broker.redelivered).toBeLessThanOrEqual(10);
    expect(broker.acknowledged).toBe(broker.confirmed);
  });

  it('one without power is found out by its heartbeat', () => {
    const { broker } = run({ work: [{ sleep: '100ms' }], faults: kill('workers#1', 'power', '5s', '20s') });
    expect(broker.acknowledged).toBe(broker.confirmed);
    // What it had waits for two heartbeats.
    expect(broker.workP99Ms).toBeLessThan(3000);
    expect(broker.redelivered).toBeGreaterThan(0);
  });

  it('a durable queue survives its broker, another does not', () => {
    const slow = { work: [{ sleep: '300ms' }], faults: kill('broker', 'kill', '5s', '1s') };
    const durable = run(slow);
    expect(durable.broker.lost).toBe(0);
    expect(durable.broker.acknowledged).toBeGreaterThanOrEqual(durable.broker.confirmed ?? 0);
    const memory = run({
      ...slow,
      broker: { durable: false, queues: { jobs: { consumers: { workers: { op: 'work', prefetch: 1 } } } } },
    });
    expect(memory.broker.lost).toBeGreaterThan(10);
  });
});

describe('at least once, whatever crashes', () => {
  const HOWS = ['kill', 'power', 'pause'];

  /** Every number of a plan from its seed. */
  function faultsOf(seed: number): Fields {
    let state = (seed * 2654435761) >>> 0;
    const next = (n: number): number => {
      state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
      return state % n;
    };
    const targets = ['workers#1', 'workers#2', 'workers', 'broker', 'app#1'];
    return Object.fromEntries(
      Array.from({ length: 1 + next(4) }, (_, i) => [
        `f${i}`,
        {
          crash: targets[next(targets.length)],
          how: HOWS[next(3)],
          at: `${500 + i * 2600 + next(900)}ms`,
          for: `${200 + next(1600)}ms`,
        },
      ]),
    );
  }

  it('every confirmed message is done, waiting or dead in 250 runs', () => {
    for (let seed = 1; seed <= 250; seed++) {
      const plan = { faults: faultsOf(seed), arrivals: undefined, run: { duration: '25s', seed } };
      // The broker's own books are looked at by the run itself; what it confirmed must have been done by then.
      const { broker, workers } = run({
        ...plan,
        arrivals: { poisson: '20/s', spikes: { end: { at: '10s', for: '20s', times: 0 } } },
        work: [{ sleep: { exponential: '60ms' } }, { fail: '3%' }],
      });
      const told = JSON.stringify({ seed, faults: plan.faults, broker });
      expect(broker.lost, told).toBe(0);
      expect(broker.waiting, told).toBe(0);
      expect(broker.acknowledged, told).toBeGreaterThanOrEqual(broker.confirmed ?? 0);
      expect(workers.completed, told).toBeGreaterThanOrEqual(broker.acknowledged ?? 0);
    }
  });
});
