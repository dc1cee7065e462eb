/**
 * The future event list: the same two-level lazy wheel as `EventList`, which explains it. Any list gives the same order, so
 * what differs between the two shows nowhere: here a slot is a list of entries (entries.ts), so that a million pending
 * events are moved from one wheel to the other without a look at their rows, each of which would be a cache miss.
 */
import { Id } from '../layout';
import { Slot } from '../slots';
import { append, chunkOf, earliestOf, ENTRY, freeChunk, HEADER, join, timeAt, whatAt, whoAt } from './entries';
import * as heap from './event-heap';
import { free } from './pool';
import { rowAt, setTime, table, timeOf } from './tables';
import * as thinkers from './thinkers';

const BITS: i64 = 12;
const SLOTS: i32 = 4096;
const MASK: i64 = 4095;
const WORDS: i32 = 128;
const MIN_SHIFT: i64 = 4;
const MAX_SHIFT: i64 = 30;
const TUNE_EVERY: i32 = 1 << 15;
const MANY_TURNS: i32 = 64;

let size: i32 = 0;
let pops: i64 = 0;
let shift: i64 = 14;
/** Absolute number of the slot being emptied. */
let current: i64 = 0;
/** The next slot of the near wheel that holds something, Id.None: this turn has none. */
let upcoming: i32 = Id.None;
/** List of what lies beyond the far wheel. */
let beyond: usize = 0;
/** The turn at which `beyond` was last gone through. */
let sorted: i64 = 0;
/** When what was popped last is due, ns. */
export let due: f64 = 0;
let visited: i32 = 0;
let tuneAt: i64 = TUNE_EVERY;
let popsAtTune: i64 = 0;
let turns: i32 = 0;
let popsAtTurns: i64 = 0;

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
  size++;
  place(time, what, who);
}

/** Takes the earliest row if it is due at or before `limit`, else Id.None. */
export function pop(limit: f64): i32 {
  let what: i64;
  let who: i64;
  if (!heap.isEmpty()) {
    const first = heap.top();
    due = timeAt(first);
    if (due > limit) return Id.None;
    what = whatAt(first);
    who = whoAt(first);
    heap.drop();
  } else {
    if (upcoming == Id.None && !refill()) return Id.None;
    // Some of a turn's first events may be in the heap by now.
    if (!heap.isEmpty()) return pop(limit);
    const i = upcoming;
    const list: usize = load<u32>(near(i));
    const chunk = chunkOf(list);
    if (list != chunk + HEADER + ENTRY || load<u32>(chunk) != 0) {
      empty(i);
      return pop(limit);
    }
    // Most slots hold one event, which need not go through the heap.
    due = timeAt(chunk + HEADER);
    if (due > limit) return Id.None;
    what = whatAt(chunk + HEADER);
    who = whoAt(chunk + HEADER);
    leave(i);
    freeChunk(chunk);
  }
  size--;
  if (++pops >= tuneAt) tune();
  return <i32>what >= 0 ? <i32>what : thinkers.wake(due, what, who);
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
  const word = wheel + ((SLOTS + (i >> 5)) << 2);
  store<i32>(word, load<i32>(word) | (1 << (i & 31)));
}

@inline
function clear(wheel: usize, i: i32): void {
  const word = wheel + ((SLOTS + (i >> 5)) << 2);
  store<i32>(word, load<i32>(word) & ~(1 << (i & 31)));
}

function place(time: f64, what: i64, who: i64): void {
  const slot = (<i64>time) >> shift;
  if (slot <= current) {
    heap.add(time, what, who);
    return;
  }
  const ahead = (slot >> BITS) - (current >> BITS);
  if (ahead == 0) {
    const i = <i32>(slot & MASK);
    store<u32>(near(i), append(load<u32>(near(i)), time, what, who));
    mark(near(0), i);
    if (<u32>i < <u32>upcoming) upcoming = i;
  } else if (ahead < SLOTS) {
    const i = <i32>((slot >> BITS) & MASK);
    store<u32>(far(i), append(load<u32>(far(i)), time, what, who));
    mark(far(0), i);
  } else beyond = append(beyond, time, what, who);
}

/** Goes to the next turn that holds something. False: no events. */
function refill(): bool {
  if (size == 0) return false;
  while (heap.isEmpty() && upcoming == Id.None) turnOver();
  return true;
}

/** Moves a slot of the near wheel into the heap. */
function empty(i: i32): void {
  let list: usize = load<u32>(near(i));
  leave(i);
  while (list != 0) {
    const chunk = chunkOf(list);
    for (let at = chunk + HEADER; at < list; at += ENTRY) heap.add(timeAt(at), whatAt(at), whoAt(at));
    list = freeChunk(chunk);
  }
}

/** The clock reaches a slot of the near wheel, which is emptied. */
@inline
function leave(i: i32): void {
  current = (current & ~MASK) + i;
  clear(near(0), i);
  store<u32>(near(i), 0);
  visited++;
  upcoming = nextBit(near(0), i + 1);
  if (upcoming != Id.None) foresee(<i32>whatAt(load<u32>(near(upcoming)) - ENTRY));
}

/**
 * Brings a row that is due next but one into the near caches while the next is handled. A processor goes on while it waits
 * for what nobody uses, and no compiler leaves a load out that might trap.
 */
@inline
function foresee(row: i32): void {
  if (row < 0) return;
  load<i32>(rowAt(row));
  load<i32>(rowAt(row), 64);
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
  clear(far(0), i);
  current = next << BITS;
  upcoming = Id.None;
  scatter(list);
  if (heap.isEmpty() && list == 0) sortBeyond();
  if (++turns >= MANY_TURNS) widen();
}

/** Events are so far apart that most turns hold next to none: wider slots, at once. */
function widen(): void {
  const sparse = pops - popsAtTurns < turns;
  turns = 0;
  popsAtTurns = pops;
  if (sparse && shift < MAX_SHIFT) rebuild(min(MAX_SHIFT, shift + 4));
}

/** The next turn that has events in the far wheel, -1 when it is empty. */
function nextTurn(): i64 {
  const turn = current >> BITS;
  const here = <i32>(turn & MASK);
  const ahead = nextBit(far(0), here + 1);
  if (ahead != Id.None) return turn - here + ahead;
  const wrapped = nextBit(far(0), 0);
  return wrapped == Id.None ? -1 : turn - here + SLOTS + wrapped;
}

function sortBeyond(): void {
  sorted = current >> BITS;
  const list = beyond;
  beyond = 0;
  scatter(list);
}

/** Places the entries of a list anew. */
function scatter(all: usize): void {
  let list = all;
  while (list != 0) {
    const chunk = chunkOf(list);
    for (let at = chunk + HEADER; at < list; at += ENTRY) place(timeAt(at), whatAt(at), whoAt(at));
    list = freeChunk(chunk);
  }
}

/** The turn of the earliest of the entries beyond the far wheel. */
function earliestBeyond(): i64 {
  return (<i64>earliestOf(beyond)) >> shift >> BITS;
}

/** Keeps most visited slots at one event. */
function tune(): void {
  const perSlot = <f64>(pops - popsAtTune) / <f64>max(1, visited);
  let to = shift;
  if (perSlot > 1.5) to -= min(6, max(1, 31 - clz(<i32>(perSlot / 1.1))));
  else if (perSlot < 1.05) to += 1;
  to = max(MIN_SHIFT, min(MAX_SHIFT, to));
  visited = 0;
  popsAtTune = pops;
  tuneAt = pops + max(TUNE_EVERY, size);
  if (to != shift) rebuild(to);
}

function rebuild(to: i64): void {
  let all = beyond;
  all = heap.spill(all);
  for (let i = 0; i < SLOTS; i++) {
    all = join(all, load<u32>(near(i)));
    all = join(all, load<u32>(far(i)));
  }
  memory.fill(near(0), 0, (SLOTS + WORDS) << 2);
  memory.fill(far(0), 0, (SLOTS + WORDS) << 2);
  beyond = 0;
  shift = to;
  current = size == 0 ? 0 : max<i64>(0, ((<i64>earliestOf(all)) >> shift) - 1);
  sorted = current >> BITS;
  upcoming = Id.None;
  scatter(all);
}

/** Index of the first slot of a wheel at or after `from` that holds something, Id.None when there is none. */
function nextBit(wheel: usize, from: i32): i32 {
  let word = from >> 5;
  if (word >= WORDS) return Id.None;
  const bits = wheel + (SLOTS << 2);
  let rest = load<i32>(bits + (word << 2)) & (-1 << (from & 31));
  while (rest == 0) {
    if (++word >= WORDS) return Id.None;
    rest = load<i32>(bits + (word << 2));
  }
  return (word << 5) + ctz(rest);
}
