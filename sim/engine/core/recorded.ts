/** What a recorder does with a request that is completed: `RecordedRequests.ends`, of one that is not kept. */
import { Id } from '../layout';
import { Chain, Recorded, Trail } from '../records';
import { Cell, Num, Slot } from '../slots';
import { bucketOf } from './ledger';
import {
  addF64,
  cell,
  chainAt,
  clock,
  f64At,
  idAOf,
  num,
  populationOf,
  setCell,
  setF64,
  setI32,
  setNum,
  spanOf,
  startOf,
} from './tables';

const COMPLETED: i32 = 0;

/** Counts a request, and lets go of its trail. False: it is one that must be looked at. */
export function passes(row: i32, at: usize): bool {
  const latency = clock() - startOf(at);
  const chained = chainOf(row, at);
  const trail = chained == 0 ? Id.None : load<i32>(chained, Chain.Trail * 4);
  if (clock() >= num(Num.SampleFrom)) {
    if (startOf(at) < num(Num.SampleFrom)) return false;
    if (trail != Id.None) {
      if (isChosen(at, latency)) return false;
      setNum(Num.SampleFollowed, num(Num.SampleFollowed) + 1);
    }
    setNum(Num.SampleEnded, num(Num.SampleEnded) + 1);
  }
  const population = populationOf(at);
  addF64(Slot.PopulationEnded, population * Recorded.Outcomes + COMPLETED, 1);
  addF64(Slot.PopulationLatency, population * Recorded.Buckets + (bucketOf(latency) >> Recorded.BucketShift), 1);
  if (trail != Id.None) forget(chained, trail);
  return true;
}

/**
 * Lets go of the trail of the request that the answer ends at a time to come, if it will pass then. False: that is not sure.
 *
 * It is, if it would pass now: what a request must exceed to be kept only rises up to the next boundary of time. When all
 * trails are in use requests that begin are not followed, and there those count that were given back ahead of time. (Of one that
 * ends in the very instant in which another begins it is taken that it came first.)
 */
export function letGo(row: i32, at: usize, request: usize, then: f64): bool {
  const chained = chainOf(row, at);
  if (chained == 0) return false;
  const trail = load<i32>(chained, Chain.Trail * 4);
  const isCounted = then >= num(Num.SampleFrom);
  if (isCounted && startOf(request) < num(Num.SampleFrom)) return false;
  if (trail == Id.None) return true;
  if (isCounted && isChosen(request, then - startOf(request))) return false;
  if (cell(Cell.TrailsAhead) == Trail.Ahead && !makeRoom(then)) return false;
  const ahead = cell(Cell.TrailsAhead);
  setF64(Slot.TrailAhead, ahead, then);
  setCell(Cell.TrailsAhead, ahead + 1);
  if (isCounted) setNum(Num.SampleFollowed, num(Num.SampleFollowed) + 1);
  forget(chained, trail);
  return true;
}

/** Before that nothing is gained by looking for room again. */
let notBefore: f64 = 0;

/** Makes room for another trail that is given back ahead of time. False: there is none. */
function makeRoom(then: f64): bool {
  if (clock() < notBefore) return false;
  const left = countAhead();
  if (left > Trail.Ahead / 2) notBefore = then;
  return left < Trail.Ahead;
}

/** `TracedSpans.isExhausted` */
export function areTrailsExhausted(): bool {
  const taken = cell(Cell.TrailsUsed) - cell(Cell.TrailsFree);
  if (taken + cell(Cell.TrailsAhead) < Trail.InUse) return false;
  return taken + countAhead() >= Trail.InUse;
}

/** Forgets trails given back ahead of time whose requests have come to their end. Returns how many are left. */
function countAhead(): i32 {
  const ahead = cell(Cell.TrailsAhead);
  let left = 0;
  for (let i = 0; i < ahead; i++) {
    const end = f64At(Slot.TrailAhead, i);
    if (end > clock()) setF64(Slot.TrailAhead, left++, end);
  }
  setCell(Cell.TrailsAhead, left);
  return left;
}

/** Is a request kept, that was followed, if it is completed after this time? */
function isChosen(at: usize, latency: f64): bool {
  if (rankOf(idAOf(at)) > num(Num.BarOrdinary)) return true;
  return latency > num(Num.BarSlow) || latency > num(Num.BarSlowest);
}

/** The row's chain, 0: it has none of its own. */
@inline
function chainOf(row: i32, at: usize): usize {
  const chain = spanOf(at);
  if (chain == Id.None) return 0;
  const chained = chainAt(chain);
  return load<i32>(chained, Chain.Owner * 4) == row ? chained : 0;
}

/** See `RequestSample.offer`. */
@inline
function rankOf(a: i32): f64 {
  return <f64>(<u32>((a ^ (a >>> 16)) * 0x45d9f3b));
}

/** `TracedSpans.forget` */
@inline
function forget(chained: usize, trail: i32): void {
  const free = cell(Cell.TrailsFree);
  setI32(Slot.TrailFree, free, trail);
  setCell(Cell.TrailsFree, free + 1);
  store<i32>(chained, Id.None, Chain.Trail * 4);
}
