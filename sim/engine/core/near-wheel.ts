/**
 * The wheel of the present turn. Its slots are so narrow that most hold one event at most. So a slot is a cell, the room for
 * one entry, and whatever else falls into it stands in more such cells, linked.
 */
import { Id } from '../layout';
import { Place } from '../slots';
import { append, move, put as putEntry, timeAt, whatAt, whoAt } from './entries';
import { isLess } from './event-order';
import * as host from './host';
import * as bits from './wheel-bits';

/** Log₂ of the bytes of a cell; where in it the address of the next stands, 0: there is none. */
const SHIFT: i32 = 5;
const NEXT: usize = 24;
/** Cells made at a time. */
const BATCH: i32 = 512;
/** Entries of a slot up to which it is quicker to look through them than to sort them. */
const FEW: i32 = 6;
export const SLOTS: i32 = 2048;
const BITS: usize = Place.Near + (<usize>SLOTS << SHIFT);

/** Free cells, linked. 0: none. */
let spare: usize = 0;
/** A bit for each word of the bits that has any. */
let words: i32 = 0;

/** The address of a slot: that of its first entry. */
@inline
export function slotAt(i: i32): usize {
  return Place.Near + (<usize>i << SHIFT);
}

/** The address of the next entry of the same slot, 0: there is none. */
@inline
export function nextOf(cell: usize): usize {
  return load<u32>(cell, NEXT);
}

/** The first slot at or after `from` that holds something, Id.None: there is none. */
@inline
export function firstFrom(from: i32): i32 {
  return bits.firstFrom(BITS, SLOTS, from);
}

/** The first slot that holds something, which is the i-th, holds nothing any more. Returns the next that does. */
@inline
export function leave(i: i32): i32 {
  const k = i >> 6;
  const left = words & ~(<i32>bits.dropFirst(BITS, k) << k);
  words = left;
  return left == 0 ? Id.None : bits.firstOf(BITS, ctz(left));
}

/** Adds an entry to a slot. */
@inline
export function put(i: i64, time: f64, what: i64, who: i64): void {
  const slot = slotAt(<i32>i);
  const word = bits.wordOf(BITS, i);
  const held = load<i64>(word);
  const bit = bits.bitOf(i);
  if ((held & bit) != 0) {
    putBehind(slot, time, what, who);
    return;
  }
  store<i64>(word, held | bit);
  words |= 1 << <i32>(i >> 6);
  putEntry(slot, time, what, who);
  store<u32>(slot, 0, NEXT);
}

/** The same where the slot has one. */
function putBehind(slot: usize, time: f64, what: i64, who: i64): void {
  if (spare == 0) makeCells();
  const cell = spare;
  spare = nextOf(cell);
  putEntry(cell, time, what, who);
  store<u32>(cell, nextOf(slot), NEXT);
  store<u32>(slot, <u32>cell, NEXT);
}

function makeCells(): void {
  const room = <usize>host.room(BATCH << SHIFT);
  for (let i = BATCH - 1; i >= 0; i--) free(room + (<usize>i << SHIFT));
}

/** Gives a cell back that is no slot. Returns the next of its slot. */
export function free(cell: usize): usize {
  const next = nextOf(cell);
  store<u32>(cell, <u32>spare, NEXT);
  spare = cell;
  return next;
}

/** The earliest entry of a slot, 0: it holds too many to look through. */
export function earliestOf(slot: usize): usize {
  let earliest = slot;
  let more = FEW;
  for (let cell = nextOf(slot); cell != 0; cell = nextOf(cell)) {
    if (--more == 0) return 0;
    if (isLess(cell, timeAt(earliest), whatAt(earliest), whoAt(earliest))) earliest = cell;
  }
  return earliest;
}

/** Drops an entry of a slot that holds others. */
@inline
export function drop(slot: usize, entry: usize): void {
  const cell = nextOf(slot);
  if (entry != cell) move(entry, cell);
  store<u32>(slot, <u32>free(cell), NEXT);
}

/** Moves all entries to a list. Returns the list with them. */
export function spill(list: usize): usize {
  let all = list;
  for (let i = firstFrom(0); i >= 0; i = firstFrom(i + 1)) {
    const slot = slotAt(i);
    all = append(all, timeAt(slot), whatAt(slot), whoAt(slot));
    let cell = nextOf(slot);
    while (cell != 0) {
      all = append(all, timeAt(cell), whatAt(cell), whoAt(cell));
      cell = free(cell);
    }
  }
  bits.clear(BITS, SLOTS);
  words = 0;
  return all;
}
