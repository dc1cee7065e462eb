/** Users with live connections who travel: whom they are served by, how long it takes, and what they miss on the way. */
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSimulator } from '../../scenarios/simulator.ts';

type Fields = { [key: string]: unknown };
let simulator: Awaited<ReturnType<typeof loadSimulator>>;
beforeAll(async () => {
  simulator = await loadSimulator();
});

const TRAVEL = { to: 'us', every: { exponential: '20s' }, for: { exponential: '10s' } };

/** A hundred games of two, at home in Europe; push servers on both sides of 50 ms of ocean, or in Europe only. */
function run(plan: {
  travel?: Fields | null;
  targets?: Fields;
  db?: Fields;
  connect?: Fields;
  faults?: Fields;
  seed?: number;
}) {
  const gateway = (place: string): Fields => ({
    type: 'gateway',
    in: place,
    runtime: { 'event-loop': 1 },
    listens: 'bus',
    heartbeat: { interval: '1s', timeout: '500ms' },
    operations: { move: [{ cpu: '200us' }, { write: 'db' }, { publish: 'bus' }], resume: [{ read: 'db' }] },
  });
  const targets = plan.targets ?? { live: 1, 'live-us': 1 };
  const stage = simulator.simulate(
    JSON.stringify({
      name: 'Travellers',
      run: { duration: '60s', warmup: '4s', seed: plan.seed ?? 1 },
      regions: { eu: { access: '5ms', latency: { us: '50ms' } }, us: { access: '5ms' } },
      clients: {
        c: {
          in: 'eu',
          users: 200,
          think: { exponential: '500ms' },
          does: 'move',
          entry: 'www',
          timeout: '2s',
          ...(plan.travel === null ? {} : { travel: plan.travel ?? TRAVEL }),
          connect: {
            ramp: '2s',
            rooms: 2,
            turns: true,
            'catch-up': 'resume',
            refresh: '3s',
            backoff: { base: '200ms', cap: '2s', jitter: 'full' },
            ...plan.connect,
          },
        },
      },
      components: {
        www: { type: 'dns', instances: 2, in: ['eu', 'us'], targets, policy: 'latency', ttl: '1s' },
        live: gateway('eu'),
        ...('live-us' in targets ? { 'live-us': gateway('us') } : {}),
        bus: { type: 'pubsub', in: 'eu', channels: 'room' },
        db: { type: 'database', in: 'eu', read: { cpu: '200us' }, write: { cpu: '200us', fsync: '200us' }, ...plan.db },
      },
      faults: plan.faults ?? {},
    }),
  ).stages[0];
  const extra = (name: string) => stage.components.find((c) => c.name === name)!.extra;
  return { stage, extra, journeys: stage.journeys[0] };
}

describe('players who travel', () => {
  it('lose their connection with each departure and return, and play on from where they are', () => {
    const { extra, journeys, stage } = run({});
    const lost = (extra('live').connectionsLost ?? 0) + (extra('live-us').connectionsLost ?? 0);
    // Two hundred people, a journey each half a minute, for a minute: four hundred, there and back.
    expect(journeys.trips).toBeGreaterThan(300);
    expect(journeys.trips).toBeLessThan(500);
    expect(lost).toBeGreaterThan(1.9 * journeys.trips);
    expect(lost).toBeLessThan(2.1 * journeys.trips);
    // A third of the time they are away, and connected there.
    const share = (name: string): number => extra(name).connectionsMean ?? 0;
    expect(share('live-us') / (share('live') + share('live-us'))).toBeCloseTo(1 / 3, 1);
    expect(stage.operations.move.completed).toBeGreaterThan(8000);
    expect(extra('live').movesMissed).toBe(0);
    expect(extra('live-us').movesMissed).toBe(0);
  });

  it('leave a dead peer, which the heartbeat finds', () => {
    const { extra, journeys } = run({});
    const dead = (extra('live').deadPeers ?? 0) + (extra('live-us').deadPeers ?? 0);
    expect(dead).toBeGreaterThan(1.7 * journeys.trips);
  });

  it('are as far from what stays at home as the place where they are', () => {
    const home = run({ travel: null, targets: { live: 1 } });
    const away = run({ targets: { live: 1 }, travel: { to: 'us', every: '1ms', for: { exponential: '1000s' } } });
    // 5 ms of access each way; from America 50 ms more, each way.
    const [near, far] = [home, away].map(({ stage }) => stage.operations.move.latencyMs.p50!);
    expect(near).toBeGreaterThan(10);
    expect(near).toBeLessThan(12.5);
    expect(far - near).toBeCloseTo(100, 0);
    // A move's delivery: the way there and the way to the other, who is in America, too.
    expect(away.extra('live').deliveryP50Ms! - home.extra('live').deliveryP50Ms!).toBeCloseTo(100, 0);
  });

  it('miss moves that the copy near them has not got yet', () => {
    const copies = { in: ['eu', 'us'], 'multi-primary': { copies: 2, merge: 'last-writer-wins' } };
    const { extra } = run({
      db: copies,
      connect: { refresh: '1s', backoff: { base: '1ms', cap: '1ms', jitter: 'none' } },
      travel: { to: 'us', every: { exponential: '5s' }, for: { exponential: '5s' } },
    });
    expect((extra('live').movesMissed ?? 0) + (extra('live-us').movesMissed ?? 0)).toBeGreaterThan(0);
  });

  it('miss nothing whatever fails, in twenty runs, and each comes out the same again', () => {
    const faults = {
      gone: { crash: 'live-us', how: 'power', at: '10s', for: '5s' },
      cut: { partition: [['eu'], ['us']], at: '25s', for: '4s' },
    };
    for (let seed = 1; seed <= 20; seed++) {
      const { stage, extra } = run({ faults, seed });
      expect(stage.operations.move.completed, `seed ${seed}`).toBeGreaterThan(4000);
      expect((extra('live').movesMissed ?? 0) + (extra('live-us').movesMissed ?? 0), `seed ${seed}`).toBe(0);
      if (seed < 3) expect(run({ faults, seed }).stage.fingerprint).toBe(stage.fingerprint);
    }
  });
});
