/** Who gives up says so: what waits in a queue, and has not begun, is not done for nobody. */
import { describe, expect, it } from 'vitest';
import { parseScenario, Run, type RunResult } from '../../sim/index.ts';
import { expectSame } from './both-engines.ts';

const system = (runtime: string, cancel: boolean, steps: string): string => `
run: { duration: 20s, warmup: 0s, seed: 1 }
clients: { c: { arrivals: { poisson: 120/s }, does: pay, entry: app, timeout: 100ms, cancel: ${cancel} } }
components:
  app: { type: server, runtime: { ${runtime} }, queue: { limit: none }, operations: { pay: [ ${steps} ] } }
`;

function stageOf(text: string): RunResult['stages'][0] {
  const run = new Run(parseScenario(`name: given up\n${text}`, 'scenario.yaml').scenario!);
  while (run.advance(1_000_000));
  return run.result().stages[0];
}

const ONE = '{ cpu: { exponential: 10ms } }';

describe.each(['threads: 1', 'event-loop: 1', 'workers: 1'])('%s, asked for more than it can do', (runtime) => {
  it('does what somebody waits for, and all it can', () => {
    const [told, not] = [true, false].map((cancel) => stageOf(system(runtime, cancel, ONE)).requests.completed);
    expect(not).toBeLessThan(400);
    expect(told).toBeGreaterThan(1200);
  });

  it('the core and TypeScript say the same', () => {
    expectSame(system(runtime, true, ONE));
  });
});

// The first step is done in no queue: what waits for the second has begun, and goes on.
it('work that has begun goes on', () => {
  const text = system('event-loop: 1', true, `{ sleep: 1ms }, ${ONE}`);
  const [app] = stageOf(text).components;
  expect(app.errors).toBe(0);
  expectSame(text);
});
