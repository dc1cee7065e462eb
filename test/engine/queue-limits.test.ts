/** How many may wait: threads, event loops and workers turn away who would be one too many, and nobody who would not wait. */
import { describe, expect, it } from 'vitest';
import { parseScenario, Run, type RunResult } from '../../sim/index.ts';
import { expectSame } from './both-engines.ts';

const system = (runtime: string, limit: number, arrivals: string): string => `
run: { duration: 10s, warmup: 0s, seed: 1 }
clients: { a: { arrivals: { ${arrivals} }, does: x, entry: app, timeout: none } }
components: { app: { type: server, runtime: { ${runtime} }, queue: { limit: ${limit} }, operations: { x: [ { cpu: 1ms } ] } } }
`;

function requestsOf(text: string): RunResult['stages'][0]['requests'] {
  const run = new Run(parseScenario(`name: limits\n${text}`, 'scenario.yaml').scenario!);
  while (run.advance(1_000_000));
  return run.result().stages[0].requests;
}

describe.each(['threads: 1', 'event-loop: 1', 'workers: 1'])('%s', (runtime) => {
  it('who finds it idle is never turned away', () => {
    const { offered, rejected } = requestsOf(system(runtime, 0, 'constant: 5/s'));
    expect(offered).toBe(50);
    expect(rejected).toBe(0);
  });

  // Of five that come at once, one is worked on; as many wait as may. The last five come as the run ends.
  it.each([0, 1, 3])('%i may wait', (limit) => {
    const { offered, rejected } = requestsOf(system(runtime, limit, 'constant: 50/s, batch: 5'));
    expect(rejected / (offered - 5)).toBeCloseTo((4 - limit) / 5, 9);
  });

  it('the core and TypeScript say the same', () => {
    for (const limit of [0, 1]) expectSame(system(runtime, limit, 'poisson: 600/s'));
  });
});
