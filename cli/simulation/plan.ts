/**
 * A run as a list of tasks, and their outcomes as one result.
 *
 * Stages are independent runs from time zero and replications differ only in their seed, so each (stage, replication) is
 * a task of its own. They are put together in the order of stages and replications, whoever finished first.
 */
import { mergeReplications, type RunResult, type Scenario, type StageResult, version } from '../simulator.ts';
import type { Outcome, Task } from './messages.ts';

export interface PlanOptions {
  /** Names of the stages to simulate, in the order of the file. */
  stages: readonly string[];
  replications: number;
  check: boolean;
  doublecheck: boolean;
  /** Record the first replication of every stage. */
  record: boolean;
  eventLimit: number;
}

/**
 * The seed of one replication (counted from 0). Replication 0 has the scenario's own; a numeric seed counts up, so that
 * any replication can be repeated alone with `--seed`.
 */
export function replicationSeed(seed: string, replication: number): string {
  if (replication === 0) return seed;
  return /^\d{1,15}$/.test(seed) ? String(Number(seed) + replication) : `${seed}/${replication}`;
}

/** The tasks of a run: stage by stage, and within a stage replication by replication. */
export function tasksOf(scenario: Scenario, options: PlanOptions): Task[] {
  const { check, doublecheck, eventLimit, record } = options;
  const seeded = Array.from({ length: options.replications }, (_, k) => withSeed(scenario, k));
  return options.stages.flatMap((stage) =>
    seeded.map((one, k) => ({ scenario: one, stage, check, doublecheck, record: record && k === 0, eventLimit })),
  );
}

function withSeed(scenario: Scenario, replication: number): Scenario {
  if (replication === 0) return scenario;
  const stages = scenario.stages.map((stage) => ({
    ...stage,
    run: { ...stage.run, seed: replicationSeed(stage.run.seed, replication) },
  }));
  return { ...scenario, stages };
}

/** One result from the outcomes of `tasksOf`, in its order. Stages of which nothing is known are left out. */
export function assemble(scenario: Scenario, options: PlanOptions, outcomes: readonly (Outcome | null)[]): RunResult {
  const stages = options.stages.flatMap((_, index) => {
    const from = index * options.replications;
    return stageResult(outcomes.slice(from, from + options.replications), scenario) ?? [];
  });
  const isComplete = outcomes.every((outcome) => outcome?.kind === 'done');
  return {
    schema: 1,
    tenfold: version,
    scenario: { name: scenario.name, file: scenario.file, hash: scenario.hash },
    seed: scenario.stages[0].run.seed,
    replications: options.replications,
    ok: isComplete && stages.every(({ ok }) => ok),
    stages: stages.map(({ stage }) => stage),
    replay: '',
  };
}

/** One stage over its replications; null when none of them got anywhere. One that is missing makes it partial. */
function stageResult(
  outcomes: readonly (Outcome | null)[],
  scenario: Scenario,
): { stage: StageResult; ok: boolean } | null {
  const results = outcomes.flatMap((outcome) => (outcome && 'result' in outcome && outcome.result) || []);
  if (results.length === 0) return null;
  const { stages, ok } = results.length === 1 ? results[0] : mergeReplications(results, scenario);
  if (stages.length === 0) return null;
  const partial = stages[0].partial || outcomes.some((outcome) => outcome?.kind !== 'done');
  return { stage: { ...stages[0], partial }, ok: ok && !partial };
}
