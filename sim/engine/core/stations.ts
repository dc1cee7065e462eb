/** Tokens with a queue before them: `Stations`. */
import { Discipline, Flag, Id } from '../layout';
import { Slot } from '../slots';
import { carry } from './ledger';
import {
  addI32,
  clock,
  f64At,
  flagsOf,
  i32At,
  LIMB,
  queueNextOf,
  queuePrevOf,
  rowAt,
  setF64,
  setI32,
  setQueueNext,
  setQueuePrev,
  table,
  u8At,
} from './tables';

/** Priorities 0 (first) to 7: lists of a station. */
const PRIORITIES: i32 = 8;
/** Stands for the row before in a row that has left its queue. */
const OUT: i32 = -2;

/** The k-th local station of a node. */
@inline
export function stationOf(node: i32, k: i32): i32 {
  return i32At(Slot.NodeStations, i32At(Slot.NodeStationStart, node) + k);
}

/** Brings the areas up to now. */
@inline
function touch(i: i32): void {
  const now = clock();
  const dt = now - f64At(Slot.StationLast, i);
  if (dt == 0) return;
  setF64(Slot.StationLast, i, now);
  const at = table(Slot.StationArea) + (i << 5);
  const area = load<f64>(at) + <f64>i32At(Slot.StationBusy, i) * dt;
  store<f64>(at, area);
  if (area >= LIMB) carry(at);
  const queued = i32At(Slot.StationQueued, i);
  if (queued > 0) {
    const waited = load<f64>(at, 16) + <f64>queued * dt;
    store<f64>(at, waited, 16);
    if (waited >= LIMB) carry(at + 16);
  }
}

/** Takes a token if one is free. */
export function acquire(i: i32): bool {
  if (i32At(Slot.StationBusy, i) >= i32At(Slot.StationCapacity, i)) return false;
  touch(i);
  addI32(Slot.StationBusy, i, 1);
  return true;
}

@inline
export function isFull(i: i32): bool {
  return <f64>i32At(Slot.StationQueued, i) >= f64At(Slot.StationLimit, i);
}

export function enqueue(i: i32, row: i32): void {
  touch(i);
  const queued = i32At(Slot.StationQueued, i) + 1;
  setI32(Slot.StationQueued, i, queued);
  if (queued > i32At(Slot.StationQueueMax, i)) setI32(Slot.StationQueueMax, i, queued);
  const at = rowAt(row);
  const list = listOf(i, at);
  if (u8At(Slot.StationDiscipline, i) == Discipline.Lifo) {
    const head = i32At(Slot.StationHead, list);
    setQueuePrev(at, Id.None);
    setQueueNext(at, head);
    if (head == Id.None) setI32(Slot.StationTail, list, row);
    else setQueuePrev(rowAt(head), row);
    setI32(Slot.StationHead, list, row);
    return;
  }
  const tail = i32At(Slot.StationTail, list);
  setQueuePrev(at, tail);
  setQueueNext(at, Id.None);
  if (tail == Id.None) setI32(Slot.StationHead, list, row);
  else setQueueNext(rowAt(tail), row);
  setI32(Slot.StationTail, list, row);
}

/** Gives a token back. Returns the row that gets it now, Id.None if nobody waits or capacity shrank. */
export function release(i: i32): i32 {
  touch(i);
  const busy = i32At(Slot.StationBusy, i) - 1;
  setI32(Slot.StationBusy, i, busy);
  if (i32At(Slot.StationQueued, i) == 0 || busy >= i32At(Slot.StationCapacity, i)) return Id.None;
  const row = first(i);
  remove(i, row);
  setI32(Slot.StationBusy, i, busy + 1);
  return row;
}

/** Takes a row out of the queue. */
function remove(i: i32, row: i32): void {
  addI32(Slot.StationQueued, i, -1);
  const at = rowAt(row);
  const list = listOf(i, at);
  const before = queuePrevOf(at);
  const after = queueNextOf(at);
  if (before == Id.None) setI32(Slot.StationHead, list, after);
  else setQueueNext(rowAt(before), after);
  if (after == Id.None) setI32(Slot.StationTail, list, before);
  else setQueuePrev(rowAt(after), before);
  setQueuePrev(at, OUT);
}

function listOf(i: i32, at: usize): i32 {
  if (u8At(Slot.StationDiscipline, i) != Discipline.Priority) return i * PRIORITIES;
  return i * PRIORITIES + ((flagsOf(at) & Flag.PriorityMask) >> Flag.PriorityShift);
}

function first(i: i32): i32 {
  const list = i * PRIORITIES;
  if (u8At(Slot.StationDiscipline, i) != Discipline.Priority) return i32At(Slot.StationHead, list);
  for (let p = 0; p < PRIORITIES; p++) {
    const row = i32At(Slot.StationHead, list + p);
    if (row != Id.None) return row;
  }
  return Id.None;
}
