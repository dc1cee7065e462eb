/**
 * What may be out of the ordinary in a run. Of most runs it is known beforehand that nothing is: nothing fails, nobody has
 * priority. There are cores in which these functions are constants (tools/build-core.mjs), chosen by `Core`; in the general one
 * they look.
 */
import { NodeState } from '../layout';
import { Node } from '../records';
import { Cell, Place } from '../slots';
import { cell } from './tables';

/** Does somebody record spans, requests and messages? */
export function isRecorded(): bool {
  return cell(Cell.Recorded) != 0;
}

/** No faults: nothing can come between an answer and the user it is on its way to. */
export function isCalm(): bool {
  return cell(Cell.IsCalm) != 0;
}

/** May processes die although there are no faults? */
export function mayDie(): bool {
  return cell(Cell.MayDie) != 0;
}

/** Do requests of some clients go before those of others? */
export function hasPriorities(): bool {
  return cell(Cell.HasPriorities) != 0;
}

// What faults alone bring about.

/** Is nothing paused, and no link cut? Two cells that stand side by side. */
export function isUndisturbed(): bool {
  return load<i64>(Place.Cells + (Cell.Paused << 2)) == 0;
}

/** Is a link cut? */
export function isCut(): bool {
  return cell(Cell.Cut) != 0;
}

/** Is the process of a node, by its record, paused? */
export function isPaused(n: usize): bool {
  return load<i32>(n, Node.State * 4) == NodeState.Paused;
}
