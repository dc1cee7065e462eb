/** Users who travel: how many are away, whom they are served by, what they remember, and what they see of their own writes. */
import { describe, expect, test } from 'vitest';
import { loadSimulator, type StageResult } from '../scenarios/simulator.ts';

const simulator = await loadSimulator();

interface World {
  travel?: string;
  name?: string;
  db?: string;
  faults?: string;
  keys?: string;
}

const TRAVEL = 'travel: { share: 40%, to: us, every: { exponential: 60s }, for: { exponential: 30s } }';
const CUT = 'cut: { partition: [ [ eu ], [ us ] ], at: 40s, for: 60s }';

/** Five hundred people at home in Europe, a server in each region, a database written in both. */
const world = (w: World): string => `
name: Travellers
run: { duration: 140s, warmup: 10s, seed: 7 }
regions: { eu: { latency: { us: 40ms }, access: 10ms }, us: { access: 10ms } }
clients:
  people:
    in: eu
    users: 500
    think: { exponential: 2s }
    does: { put: 50%, look: 50% }
    keys: ${w.keys ?? '{ own: 2 }'}
    timeout: 2s
    entry: name
    ${w.travel ?? TRAVEL}
components:
  name: { type: dns, targets: { app-eu: 1, app-us: 1 }, policy: latency${w.name ?? ', ttl: 0s'} }
  app-eu: { type: server, in: eu, operations: { put: [ { write: db } ], look: [ { read: db } ] } }
  app-us: { type: server, in: us, operations: { put: [ { write: db } ], look: [ { read: db } ] } }
  db: { type: database, in: [ eu, us ], write: { cpu: 0.1ms }, ${w.db ?? 'multi-primary: { copies: 2, merge: version-vector }'} }
faults: { ${w.faults ?? ''} }
`;

const run = (w: World): StageResult => simulator.simulate(world(w)).stages[0];
const of = (stage: StageResult, name: string) => stage.components.find((it) => it.name === name)!;
const problems = (w: World): string[] =>
  simulator.parseScenario(world(w), 'test.yaml').problems.map(({ message }) => message);

describe('users who travel', () => {
  const stage = run({});
  const [people] = stage.journeys;

  test('are away as often as their times say, from the beginning', () => {
    // Two in five travel, and are away a third of the time.
    const share = people.sentAway / stage.requests.offered;
    expect(share).toBeGreaterThan(0.4 / 3 - 0.02);
    expect(share).toBeLessThan(0.4 / 3 + 0.02);
    // 200 of them leave every 90 s on average.
    expect(people.trips).toBeGreaterThan((200 * 140) / 90 - 60);
    expect(people.trips).toBeLessThan((200 * 140) / 90 + 60);
  });

  test('are served where they are, at the price of being near', () => {
    expect(Math.abs(of(stage, 'app-us').arrivals - people.sentAway)).toBeLessThan(20);
    // Access there and back, and as much for the look-up.
    expect(stage.latencyMs.p99).toBeLessThan(60);
  });

  test('keep the address that they remember until its time to live is over', () => {
    const kept = run({ name: ', ttl: 1d' });
    // Only who was away at the first request has the address of there.
    expect(of(kept, 'app-us').arrivals / kept.requests.offered).toBeLessThan(0.16);
    expect(kept.latencyMs.p99).toBeGreaterThan(90);
    const soon = run({ name: ', ttl: 5s' });
    expect(of(soon, 'app-us').arrivals).toBeGreaterThan(0.8 * soon.journeys[0].sentAway);
  });

  test('ask the resolvers where they are, if they share some', () => {
    const shared = run({ name: ', ttl: 60s, resolvers: 3' });
    expect(Math.abs(of(shared, 'app-us').arrivals - shared.journeys[0].sentAway)).toBeLessThan(20);
  });

  test('change nothing for those who stay at home', () => {
    const home = run({ travel: '' });
    expect(home.journeys).toEqual([]);
    expect(of(home, 'app-us').arrivals).toBe(0);
    // The same users with the same wishes.
    expect(Math.abs(home.requests.offered - stage.requests.offered)).toBeLessThan(0.01 * stage.requests.offered);
  });
});

describe('read your writes', () => {
  test('nobody else writes own keys: who stays sees its writes, and conflicts with nobody', () => {
    const home = run({ travel: '', faults: CUT });
    expect(of(home, 'db').extra.ownWritesMissed).toBe(0);
    expect(of(home, 'db').extra.ownWritesSeen).toBeGreaterThan(1000);
    expect(of(home, 'db').extra.conflicts).toBe(0);
  });

  test('who travels while the centers are cut off misses its own writes, and conflicts with itself', () => {
    const away = run({ faults: CUT });
    expect(of(away, 'db').extra.ownWritesMissed).toBeGreaterThan(20);
    expect(of(away, 'db').extra.conflicts).toBeGreaterThan(20);
    expect(away.failovers[0].conflicts).toBe(of(away, 'db').extra.conflicts);
    // Own keys: a read is stale exactly when it misses a write of its own user.
    expect(of(away, 'db').extra.staleReads).toBe(of(away, 'db').extra.ownWritesMissed);
  });

  test('a replica shows less than its user wrote, unless reads are pinned', () => {
    // A write takes its replica most of 10 ms to apply; people think for two seconds on average.
    const lagging = 'replicas: 1, reads: replicas, replication: { apply: { cpu: 7ms } }';
    const figures = (more: string) => of(run({ travel: '', db: `${lagging}${more}`, keys: '{ own: 1 }' }), 'db').extra;
    const free = figures('');
    expect(free.ownWritesMissed).toBeGreaterThan(10);
    expect(free.ownWritesMissed).toBe(free.staleReads);
    expect(figures(', read-your-writes: { pin: 1s }').ownWritesMissed).toBe(0);
  });
});

describe('what makes no sense is an error', () => {
  test.each([
    [
      'open arrivals',
      { travel: TRAVEL.replace('travel', 'arrivals: { poisson: 1/s }\n    travel') },
      'a population has either users or arrivals',
    ],
    ['home', { travel: TRAVEL.replace('to: us', 'to: eu') }, 'they are at home in `eu`'],
    ['an unknown place', { travel: TRAVEL.replace('to: us', 'to: asia') }, 'unknown region or zone `asia`'],
    ['nobody', { travel: TRAVEL.replace('40%', '0%') }, 'a share of nobody has no effect'],
  ])('%s', (_, w, message) => {
    expect(problems(w as World)).toContain(message);
  });
});
