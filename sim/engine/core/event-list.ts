/**
 * The future event list: the same two-level lazy wheel as `EventList`, which explains it. Any list gives the same order, so
 * what differs between the two (when the width of a slot is tuned) shows nowhere.
 */
import { Id } from '../layout';
import { Cell, Slot } from '../slots';
import * as host from './host';
import { cell, idAOf, idBOf, keyOf, kindOf, nextOf, nodeOf, pcOf, rowAt, setNext, table, tagOf, timeOf, u8At } from './tables';

const BITS: i64 = 12;
const SLOTS: i32 = 4096;
const MASK: i64 = 4095;
const WORDS: i32 = 128;
const MIN_SHIFT: i64 = 4;
const MAX_SHIFT: i64 = 30;
const TUNE_EVERY: i32 = 1 << 15;
const MANY_TURNS: i32 = 64;
/** Bytes of an entry of the heap: time, row. */
const ENTRY: i32 = 16;

let size: i32 = 0;
let pops: i64 = 0;
let shift: i64 = 14;
/** Absolute number of the slot being emptied. */
let current: i64 = 0;
let beyond: i32 = Id.None;
/** The turn at which `beyond` was last gone through. */
let sorted: i64 = 0;
let heapSize: i32 = 0;
let visited: i32 = 0;
let tuneAt: i64 = TUNE_EVERY;
let popsAtTune: i64 = 0;
let turns: i32 = 0;
let popsAtTurns: i64 = 0;

/** Adds the row, whose time column is set. */
export function push(row: i32): void {
  size++;
  place(row, rowAt(row));
}

/** Takes the earliest row if it is due at or before `limit`, else Id.None. */
export function pop(limit: f64): i32 {
  if (heapSize == 0 && !refill()) return Id.None;
  const heap = table(Slot.Heap);
  if (load<f64>(heap) > limit) return Id.None;
  const row = load<i32>(heap, 8);
  heapSize--;
  if (heapSize > 0) sink(heap);
  size--;
  if (++pops >= tuneAt) tune();
  return row;
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

function place(row: i32, at: usize): void {
  const slot = (<i64>timeOf(at)) >> shift;
  if (slot <= current) {
    rise(row, timeOf(at));
    return;
  }
  const ahead = (slot >> BITS) - (current >> BITS);
  if (ahead == 0) {
    const i = <i32>(slot & MASK);
    setNext(at, load<i32>(near(i)));
    store<i32>(near(i), row);
    mark(near(0), i);
  } else if (ahead < SLOTS) {
    const i = <i32>((slot >> BITS) & MASK);
    setNext(at, load<i32>(far(i)));
    store<i32>(far(i), row);
    mark(far(0), i);
  } else {
    setNext(at, beyond);
    beyond = row;
  }
}

/** Moves the next slot that holds something into the heap. False: no events. */
function refill(): bool {
  if (size == 0) return false;
  while (heapSize == 0) {
    const i = nextBit(near(0), (<i32>(current & MASK)) + 1);
    if (i == Id.None) turnOver();
    else empty(i);
  }
  return true;
}

/** Moves a slot of the near wheel into the heap. */
function empty(i: i32): void {
  current = ((current >> BITS) << BITS) + i;
  clear(near(0), i);
  let row = load<i32>(near(i));
  store<i32>(near(i), Id.None);
  visited++;
  while (row != Id.None) {
    const at = rowAt(row);
    const next = nextOf(at);
    rise(row, timeOf(at));
    row = next;
  }
}

/** Goes to the next turn that has events and spreads them over the near wheel. */
function turnOver(): void {
  let next = nextTurn();
  if (beyond != Id.None && (next < 0 || next >= sorted + SLOTS)) {
    sortBeyond();
    next = nextTurn();
    if (next < 0) next = earliestBeyond();
  }
  const i = <i32>(next & MASK);
  const list = load<i32>(far(i));
  store<i32>(far(i), Id.None);
  clear(far(0), i);
  current = next << BITS;
  scatter(list);
  if (heapSize == 0 && list == Id.None) sortBeyond();
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
  beyond = Id.None;
  scatter(list);
}

function scatter(list: i32): void {
  let row = list;
  while (row != Id.None) {
    const at = rowAt(row);
    const next = nextOf(at);
    place(row, at);
    row = next;
  }
}

function earliestBeyond(): i64 {
  let earliest: f64 = Infinity;
  for (let row = beyond; row != Id.None; row = nextOf(rowAt(row))) earliest = min(earliest, timeOf(rowAt(row)));
  return (<i64>earliest) >> shift >> BITS;
}

/** Into the heap: a binary heap of (time, row), earliest first. */
function rise(row: i32, time: f64): void {
  let i = heapSize++;
  if (i == cell(Cell.HeapRoom)) host.growHeap();
  const heap = table(Slot.Heap);
  while (i > 0) {
    const up = (i - 1) >> 1;
    const above = heap + up * ENTRY;
    const upTime = load<f64>(above);
    if (upTime < time || (upTime == time && isBefore(load<i32>(above, 8), row))) break;
    put(heap + i * ENTRY, upTime, load<i32>(above, 8));
    i = up;
  }
  put(heap + i * ENTRY, time, row);
}

@inline
function put(at: usize, time: f64, row: i32): void {
  store<f64>(at, time);
  store<i32>(at, row, 8);
}

/** Fills the gap at the top with the last. */
function sink(heap: usize): void {
  const last = heap + heapSize * ENTRY;
  const time = load<f64>(last);
  const row = load<i32>(last, 8);
  let i = 0;
  for (;;) {
    let down = 2 * i + 1;
    if (down >= heapSize) break;
    if (down + 1 < heapSize && isLess(heap + (down + 1) * ENTRY, heap + down * ENTRY)) down++;
    const below = heap + down * ENTRY;
    const downTime = load<f64>(below);
    if (time < downTime || (time == downTime && isBefore(row, load<i32>(below, 8)))) break;
    put(heap + i * ENTRY, downTime, load<i32>(below, 8));
    i = down;
  }
  put(heap + i * ENTRY, time, row);
}

@inline
function isLess(one: usize, other: usize): bool {
  const a = load<f64>(one);
  const b = load<f64>(other);
  return a < b || (a == b && isBefore(load<i32>(one, 8), load<i32>(other, 8)));
}

/** Content order of two simultaneous events: class, node, identity, call, and last the row itself. */
function isBefore(a: i32, b: i32): bool {
  const x = rowAt(a);
  const y = rowAt(b);
  const order = u8At(Slot.Order, kindOf(x)) - u8At(Slot.Order, kindOf(y));
  if (order != 0) return order < 0;
  if (nodeOf(x) != nodeOf(y)) return nodeOf(x) < nodeOf(y);
  if (idAOf(x) != idAOf(y)) return idAOf(x) < idAOf(y);
  if (idBOf(x) != idBOf(y)) return idBOf(x) < idBOf(y);
  if (tagOf(x) != tagOf(y)) return tagOf(x) < tagOf(y);
  if (pcOf(x) != pcOf(y)) return pcOf(x) < pcOf(y);
  if (keyOf(x) != keyOf(y)) return keyOf(x) < keyOf(y);
  return a < b;
}

/** Keeps a visited slot at one to two events on average. */
function tune(): void {
  const perSlot = <f64>(pops - popsAtTune) / <f64>max(1, visited);
  let to = shift;
  if (perSlot > 2.2) to -= min(6, max(1, 31 - clz(<i32>(perSlot / 1.5))));
  else if (perSlot < 1.05) to += 1;
  to = max(MIN_SHIFT, min(MAX_SHIFT, to));
  visited = 0;
  popsAtTune = pops;
  tuneAt = pops + max(TUNE_EVERY, size);
  if (to != shift) rebuild(to);
}

function rebuild(to: i64): void {
  let all = beyond;
  let earliest: f64 = Infinity;
  const heap = table(Slot.Heap);
  for (let i = 0; i < heapSize; i++) {
    const row = load<i32>(heap + i * ENTRY, 8);
    setNext(rowAt(row), all);
    all = row;
  }
  for (let i = 0; i < SLOTS; i++) {
    all = append(load<i32>(near(i)), all);
    all = append(load<i32>(far(i)), all);
  }
  for (let row = all; row != Id.None; row = nextOf(rowAt(row))) earliest = min(earliest, timeOf(rowAt(row)));
  memory.fill(near(0), 0xff, SLOTS << 2);
  memory.fill(far(0), 0xff, SLOTS << 2);
  memory.fill(near(SLOTS), 0, WORDS << 2);
  memory.fill(far(SLOTS), 0, WORDS << 2);
  beyond = Id.None;
  heapSize = 0;
  shift = to;
  current = size == 0 ? 0 : max<i64>(0, ((<i64>earliest) >> shift) - 1);
  sorted = current >> BITS;
  scatter(all);
}

/** A list before another one. */
function append(list: i32, all: i32): i32 {
  let head = all;
  let row = list;
  while (row != Id.None) {
    const at = rowAt(row);
    const next = nextOf(at);
    setNext(at, head);
    head = row;
    row = next;
  }
  return head;
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
