/**
 * Databases over three regions under random losses of regions and partitions between them, with and without giving the
 * lead back to the first: with semi-synchronous writes no acknowledged write is lost while at most one region is gone at a time, and no two leaders acknowledge in one term (an
 * invariant of the database that every run checks).
 */
import { describe, expect, test } from 'vitest';
import { Stream } from '../../sim/random/keys.ts';
import { loadSimulator } from '../scenarios/simulator.ts';

const { simulate } = await loadSimulator();

const RUNS = 100;
const REGIONS = ['eu', 'us', 'asia'];

/** One region after the other is lost, or cut off, each back before the next; every region has a copy and an application. */
function scenario(seed: number): string {
  const stream = new Stream(String(seed), 'two-centers');
  const faults = Object.fromEntries(
    [0, 1, 2].map((i) => {
      const one = REGIONS[stream.below(3)];
      const rest = REGIONS.filter((region) => region !== one);
      const what =
        stream.below(2) === 0
          ? { crash: one, how: ['kill', 'power', 'pause'][stream.below(3)] }
          : { partition: [[one], rest] };
      return [
        `f${i}`,
        { ...what, at: `${3000 + i * 9000 + stream.below(2000)}ms`, for: `${500 + stream.below(1500)}ms` },
      ];
    }),
  );
  return JSON.stringify({
    name: 'Three regions',
    run: { duration: '30s', warmup: '0s', seed },
    regions: {
      eu: { latency: { us: `${1 + stream.below(80)}ms`, asia: `${1 + stream.below(120)}ms` } },
      us: { latency: { asia: `${1 + stream.below(120)}ms` } },
      asia: {},
    },
    clients: Object.fromEntries(
      REGIONS.map((name) => [
        `users ${name}`,
        {
          arrivals: { poisson: '10/s' },
          does: 'put',
          keys: { uniform: 20 },
          timeout: '2s',
          in: name,
          entry: `app ${name}`,
        },
      ]),
    ),
    components: {
      ...Object.fromEntries(
        REGIONS.map((name) => [
          `app ${name}`,
          { type: 'server', in: name, operations: { put: [{ write: 'db', timeout: '1s', retry: { attempts: 2 } }] } },
        ]),
      ),
      db: {
        type: 'database',
        in: REGIONS,
        replicas: 2,
        write: { cpu: '1ms' },
        replication: { mode: 'semi-synchronous' },
        failover: {
          by: seed % 4 === 3 ? 'monitor' : 'election',
          heartbeat: '200ms',
          timeout: '1s',
          promotion: '300ms',
          // Every other one gives the lead back, often while the next fault strikes.
          failback: seed % 2 === 0 ? 'manual' : { after: `${stream.below(1500)}ms` },
        },
      },
    },
    faults,
  });
}

describe('a database over three regions', () => {
  test(`loses no acknowledged write in ${RUNS} histories of one region gone at a time`, () => {
    let elections = 0;
    let failbacks = 0;
    for (let seed = 1; seed <= RUNS; seed++) {
      const text = scenario(seed);
      const { components, failovers } = simulate(text).stages[0];
      const { extra } = components.find(({ name }) => name === 'db')!;
      expect(extra.acknowledgedWritesLost, `seed ${seed}: ${text}`).toBe(0);
      expect(extra.writes, `seed ${seed}`).toBeGreaterThan(0);
      elections += extra.promotions;
      failbacks += failovers.filter(({ failback }) => (failback?.doneAfterSeconds ?? null) !== null).length;
    }
    expect(elections).toBeGreaterThan(30);
    expect(failbacks).toBeGreaterThan(8);
  });
});

describe('the passive center', () => {
  /** Writes in the first region, copied to the second; the first is lost at 30 s. */
  const lost = (seed: number, latencyMs: number) =>
    simulate(`
name: Passive
run: { duration: 60s, warmup: 5s, seed: ${seed} }
regions: { eu: { latency: { us: ${latencyMs}ms, asia: 50ms } }, us: { latency: { asia: 50ms } }, asia: {} }
clients: { c: { arrivals: { poisson: 200/s }, does: put, entry: app, timeout: 1s } }
components:
  app: { type: server, runtime: { threads: 500 }, operations: { put: [ { write: db, timeout: 500ms } ] } }
  db: { type: database, in: [ eu, us ], replicas: 1, write: { cpu: 0.1ms }, failover: { by: election, heartbeat: 500ms, timeout: 3s, promotion: 1s, witness: true, in: asia } }
faults: { gone: { crash: eu, at: 30s } }
`).stages[0];

  test.each([20, 100, 400])('loses what was on its way, %s ms of it', (latencyMs) => {
    let worst = 0;
    for (let seed = 1; seed <= 5; seed++) {
      const { failovers, components } = lost(seed, latencyMs);
      const { rpoSeconds, acknowledgedWritesLost } = failovers[0];
      const { replicationLagMs } = components.find(({ name }) => name === 'db')!.extra;
      // The lag is the way across; the oldest write lost is at most as old, and 200 a second were on it.
      expect(replicationLagMs).toBeCloseTo(latencyMs, -1);
      expect(rpoSeconds * 1000).toBeLessThanOrEqual(latencyMs + 1);
      expect(acknowledgedWritesLost).toBeLessThan(0.2 * latencyMs * 2 + 5);
      worst = Math.max(worst, rpoSeconds * 1000);
    }
    expect(worst).toBeGreaterThan(latencyMs * 0.7);
  });

  test('takes over within timeout, election and promotion', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { failovers } = lost(seed, 40);
      const { detectedAfterSeconds, promotedAfterSeconds, recoveredAfterSeconds } = failovers[0];
      // Patience of 3 s and up to 0.3 s of election timeout from the last heartbeat, half a second old at most.
      expect(detectedAfterSeconds).toBeGreaterThan(2.5);
      expect(detectedAfterSeconds).toBeLessThan(3.4);
      // A vote from the third place there and back, and the promotion.
      expect(promotedAfterSeconds! - detectedAfterSeconds!).toBeGreaterThan(1);
      expect(promotedAfterSeconds! - detectedAfterSeconds!).toBeLessThan(1.3);
      expect(recoveredAfterSeconds).toBeLessThan(7);
    }
  });
});
