/**
 * The future event list: a lazy wheel as `EventList`, which explains it. Any list gives the same order, so
 * what differs between the two shows nowhere: here the wheels hold entries (entries.ts) in place of rows, so that a million
 * pending events are moved from one wheel to the other without a look at their rows, each of which would be a cache miss. And there
 * are three wheels, so that none has more slots than lists of which the ends lie in the near caches (hierarchical timing wheels:
 * Varghese and Lauck 1987).
 */
import { Id } from '../layout';
import { Place } from '../slots';
import { append, chunkOf, earliestOf, ENTRY, freeChunk, HEADER, inOrder, timeAt, whatAt, whoAt } from './entries';
import * as heap from './event-heap';
import { foresee, foreseeChunk } from './foresight';
import * as lists from './list-wheel';
import * as near from './near-wheel';
import { free } from './pool';
import { populationAt, populationOf, rowAt, setTime, timeOf } from './tables';
import * as thinkers from './thinkers';

/** Log₂ of the slots of a turn. */
const BITS: i64 = 11;
const MASK: i64 = near.SLOTS - 1;
const MIN_SHIFT: i64 = 3;
const MAX_SHIFT: i64 = 29;
const TUNE_EVERY: i32 = 1 << 15;
const MANY_TURNS: i32 = 64;

/** Entries that have been added, and that had been taken when the slots were last tuned. */
let added: i64 = 0;
let taken: i64 = 0;
/** Log₂ of half a slot's width, ns. */
let shift: i64 = 13;
/** The turn of the near wheel, and the slot that the clock has reached in it. */
let turn: i64 = 0;
let here: i32 = 0;
/** The next slot of the near wheel that holds something, Id.None: this turn has none. */
let upcoming: i32 = Id.None;
/** Rows up to this slot have been fetched: see `foresee`. */
let foreseen: i32 = Id.None;
/** The last epoch of which the far wheel has got what was in the wheel of epochs. */
let spread: i64 = 0;
/** List of what lies beyond the wheel of epochs, and what `spread` was when that was last gone through. */
let beyond: usize = 0;
let sorted: i64 = 0;
/** When what was popped last is due, ns. */
export let due: f64 = 0;
/** Entries that are taken until the slots are tuned, and how many that period has. */
let untilTuned: i32 = TUNE_EVERY;
let period: i32 = TUNE_EVERY;
/** Of the entries of the period, those that came up beside others of their slot, but for one a slot. */
let surplus: i32 = 0;
let turns: i32 = 0;
let takenAtTurns: i64 = 0;

/** Adds the row, whose time column is set. A user who thinks gives the row back. */
export function push(row: i32): void {
  const at = rowAt(row);
  if (thinkers.isOne(at)) {
    thinkers.add(populationAt(populationOf(at)), timeOf(at), thinkers.what(at), thinkers.who(at));
    free(row);
  } else add(timeOf(at), <i64>row, 0);
}

/** Adds a row that is no user's who thinks. */
@inline
export function schedule(row: i32, at: usize, time: f64): void {
  setTime(at, time);
  add(time, <i64>row, 0);
}

/** Adds an entry. */
@inline
export function add(time: f64, what: i64, who: i64): void {
  added++;
  place(time, what, who);
}

/** Entries. */
@inline
function size(): i64 {
  return added - takenSoFar();
}

@inline
function takenSoFar(): i64 {
  return taken + <i64>(period - untilTuned);
}

/** Takes the earliest row if it is due at or before `limit`, else Id.None. */
@inline
export function pop(limit: f64): i32 {
  const i = upcoming;
  if (!heap.isEmpty() || i == Id.None) return popHeap(limit);
  const slot = near.slotAt(i);
  // Most slots hold one event, which need not go through the heap.
  if (near.nextOf(slot) != 0) return popOfSome(slot, limit);
  const time = timeAt(slot);
  if (time > limit) return Id.None;
  due = time;
  const what = whatAt(slot);
  const who = whoAt(slot);
  leave(i);
  countDown();
  return <i32>what >= 0 ? <i32>what : thinkers.wake(time, what, who);
}

/** The same of a slot that holds more than one. */
function popOfSome(slot: usize, limit: f64): i32 {
  const first = near.earliestOf(slot);
  if (first == 0) return popHeap(limit);
  const time = timeAt(first);
  if (time > limit) return Id.None;
  due = time;
  const what = whatAt(first);
  const who = whoAt(first);
  near.drop(slot, first);
  surplus++;
  countDown();
  return <i32>what >= 0 ? <i32>what : thinkers.wake(time, what, who);
}

/** One more entry has been taken. */
@inline
function countDown(): void {
  const left = untilTuned - 1;
  untilTuned = left;
  if (left == 0) tune();
}

/** The same where the heap must be looked at. */
function popHeap(limit: f64): i32 {
  if (heap.isEmpty()) {
    if (!fillHeap()) return Id.None;
  }
  const first = heap.top();
  const time = timeAt(first);
  if (time > limit) return Id.None;
  due = time;
  const what = whatAt(first);
  const who = whoAt(first);
  heap.drop();
  countDown();
  return <i32>what >= 0 ? <i32>what : thinkers.wake(time, what, who);
}

/** Sees to it that the earliest entry is in the heap, which is empty. False: there is none. */
function fillHeap(): bool {
  if (upcoming == Id.None && !refill()) return false;
  // Some of a turn's first events may be in the heap by now.
  if (heap.isEmpty()) empty(upcoming);
  return true;
}

/** Takes all that is due at or before a time: a list of entries, to be gone through in the order of time. */
export function takeUntil(time: f64): usize {
  let list: usize = 0;
  while ((!heap.isEmpty() || fillHeap()) && timeAt(heap.top()) <= time) {
    const first = heap.top();
    list = append(list, timeAt(first), whatAt(first), whoAt(first));
    heap.drop();
    added--;
  }
  return inOrder(list);
}

/**
 * Number of a time's slot. Half the time, added to 2⁵², stands in the last bits of the sum, rounded; what is later has never a
 * lesser number, and no other property of slots is asked for.
 */
@inline
function slotOf(time: f64): i64 {
  return reinterpret<i64>(time * 0.5 + 4503599627370496) >> shift;
}

@inline
function place(time: f64, what: i64, who: i64): void {
  const slot = slotOf(time);
  if (slot >> BITS == turn) {
    const i = slot & MASK;
    if (i > <i64>here) {
      near.put(i, time, what, who);
      upcoming = <i32>min<u32>(<u32>i, <u32>upcoming);
      return;
    }
  }
  placeElsewhere(slot, time, what, who);
}

/** Places what is not due in a slot to come of this turn. */
function placeElsewhere(slot: i64, time: f64, what: i64, who: i64): void {
  const ahead = (slot >> BITS) - turn;
  if (ahead <= 0) {
    heap.add(time, what, who);
    surplus++;
    // The slot of the present turn is free for the last.
  } else if (ahead <= lists.SLOTS) {
    lists.put(Place.Far, slot >> BITS, time, what, who);
  } else {
    const epoch = epochOf(slot);
    if (epoch - spread <= lists.SLOTS) lists.put(Place.Epochs, epoch, time, what, who);
    else beyond = append(beyond, time, what, who);
  }
}

@inline
function epochOf(slot: i64): i64 {
  return slot >> (BITS + lists.SHIFT);
}

/** Goes to the next turn that holds something. False: no events. */
function refill(): bool {
  if (size() == 0) return false;
  while (heap.isEmpty() && upcoming == Id.None) turnOver();
  return true;
}

/** Moves a slot of the near wheel into the heap. */
function empty(i: i32): void {
  const slot = near.slotAt(i);
  heap.add(timeAt(slot), whatAt(slot), whoAt(slot));
  let cell = near.nextOf(slot);
  leave(i);
  while (cell != 0) {
    heap.add(timeAt(cell), whatAt(cell), whoAt(cell));
    surplus++;
    cell = near.free(cell);
  }
}

/** The clock reaches the first slot of the near wheel that holds something, which is emptied. */
@inline
function leave(i: i32): void {
  here = i;
  const next = near.leave(i);
  upcoming = next;
  if (next > foreseen) foreseen = foresee(next);
}

/** Goes to the next turn that has events and spreads them over the near wheel. */
function turnOver(): void {
  let next = nextTurn();
  if (next < 0 || next >> lists.SHIFT > spread) next = spreadEpoch(next);
  const list = lists.take(Place.Far, next);
  turn = next;
  // Events of the first slot go to the heap.
  here = 0;
  upcoming = Id.None;
  foreseen = Id.None;
  scatter(list, true);
  if (++turns >= MANY_TURNS) widen();
}

/** Events are so far apart that most turns hold next to none: wider slots, at once. */
function widen(): void {
  const sparse = takenSoFar() - takenAtTurns < turns;
  turns = 0;
  takenAtTurns = takenSoFar();
  if (sparse && shift < MAX_SHIFT) rebuild(min(MAX_SHIFT, shift + 4));
}

/** The next turn that has events in the far wheel, -1 when it is empty. */
@inline
function nextTurn(): i64 {
  return lists.firstAfter(Place.Far, turn);
}

/** Gives the far wheel the next epoch that has events, if that is not after its own next turn (-1: it has none). Returns the next turn then. */
function spreadEpoch(next: i64): i64 {
  const own = next < 0 ? i64.MAX_VALUE : next >> lists.SHIFT;
  const epoch = lists.firstAfter(Place.Epochs, spread);
  const latest = epoch < 0 ? own : min(epoch, own);
  if (beyond != 0 && latest > sorted + lists.SLOTS) {
    sortBeyond(latest);
    // Some of that may be for the far wheel.
    return spreadEpoch(nextTurn());
  }
  if (epoch < 0 || epoch > own) return next;
  spread = epoch;
  turn = max(turn, (epoch << lists.SHIFT) - 1);
  scatter(lists.take(Place.Epochs, epoch), false);
  return nextTurn();
}

/** Places anew what lies beyond the wheel of epochs. Nothing else is due before an epoch. */
function sortBeyond(latest: i64): void {
  const list = beyond;
  beyond = 0;
  spread = min(latest, epochOf(slotOf(earliestOf(list)))) - 1;
  sorted = spread;
  scatter(list, false);
}

/** Places the entries of a list anew. Of the turn that begins, the users who think are about to ask. */
function scatter(all: usize, begins: bool): void {
  let list = all;
  while (list != 0) {
    const chunk = chunkOf(list);
    foreseeChunk(load<u32>(chunk));
    if (begins) foreseeUsers(chunk, list);
    for (let at = chunk + HEADER; at < list; at += ENTRY) place(timeAt(at), whatAt(at), whoAt(at));
    list = freeChunk(chunk);
  }
}

/** Touches what the users of a chunk who think are about to need. */
function foreseeUsers(chunk: usize, end: usize): void {
  let count: usize = 0;
  for (let at = chunk + HEADER; at < end; at += ENTRY) {
    const what = whatAt(at);
    if (<i32>what >= 0) continue;
    store<u32>(Place.Scratch + count, <u32>thinkers.keyNeeded(what, whoAt(at)));
    count += 4;
  }
  for (let i: usize = 0; i < count; i += 4) load<i32>(<usize>load<u32>(Place.Scratch + i));
}

/** Keeps most slots that are visited at one event. */
function tune(): void {
  const perSlot = <f64>period / <f64>max(1, period - surplus);
  let to = shift;
  if (perSlot > 1.25) to -= min(6, max(1, 31 - clz(<i32>(perSlot / 1.1))));
  else if (perSlot < 1.06) to += 1;
  to = max(MIN_SHIFT, min(MAX_SHIFT, to));
  taken += <i64>period;
  surplus = 0;
  period = 0;
  untilTuned = 0;
  period = max(TUNE_EVERY, <i32>size());
  untilTuned = period;
  if (to != shift) rebuild(to);
}

function rebuild(to: i64): void {
  const all = lists.spill(Place.Epochs, lists.spill(Place.Far, near.spill(heap.spill(beyond))));
  beyond = 0;
  shift = to;
  const before = slotOf(size() == 0 ? 0 : earliestOf(all)) - 1;
  turn = before >> BITS;
  here = <i32>(before & MASK);
  spread = turn >> lists.SHIFT;
  sorted = spread;
  upcoming = Id.None;
  foreseen = Id.None;
  scatter(all, false);
}
