/** Links that are slow or lossy, and networks that split. */
import { describe, expect, it } from 'vitest';
import type { FaultSettings } from '../../sim/scenario/settings.ts';
import { callOf, constant, figures, MS, run, S, serverOf, story, timed, type Plan } from './systems.ts';

/** users → app → db, one request a second, 1 ms a hop, no work: 4 ms. */
const system = (faults: FaultSettings[], seconds = 2, timeoutNs: number | null = null): Plan => ({
  seconds,
  delay: MS,
  load: { gap: constant(S), timeoutNs },
  components: [serverOf('app', [callOf('db')], { threads: 10 }), serverOf('db', [])],
  faults,
});
const delay = (name: string, add: number, atNs: number, forNs: number | null): FaultSettings => ({
  name,
  kind: 'delay',
  from: 'app',
  to: 'db',
  add: constant(add),
  ...timed(atNs, forNs),
});
const lose = (name: string, probability: number, from = 'app', to = 'db'): FaultSettings => ({
  name,
  kind: 'lose',
  from,
  to,
  probability,
  ...timed(0, null),
});
const split = (sides: string[][], atNs: number, forNs: number | null): FaultSettings => ({
  name: 'split',
  kind: 'partition',
  sides,
  ...timed(atNs, forNs),
});

describe('delay', () => {
  it('is added to requests and answers, while it lasts', () => {
    const f = figures(run(system([delay('far', 50 * MS, 1.5 * S, S)], 4)), 'app');
    expect(f).toMatchObject({ succeeded: 3, maxMs: 104 });
    expect(f.meanMs).toBeCloseTo((104 + 4 + 4) / 3, 9);
  });

  it('adds up where two overlap', () => {
    expect(figures(run(system([delay('a', 50 * MS, 0, null), delay('b', 7 * MS, 0.5 * S, null)])), 'app').maxMs).toBe(
      118,
    );
    expect(
      figures(run(system([delay('a', 50 * MS, 0, 0.7 * S), delay('b', 7 * MS, 0.5 * S, null)])), 'app').maxMs,
    ).toBe(18);
    expect(
      figures(run(system([delay('a', 50 * MS, 0, 0.7 * S), delay('b', 50 * MS, 0.5 * S, null)])), 'app').maxMs,
    ).toBe(104);
  });

  it('of users counts too, and is told with its length', () => {
    const fault: FaultSettings = {
      name: 'x',
      kind: 'delay',
      from: 'users',
      to: 'app',
      add: constant(1.5 * S),
      ...timed(0, null),
    };
    const result = run(system([fault], 5));
    expect(figures(result, 'app').maxMs).toBe(3004);
    expect(story(result)).toEqual(['0 fault: link users -> app takes 1.5 s longer']);
  });
});

describe('lose', () => {
  it('delays messages by retransmissions: 200 ms for the first', () => {
    const f = figures(run({ ...system([lose('bad', 0.1)], 2000), load: { gap: constant(100 * MS) } }), 'app');
    // Mean wait of one message: 0.2 s · Σ (2^k - 1)·p^k·(1 - p) = 0.2·p / (1 - 2p); two messages a call.
    expect(Math.abs(f.meanMs - (4 + 2 * 200 * (0.1 / 0.8)))).toBeLessThan(3);
    expect(f.failed).toBe(0);
  });

  it('combines losses as independent', () => {
    const { world } = run(system([lose('a', 0.5), lose('b', 0.2), lose('c', 1, 'users', 'app')])).kernel;
    const names = world.components.name;
    const loss = Object.fromEntries(
      world.network.specs.map((p, i) => [`${names[p.from]} ${names[p.to]}`, world.network.loss[i]]),
    );
    expect(loss['app db']).toBeCloseTo(0.6, 12);
    expect(loss['users app']).toBe(1);
  });

  it('is told as a percentage', () => {
    expect(story(run(system([lose('bad', 0.05)])))).toEqual(['0 fault: link app -> db loses 5 %']);
  });
});

describe('partition', () => {
  it('swallows what would pass, until it heals', () => {
    const result = run(system([split([['users', 'app'], ['db']], 1.5 * S, S)], 5, 500 * MS));
    expect(figures(result, 'app')).toMatchObject({ succeeded: 3, timedOut: 1, maxMs: 500 });
    expect(figures(result, 'db').arrivals).toBe(3);
    expect(story(result)).toEqual([
      '1.5 fault: the network is split: users, app | db',
      '2.5 heal: the network is whole again',
    ]);
  });

  it('drops requests that are under way when it begins', () => {
    const result = run(system([split([['users', 'app'], ['db']], S + 1.5 * MS, null)], 2, 500 * MS));
    expect(figures(result, 'db').arrivals).toBe(0);
    expect(figures(result, 'app')).toMatchObject({ timedOut: 1 });
  });

  it('drops answers that are under way when it begins', () => {
    const result = run(system([split([['users', 'app'], ['db']], S + 2.5 * MS, null)], 2, 500 * MS));
    expect(figures(result, 'db').completed).toBe(1);
    expect(figures(result, 'app')).toMatchObject({ completed: 0, timedOut: 1 });
  });

  it('leaves alone who is on no side', () => {
    const result = run(system([split([['users'], ['db']], 0, null)], 2));
    expect(figures(result, 'app').succeeded).toBe(1);
  });

  it('splits instances of one component', () => {
    const plan = system([split([['app'], ['db#2']], 0, null)], 9.5, 500 * MS);
    plan.components[1] = { ...plan.components[1], instances: 2 };
    expect(figures(run(plan), 'app')).toMatchObject({ succeeded: 5, timedOut: 4 });
  });
});
