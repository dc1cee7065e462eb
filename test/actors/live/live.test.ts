/** Live connections from outside: limits and memory, who finds out what when, drains, buses, and games that go on. */
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSimulator } from '../../scenarios/simulator.ts';

type Simulator = Awaited<ReturnType<typeof loadSimulator>>;
type Fields = { [key: string]: unknown };
let simulator: Simulator;
beforeAll(async () => {
  simulator = await loadSimulator();
});

interface Plan {
  users?: number;
  connect?: Fields;
  client?: Fields;
  live?: Fields;
  bus?: Fields | null;
  components?: Fields;
  faults?: Fields;
  run?: Fields;
}

/** Players in rooms of two on three gateways behind a balancer, with a store and a bus. */
function run(plan: Plan) {
  const bus = plan.bus === null ? {} : { bus: { type: 'pubsub', channels: 'room', ...plan.bus } };
  const spread = plan.bus === null ? { push: 'room' } : { publish: 'bus' };
  const scenario = {
    name: 'live',
    run: { duration: '20s', warmup: '4s', ...plan.run },
    network: { delay: '0.25ms' },
    links: { c: undefined, 'c -> lb': { delay: '10ms' } },
    clients: {
      c: {
        users: plan.users ?? 200,
        think: { exponential: '500ms' },
        does: 'move',
        entry: 'lb',
        timeout: '1s',
        connect: {
          ramp: '2s',
          rooms: 2,
          turns: true,
          'catch-up': 'resume',
          refresh: '3s',
          backoff: { base: '200ms', cap: '2s', jitter: 'full' },
          ...plan.connect,
        },
        ...plan.client,
      },
    },
    components: {
      lb: {
        type: 'balancer',
        targets: 'live',
        policy: 'least-connections',
        retries: 2,
        health: { active: { interval: '500ms', timeout: '200ms', unhealthy: 2 } },
      },
      live: {
        type: 'gateway',
        instances: 3,
        runtime: { 'event-loop': 1 },
        heartbeat: { interval: '1s', timeout: '500ms' },
        ...(plan.bus === null ? {} : { listens: 'bus' }),
        operations: { move: [{ cpu: '200us' }, { write: 'db' }, spread], resume: [{ read: 'db' }] },
        ...plan.live,
      },
      ...bus,
      db: { type: 'database', read: { cpu: '200us' }, write: { cpu: '200us', fsync: '200us' } },
      ...plan.components,
    },
    faults: plan.faults ?? {},
  };
  delete (scenario.links as Fields).c;
  const stage = simulator.simulate(JSON.stringify(scenario)).stages[0];
  const of = (name: string) => stage.components.find((c) => c.name === name)!;
  return { stage, operations: stage.operations, live: of('live').extra as Record<string, number>, of };
}

describe('a game', () => {
  it('is a chain: a move follows the push of the one before', () => {
    const { operations, live } = run({ connect: { refresh: undefined } });
    const moves = operations.move!.completed;
    expect(operations.move!.failed).toBe(0);
    expect(live.deliveries).toBeGreaterThanOrEqual(moves - 1);
    expect(live.duplicates).toBe(0);
    // A hundred games; each move takes a think time of 500 ms, the way there (10.25 ms), the bus, and the way to the other.
    // 192 a second, give or take three deviations of a count of 3,800.
    expect(moves / 20).toBeGreaterThan(182);
    expect(moves / 20).toBeLessThan(202);
    expect(live.deliveryP50Ms).toBeGreaterThan(20.5);
    expect(live.deliveryP50Ms).toBeLessThan(24);
  });

  it('stops where the players are on different gateways without a bus', () => {
    const without = run({ bus: null, connect: { refresh: undefined } });
    const together = run({ bus: null, live: { instances: 1 } });
    expect(without.live.deliveries).toBeLessThan((together.live.deliveries ?? 0) / 2);
  });

  it('is the same in every run of one seed', () => {
    const once = run({ faults: { f: { crash: 'live#1', at: '5s', for: '2s' } } });
    const again = run({ faults: { f: { crash: 'live#1', at: '5s', for: '2s' } } });
    expect(JSON.stringify(again.stage)).toBe(JSON.stringify(once.stage));
  });
});

describe('what messages carry', () => {
  /** Messages of 20 KiB, and answers, through a balancer that saw the handshake only. */
  const carrying = (encoding: string | undefined, bandwidth: string | undefined, network: Fields = {}) => {
    const stage = simulator.simulate(
      JSON.stringify({
        name: 'Large messages',
        run: { duration: '10s', warmup: '3s' },
        network: { delay: '0s', ...network },
        links: { 'c -> lb': { delay: '1ms', ...(bandwidth === undefined ? {} : { bandwidth, shared: false }) } },
        clients: {
          c: {
            users: 100,
            think: { exponential: '1s' },
            does: 'op',
            entry: 'lb',
            request: '20KiB',
            response: '20KiB',
            encoding,
            connect: { ramp: '1s' },
          },
        },
        components: {
          lb: { type: 'balancer', targets: 'live' },
          live: { type: 'gateway', runtime: { 'event-loop': 1 }, operations: { op: [{ sleep: '0s' }] } },
        },
      }),
    ).stages[0];
    return stage.operations.op.latencyMs.p50!;
  };

  it('takes its time on the line to the entry', () => {
    // There and back; 20 KiB are 16.384 ms at 10 Mbit/s.
    expect(carrying(undefined, '10Mbps')).toBeCloseTo(2 + 2 * 16.384, 0);
  });

  it('is written for each push, and counted', () => {
    // A hundred people, of whom one a second each sends to the 99 others. A push takes 20 us, and what writing takes.
    const pushing = (message: Fields) => {
      const stage = simulator.simulate(
        JSON.stringify({
          name: 'To all',
          run: { duration: '20s', warmup: '3s' },
          clients: {
            c: { users: 100, think: { exponential: '1s' }, does: 'op', entry: 'live', connect: { ramp: '1s' } },
          },
          components: {
            live: { type: 'gateway', runtime: { 'event-loop': 1 }, message, operations: { op: [{ push: 'all' }] } },
          },
        }),
      ).stages[0];
      const { extra, utilization } = stage.components.find(({ name }) => name === 'live')!;
      const { pushes = 0, bytesPushed = 0, bytesPushedPerSecond = 0 } = extra;
      expect(bytesPushedPerSecond).toBeCloseTo(bytesPushed / 20, 6);
      return { busyNs: (utilization * 20e9) / pushes, bytes: bytesPushed / pushes };
    };
    expect(pushing({ size: '1KiB' }).bytes).toBe(1024);
    expect(pushing({ size: '1KiB' }).busyNs / 1000).toBeCloseTo(20, 0);
    expect(pushing({ size: '2KiB', encoding: 'json' }).busyNs / 1000).toBeCloseTo(20 + 2 * 14.585, 0);
    const binary = pushing({ size: '2KiB', encoding: 'protobuf' });
    expect(binary.busyNs / 1000).toBeCloseTo(20 + 2 * 2.769, 0);
    expect(binary.bytes).toBe(Math.round(2048 * 0.35));
  });

  it('opens no connection: there is one, at a balancer or at the gateway', () => {
    const connection = { 'keep-alive': 'none' };
    expect(carrying(undefined, '10Mbps', { connection })).toBeCloseTo(2 + 2 * 16.384, 0);
    const direct = (delay: string): { message: number; handshake: number } => {
      const { operations } = simulator.simulate(
        JSON.stringify({
          name: 'Idle for long',
          run: { duration: '60s', warmup: '0s' },
          network: { delay, connection },
          clients: { c: { users: 20, think: '5s', does: 'op', entry: 'live', connect: { ramp: '1s' } } },
          components: {
            live: { type: 'gateway', runtime: { 'event-loop': 1 }, operations: { op: [{ sleep: '0s' }] } },
          },
        }),
      ).stages[0];
      return { message: operations.op.latencyMs.mean!, handshake: operations.connect.latencyMs.mean! };
    };
    // A round trip; and one of TCP, one of TLS, one of itself, and a millisecond of core time.
    expect(direct('10ms').message).toBeCloseTo(20, 3);
    expect(direct('10ms').handshake).toBeCloseTo(61, 0);
  });

  it('costs the gateway what reading and writing it takes', () => {
    // 20 KiB read at 27,850 ns and written at 14,585 ns each, against 4,204 and 2,769.
    expect(carrying('json', undefined)).toBeCloseTo(2 + 20 * 0.042435, 1);
    expect(carrying('protobuf', undefined)).toBeCloseTo(2 + 20 * 0.006973, 1);
    // And a third of the bytes.
    expect(carrying('protobuf', '10Mbps')).toBeCloseTo(2 + 20 * 0.006973 + 2 * 0.35 * 16.384, 0);
  });
});

describe('catching up', () => {
  it('from a copy that lags misses moves, from the primary none', () => {
    const db = (reads: string): Fields => ({
      db: {
        type: 'database',
        replicas: 1,
        reads,
        read: { cpu: '200us' },
        write: { cpu: '200us' },
        replication: { apply: { cpu: '4ms' } },
      },
    });
    const lasts = { lasts: { exponential: '2s' } };
    expect(run({ components: db('primary'), connect: lasts }).live.movesMissed).toBe(0);
    expect(run({ components: db('replicas'), connect: lasts }).live.movesMissed).toBeGreaterThan(0);
  });

  it('what is pushed before it is stored is on a screen that a crash would prove wrong', () => {
    const operations = { move: [{ cpu: '200us' }, { publish: 'bus' }, { write: 'db' }], resume: [{ read: 'db' }] };
    const db = { type: 'database', read: { cpu: '200us' }, write: { fsync: '40ms' }, disk: { parallel: 100 } };
    expect(run({ live: { operations }, components: { db } }).live.movesUnstored).toBeGreaterThan(0);
    expect(run({ components: { db } }).live.movesUnstored).toBe(0);
  });
});

describe('limits', () => {
  it('a gateway refuses what is beyond its connections', () => {
    const { live } = run({ live: { connections: 50 } });
    expect(live.connectionsMax).toBe(50);
    expect(live.connectionsMean).toBeCloseTo(150, 5);
    expect(live.connectionsRefused).toBeGreaterThan(0);
  });

  it('connections take memory, and what is too much kills the process', () => {
    const memory = { base: '100MiB', 'per-connection': '1MiB' };
    const machine = (size: string) => ({ memory, machine: { cores: 1, memory: size } });
    expect(run({ live: machine('200MiB') }).live.outOfMemory).toBe(0);
    expect(run({ live: { ...machine('150MiB'), restart: '1s' } }).live.outOfMemory).toBeGreaterThan(0);
  });

  it('least connections counts the open ones: nobody has more than the others', () => {
    expect(run({}).live.connectionsImbalance).toBeLessThan(1.05);
    // Whoever comes back empty stays empty, since connections do not move.
    const after = run({ faults: { f: { crash: 'live#1', at: '5s', for: '1s' } }, connect: { refresh: undefined } });
    expect(after.live.connectionsImbalance).toBeGreaterThan(1.3);
  });
});

describe('who finds out', () => {
  const crash = (how: string, target = 'live#1'): Fields => ({ f: { crash: target, how, at: '5s', for: '5s' } });

  it('a killed gateway resets its clients at once, one without power is missed after its silence', () => {
    const killed = run({ faults: crash('kill') });
    const silent = run({ faults: crash('power') });
    for (const { live } of [killed, silent]) expect(live.movesMissed).toBe(0);
    expect(killed.live.connectionsLost).toBeGreaterThanOrEqual(66);
    expect(silent.live.connectionsLost).toBeGreaterThanOrEqual(66);
    const without = (result: typeof killed): number => 200 - (result.live.connectionsMean ?? 0);
    expect(without(silent)).toBeGreaterThan(without(killed));
  });

  it('what is lost counts where it was, though one population is on two kinds of gateway', () => {
    const { live, of } = run({
      components: {
        lb: { type: 'balancer', targets: { live: 1, other: 1 }, policy: 'round-robin' },
        other: {
          type: 'gateway',
          runtime: { 'event-loop': 1 },
          listens: 'bus',
          operations: { move: [{ write: 'db' }, { publish: 'bus' }], resume: [{ read: 'db' }] },
        },
      },
      faults: { f: { crash: 'other', at: '5s' } },
    });
    // In turn over four: a quarter of two hundred.
    expect(of('other').extra.connectionsLost).toBe(50);
    expect(live.connectionsLost).toBe(0);
  });

  it('a killed balancer resets all that goes through it', () => {
    const { live } = run({ faults: crash('kill', 'lb') });
    expect(live.connectionsLost).toBe(200);
    expect(live.deadPeers).toBe(200);
  });

  it('a client whose network breaks leaves a dead peer, which the heartbeat finds', () => {
    const { live } = run({ connect: { lasts: { exponential: '5s' } } });
    expect(live.deadPeers).toBeGreaterThan(500);
    // Until it is found out it counts: a second and a half of two hundred that break every five.
    expect(live.connectionsMean).toBeGreaterThan(220);
    const blind = run({ connect: { lasts: { exponential: '5s' } }, live: { heartbeat: 'none' } });
    expect(blind.live.deadPeers).toBeUndefined();
    expect(blind.live.connectionsMean).toBeGreaterThan((live.connectionsMean ?? 0) * 1.5);
  });

  it('a partition is noticed on both sides, and healed by coming back', () => {
    const { live, operations } = run({
      faults: { f: { partition: [['c'], ['lb', 'live']], at: '5s', for: '4s' } },
    });
    expect(live.connectionsLost).toBeGreaterThanOrEqual(200);
    expect(live.deadPeers).toBeGreaterThanOrEqual(200);
    expect(live.movesMissed).toBe(0);
    expect(operations.resume!.completed).toBeGreaterThanOrEqual(200);
  });

  it('a message that was lost with a connection does not end the next one when it is given up', () => {
    // Silence ends connections within two and a half seconds; what was under way is given up when its sender has been back for long.
    const faults = { f: { crash: 'live#1', how: 'power', at: '5s', for: '60s' } };
    const patient = run({ client: { timeout: '9s' }, faults });
    expect(patient.operations.move!.timedOut).toBeGreaterThan(0);
    expect(patient.live.connectionsLost).toBe(run({ faults }).live.connectionsLost);
  });

  it('a rollout closes every connection of every instance, and nobody misses a move', () => {
    const { live, stage } = run({ live: { drain: '1s', rollout: { at: '1s', every: '3s', boot: '500ms' } } });
    expect(live.connectionsLost).toBeGreaterThanOrEqual(200);
    expect(live.movesMissed).toBe(0);
    expect(stage.availability).toBeGreaterThan(0.97);
  });
});

describe('buses', () => {
  it('one channel brings every message to every gateway, a channel a room to those who need it', () => {
    const one = run({ bus: { channels: 'one' } });
    const published = one.of('bus').extra.published as number;
    expect(one.of('bus').extra.delivered).toBe(published * 3);
    const room = run({}).of('bus').extra;
    expect(room.delivered as number).toBeLessThanOrEqual((room.published as number) * 2);
  });

  it('forgets who listens when it dies, and is told again', () => {
    const { live, of } = run({ faults: { f: { crash: 'bus', at: '5s', for: '2s' } } });
    expect(of('bus').extra.publishFailures).toBeGreaterThan(0);
    // Games stand still while it is gone, and go on.
    expect(live.deliveries).toBeGreaterThan(2000);
    expect(live.movesMissed).toBe(0);
  });

  it('a broadcast costs the core time of every push, a room that of its members', () => {
    const chat = (delivers: string) =>
      run({
        users: 300,
        run: { duration: '10s' },
        client: { think: { exponential: '30s' } },
        connect: { rooms: 10, turns: false, refresh: undefined },
        bus: { channels: 'one' },
        live: { delivers, push: '50us', receive: '0s', handshake: '0s' },
      });
    const all = chat('all');
    const room = chat('room');
    const said = all.operations.move!.completed;
    expect((all.live.pushes ?? 0) / said).toBeCloseTo(299, -1);
    expect((room.live.pushes ?? 0) / room.operations.move!.completed).toBeCloseTo(9, 0);
    expect(all.live.unwanted).toBeGreaterThan((all.live.deliveries ?? 0) * 20);
    expect(room.live.unwanted).toBe(0);
  });
});

describe('whatever crashes', () => {
  /** Every number of a plan from its seed. */
  function faultsOf(seed: number): Fields {
    let state = (seed * 2654435761) >>> 0;
    const next = (n: number): number => {
      state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
      return state % n;
    };
    const targets = ['live#1', 'live#2', 'live', 'lb', 'bus', 'db'];
    const sides = [
      [['c'], ['lb', 'live']],
      [['c'], ['live#1']],
      [['live#1'], ['bus', 'db']],
      [['live#2'], ['bus']],
    ];
    return Object.fromEntries(
      Array.from({ length: 1 + next(4) }, (_, i) => {
        const when = { at: `${300 + i * 2400 + next(900)}ms`, for: `${100 + next(1400)}ms` };
        const fault =
          next(4) === 0
            ? { partition: sides[next(sides.length)] }
            : { crash: targets[next(targets.length)], how: ['kill', 'power', 'pause'][next(3)] };
        return [`f${i}`, { ...fault, ...when }];
      }),
    );
  }

  it('a client that catches up has every acknowledged move, and no other, in 300 runs', () => {
    let caughtUp = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const faults = faultsOf(seed);
      const { live, operations } = run({
        users: 24,
        run: { duration: '14s', warmup: '0s', seed },
        connect: { ramp: '200ms', refresh: '1s', lasts: seed % 3 === 0 ? { exponential: '4s' } : undefined },
        live: { heartbeat: { interval: '400ms', timeout: '200ms' }, drain: '300ms' },
        faults,
      });
      const told = JSON.stringify({ seed, faults, live });
      expect(live.movesMissed, told).toBe(0);
      expect(live.movesUnstored, told).toBe(0);
      // Play goes on when everything is well again.
      expect(live.deliveries, told).toBeGreaterThan(50);
      caughtUp += operations.resume!.completed;
    }
    expect(caughtUp).toBeGreaterThan(10_000);
  });
});
