/**
 * The future event list: the same two-level lazy wheel as `EventList`, which explains it. Any list gives the same order, so
 * what differs between the two shows nowhere: here a slot is a list of entries (entries.ts), so that a million pending
 * events are moved from one wheel to the other without a look at their rows, each of which would be a cache miss.
 */
import { Id, Kind } from '../layout';
import { Cell, Place, Slot } from '../slots';
import { append, chunkOf, earliestOf, ENTRY, freeChunk, HEADER, join, timeAt, whatAt, whoAt } from './entries';
import * as heap from './event-heap';
import * as lookups from './lookups';
import { free } from './pool';
import { cell, chainAt, kindOf, parentOf, rowAt, setTime, spanOf, table, timeOf } from './tables';
import * as thinkers from './thinkers';

const BITS: i64 = 12;
const SLOTS: i32 = 4096;
const MASK: i64 = 4095;
const WORDS: i32 = 64;
const MIN_SHIFT: i64 = 3;
const MAX_SHIFT: i64 = 29;
const TUNE_EVERY: i32 = 1 << 15;
const MANY_TURNS: i32 = 64;
/** Rows from which on they no longer lie in the near caches by themselves; how many are fetched at a time. */
const MANY_ROWS: i32 = 4096;
const AHEAD: i32 = 24;

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
/** List of what lies beyond the far wheel. */
let beyond: usize = 0;
/** The turn at which `beyond` was last gone through. */
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
    add(timeOf(at), thinkers.what(at), thinkers.who(at));
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
export function pop(limit: f64): i32 {
  const i = upcoming;
  if (!heap.isEmpty() || i == Id.None) return popHeap(limit);
  const wheel = near(0);
  const list: usize = load<u32>(wheel + (i << 2));
  const chunk = chunkOf(list);
  // Most slots hold one event, which need not go through the heap.
  if (list != chunk + HEADER + ENTRY) return popHeap(limit);
  if (load<u32>(chunk) != 0) return popHeap(limit);
  const time = timeAt(chunk + HEADER);
  if (time > limit) return Id.None;
  due = time;
  const what = whatAt(chunk + HEADER);
  const who = whoAt(chunk + HEADER);
  leave(wheel, i);
  freeChunk(chunk);
  if (--untilTuned == 0) tune();
  return <i32>what >= 0 ? <i32>what : thinkers.wake(time, what, who);
}

/** The same where the heap must be looked at. */
function popHeap(limit: f64): i32 {
  if (heap.isEmpty()) {
    if (upcoming == Id.None && !refill()) return Id.None;
    // Some of a turn's first events may be in the heap by now.
    if (heap.isEmpty()) empty(upcoming);
  }
  const first = heap.top();
  const time = timeAt(first);
  if (time > limit) return Id.None;
  due = time;
  const what = whatAt(first);
  const who = whoAt(first);
  heap.drop();
  if (--untilTuned == 0) tune();
  return <i32>what >= 0 ? <i32>what : thinkers.wake(time, what, who);
}

@inline
function near(i: i32): usize {
  return table(Slot.Near) + (i << 2);
}

@inline
function far(i: i32): usize {
  return table(Slot.Far) + (i << 2);
}

/** The words that tell which slots of a wheel hold something follow it. */
@inline
function mark(wheel: usize, i: i32): void {
  const word = wordOf(wheel, i >> 6);
  store<i64>(word, load<i64>(word) | ((<i64>1) << (<i64>i & 63)));
}

@inline
function wordOf(wheel: usize, k: i32): usize {
  return wheel + (SLOTS << 2) + (k << 3);
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
    const i = <i32>(slot & MASK);
    if (i > here) {
      const wheel = near(0);
      const at = wheel + (i << 2);
      store<u32>(at, append(load<u32>(at), time, what, who));
      mark(wheel, i);
      if (<u32>i < <u32>upcoming) upcoming = i;
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
  } else if (ahead < SLOTS) {
    const i = <i32>((slot >> BITS) & MASK);
    store<u32>(far(i), append(load<u32>(far(i)), time, what, who));
    mark(far(0), i);
  } else beyond = append(beyond, time, what, who);
}

/** Goes to the next turn that holds something. False: no events. */
function refill(): bool {
  if (size() == 0) return false;
  while (heap.isEmpty() && upcoming == Id.None) turnOver();
  return true;
}

/** Moves a slot of the near wheel into the heap. */
function empty(i: i32): void {
  const wheel = near(0);
  let list: usize = load<u32>(wheel + (i << 2));
  leave(wheel, i);
  surplus--;
  while (list != 0) {
    const chunk = chunkOf(list);
    for (let at = chunk + HEADER; at < list; at += ENTRY) {
      heap.add(timeAt(at), whatAt(at), whoAt(at));
      surplus++;
    }
    list = freeChunk(chunk);
  }
}

/** The clock reaches the first slot of the near wheel that holds something, which is emptied. */
@inline
function leave(wheel: usize, i: i32): void {
  here = i;
  store<u32>(wheel + (i << 2), 0);
  const next = dropFirst(wheel, i);
  upcoming = next;
  if (next > foreseen) foresee(wheel, next);
}

/** Clears the first bit of a wheel, which is the i-th. Returns the next that is set, Id.None: there is none. */
@inline
function dropFirst(wheel: usize, i: i32): i32 {
  let word = wordOf(wheel, i >> 6);
  let rest = load<i64>(word);
  rest &= rest - 1;
  store<i64>(word, rest);
  while (rest == 0) {
    word += 8;
    if (word == wordOf(wheel, WORDS)) return Id.None;
    rest = load<i64>(word);
  }
  return (<i32>(word - wordOf(wheel, 0)) << 3) + <i32>ctz(rest);
}

/**
 * Brings the rows that are due next, their chains and their callers into the near caches, `AHEAD` of them at a time.
 *
 * With a million users these lie in no cache, and to wait for one after the other would take most of the time. A processor
 * waits for many at once if their loads stand close together. No compiler leaves a load out that might trap.
 */
function foresee(wheel: usize, from: i32): void {
  if (cell(Cell.RowsLive) < MANY_ROWS) {
    foreseen = SLOTS;
    return;
  }
  let count = 0;
  let word = from >> 6;
  let rest = load<i64>(wordOf(wheel, word));
  let last = from;
  while (count < AHEAD) {
    if (rest == 0) {
      if (++word >= WORDS) break;
      rest = load<i64>(wordOf(wheel, word));
      continue;
    }
    last = (word << 6) + <i32>ctz(rest);
    rest &= rest - 1;
    const list: usize = load<u32>(wheel + (last << 2));
    for (let at = chunkOf(list) + HEADER; at < list; at += ENTRY) {
      const row = <i32>whatAt(at);
      if (row < 0 || count == AHEAD) continue;
      store<i32>(Place.Scratch + (count << 2), row);
      count++;
      touchRow(row);
    }
  }
  foreseen = last;
  for (let i = 0; i < count; i++) touchLinked(rowAt(load<i32>(Place.Scratch + (i << 2))));
  if (cell(Cell.HasLookups) == 0) return;
  for (let i = 0; i < count; i++) lookups.touchEntry(rowAt(load<i32>(Place.Scratch + (i << 2))));
}

@inline
function touchRow(row: i32): void {
  const at = rowAt(row);
  kindOf(at);
  spanOf(at);
}

@inline
function touchLinked(at: usize): void {
  const chain = spanOf(at);
  if (chain >= 0) {
    load<i32>(chainAt(chain));
    load<i32>(chainAt(chain), 64);
  }
  if (cell(Cell.HasLookups) != 0) lookups.touchChain(at);
  // Callers are needed for answers only, and each line of memory takes its time.
  if (kindOf(at) != Kind.Reply) return;
  const parent = parentOf(at);
  if (parent >= 0) touchRow(parent);
}

/** Goes to the next turn that has events and spreads them over the near wheel. */
function turnOver(): void {
  let next = nextTurn();
  if (beyond != 0 && (next < 0 || next >= sorted + SLOTS)) {
    sortBeyond();
    next = nextTurn();
    if (next < 0) next = earliestBeyond();
  }
  const i = <i32>(next & MASK);
  const list = load<u32>(far(i));
  store<u32>(far(i), 0);
  const word = wordOf(far(0), i >> 6);
  store<i64>(word, load<i64>(word) & ~((<i64>1) << (<i64>i & 63)));
  turn = next;
  // Events of the first slot go to the heap.
  here = 0;
  upcoming = Id.None;
  foreseen = Id.None;
  scatter(list);
  if (heap.isEmpty() && list == 0) sortBeyond();
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
function nextTurn(): i64 {
  const slot = <i32>(turn & MASK);
  const ahead = nextBit(far(0), slot + 1);
  if (ahead != Id.None) return turn - slot + ahead;
  const wrapped = nextBit(far(0), 0);
  return wrapped == Id.None ? -1 : turn - slot + SLOTS + wrapped;
}

function sortBeyond(): void {
  sorted = turn;
  const list = beyond;
  beyond = 0;
  scatter(list);
}

/** Places the entries of a list anew. */
function scatter(all: usize): void {
  let list = all;
  while (list != 0) {
    const chunk = chunkOf(list);
    foreseeChunk(load<u32>(chunk));
    for (let at = chunk + HEADER; at < list; at += ENTRY) place(timeAt(at), whatAt(at), whoAt(at));
    list = freeChunk(chunk);
  }
}

/** The same for the chunk at the end of a list, which is read next. */
@inline
function foreseeChunk(list: usize): void {
  if (list == 0) return;
  const chunk = chunkOf(list);
  load<i32>(chunk);
  load<i32>(chunk, 64);
  load<i32>(chunk, 128);
  load<i32>(chunk, 192);
}

/** The turn of the earliest of the entries beyond the far wheel. */
function earliestBeyond(): i64 {
  return slotOf(earliestOf(beyond)) >> BITS;
}

/** Keeps most slots that are visited at one event. */
function tune(): void {
  const perSlot = <f64>period / <f64>max(1, period - surplus);
  let to = shift;
  if (perSlot > 1.5) to -= min(6, max(1, 31 - clz(<i32>(perSlot / 1.1))));
  else if (perSlot < 1.05) to += 1;
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
  let all = beyond;
  all = heap.spill(all);
  for (let i = 0; i < SLOTS; i++) {
    all = join(all, load<u32>(near(i)));
    all = join(all, load<u32>(far(i)));
  }
  memory.fill(near(0), 0, (SLOTS << 2) + (WORDS << 3));
  memory.fill(far(0), 0, (SLOTS << 2) + (WORDS << 3));
  beyond = 0;
  shift = to;
  const before = slotOf(size() == 0 ? 0 : earliestOf(all)) - 1;
  turn = before >> BITS;
  here = <i32>(before & MASK);
  sorted = turn;
  upcoming = Id.None;
  foreseen = Id.None;
  scatter(all);
}

/** Index of the first slot of a wheel at or after `from` that holds something, Id.None when there is none. */
function nextBit(wheel: usize, from: i32): i32 {
  let word = from >> 6;
  if (word >= WORDS) return Id.None;
  let rest = load<i64>(wordOf(wheel, word)) & ((<i64>-1) << (<i64>from & 63));
  while (rest == 0) {
    if (++word >= WORDS) return Id.None;
    rest = load<i64>(wordOf(wheel, word));
  }
  return (word << 6) + <i32>ctz(rest);
}
