/**
 * The public door of Tenfold: scenarios in, results out. Everything that reports, pictures, the command line and other
 * people's tests use comes from here.
 *
 * ```ts
 * import { simulate } from 'tenfold';
 * const result = simulate(readFileSync('scenario.yaml', 'utf8'));
 * expect(result.stages[0].latencyMs.p99).toBeLessThan(250);
 * ```
 */
import { actorTypes } from './actors/registry.ts';
import { estimate as estimateWith, type StageEstimate } from './results/estimate.ts';
import { merge } from './results/merge.ts';
import { Run as RunWith, type RunOptions } from './run.ts';
import type { RunResult } from './result.ts';
import { parseScenario as parse } from './scenario/parse.ts';
import { formatProblems } from './scenario/problem.ts';
import { scenarioJsonSchema } from './scenario/schema.ts';
import type { Problem, Scenario } from './scenario/settings.ts';

export { heedBranchHints } from './engine/branch-hints.ts';
export { InvariantError, LimitError } from './engine/errors.ts';
export { decodeRecording } from './recording/decode.ts';
export { encodeRecording, type EncodedStage } from './recording/encode.ts';
export type { DecodedRecording, Recording } from './recording/format.ts';
export { loneStage } from './scenario/lone-stage.ts';
export { formatProblems } from './scenario/problem.ts';
export { version } from './version.ts';
export type * from './result.ts';
export type { Problem, Scenario, StageSettings } from './scenario/settings.ts';
export type { StageEstimate } from './results/estimate.ts';
export type { Progress, RunOptions } from './run.ts';

export interface ParseOptions {
  /** `path=value`, set in every stage after its patches. */
  set?: string[];
  /** Overrides `run.seed`. */
  seed?: string;
  /** Overrides `run.duration`, as written in a file: `30s`. */
  duration?: string;
}

/** Reads and checks a scenario. Problems carry their place; `scenario` is null when one of them is an error. */
export function parseScenario(
  text: string,
  file: string,
  options: ParseOptions = {},
): { scenario: Scenario | null; problems: Problem[] } {
  const { set, seed, duration } = options;
  return parse(text, file, actorTypes, {
    ...(set && { sets: set }),
    ...(seed !== undefined && { seed }),
    ...(duration !== undefined && { duration }),
  });
}

/** A scenario that cannot be run, with everything that is wrong with it. */
export class ScenarioError extends Error {
  constructor(readonly problems: Problem[]) {
    super(formatProblems(problems));
    this.name = 'ScenarioError';
  }
}

/** A run that advances in slices of events; pure, without a clock. */
export class Run extends RunWith {
  constructor(scenario: Scenario, options: RunOptions = {}) {
    super(scenario, actorTypes, options);
  }
}

/**
 * Runs a scenario from its text to its result.
 *
 * @throws ScenarioError when the scenario is invalid
 * @throws LimitError when a limit of events or memory is hit
 */
export function simulate(text: string, options: ParseOptions & RunOptions & { file?: string } = {}): RunResult {
  const { scenario, problems } = parseScenario(text, options.file ?? 'scenario.yaml', options);
  if (scenario === null) throw new ScenarioError(problems);
  const run = new Run(scenario, options);
  while (run.advance(1_000_000));
  return run.result();
}

/** Paper math: what a run would offer, how busy each tier would be, how many events it would take. */
export function estimate(scenario: Scenario): { stages: StageEstimate[] } {
  return estimateWith(scenario, actorTypes);
}

/**
 * Results of replications, in their order → one result with intervals.
 *
 * @param scenario what was run: thresholds are judged by the intervals of what they are about. Without it a threshold passes
 *   where it does in every replication, fails where it does in every one, and is inconclusive else.
 */
export function mergeReplications(results: RunResult[], scenario?: Scenario): RunResult {
  const thresholdsOf = (name: string) => scenario?.stages.find((stage) => stage.name === name)?.thresholds ?? [];
  return merge(
    results,
    results[0].stages.map(({ name }) => thresholdsOf(name)),
  );
}

/** The JSON Schema of scenario files. */
export function jsonSchema(): object {
  return scenarioJsonSchema(actorTypes);
}
