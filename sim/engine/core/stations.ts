/** Tokens with a queue before them: `Stations`. A station is the address of its record, see `Station`. */
import { Discipline, Flag, Id } from '../layout';
import { Booked, Station, StationF } from '../records';
import { Slot } from '../slots';
import { carry } from './ledger';
import {
  clock,
  flagsOf,
  i32At,
  LIMB,
  queueNextOf,
  rowAt,
  setQueueNext,
  setQueuePrev,
  stationAt,
  table,
} from './tables';

/** Priorities 0 (first) to 7: lists of a station. */
const PRIORITIES: i32 = 8;
/** Stands for the row before in a row that has left its queue. */
const OUT: i32 = -2;
/** Bytes of a list: its first and its last row. */
const LIST: i32 = 8;

/** The k-th local station of a node, whose stations begin at `start`. */
@inline
export function localStation(start: i32, k: i32): usize {
  return stationAt(i32At(Slot.NodeStations, start + k));
}

@inline
export function numberOf(s: usize): i32 {
  return load<i32>(s, Station.Number * 4);
}

@inline
function busyOf(s: usize): i32 {
  return load<i32>(s, Station.Busy * 4);
}

@inline
function setBusy(s: usize, busy: i32): void {
  store<i32>(s, busy, Station.Busy * 4);
}

@inline
function queuedOf(s: usize): i32 {
  return load<i32>(s, Station.Queued * 4);
}

@inline
export function capacityOf(s: usize): i32 {
  return load<i32>(s, Station.Capacity * 4);
}

@inline
export function waitCellOf(s: usize): i32 {
  return load<i32>(s, Station.WaitCell * 4);
}

@inline
export function patienceOf(s: usize): i32 {
  return load<i32>(s, Station.Patience * 4);
}

/** Brings the areas up to now. */
@inline
function touch(s: usize): void {
  const now = clock();
  const dt = now - load<f64>(s, StationF.Last * 8);
  if (dt <= 0) return;
  store<f64>(s, now, StationF.Last * 8);
  addUse(s, <f64>busyOf(s) * dt);
  const queued = queuedOf(s);
  if (queued > 0) addWait(s, <f64>queued * dt);
}

/** Is no token taken? */
@inline
export function isIdle(s: usize): bool {
  return busyOf(s) == 0;
}

/** Is a token free? */
@inline
export function isFree(s: usize): bool {
  return busyOf(s) < capacityOf(s);
}

/** Takes a token, of one at least. With `isFree` this is `Stations.acquire`. */
@inline
export function occupy(s: usize): void {
  touch(s);
  setBusy(s, busyOf(s) + 1);
}

@inline
export function isFull(s: usize): bool {
  return <f64>queuedOf(s) >= load<f64>(s, StationF.Limit * 8);
}

export function enqueue(s: usize, row: i32, at: usize): void {
  touch(s);
  const queued = queuedOf(s) + 1;
  store<i32>(s, queued, Station.Queued * 4);
  if (queued > load<i32>(s, Station.QueueMax * 4)) store<i32>(s, queued, Station.QueueMax * 4);
  const discipline = load<i32>(s, Station.Discipline * 4);
  const list = discipline == Discipline.Priority ? listOf(s, at) : s + Station.Head * 4;
  if (discipline == Discipline.Lifo) {
    const head = load<i32>(list);
    setQueuePrev(at, Id.None);
    setQueueNext(at, head);
    if (head == Id.None) store<i32>(list, row, 4);
    else setQueuePrev(rowAt(head), row);
    store<i32>(list, row);
    return;
  }
  const tail = load<i32>(list, 4);
  setQueuePrev(at, tail);
  setQueueNext(at, Id.None);
  if (tail == Id.None) store<i32>(list, row);
  else setQueueNext(rowAt(tail), row);
  store<i32>(list, row, 4);
}

/** Gives a token back. Returns the row that gets it now, Id.None if nobody waits or capacity shrank. */
export function release(s: usize): i32 {
  touch(s);
  const queued = queuedOf(s);
  if (queued == 0) return vacate(s);
  // Whoever waits takes it over, unless there are too many by now.
  if (busyOf(s) > capacityOf(s)) return vacate(s);
  store<i32>(s, queued - 1, Station.Queued * 4);
  return takeFirst(s);
}

/** One token less is taken, and nobody gets it. */
@inline
function vacate(s: usize): i32 {
  setBusy(s, busyOf(s) - 1);
  return Id.None;
}

/** Takes the first row out of the queue. */
function takeFirst(s: usize): i32 {
  let list = s + Station.Head * 4;
  if (load<i32>(s, Station.Discipline * 4) == Discipline.Priority) {
    list = listsOf(s);
    while (load<i32>(list) == Id.None) list += LIST;
  }
  const row = load<i32>(list);
  const at = rowAt(row);
  const after = queueNextOf(at);
  store<i32>(list, after);
  if (after == Id.None) store<i32>(list, Id.None, 4);
  else setQueuePrev(rowAt(after), Id.None);
  setQueuePrev(at, OUT);
  return row;
}

// Of tokens whose use is booked ahead: see visits.ts.

/** The token whose turn it is: see `Booked`. */
@inline
export function nextLane(s: usize): usize {
  return laneAt(s, load<i32>(s, Station.Turn * 4));
}

@inline
export function laneAt(s: usize, i: i32): usize {
  return <usize>load<u32>(s, Station.Lanes * 4) + i * Booked.Bytes;
}

/** Up to when its visits are booked, ns, and by whom last. */
@inline
export function bookedUntil(lane: usize): f64 {
  return load<f64>(lane);
}

@inline
export function bookedBy(lane: usize): i64 {
  return load<i64>(lane, Booked.By * 4);
}

/** Books the token whose turn it is. */
@inline
export function book(s: usize, until: f64, identity: i64): void {
  const lane = nextLane(s);
  store<f64>(lane, until);
  store<i64>(lane, identity, Booked.By * 4);
  const next = load<i32>(s, Station.Turn * 4) + 1;
  store<i32>(s, next == capacityOf(s) ? 0 : next, Station.Turn * 4);
}

/** How many visits that are booked, and take so long each, wait for a token yet. */
export function bookedToWait(s: usize, time: f64): i32 {
  const now = clock();
  let waiting = 0;
  for (let i = 0; i < capacityOf(s); i++) {
    const left = bookedUntil(laneAt(s, i)) - now;
    if (left > time) waiting += <i32>ceil(left / time) - 1;
  }
  return waiting;
}

/** A token is in use for so long, ns; below 0: as much less has been booked. */
@inline
export function addUse(s: usize, time: f64): void {
  addArea(s + StationF.BusyArea * 8, time);
}

/** A row waits for so long, ns. */
@inline
export function addWait(s: usize, time: f64): void {
  addArea(s + StationF.QueueArea * 8, time);
}

@inline
function addArea(at: usize, time: f64): void {
  const area = load<f64>(at) + time;
  store<f64>(at, area);
  if (area >= LIMB) carry(at);
}

/** So many more wait than are queued. */
@inline
export function noteWaiting(s: usize, more: i32): void {
  store<i32>(s, max(queuedOf(s) + more, load<i32>(s, Station.QueueMax * 4)), Station.QueueMax * 4);
}

/** The list of the row's priority. */
function listOf(s: usize, at: usize): usize {
  return listsOf(s) + ((flagsOf(at) & Flag.PriorityMask) >> Flag.PriorityShift) * LIST;
}

@inline
function listsOf(s: usize): usize {
  return table(Slot.PriorityLists) + numberOf(s) * PRIORITIES * LIST;
}
