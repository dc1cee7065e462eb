/** Timeouts of calls: `Lane`. A lane is the address of its columns, see `LaneCol`. */
import { Id, Kind } from '../layout';
import { Entry, EntrySize, LaneCol, LaneF } from '../records';
import { Cell, Num, Slot } from '../slots';
import * as events from './event-list';
import * as host from './host';
import { takeFor } from './pool';
import { attemptOf, cell, clock, genOf, kindOf, num, rowAt, table } from './tables';

/** Watches the call that the row has just sent: `Lane.push`. */
export function watch(lane: i32, row: i32, at: usize): void {
  const columns = laneAt(lane);
  const tail = load<i32>(columns, LaneCol.Tail * 4);
  const entry = entryAt(columns, tail);
  store<f64>(entry, clock() + load<f64>(columns, LaneF.Delay * 8));
  store<i32>(entry, row, Entry.Row * 4);
  store<i32>(entry, genOf(at), Entry.Gen * 4);
  store<i32>(entry, attemptOf(at), Entry.Tag * 4);
  const next = after(columns, tail);
  store<i32>(columns, next, LaneCol.Tail * 4);
  if (next == load<i32>(columns, LaneCol.Head * 4)) makeRoom(lane, columns);
  if (load<i32>(columns, LaneCol.Armed * 4) == 0) arm(lane, columns);
}

/** The call that the row has sent is over: if it is the last that was watched, as where all of it was booked at once, no entry need be kept. */
@inline
export function unwatch(lane: i32, row: i32, at: usize): void {
  const columns = laneAt(lane);
  const last = (load<i32>(columns, LaneCol.Tail * 4) - 1) & load<i32>(columns, LaneCol.Mask * 4);
  const entry = entryAt(columns, last);
  if (load<i32>(entry, Entry.Row * 4) == row && !isStale(entry, at)) store<i32>(columns, last, LaneCol.Tail * 4);
}

/** The ring is full: entries of calls that are over go, and if few were, it becomes twice as large. */
function makeRoom(lane: i32, columns: usize): void {
  const size = load<i32>(columns, LaneCol.Mask * 4) + 1;
  const kept = sweep(columns, size);
  if (kept > size >> 1) host.growLane(lane, kept);
}

/** Keeps the entries, of a full ring, whose call may still be under way. Returns how many. */
function sweep(columns: usize, size: i32): i32 {
  const ring = <usize>load<i32>(columns, LaneCol.Ring * 4);
  const head = load<i32>(columns, LaneCol.Head * 4);
  let kept = 0;
  for (let i = 0; i < size; i++) {
    const from = ring + ((head + i) & (size - 1)) * EntrySize.Bytes;
    if (isStale(from, rowAt(load<i32>(from, Entry.Row * 4)))) continue;
    const to = ring + ((head + kept++) & (size - 1)) * EntrySize.Bytes;
    if (to != from) copy(to, from);
  }
  store<i32>(columns, (head + kept) & (size - 1), LaneCol.Tail * 4);
  return kept;
}

@inline
function copy(to: usize, from: usize): void {
  store<f64>(to, load<f64>(from));
  store<i64>(to, load<i64>(from, Entry.Row * 4), Entry.Row * 4);
  store<i32>(to, load<i32>(from, Entry.Tag * 4), Entry.Tag * 4);
}

/** The lane's event came up. Returns a caller whose call is overdue, Id.None if none is; arms the next. */
export function next(lane: i32): i32 {
  const columns = laneAt(lane);
  store<i32>(columns, 0, LaneCol.Armed * 4);
  const tail = load<i32>(columns, LaneCol.Tail * 4);
  let head = load<i32>(columns, LaneCol.Head * 4);
  let found: i32 = Id.None;
  while (head != tail) {
    const entry = entryAt(columns, head);
    const row = load<i32>(entry, Entry.Row * 4);
    if (isAwaited(entry, rowAt(row))) {
      if (found != Id.None || load<f64>(entry) > clock()) {
        store<i32>(columns, head, LaneCol.Head * 4);
        arm(lane, columns);
        return found;
      }
      found = row;
    }
    head = after(columns, head);
  }
  store<i32>(columns, head, LaneCol.Head * 4);
  return found;
}

/** Does the caller wait still for what the entry watches? */
@inline
function isAwaited(entry: usize, at: usize): bool {
  if (isStale(entry, at)) return false;
  const kind = kindOf(at);
  return kind == Kind.WaitCall || kind == Kind.WaitJoin || kind == Kind.GrantPool;
}

/** Is the call over for good? */
@inline
function isStale(entry: usize, at: usize): bool {
  // As one number, since it is asked twice of most: see decision 0008.
  return ((genOf(at) ^ load<i32>(entry, Entry.Gen * 4)) | (attemptOf(at) ^ load<i32>(entry, Entry.Tag * 4))) != 0;
}

/** Makes an event for the first entry. */
function arm(lane: i32, columns: usize): void {
  store<i32>(columns, 1, LaneCol.Armed * 4);
  const event = takeFor(Kind.Lane, lane);
  const due = load<f64>(entryAt(columns, load<i32>(columns, LaneCol.Head * 4)));
  events.schedule(event, rowAt(event), max(due, clock()));
}

/** No call times out before this, ns. */
let noneBefore: f64 = 0;

/** May a call time out before a time? */
export function mayTimeOutBefore(time: f64): bool {
  if (time <= noneBefore) return false;
  noneBefore = earliest();
  return time > noneBefore;
}

/**
 * The earliest time at which a call may time out, ns: of those under way, and of one that may begin now, or has begun by when it arrives. (The
 * clock may show the time of something that is booked ahead.)
 */
function earliest(): f64 {
  let first: f64 = Infinity;
  for (let lane = 0; lane < cell(Cell.LaneCount); lane++) {
    const columns = laneAt(lane);
    const isArmed = load<i32>(columns, LaneCol.Armed * 4) != 0;
    const due = isArmed
      ? load<f64>(entryAt(columns, load<i32>(columns, LaneCol.Head * 4)))
      : events.due + load<f64>(columns, LaneF.Delay * 8) - num(Num.FirstHop);
    first = min(first, due);
  }
  return first;
}

/** The columns of a lane. */
@inline
export function laneAt(lane: i32): usize {
  return table(Slot.Lanes) + ((lane * LaneCol.Width) << 2);
}

@inline
function entryAt(columns: usize, i: i32): usize {
  return <usize>load<i32>(columns, LaneCol.Ring * 4) + i * EntrySize.Bytes;
}

/** The place after the i-th, once around. */
@inline
function after(columns: usize, i: i32): i32 {
  return (i + 1) & load<i32>(columns, LaneCol.Mask * 4);
}
