/** Shards on a map: how they are dealt, moved and split, what happens without a majority, and that every key has one place. */
import { beforeAll, describe, expect, it } from 'vitest';
import { dealt, ownersOf, rebalanced, type Shards } from '../../../sim/actors/routing/shards/plan.ts';
import { Stream } from '../../../sim/random/keys.ts';
import { loadSimulator } from '../../scenarios/simulator.ts';

type Simulator = Awaited<ReturnType<typeof loadSimulator>>;
type Fields = { [key: string]: unknown };
let simulator: Simulator;
beforeAll(async () => {
  simulator = await loadSimulator();
});

describe('a plan', () => {
  const all = (n: number): boolean[] => Array.from({ length: n }, () => true);
  const busyOf = (shards: Shards, loads: Float64Array, slots: number): number[] => {
    const busy = Array.from({ length: slots }, () => 0);
    ownersOf(shards, loads.length).forEach((owner, piece) => (busy[owner] += loads[piece]));
    return busy;
  };

  it('deals pieces out evenly, and each to one', () => {
    const shards = dealt(100, 8, 3);
    expect(shards.starts).toEqual([0, 12, 25, 37, 50, 62, 75, 87]);
    expect(shards.owners).toEqual([0, 1, 2, 0, 1, 2, 0, 1]);
    const owners = ownersOf(shards, 100);
    expect([...new Set(owners)].sort()).toEqual([0, 1, 2]);
  });

  it('moves the shard that helps most from the busiest to the least busy', () => {
    const loads = Float64Array.from([50, 10, 30, 20, 5, 5]);
    const before = { starts: [0, 1, 2, 3, 4, 5], owners: [0, 1, 0, 0, 1, 1] };
    const { shards, moves, splits } = rebalanced(before, loads, all(2), { above: 1.1, moves: 1, split: true });
    // 100 and 20: without the shard of 50 they are 50 and 70, without that of 30 both have 70 and 50.
    expect([moves, splits]).toEqual([1, 0]);
    expect(busyOf(shards, loads, 2).sort((a, b) => a - b)).toEqual([50, 70]);
  });

  it('splits a shard that is too hot to move, where it is even', () => {
    const loads = Float64Array.from([10, 10, 30, 10, 0, 0]);
    const before = { starts: [0, 4], owners: [0, 1] };
    const { shards, moves, splits } = rebalanced(before, loads, all(2), { above: 1.1, moves: 2, split: true });
    expect([moves, splits]).toEqual([1, 1]);
    expect(shards.starts).toEqual([0, 2, 4]);
    expect(busyOf(shards, loads, 2)).toEqual([40, 20]);
    const kept = rebalanced(before, loads, all(2), { above: 1.1, moves: 2, split: false });
    expect([kept.moves, kept.splits]).toEqual([0, 0]);
  });

  it('leaves alone what is even enough, and one piece that is all the load', () => {
    const even = rebalanced(dealt(4, 4, 2), Float64Array.from([10, 11, 10, 9]), all(2), {
      above: 1.2,
      moves: 9,
      split: true,
    });
    expect(even.moves + even.splits).toBe(0);
    const one = rebalanced(dealt(4, 4, 2), Float64Array.from([9, 0, 0, 0]), all(2), {
      above: 1.2,
      moves: 9,
      split: true,
    });
    expect(one.moves + one.splits).toBe(0);
  });

  it('never makes the busiest busier, leaves nothing with who is out, and stays within its limits, in 2,000 draws', () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const stream = new Stream(String(seed), 'plans');
      const slots = 2 + stream.below(6);
      const pieces = 8 + stream.below(60);
      const loads = Float64Array.from({ length: pieces }, () => stream.below(100) * (stream.below(8) === 0 ? 20 : 1));
      const isIn = Array.from({ length: slots }, () => stream.below(4) > 0);
      if (!isIn.includes(true)) isIn[0] = true;
      const before = dealt(pieces, 1 + stream.below(pieces), slots);
      const limits = { above: 1.1 + stream.below(10) / 10, moves: 1 + stream.below(9), split: stream.below(2) === 0 };
      const { shards, splits } = rebalanced(before, loads, isIn, limits);
      const told = JSON.stringify({ seed, shards });
      expect(
        shards.owners.every((owner) => isIn[owner]),
        told,
      ).toBe(true);
      expect(shards.starts, told).toEqual([...new Set(shards.starts)].sort((a, b) => a - b));
      expect(shards.starts[0], told).toBe(0);
      expect(shards.owners.length, told).toBe(before.owners.length + splits);
      expect(splits, told).toBeLessThanOrEqual(limits.split ? limits.moves : 0);
      const busy = busyOf(shards, loads, slots);
      expect(
        busy.reduce((sum, load) => sum + load, 0),
        told,
      ).toBe(loads.reduce((sum, load) => sum + load, 0));
      if (isIn.every(Boolean))
        expect(Math.max(...busy), told).toBeLessThanOrEqual(Math.max(...busyOf(before, loads, slots)));
    }
  });
});

interface Plan {
  router?: Fields;
  clients?: Fields;
  faults?: Fields;
  run?: Fields;
  components?: Fields;
}

const HEALTH = { active: { interval: '400ms', timeout: '200ms', unhealthy: 2, healthy: 2 } };

/** Four hundred requests a second for two hundred keys, a few of them popular, through two routers to four servers. */
const scenario = (plan: Plan): string =>
  JSON.stringify({
    name: 'Shards',
    run: { duration: '20s', warmup: '10s', ...plan.run },
    network: { delay: '0.5ms' },
    clients: {
      c: {
        arrivals: { poisson: '400/s' },
        keys: { zipf: 1, of: 200 },
        does: 'op',
        timeout: '1s',
        entry: 'router',
        ...plan.clients,
      },
    },
    components: {
      router: {
        type: 'shard-router',
        instances: 2,
        target: 'app',
        store: 'map',
        shards: 4,
        refresh: '200ms',
        timeout: '300ms',
        health: HEALTH,
        ...plan.router,
      },
      app: {
        type: 'server',
        instances: 4,
        runtime: { 'event-loop': 1 },
        operations: { op: [{ cpu: { exponential: '2ms' } }] },
      },
      map: {
        type: 'database',
        quorum: { n: 3, r: 2, w: 2 },
        read: { cpu: '0.1ms' },
        write: { cpu: '0.1ms', fsync: '1ms' },
      },
      ...plan.components,
    },
    faults: plan.faults ?? {},
  });

function run(plan: Plan) {
  const stage = simulator.simulate(scenario(plan)).stages[0];
  const of = (name: string) => stage.components.find((each) => each.name === name)!;
  return { stage, router: of('router').extra, app: of('app'), of };
}

const REBALANCE = { every: '1s', above: 1.1, moves: 4 };

describe('a router', () => {
  it('leaves hot shards where they are if nobody measures, and else evens them out', () => {
    const still = run({});
    const measured = run({ router: { rebalance: REBALANCE } });
    expect(still.router.imbalance).toBeGreaterThan(1.25);
    expect(still.router.shards).toBe(4);
    // One key has a sixth of all requests; what is left is even.
    expect(measured.router.imbalance).toBeLessThan(1.1);
    expect(measured.router.shards).toBeGreaterThan(4);
    expect(measured.stage.availability).toBe(1);
    const whole = run({ router: { rebalance: { ...REBALANCE, split: false } } });
    expect(whole.router.shards).toBe(4);
  });

  it('moves nothing without a majority of the store, and goes on by what it knows', () => {
    const lost = (how: Fields): Fields => ({
      a: { crash: 'map#2', at: '0s', ...how },
      b: { crash: 'map#3', at: '0s', ...how },
    });
    const plan = { run: { warmup: '500ms' }, router: { rebalance: REBALANCE } };
    const { router, stage } = run({ ...plan, faults: lost({ how: 'power' }) });
    expect(stage.availability).toBe(1);
    expect([router.moves, router.splits]).toEqual([0, 0]);
    expect(router.failedWrites).toBeGreaterThan(10);
    expect(router.failedReads).toBeGreaterThan(20);
    const back = run({ ...plan, faults: lost({ how: 'power', for: '5s' }) });
    expect((back.router.moves ?? 0) + (back.router.splits ?? 0)).toBeGreaterThan(0);
  });

  it('one copy of three is not a majority’s loss', () => {
    const { router } = run({
      run: { warmup: '500ms' },
      router: { rebalance: REBALANCE, timeout: '2s' },
      faults: { a: { crash: 'map#2', how: 'kill', at: '0s' } },
    });
    expect((router.moves ?? 0) + (router.splits ?? 0)).toBeGreaterThan(0);
  });

  it('that has begun anew knows no way until it has read the map', () => {
    const again = { r: { crash: 'router', how: 'kill', at: '2s', for: '500ms' } };
    const { router: well } = run({ faults: again });
    const { router: blind } = run({
      faults: { ...again, a: { crash: 'map#2', at: '1s', for: '9s' }, b: { crash: 'map#3', at: '1s', for: '9s' } },
    });
    // 400 a second: for a refresh of 200 ms, and for seven and a half seconds.
    expect(well.homeless).toBeLessThan(0.3 * 400);
    expect(blind.homeless).toBeGreaterThan(7 * 400);
  });

  it('turns away what belongs to a dead instance, until it belongs to another', () => {
    const dead = { d: { crash: 'app#1', how: 'power', at: '2s' } };
    const still = run({ faults: dead });
    const measured = run({ faults: dead, router: { rebalance: REBALANCE } });
    expect(still.stage.availability).toBeLessThan(0.85);
    expect(measured.stage.availability).toBeGreaterThan(0.95);
    // At most the time to notice, a second until the next look, and the refresh of the other router.
    expect(measured.router.homeless).toBeLessThan(1.4 * 400);
    expect(measured.router.moves).toBeGreaterThan(0);
  });

  it('does not move while the one that measures is away', () => {
    const { router } = run({
      run: { warmup: '500ms' },
      router: { rebalance: REBALANCE },
      faults: { r: { crash: 'router#1', how: 'power', at: '0s' } },
    });
    expect([router.moves, router.splits]).toEqual([0, 0]);
  });

  it('sends a request by an old map for as long as a refresh takes', () => {
    const often = run({ router: { rebalance: { ...REBALANCE, above: 1.02 }, refresh: '50ms' } }).router;
    const seldom = run({ router: { rebalance: { ...REBALANCE, above: 1.02 }, refresh: '3s' } }).router;
    expect(seldom.misrouted).toBeGreaterThan(3 * (often.misrouted ?? 0) + 10);
  });
});

describe('players of one game', () => {
  /** Rooms of two on three push servers, without anything that brings a move from one server to another. */
  const play = (entry: Fields, faults: Fields = {}) => {
    const stage = simulator.simulate(
      JSON.stringify({
        name: 'Games',
        run: { duration: '20s', warmup: '4s' },
        network: { delay: '0.25ms' },
        links: { 'c -> entry': { delay: '10ms' } },
        clients: {
          c: {
            users: 200,
            think: { exponential: '500ms' },
            does: 'move',
            entry: 'entry',
            timeout: '1s',
            connect: {
              ramp: '2s',
              rooms: 2,
              turns: true,
              'catch-up': 'resume',
              backoff: { base: '200ms', jitter: 'full' },
            },
          },
        },
        components: {
          entry,
          live: {
            type: 'gateway',
            instances: 3,
            runtime: { 'event-loop': 1 },
            operations: { move: [{ write: 'db' }, { push: 'room' }], resume: [{ read: 'db' }] },
          },
          map: { type: 'database', quorum: { n: 3, r: 2, w: 2 }, read: { cpu: '0.1ms' }, write: { cpu: '0.1ms' } },
          db: { type: 'database', read: { cpu: '0.2ms' }, write: { cpu: '0.2ms' } },
        },
        faults,
      }),
    ).stages[0];
    return stage.components.find(({ name }) => name === 'live')!.extra;
  };
  const router = { type: 'shard-router', target: 'live', store: 'map', shards: 12, refresh: '200ms' };

  it('are sent to the same push server, which needs no bus', () => {
    const apart = play({ type: 'balancer', targets: 'live', policy: 'least-connections' });
    const together = play(router);
    // A hundred games; a move every half a second and some.
    expect(together.deliveries).toBeGreaterThan(0.85 * 100 * 20 * (1 / 0.53));
    expect(apart.deliveries).toBeLessThan(together.deliveries / 2);
  });

  it('find each other again on another server when theirs is lost', () => {
    const entry = { ...router, health: HEALTH, rebalance: { every: '1s' } };
    const lost = play(entry, { f: { crash: 'live#1', how: 'kill', at: '3s' } });
    expect(lost.movesMissed).toBe(0);
    // Seventeen seconds of a third of the games would be missing.
    expect(lost.deliveries).toBeGreaterThan(0.8 * play(router).deliveries);
  });
});

describe('whatever crashes', () => {
  const RUNS = 60;

  it(`the books are right in ${RUNS} runs`, () => {
    let moved = 0;
    for (let seed = 1; seed <= RUNS; seed++) {
      const stream = new Stream(String(seed), 'shard faults');
      const pick = <T>(list: readonly T[]): T => list[stream.below(list.length)];
      const targets = ['router#1', 'router#2', 'app#1', 'app', 'map#2', 'map#3', 'map'].filter(
        () => stream.below(3) === 0,
      );
      const isNested = targets.includes('app') || targets.includes('map');
      const faults = Object.fromEntries(
        targets
          .filter((target) => !isNested || !/^(app|map)#/.test(target))
          .map((target, i) => [
            `f${i}`,
            {
              crash: target,
              how: pick(['kill', 'power', 'pause']),
              at: `${stream.below(4000)}ms`,
              for: `${200 + stream.below(2500)}ms`,
            },
          ]),
      );
      const plan = {
        run: { duration: '8s', warmup: '500ms', seed },
        router: {
          rebalance: { every: '300ms', above: 1.05, moves: 3 },
          cpu: pick(['0s', '100us']),
          health: pick([HEALTH, {}]),
        },
        faults: {
          ...faults,
          split: { partition: [['router#1'], [pick(['map', 'app', 'router#2'])]], at: '5s', for: '1s' },
        },
      };
      // What must hold whatever happened is looked at by the run itself, which throws.
      const { router } = run(plan);
      moved += (router.moves ?? 0) + (router.splits ?? 0);
    }
    expect(moved).toBeGreaterThan(3 * RUNS);
  });

  it('comes out the same again', () => {
    const plan: Plan = { router: { rebalance: REBALANCE }, faults: { f: { crash: 'app#2', at: '3s', for: '4s' } } };
    expect(JSON.stringify(run(plan).stage)).toBe(JSON.stringify(run(plan).stage));
  });
});

describe('what is refused', () => {
  const problems = (plan: Plan): string[] =>
    simulator.parseScenario(scenario(plan), 'shards.yaml').problems.map(({ message }) => message);

  it('stores that may forget the map or show an old one, and more shards than pieces', () => {
    expect(problems({})).toEqual([]);
    const store = (map: Fields): string[] => problems({ components: { map } });
    expect(store({ type: 'database', read: { cpu: '1ms' }, write: { cpu: '1ms' } })).toEqual([
      '`map` has no quorum: it might forget the map',
    ]);
    expect(
      store({ type: 'database', quorum: { n: 3, r: 1, w: 2 }, read: { cpu: '1ms' }, write: { cpu: '1ms' } }),
    ).toEqual(['`map` has no majority: a read might miss the last map']);
    expect(store({ type: 'cache', capacity: 10 })).toContain('a cache cannot hold the map');
    expect(problems({ router: { shards: 300 } })).toEqual(['300 shards of 256 pieces']);
  });
});
