/** Whatever goes wrong, nothing is lost or counted twice: conservation and Little's law, exactly, under every fault. */
import { describe, expect, it } from 'vitest';
import type { FaultSettings } from '../../sim/scenario/settings.ts';
import { callOf, constant, exponential, figures, MS, ONCE, run, S, serverOf, timed, type Plan } from './systems.ts';

type Kinds = {
  [K in FaultSettings['kind']]: Omit<
    Extract<FaultSettings, { kind: K }>,
    'name' | 'atNs' | 'forNs' | 'every' | 'repair'
  >;
};
const kinds: Kinds[keyof Kinds][] = [
  { kind: 'crash', target: 'app#2', how: 'kill' },
  { kind: 'crash', target: 'app', how: 'kill' },
  { kind: 'crash', target: 'app#1', how: 'power' },
  { kind: 'crash', target: 'db', how: 'power' },
  { kind: 'crash', target: 'db', how: 'pause' },
  { kind: 'crash', target: 'app', how: 'pause' },
  { kind: 'slow', target: 'db', factor: 5 },
  { kind: 'slow', target: 'app', factor: 3 },
  { kind: 'delay', from: 'app', to: 'db', add: exponential(5 * MS) },
  { kind: 'lose', from: 'app', to: 'db', probability: 0.1 },
  {
    kind: 'partition',
    sides: [
      ['users', 'app#1'],
      ['app#2', 'db'],
    ],
  },
];
const schedules = {
  'for a while': timed(4 * S, 3 * S),
  'until the end': timed(4 * S, null),
  'again and again': { atNs: null, forNs: null, every: exponential(500 * MS), repair: exponential(200 * MS) },
};

/** users → two app servers with threads and a pool → db with an event loop. */
function system(faults: FaultSettings[], seed = '1'): Plan {
  const retry = { ...ONCE, attempts: 3, backoff: { baseNs: 20 * MS, capNs: S, factor: 2, jitter: 'full' as const } };
  return {
    seconds: 10,
    warmupSeconds: 1,
    seed,
    delay: 0.5 * MS,
    load: { gap: exponential(5 * MS), timeoutNs: 300 * MS, retry },
    components: [
      serverOf(
        'app',
        [{ verb: 'cpu', time: exponential(3 * MS) }, callOf('db', 100 * MS), { verb: 'sleep', time: constant(MS) }],
        {
          instances: 2,
          threads: 8,
          own: { pools: [{ target: 'db', size: 4, queue: 10 }] },
        },
      ),
      serverOf('db', [{ verb: 'cpu', time: exponential(2 * MS) }], {
        own: { runtime: { kind: 'event-loop', count: 1 } },
      }),
    ],
    faults,
  };
}

function expectConserved(plan: Plan): void {
  const result = run(plan);
  for (const name of ['app', 'db']) {
    const f = figures(result, name);
    expect(f.insideBefore + f.arrivals).toBe(f.completed + f.errors + f.killed + f.inside);
  }
  const f = figures(result, 'app');
  expect(f.offered).toBe(f.succeeded + f.failed + f.timedOut + f.rejected + f.inFlight);
  expect(f.offered).toBeGreaterThan(1000);
}

describe.each(Object.entries(schedules))('%s', (_, schedule) => {
  it.each(kinds.map((kind) => [JSON.stringify(kind), kind] as const))('%s', (_, kind) => {
    expectConserved(system([{ name: 'it', ...kind, ...schedule } as FaultSettings]));
  });
});

it.each(['1', '2', '3'])('everything at once, seed %s', (seed) => {
  const faults = kinds.map((kind, i) => ({ name: `${i}`, ...kind, ...schedules['again and again'] }) as FaultSettings);
  expectConserved(system(faults, seed));
});
