/** What of the changes and kills still fits a stage whose text was changed. Pure. */
import type { Change } from '../scenario/tree.ts';
import type { Kill, StageOutline } from '../worker/messages.ts';
import { samePath } from './state.ts';

export interface Kept {
  changes: Change[];
  kills: Kill[];
  /** In words, what had to go: "the kill of db", "components › db › instances". */
  gone: string[];
}

/** Sorts what was changed by whether the stage still has it. */
export function keptOf(
  { knobs, components }: StageOutline,
  { changes, kills }: { changes: readonly Change[]; kills: readonly Kill[] },
): Kept {
  const hasKnob = ({ path }: Change) => knobs.some((knob) => samePath(knob.path, path));
  const hasTarget = ({ target }: Kill) => components.some((it) => isOf(target, it));
  return {
    changes: changes.filter(hasKnob),
    kills: kills.filter(hasTarget),
    gone: [
      ...kills.filter((kill) => !hasTarget(kill)).map(({ target }) => `the kill of ${target}`),
      ...changes.filter((change) => !hasKnob(change)).map(({ path }) => path.join(' › ')),
    ],
  };
}

/** Whether `db` or `db#2` means a component or one of its instances. */
function isOf(target: string, { name, instances }: { name: string; instances: number }): boolean {
  if (target === name) return true;
  if (!target.startsWith(`${name}#`)) return false;
  const number = target.slice(name.length + 1);
  return /^[1-9]\d*$/.test(number) && Number(number) <= instances;
}
