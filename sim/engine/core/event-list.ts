/**
 * The future event list: the same two-level lazy wheel as `EventList`, which explains it. Any list gives the same order, so
 * what differs between the two shows nowhere: here a slot is a list of chunks of (time, row), so that a million pending
 * events are moved from one wheel to the other without a look at their rows, each of which would be a cache miss.
 */
import { Id } from '../layout';
import { Cell, Slot } from '../slots';
import * as host from './host';
import { cell, idAOf, idBOf, keyOf, kindOf, nodeOf, pcOf, rowAt, table, tagOf, timeOf, u8At } from './tables';

const BITS: i64 = 12;
const SLOTS: i32 = 4096;
const MASK: i64 = 4095;
const WORDS: i32 = 128;
const MIN_SHIFT: i64 = 4;
const MAX_SHIFT: i64 = 30;
const TUNE_EVERY: i32 = 1 << 15;
const MANY_TURNS: i32 = 64;
/** Bytes of an entry: time, row. */
const ENTRY: i32 = 16;
/** A chunk: the address of the next one, the number of its entries, and from its 16th byte on the entries. */
const CHUNK: i32 = 128;
const FULL: i32 = 7;
/** Chunks made at a time. */
const BATCH: i32 = 512;

let size: i32 = 0;
let pops: i64 = 0;
let shift: i64 = 14;
/** Absolute number of the slot being emptied. */
let current: i64 = 0;
/** Chunks of what lies beyond the far wheel, and free ones. Address 0: none. */
let beyond: usize = 0;
let spare: usize = 0;
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
  place(row, timeOf(rowAt(row)));
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

function place(row: i32, time: f64): void {
  const slot = (<i64>time) >> shift;
  if (slot <= current) {
    rise(row, time);
    return;
  }
  const ahead = (slot >> BITS) - (current >> BITS);
  if (ahead == 0) {
    const i = <i32>(slot & MASK);
    store<u32>(near(i), append(load<u32>(near(i)), row, time));
    mark(near(0), i);
  } else if (ahead < SLOTS) {
    const i = <i32>((slot >> BITS) & MASK);
    store<u32>(far(i), append(load<u32>(far(i)), row, time));
    mark(far(0), i);
  } else beyond = append(beyond, row, time);
}

/** Puts an entry into the first of some chunks, or a new one before it. Returns which is the first now. */
@inline
function append(chunk: usize, row: i32, time: f64): usize {
  let first = chunk;
  if (chunk == 0 || load<i32>(chunk, 4) == FULL) {
    if (spare == 0) makeChunks();
    first = spare;
    spare = load<u32>(first);
    store<u32>(first, <u32>chunk);
    store<i32>(first, 0, 4);
  }
  const count = load<i32>(first, 4);
  put(first + ENTRY + count * ENTRY, time, row);
  store<i32>(first, count + 1, 4);
  return first;
}

function makeChunks(): void {
  const first = <usize>host.room(BATCH * CHUNK);
  for (let i = BATCH - 1; i >= 0; i--) freeChunk(first + i * CHUNK);
}

/** Gives a chunk back; returns the one after it. */
@inline
function freeChunk(chunk: usize): usize {
  const next = load<u32>(chunk);
  store<u32>(chunk, <u32>spare);
  spare = chunk;
  return next;
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
  let chunk: usize = load<u32>(near(i));
  store<u32>(near(i), 0);
  visited++;
  while (chunk != 0) {
    const count = load<i32>(chunk, 4);
    for (let k = 1; k <= count; k++) rise(load<i32>(chunk + k * ENTRY, 8), load<f64>(chunk + k * ENTRY));
    chunk = freeChunk(chunk);
  }
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
  scatter(list);
  if (heapSize == 0 && list == 0) sortBeyond();
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

/** Places the entries of some chunks anew. */
function scatter(list: usize): void {
  let chunk = list;
  while (chunk != 0) {
    const count = load<i32>(chunk, 4);
    for (let k = 1; k <= count; k++) place(load<i32>(chunk + k * ENTRY, 8), load<f64>(chunk + k * ENTRY));
    chunk = freeChunk(chunk);
  }
}

/** The turn of the earliest of some chunks' entries. */
function earliestBeyond(): i64 {
  return (<i64>earliestOf(beyond)) >> shift >> BITS;
}

function earliestOf(list: usize): f64 {
  let earliest: f64 = Infinity;
  for (let chunk = list; chunk != 0; chunk = load<u32>(chunk)) {
    const count = load<i32>(chunk, 4);
    for (let k = 1; k <= count; k++) earliest = min(earliest, load<f64>(chunk + k * ENTRY));
  }
  return earliest;
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
  const heap = table(Slot.Heap);
  for (let i = 0; i < heapSize; i++) all = append(all, load<i32>(heap + i * ENTRY, 8), load<f64>(heap + i * ENTRY));
  for (let i = 0; i < SLOTS; i++) {
    all = join(load<u32>(near(i)), all);
    all = join(load<u32>(far(i)), all);
  }
  memory.fill(near(0), 0, (SLOTS + WORDS) << 2);
  memory.fill(far(0), 0, (SLOTS + WORDS) << 2);
  beyond = 0;
  heapSize = 0;
  shift = to;
  current = size == 0 ? 0 : max<i64>(0, ((<i64>earliestOf(all)) >> shift) - 1);
  sorted = current >> BITS;
  scatter(all);
}

/** A list of chunks before another one. */
function join(list: usize, rest: usize): usize {
  if (list == 0) return rest;
  let last = list;
  while (load<u32>(last) != 0) last = load<u32>(last);
  store<u32>(last, <u32>rest);
  return list;
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
