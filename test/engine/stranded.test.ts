/** Requests whose router loses power: where their time goes, by the core and by TypeScript alone. */
import { expect, it } from 'vitest';
import { parseScenario, Run, type RunResult } from '../../sim/index.ts';

const scenario = (edge: string, seed: number): string => `
name: a router loses power
run: { duration: 1s, warmup: 0s, seed: ${seed} }
network: { delay: 300us }
clients:
  users: { users: 141, think: { exponential: 40ms }, does: page, keys: { zipf: 0.8, of: 10k }, timeout: 200ms, entry: edge }
components:
  edge: { instances: 2, ${edge} }
  app: { type: server, instances: 3, operations: { page: [ { cpu: { exponential: 2ms } } ] } }
faults:
  a power cut: { crash: edge, how: power, at: 475ms, for: 11ms }
`;

function told(text: string, plain: boolean): string {
  const run = new Run(parseScenario(text, 'scenario.yaml').scenario!, { plain, record: true });
  while (run.advance(1_000_000));
  return JSON.stringify(run.result()) + run.recording();
}

// Where a request waited whose row had gone was said to be where the next owner of the row's number was.
it.each(['type: balancer, targets: app', 'type: cdn, origin: app, cached: [ page ], ttl: 10m'])(
  '%s: both say where requests waited',
  (edge) => {
    for (const seed of [198, 199, 200, 201, 202, 203]) {
      const text = scenario(edge, seed);
      expect(told(text, false)).toBe(told(text, true));
    }
  },
);

function resultOf(text: string, plain: boolean): RunResult {
  const run = new Run(parseScenario(text, 'scenario.yaml').scenario!, { plain });
  while (run.advance(1_000_000));
  return run.result();
}

/** The router dies while the store works for the 5th request; nobody waits for what the server computes afterwards. */
const whileItReads = `
name: a router loses power while a server waits for another
run: { duration: 2s, warmup: 0s, seed: 1 }
network: { delay: 300us }
clients:
  user:
    users: 1
    think: 10ms
    does: page
    timeout: 100ms
    retry: { attempts: 2, backoff: { base: 50ms, jitter: none } }
    entry: edge
components:
  edge: { type: balancer, targets: app }
  app: { type: server, operations: { page: [ { call: store, op: read }, { cpu: 20ms } ] } }
  store: { type: server, operations: { read: [ { cpu: 10ms } ] } }
faults:
  a power cut: { crash: edge, how: power, at: 183ms, for: 1ms }
`;

// The answer of the store brought the server a chain that was none of its business any more.
it.each([true, false])('what a server goes on with for nobody is no time of the request (plain: %s)', (plain) => {
  const [stage] = resultOf(whileItReads, plain).stages;
  const slowest = stage.latencyMs.max!;
  const computing = stage.hotspots.find((spot) => spot.component === 'app' && spot.resource === 'cpu')!;
  expect(slowest).toBeGreaterThan(150);
  expect(computing.shareOfP99 * slowest).toBeCloseTo(20, 1);
});

/** As above, time after time: the branch would answer early, but there is nobody to answer. */
const thenAnswersEarly = `
name: a branch answers a caller that is cut off
run: { duration: 4s, warmup: 0s, seed: 1 }
clients:
  user: { users: 1, does: page, timeout: 90ms, retry: { attempts: 2 }, entry: edge }
components:
  edge: { type: balancer, targets: app }
  app:
    type: server
    operations: { page: [ { repeat: 3, steps: [ { read: store } ] }, { parallel: [ [ { cpu: 2ms }, { respond: early } ] ] } ] }
  store: { type: database, write: {} }
faults:
  a power cut: { crash: edge, how: power, every: 50ms, repair: 1ms }
`;

// The branch's time was booked to the request by the early answer that was none, and again when the branch was done.
it.each([true, false])('spans sum to the latency where a branch answers nobody (plain: %s)', (plain) => {
  expect(resultOf(thenAnswersEarly, plain).stages[0].requests.completed).toBeGreaterThan(50);
});
