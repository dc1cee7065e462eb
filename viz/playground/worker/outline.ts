/** What the page shows of a scenario before anything ran: stages, controls, components. */
import { jsonSchema, parseScenario, type Problem, type StageSettings } from '../../../sim/index.ts';
import { knobsOf } from '../scenario/knobs.ts';
import type { Schema } from '../scenario/schema.ts';
import { readTree, stageTrees, type Value } from '../scenario/tree.ts';
import type { Outline, StageOutline } from './messages.ts';

const S = 1_000_000_000;

let schema: Schema | null = null;

/** Reads a text; no outline when it is not a valid scenario. */
export function outlineOf(text: string, file: string): { outline: Outline | null; problems: Problem[] } {
  const { scenario, problems } = parseScenario(text, file);
  if (scenario === null) return { outline: null, problems };
  schema ??= jsonSchema() as Schema;
  const trees = stageTrees(readTree(text));
  const stages = scenario.stages.map((stage, index) => outlineStage(stage, trees[index] ?? {}, schema!));
  return { outline: { name: scenario.name, teaches: scenario.teaches, stages }, problems };
}

function outlineStage(stage: StageSettings, tree: Value, root: Schema): StageOutline {
  const faults = stage.faults.map(({ name }) => name);
  return {
    name: stage.name,
    teaches: stage.teaches,
    expectsBreak: stage.expect === 'break',
    changes: stage.changes,
    users: stage.clients.reduce((sum, { users }) => sum + (users ?? 0), 0),
    durationSeconds: stage.run.durationNs / S,
    warmupSeconds: stage.run.warmupNs / S,
    // Faults of earlier stages stand in the merged values and not in the stage.
    knobs: knobsOf(tree, root).filter(({ path }) => path[0] !== 'faults' || faults.includes(String(path[1]))),
    components: stage.components.map(({ name, type, instances }) => ({ name, type, instances })),
    faults,
  };
}
