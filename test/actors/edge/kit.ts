/** Small systems with names and points of presence, as scenarios, run by the bundle. */
import { loadSimulator, type StageResult } from '../../scenarios/simulator.ts';

const simulator = await loadSimulator();

/** Runs the only stage of a scenario; every law is checked at its end. */
export function run(text: string): StageResult {
  const { scenario, problems } = simulator.parseScenario(text, 'test.yaml');
  if (scenario === null) throw new simulator.ScenarioError(problems);
  return simulator.simulate(text).stages[0];
}

/** What is wrong with a scenario, in words. */
export const problemsOf = (text: string): string[] =>
  simulator.parseScenario(text, 'test.yaml').problems.map(({ message }) => message);

/** What the type of a component adds to its row. */
export function figures(stage: StageResult, name: string): Record<string, number> {
  const found = stage.components.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no component ${name}`);
  return found.extra;
}

export function arrivals(stage: StageResult, name: string): number {
  return stage.components.find((each) => each.name === name)!.arrivals;
}

/** A small generator for tests that draw their own scenarios: mulberry32. */
export function numbers(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
