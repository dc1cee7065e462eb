/**
 * Which databases a cache holds copies of: those whose acknowledged writes make its entries stale.
 *
 * Read off the operations of the stage: the databases that are read in the `miss` steps of a `get` of the cache. Where
 * no such step names one (another service reads it), any database may be meant.
 */
import type { StageSettings, Step } from '../../../scenario/settings.ts';

/** Names of the databases behind the cache `name`. */
export function sourcesOf(stage: StageSettings, name: string): string[] {
  const databases = stage.components.filter((c) => c.type === 'database').map((c) => c.name);
  const read = new Set<string>();
  for (const component of stage.components) {
    const { operations } = component.own as { operations?: { steps: Step[] }[] };
    for (const operation of operations ?? []) collect(operation.steps, name, false, read);
  }
  const named = databases.filter((database) => read.has(database));
  return named.length > 0 ? named : databases;
}

function collect(steps: readonly Step[], cache: string, missed: boolean, read: Set<string>): void {
  for (const step of steps) {
    if (step.verb === 'read' && missed) read.add(step.target);
    if (step.verb === 'get') {
      collect(step.hit, cache, missed, read);
      collect(step.miss, cache, missed || step.target === cache, read);
    }
    if ('otherwise' in step) collect(step.otherwise ?? [], cache, missed, read);
    if (step.verb === 'repeat') collect(step.steps, cache, missed, read);
    if (step.verb === 'parallel') for (const branch of step.branches) collect(branch, cache, missed, read);
    if (step.verb === 'choose') for (const branch of step.branches) collect(branch.steps, cache, missed, read);
  }
}
