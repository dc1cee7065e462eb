/** What a fault is charged with: the requests that fail until service is as good as before, and the fault is over. */
import { readFileSync } from 'node:fs';
import { dump } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { loadSimulator } from '../scenarios/simulator.ts';

const { loneStage, parseScenario, simulate } = await loadSimulator();

/** One of fifty servers fails for 20 s; nobody notices, and its share of the requests is refused. */
function failover(fault: string) {
  const { stages } = simulate(`
name: Few of many
run: { duration: 100s, warmup: 5s }
clients: { c: { arrivals: { constant: 100/s }, does: op, entry: lb, timeout: 1s } }
components:
  lb: { type: balancer, targets: app, policy: round-robin }
  app: { type: server, instances: 50, operations: { op: [ { cpu: 1ms } ] } }
faults: { one: { ${fault}, at: 30s, for: 20s } }
`);
  return stages[0].failovers[0];
}

describe('a fault that costs a fiftieth of the goodput', () => {
  test('counts as recovered at once, and is charged with all that failed while it lasted', () => {
    const { recoveredAfterSeconds, requestsFailed } = failover("crash: 'app#1'");
    expect(recoveredAfterSeconds).toBe(0);
    expect(requestsFailed).toBe(40);
  });

  test('and with nothing where nothing fails', () => {
    expect(failover("slow: 'app#1', factor: 2").requestsFailed).toBe(0);
  });
});

test('the decision stands between detection and promotion', () => {
  const { stages } = simulate(`
name: Election
run: { duration: 60s, warmup: 5s }
clients: { c: { arrivals: { constant: 50/s }, does: op, entry: app, timeout: 1s } }
components:
  app: { type: server, operations: { op: [ { write: db } ] } }
  db:
    type: database
    replicas: 2
    failover: { by: election, heartbeat: 100ms, timeout: 1s, promotion: 2s }
    write: { cpu: 1ms }
faults: { dies: { crash: 'db#1', how: power, at: 20s } }
thresholds: { failover: { decided: < 10s } }
`);
  const { detectedAfterSeconds, decidedAfterSeconds, promotedAfterSeconds } = stages[0].failovers[0];
  expect(decidedAfterSeconds).toBeGreaterThan(detectedAfterSeconds!);
  // It is ready to take writes after its promotion.
  expect(promotedAfterSeconds! - decidedAfterSeconds!).toBeGreaterThanOrEqual(2);
  expect(promotedAfterSeconds! - decidedAfterSeconds!).toBeLessThan(2.1);
  expect(stages[0].thresholds[0]).toMatchObject({ ok: true });
});

test('a fault is told though the history is full of what a balancer does', () => {
  const { stages } = simulate(`
name: More than twenty thousand lines
run: { duration: 250s, warmup: 10s }
clients: { c: { arrivals: { poisson: 60/s }, does: op, entry: lb, timeout: 2s } }
components:
  lb: { type: balancer, targets: app, health: { passive: { failures: 1, eject: 20ms } } }
  app: { type: server, instances: 100, operations: { op: [ { fail: 100% } ] } }
faults: { late: { crash: 'app#1', at: 240s, for: 5s } }
`);
  expect(stages[0].warnings.join()).toContain('events are not in the timelines');
  expect(stages[0].failovers).toMatchObject([{ fault: 'app#1 is killed', atSeconds: 240 }]);
});

test('a fault is not over when another instance that it struck at random is back', () => {
  const { stages } = simulate(`
name: One never comes back
run: { duration: 200s, warmup: 40s, seed: 3 }
clients: { c: { arrivals: { poisson: 50/s }, does: op, entry: app, timeout: 1s } }
components: { app: { type: server, instances: 2, operations: { op: [ { cpu: 1ms } ] } } }
faults: { chaos: { crash: app, every: { uniform: [20s, 190s] }, repair: { mixture: [ { weight: 50%, of: 1s }, { weight: 50%, of: 10h } ] } } }
`);
  expect(stages[0].failovers.some(({ recoveredAfterSeconds }) => recoveredAfterSeconds === null)).toBe(true);
  expect(stages[0].failovers.every(({ metastable }) => metastable === null)).toBe(true);
});

describe('another fault', () => {
  /** A database that loses its leader, and something else that goes wrong. */
  const beside = (other: string) =>
    simulate(`
name: Two faults
run: { duration: 60s, warmup: 10s }
clients:
  a: { arrivals: { poisson: 50/s }, does: x, entry: app, timeout: 2s }
  b: { arrivals: { poisson: 1/s }, does: y, entry: admin }
components:
  app: { type: server, instances: 2, operations: { x: [ { write: db } ] } }
  admin: { type: server, operations: { y: [ { cpu: 1ms } ] } }
  db: { type: database, replicas: 2, write: { cpu: 1ms }, failover: { by: election, timeout: 5s } }
faults: { a: { crash: 'db#1', how: power, at: 10s }, b: { ${other}, for: 1s } }
`).stages[0].failovers;

  test.each([
    ['later', 'slow: admin, factor: 2, at: 11s'],
    ['at the same time', "crash: 'app#2', at: 10s"],
    ['before it, and longer', 'slow: admin, factor: 2, at: 9.9s'],
  ])('%s at another component takes nothing from the story of the first', (_, other) => {
    const of = (component: string) => beside(other).find((it) => it.component.startsWith(component))!;
    const lost = of('db');
    expect(lost.detectedAfterSeconds).toBeGreaterThan(1);
    expect(lost.promotedAfterSeconds).toBeGreaterThan(1);
    const second = beside(other).find((it) => it !== lost && !it.component.startsWith('db'))!;
    expect(second).toMatchObject({ detectedAfterSeconds: null, promotedAfterSeconds: null });
    expect(second.timeline.filter(({ what }) => what.includes('db#'))).toEqual([]);
  });
});

test('of very many faults all are judged, and the first hundred listed, and those that are worst in something, in order of time', () => {
  const { thresholds, failovers, warnings } = simulate(`
name: A late one that matters
run: { duration: 200s, warmup: 10s }
clients: { c: { arrivals: { poisson: 20/s }, does: pay, entry: app } }
components:
  app: { type: server, operations: { pay: [ { cpu: 1ms }, { read: db } ] } }
  helper: { type: server, instances: 8, operations: { tick: [ { cpu: 1ms } ] } }
  db: { type: database, read: { cpu: 1ms } }
faults:
  harmless: { crash: helper, every: { exponential: 5s }, repair: 1s }
  deadly: { crash: db, at: 180s, for: 15s }
thresholds: { failover: { requestsFailed: < 100 } }
`).stages[0];
  expect(thresholds[0].verdict).toBe('fail');
  expect(failovers.length).toBeGreaterThan(100);
  expect(failovers.length).toBeLessThan(200);
  expect(failovers.map(({ component }) => component)).toContain('db');
  const times = failovers.map(({ atSeconds }) => atSeconds);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(warnings.join()).toMatch(/\d+ faults are not listed, of which none is worse in anything/);
});

describe('recovery', () => {
  /** 20 requests a second by chance, a server that is struck, and a helper that nobody needs. */
  const struck = (faults: string, seed: number, warmup = 20) =>
    simulate(`
name: Recovery
run: { duration: 60s, warmup: ${warmup}s, seed: ${seed} }
clients: { c: { arrivals: { poisson: 20/s }, does: op, keys: { uniform: 1k }, entry: app, timeout: 2s } }
components:
  app: { type: server, operations: { op: [ { cpu: 1ms }, { get: kv } ] } }
  kv: { type: cache, nodes: 2, capacity: 1k }
  helper: { type: server, operations: { tick: [ { cpu: 1ms } ] } }
faults: { f: { ${faults} } }
thresholds: { failover: { rto: < 10s } }
`).stages[0];
  test('cannot be told where the run has only begun, and no later failure is put down to the fault', () => {
    const { failovers, thresholds, verdict } = struck('crash: app, at: 2s, for: 1s', 1, 0);
    expect(failovers[0]).toMatchObject({ hasBaseline: false, recoveredAfterSeconds: null });
    expect(failovers[0].requestsFailed).toBeGreaterThan(10);
    expect(failovers[0].requestsFailed).toBeLessThan(40);
    expect(thresholds[0].verdict).toBe('fail');
    expect(verdict.broke).toContain('too little of the run was before a fault');
  });
});

test('what a crash takes with it in the same instant belongs to it', () => {
  const [lost] = simulate(`
name: Writes that one of two primaries had
run: { duration: 40s, warmup: 5s }
clients: { c: { arrivals: { poisson: 100/s }, does: op, keys: { uniform: 1k }, entry: app, timeout: 1s } }
components:
  app: { type: server, operations: { op: [ { write: db } ] } }
  db: { type: database, multi-primary: { copies: 2, merge: last-writer-wins }, write: { cpu: 1ms } }
links: { db -> db: { delay: 500ms } }
faults: { gone: { crash: db, how: power, at: 20s } }
`).stages[0].failovers;
  expect(lost.acknowledgedWritesLost).toBeGreaterThan(0);
});

test('what players are shown twice is put down to the fault', () => {
  const text = readFileSync(new URL('../../scenarios/chess.yaml', import.meta.url), 'utf8');
  const stage = parseScenario(text, 'chess.yaml').scenario!.stages.findIndex(
    ({ name }) => name === 'one of them is lost',
  );
  const { components, failovers } = simulate(dump(loneStage(text, 'chess.yaml', stage))).stages[0];
  const live = components.find(({ name }) => name === 'live')!;
  expect(live.extra.duplicates).toBeGreaterThan(0);
  expect(failovers[0].duplicates).toBe(live.extra.duplicates);
});
