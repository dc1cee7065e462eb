/**
 * The last way of an answer, from the system to the user who asked: of a constant length, and nothing waits for it there. So
 * what it comes to is booked when it sets out, with the time at which it will arrive, and it is no event of its own.
 *
 * Nothing may tell the difference at the end of a run: no fault and no timeout can come between, no boundary of time lies
 * between, at which somebody counts, and of the figures that a request ends in none depends on the order in which requests end,
 * as long as its sums are exact. Two things are left: whoever looks at a run in its midst sees answers that are on their last
 * way as arrived, and of the limit of events at one instant (`Limits.MostAtOneInstant`) they use up nothing.
 *
 * The clock is moved while the request ends, and whatever is asked of TypeScript meanwhile sees it so: rare draws and room for
 * figures, which do not look at it.
 */
import { Flag, Id, Status } from '../layout';
import { LaneF, PopCol, PopFlag, Site } from '../records';
import { Cell, Num } from '../slots';
import * as calls from './calls';
import { laneAt } from './lanes';
import { free } from './pool';
import * as requests from './requests';
import * as spans from './spans';
import {
  callingOf,
  cell,
  clock,
  flagsOf,
  num,
  parentOf,
  populationAt,
  populationOf,
  rowAt,
  setNum,
  siteAt,
  startOf,
} from './tables';

/** Books the end of the request that the row answers, where it arrives after `delay`. False: it must be an event. */
export function skip(row: i32, at: usize, delay: f64): bool {
  if (cell(Cell.IsCalm) == 0) return false;
  const parent = parentOf(at);
  const to = rowAt(parent);
  if ((flagsOf(to) & Flag.Request) == 0 || (flagsOf(at) & Flag.StatusMask) > Status.Miss) return false;
  if (!calls.isAwaited(at, to)) return false;
  const now = clock();
  const then = now + delay;
  if (then > num(Num.Limit) || isOverdue(to, then) || !requests.isExact(to, then)) return false;
  const p = populationAt(populationOf(to));
  if ((load<i32>(p, PopCol.Flags * 4) & PopFlag.Hosted) != 0) return false;
  const thought = requests.thoughtOf(to, p);
  // Who does not think asks again before anything else happens.
  if (thought == 0) return false;
  // Of a pool there is nothing to give back: users have none.
  spans.give(row, at, parent, to);
  free(row);
  setNum(Num.Clock, then);
  requests.succeeded(parent, to, thought);
  setNum(Num.Clock, now);
  setNum(Num.Uncounted, num(Num.Uncounted) - 1);
  return true;
}

/** May the user no longer be waiting by then? (The time of the first try is known, which is up before that of any other.) */
function isOverdue(at: usize, then: f64): bool {
  const lane = load<i32>(siteAt(callingOf(at)), Site.Lane * 4);
  if (lane == Id.None) return false;
  return startOf(at) + load<f64>(laneAt(lane), LaneF.Delay * 8) <= then;
}
