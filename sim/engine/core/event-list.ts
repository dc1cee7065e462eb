/**
 * The future event list: the same two-level lazy wheel as `EventList`, which explains it. Any list gives the same order, so
 * what differs between the two shows nowhere: here a slot is a list of chunks of (time, row), so that a million pending
 * events are moved from one wheel to the other without a look at their rows, each of which would be a cache miss.
 */
import { Id, Kind } from '../layout';
import { Cell, Slot } from '../slots';
import * as host from './host';
import { free } from './pool';
import { cell, idAOf, idBOf, keyOf, kindOf, nodeOf, pcOf, rowAt, table, tagOf, timeOf, u8At } from './tables';
import * as thinkers from './thinkers';

const BITS: i64 = 12;
const SLOTS: i32 = 4096;
const MASK: i64 = 4095;
const WORDS: i32 = 128;
const MIN_SHIFT: i64 = 4;
const MAX_SHIFT: i64 = 30;
const TUNE_EVERY: i32 = 1 << 15;
const MANY_TURNS: i32 = 64;
/**
 * Bytes of an entry: when it is due, float64, then two words, `what` and `who`. Of most what is the row, and who nothing;
 * users who think have no row (see thinkers.ts).
 */
const ENTRY: i32 = 24;
/**
 * A chunk, at a multiple of its size: the list that follows it, and from its 16th byte on entries. A list is the address
 * behind its newest entry (0: it is empty), so that nothing of a chunk need be read to add to it.
 */
const CHUNK: i32 = 256;
const HEADER: i32 = 16;
/** Chunks made at a time. */
const BATCH: i32 = 512;

let size: i32 = 0;
let pops: i64 = 0;
let shift: i64 = 14;
/** Absolute number of the slot being emptied. */
let current: i64 = 0;
/** List of what lies beyond the far wheel; free chunks, linked. 0: none. */
let beyond: usize = 0;
let spare: usize = 0;
/** The turn at which `beyond` was last gone through. */
let sorted: i64 = 0;
/** When what was popped last is due, ns. */
export let due: f64 = 0;
let heapSize: i32 = 0;
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

/** Adds an entry. */
@inline
export function add(time: f64, what: i64, who: i64): void {
  size++;
  place(time, what, who);
}

/** Takes the earliest row if it is due at or before `limit`, else Id.None. */
export function pop(limit: f64): i32 {
  if (heapSize == 0 && !refill()) return Id.None;
  const heap = table(Slot.Heap);
  due = load<f64>(heap);
  if (due > limit) return Id.None;
  const what = load<i64>(heap, 8);
  const who = load<i64>(heap, 16);
  heapSize--;
  if (heapSize > 0) sink(heap);
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
    rise(time, what, who);
    return;
  }
  const ahead = (slot >> BITS) - (current >> BITS);
  if (ahead == 0) {
    const i = <i32>(slot & MASK);
    store<u32>(near(i), append(load<u32>(near(i)), time, what, who));
    mark(near(0), i);
  } else if (ahead < SLOTS) {
    const i = <i32>((slot >> BITS) & MASK);
    store<u32>(far(i), append(load<u32>(far(i)), time, what, who));
    mark(far(0), i);
  } else beyond = append(beyond, time, what, who);
}

/** Adds an entry to a list. Returns the list with it. */
@inline
function append(list: usize, time: f64, what: i64, who: i64): usize {
  let at = list;
  if ((list & (CHUNK - 1)) == 0) {
    if (spare == 0) makeChunks();
    const chunk = spare;
    spare = load<u32>(chunk);
    store<u32>(chunk, <u32>list);
    at = chunk + HEADER;
  }
  put(at, time, what, who);
  return at + ENTRY;
}

/** The chunk of a list's newest entry. */
@inline
function chunkOf(list: usize): usize {
  return (list - 1) & ~(CHUNK - 1);
}

function makeChunks(): void {
  const room = <usize>host.room((BATCH + 1) * CHUNK);
  const first = (room + CHUNK - 1) & ~(CHUNK - 1);
  for (let i = BATCH - 1; i >= 0; i--) freeChunk(first + i * CHUNK);
}

/** Gives a chunk back; returns the list that follows it. */
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
  let list: usize = load<u32>(near(i));
  store<u32>(near(i), 0);
  visited++;
  while (list != 0) {
    const chunk = chunkOf(list);
    for (let at = chunk + HEADER; at < list; at += ENTRY) rise(load<f64>(at), load<i64>(at, 8), load<i64>(at, 16));
    list = freeChunk(chunk);
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

/** Places the entries of a list anew. */
function scatter(all: usize): void {
  let list = all;
  while (list != 0) {
    const chunk = chunkOf(list);
    for (let at = chunk + HEADER; at < list; at += ENTRY) place(load<f64>(at), load<i64>(at, 8), load<i64>(at, 16));
    list = freeChunk(chunk);
  }
}

/** The turn of the earliest of the entries beyond the far wheel. */
function earliestBeyond(): i64 {
  return (<i64>earliestOf(beyond)) >> shift >> BITS;
}

function earliestOf(all: usize): f64 {
  let earliest: f64 = Infinity;
  for (let list = all; list != 0; list = load<u32>(chunkOf(list))) {
    for (let at = chunkOf(list) + HEADER; at < list; at += ENTRY) earliest = min(earliest, load<f64>(at));
  }
  return earliest;
}

/** Into the heap: a binary heap, earliest first. */
function rise(time: f64, what: i64, who: i64): void {
  let i = heapSize++;
  if (i == cell(Cell.HeapRoom)) host.growHeap();
  const heap = table(Slot.Heap);
  while (i > 0) {
    const up = (i - 1) >> 1;
    const above = heap + up * ENTRY;
    if (isLess(above, time, what, who)) break;
    move(heap + i * ENTRY, above);
    i = up;
  }
  put(heap + i * ENTRY, time, what, who);
}

@inline
function put(at: usize, time: f64, what: i64, who: i64): void {
  store<f64>(at, time);
  store<i64>(at, what, 8);
  store<i64>(at, who, 16);
}

@inline
function move(to: usize, from: usize): void {
  put(to, load<f64>(from), load<i64>(from, 8), load<i64>(from, 16));
}

/** Fills the gap at the top with the last. */
function sink(heap: usize): void {
  const last = heap + heapSize * ENTRY;
  const time = load<f64>(last);
  const what = load<i64>(last, 8);
  const who = load<i64>(last, 16);
  let i = 0;
  for (;;) {
    let down = 2 * i + 1;
    if (down >= heapSize) break;
    let below = heap + down * ENTRY;
    if (down + 1 < heapSize) {
      const other = below + ENTRY;
      if (isLess(other, load<f64>(below), load<i64>(below, 8), load<i64>(below, 16))) {
        down++;
        below = other;
      }
    }
    if (!isLess(below, time, what, who)) break;
    move(heap + i * ENTRY, below);
    i = down;
  }
  put(heap + i * ENTRY, time, what, who);
}

/** Does the entry at an address come before another? */
@inline
function isLess(at: usize, time: f64, what: i64, who: i64): bool {
  const its = load<f64>(at);
  return its < time || (its == time && isBefore(load<i64>(at, 8), load<i64>(at, 16), what, who));
}

/** Content order of two simultaneous events: class, node, identity, call, and last the row itself. */
function isBefore(whatA: i64, whoA: i64, whatB: i64, whoB: i64): bool {
  const a = <i32>whatA;
  const b = <i32>whatB;
  if (a < 0 || b < 0) return isThinkerBefore(whatA, whoA, whatB, whoB);
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

/** The same where one of them, at least, is a user who thinks. No two have the same identity. */
function isThinkerBefore(whatA: i64, whoA: i64, whatB: i64, whoB: i64): bool {
  const a = <i32>whatA;
  const b = <i32>whatB;
  const order =
    u8At(Slot.Order, a < 0 ? Kind.Begin : kindOf(rowAt(a))) - u8At(Slot.Order, b < 0 ? Kind.Begin : kindOf(rowAt(b)));
  if (order != 0) return order < 0;
  const nodes = (a < 0 ? thinkers.nodeOf(a) : nodeOf(rowAt(a))) - (b < 0 ? thinkers.nodeOf(b) : nodeOf(rowAt(b)));
  if (nodes != 0) return nodes < 0;
  const idA = a < 0 ? <i32>whoA : idAOf(rowAt(a));
  const idB = b < 0 ? <i32>whoB : idAOf(rowAt(b));
  if (idA != idB) return idA < idB;
  return (a < 0 ? <i32>(whoA >> 32) : idBOf(rowAt(a))) < (b < 0 ? <i32>(whoB >> 32) : idBOf(rowAt(b)));
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
  for (let i = 0; i < heapSize; i++) all = append(all, load<f64>(heap + i * ENTRY), load<i64>(heap + i * ENTRY, 8), load<i64>(heap + i * ENTRY, 16));
  for (let i = 0; i < SLOTS; i++) {
    all = join(all, load<u32>(near(i)));
    all = join(all, load<u32>(far(i)));
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

/** All entries of a list, added to another. */
function join(to: usize, list: usize): usize {
  let all = to;
  let rest = list;
  while (rest != 0) {
    const chunk = chunkOf(rest);
    for (let at = chunk + HEADER; at < rest; at += ENTRY) all = append(all, load<f64>(at), load<i64>(at, 8), load<i64>(at, 16));
    rest = freeChunk(chunk);
  }
  return all;
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
