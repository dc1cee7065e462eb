/** What a recorder does with a request that is completed: `RecordedRequests.ends`, of one that is not kept. */
import { Id } from '../layout';
import { Chain, Recorded } from '../records';
import { Cell, Num, Slot } from '../slots';
import { bucketOf } from './ledger';
import {
  addF64,
  cell,
  chainAt,
  clock,
  idAOf,
  num,
  populationOf,
  setCell,
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
      if (rankOf(idAOf(at)) > num(Num.BarOrdinary)) return false;
      if (latency > num(Num.BarSlow) || latency > num(Num.BarSlowest)) return false;
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
