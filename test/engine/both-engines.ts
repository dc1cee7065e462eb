/** A scenario in the core and in TypeScript alone, which must say the same to the last byte. */
import { expect } from 'vitest';
import { parseScenario, Run, ScenarioError } from '../../sim/index.ts';

export function resultOf(text: string, plain: boolean): string {
  const { scenario, problems } = parseScenario(`name: a test\n${text}`, 'scenario.yaml');
  if (scenario === null) throw new ScenarioError(problems);
  const run = new Run(scenario, { plain });
  while (run.advance(1_000_000));
  return JSON.stringify(run.result(true));
}

export function errorOf(text: string, plain: boolean): string {
  try {
    return resultOf(text, plain);
  } catch (error) {
    return String(error);
  }
}

export function expectSame(text: string): void {
  expect(resultOf(text, false)).toBe(resultOf(text, true));
}

/** Rows that the engine handles in a run, and events that happen in it. */
export function workOf(text: string, plain: boolean): { rows: number; events: number } {
  const { scenario: parsed } = parseScenario(`name: a test\n${text}`, 'scenario.yaml');
  const run = new Run(parsed!, { plain });
  let rows = 0;
  // Each time it handles one row, if that is all it may.
  while (run.advance(1)) rows++;
  return { rows, events: run.progress.events };
}

/** Users who read through a cache, and write past it: what comes before the cache and the database in a scenario. */
export const readersAndWriters = (mix: string, keys: string, seed: number): string => `
run: { duration: 2s, warmup: 200ms, seed: ${seed} }
network: { delay: 300us }
clients:
  users: { users: 200, think: { exponential: 40ms }, does: { ${mix} }, keys: { ${keys} }, timeout: 200ms, entry: app }
components:
  app:
    type: server
    instances: 3
    operations:
      page: [ { cpu: 100us }, { get: cache, miss: [ { read: db }, { set: cache } ] } ]
      post: [ { cpu: 100us }, { write: db }, { delete: cache } ]
`;
