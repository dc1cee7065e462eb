/**
 * Metastable failures after Bronson et al. (HotOS 2021): a server of capacity C whose clients send every request up to
 * 1 + r times is vulnerable above C ÷ (1 + r): a passing trigger takes it down for good. Below it recovers.
 */
import { describe, expect, test } from 'vitest';
import { loadSimulator } from '../scenarios/simulator.ts';

const { simulate } = await loadSimulator();

/** C = 100/s for ten seconds a tenth of it. */
function failover(rate: number, retry: string, app = 'queue: { limit: none }', more = '', seconds = 160) {
  const { stages } = simulate(`
name: Metastable
run: { duration: ${seconds}s, warmup: 10s }
clients:
  c: { arrivals: { poisson: ${rate}/s }, does: op, entry: app, timeout: 1s${retry} }
components:
  app: { type: server, runtime: { threads: 1 }, ${app}, operations: { op: [ { cpu: 10ms } ] } }
  ${more}
faults: { slow: { slow: app, factor: 10, at: 30s, for: 10s } }
`);
  return stages[0].failovers[0];
}
const THRICE = ', retry: { attempts: 4, backoff: { base: 10ms, cap: 100ms } }';

describe('a fault that has passed', () => {
  test('above C ÷ (1 + r) leaves the system down, kept there by retries', () => {
    const { metastable, recoveredAfterSeconds } = failover(80, THRICE);
    expect(recoveredAfterSeconds).toBeNull();
    expect(metastable).not.toBeNull();
    const { goodputPerSecond, demandPerSecond, sustainedBy } = metastable!;
    expect(goodputPerSecond).toBeLessThan(0.1 * demandPerSecond);
    expect(demandPerSecond).toBeCloseTo(80, -1);
    // Every request is sent four times.
    expect(sustainedBy.find(({ what }) => what === 'retries')?.share).toBeCloseTo(0.75, 1);
    expect(sustainedBy.find(({ what }) => what === 'expired work')?.share).toBeGreaterThan(0.9);
  });

  test('below it does not', () => {
    const { metastable, recoveredAfterSeconds } = failover(20, THRICE);
    expect(recoveredAfterSeconds).toBeLessThan(60);
    expect(metastable).toBeNull();
  });

  test('does not where nobody retries', () => {
    expect(failover(80, '').metastable).toBeNull();
  });

  test('is not judged before it has been gone for five times (timeout + backoff)', () => {
    expect(failover(80, THRICE, undefined, '', 48).metastable).toBeNull();
  });

  test('is not judged while calls that were sent to a silent database may still hang', () => {
    const { stages } = simulate(`
name: Calls that hang
run: { duration: 60s, warmup: 20s }
clients: { c: { users: 100, think: { exponential: 1s }, does: look, entry: app, timeout: 1s } }
components:
  app: { type: server, runtime: { threads: 3 }, machine: { cores: 4 }, operations: { look: [ { cpu: 3ms }, { read: db, timeout: 30s } ] } }
  db: { type: database, machine: { cores: 2 }, read: { cpu: 2ms } }
faults: { silent: { crash: db, how: power, at: 35s, for: 8s } }
`);
    expect(stages[0].failovers[0]).toMatchObject({ recoveredAfterSeconds: null, metastable: null });
  });

  test('that is not mended is no metastable failure', () => {
    const { stages } = simulate(`
name: Broken
run: { duration: 120s, warmup: 10s }
clients: { c: { arrivals: { poisson: 50/s }, does: op, entry: app, timeout: 1s } }
components: { app: { type: server, operations: { op: [ { cpu: 1ms } ] } } }
faults: { gone: { crash: app, at: 30s } }
`);
    expect(stages[0].failovers[0]).toMatchObject({ recoveredAfterSeconds: null, metastable: null });
  });

  test('that emptied a cache may leave the database too busy to fill it', () => {
    const { stages } = simulate(`
name: Cold cache
run: { duration: 120s, warmup: 20s }
clients: { c: { arrivals: { poisson: 400/s, curve: [ { at: 0s, times: 0.1 }, { at: 10s, times: 1 } ] }, does: op, keys: { uniform: 400 }, entry: app, timeout: 500ms } }
components:
  app: { type: server, runtime: { threads: 2000 }, queue: { limit: none }, operations: { op: [ { get: cache, miss: [ { read: db, timeout: 500ms }, { set: cache } ] } ] } }
  cache: { type: cache, capacity: 1k }
  db: { type: database, read: { cpu: 10ms }, queue: { limit: none } }
faults: { emptied: { crash: cache, at: 60s, for: 1s } }
`);
    const { metastable } = stages[0].failovers[0];
    expect(metastable?.sustainedBy.map(({ what }) => what)).toContain('cold cache');
  });
});
