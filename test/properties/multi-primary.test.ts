/**
 * Databases that are written everywhere, under random partitions and crashes: once everything is whole again and there
 * was time to talk, every copy holds the same value of every key, and nothing that was acknowledged is missing.
 */
import { describe, expect, test } from 'vitest';
import { Stream } from '../../sim/random/keys.ts';
import { loadSimulator } from '../scenarios/simulator.ts';

const { simulate } = await loadSimulator();

const RUNS = 300;
const REGIONS = ['eu', 'us', 'asia'];

/** Ten seconds of writes with faults that end by then, and five of silence. */
function scenario(seed: number): string {
  const stream = new Stream(String(seed), 'multi-primary');
  const below = (n: number): number => stream.below(n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)];
  const copies = 2 + below(2);
  const regions = REGIONS.slice(0, copies);
  const times = (): { at: string; for: string } => {
    const at = below(8000);
    return { at: `${at}ms`, for: `${1 + below(9500 - at)}ms` };
  };
  const faults = Object.fromEntries(
    Array.from({ length: 1 + below(4) }, (_, i) => {
      const one = pick(regions);
      const rest = regions.filter((region) => region !== one);
      const fault = pick([
        { partition: [[one], rest] },
        { crash: `db#${1 + below(copies)}`, how: pick(['kill', 'power', 'pause']) },
        { crash: one },
      ]);
      return [`f${i}`, { ...fault, ...times() }];
    }),
  );
  // Two crashes of one thing at a time are refused by the checks of scenarios.
  const seen = new Set<string>();
  for (const [name, fault] of Object.entries(faults)) {
    const target = 'crash' in fault ? String(fault.crash) : '';
    if (target !== '' && seen.has(target)) delete faults[name];
    seen.add(target);
  }
  const latency = (i: number) => Object.fromEntries(regions.slice(i + 1).map((name) => [name, `${1 + below(150)}ms`]));
  const arrivals = {
    poisson: '40/s',
    curve: [
      { at: '0s', times: 1 },
      { at: '10s', times: 1 },
      { at: '10.001s', times: 0 },
    ],
  };
  return JSON.stringify({
    name: 'Multi-primary',
    run: { duration: '16s', warmup: '0s', seed },
    regions: Object.fromEntries(regions.map((name, i) => [name, { latency: latency(i) }])),
    clients: Object.fromEntries(
      regions.map((name) => [
        `users ${name}`,
        {
          arrivals,
          does: { put: '60%', look: '40%' },
          keys: { uniform: 5 + below(40) },
          timeout: '1s',
          in: name,
          entry: `app ${name}`,
        },
      ]),
    ),
    components: {
      ...Object.fromEntries(
        regions.map((name) => [
          `app ${name}`,
          {
            type: 'server',
            in: name,
            operations: {
              put: [{ write: 'db', timeout: '500ms', retry: { attempts: 2 } }],
              look: [{ read: 'db', timeout: '500ms' }],
            },
          },
        ]),
      ),
      db: {
        type: 'database',
        in: regions,
        read: { cpu: '1ms' },
        write: { cpu: '1ms' },
        replication: { apply: { cpu: pick(['0s', '1ms']) } },
        'multi-primary': {
          copies,
          merge: pick(['last-writer-wins', 'version-vector']),
          skew: pick(['0s', '50ms']),
          repair: `${100 + below(900)}ms`,
        },
      },
    },
    faults,
  });
}

describe('a database that is written everywhere', () => {
  test(`converges after ${RUNS} random histories of faults`, () => {
    let conflicts = 0;
    for (let seed = 1; seed <= RUNS; seed++) {
      const text = scenario(seed);
      const [stage] = simulate(text).stages;
      const db = stage.components.find(({ name }) => name === 'db')!;
      expect([db.extra.divergentKeys, db.extra.acknowledgedWritesLost], `seed ${seed}: ${text}`).toEqual([0, 0]);
      conflicts += db.extra.conflicts;
    }
    // Otherwise there would have been nothing to agree on.
    expect(conflicts).toBeGreaterThan(100);
  });
});
