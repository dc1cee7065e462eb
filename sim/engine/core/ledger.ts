/** The ledger of components (by their records), `Ledger`, and the histograms it records into, `Histogram` and `CoarseHistogram`. */
import { Component, ComponentF, HistCol } from '../records';
import { Cell, Num, Place, Slot } from '../slots';
import * as host from './host';
import { addI32, bump, cell, clock, grow, LIMB, num, setCell, table } from './tables';

/** Bytes of what a histogram's cells start with: count, two limbs of the sum, least, greatest. */
const COUNTS: usize = 40;

/** Durations below this, ns, are whole numbers of 31 bits. */
export const SHORT: f64 = 2147483648;
/** 2⁵² */
const WHOLE: f64 = 4503599627370496;

/** A whole number below 2³¹ as an integer: added to 2⁵² it stands in the last bits of the sum. */
@inline
export function shortOf(value: f64): i32 {
  return <i32>reinterpret<i64>(value + WHOLE);
}

/** A whole number below 2⁵² as an integer. */
@inline
export function wholeOf(value: f64): i64 {
  return reinterpret<i64>(value + WHOLE) & 0xfffffffffffff;
}

@inline
export function bucketOf(value: f64): i32 {
  if (value < SHORT) {
    const small = shortOf(value);
    if (small < 128) return small;
    const shift = 24 - clz(small);
    return (shift << 7) + (small >>> shift);
  }
  const top = <u32>(value / 2097152);
  const shift = 24 - clz(top);
  return ((shift + 21) << 7) + <i32>(top >> shift);
}

/** `Histogram.record` of a whole number of ns; where that takes more room, before the next row is handled (`recordLate`). */
@inline
export function record(histogram: i32, value: f64): void {
  const bucket = bucketOf(value);
  const entry = table(Slot.Histograms) + ((histogram * HistCol.Width) << 2);
  if (bucket + 5 >= load<i32>(entry, HistCol.Length * 4)) {
    defer(histogram, value);
    return;
  }
  const cells = <usize>load<i32>(entry, HistCol.Address * 4);
  const at = cells + COUNTS + (bucket << 3);
  store<f64>(at, load<f64>(at) + 1);
  store<f64>(cells, load<f64>(cells) + 1);
  addLimbs(cells + 8, value);
  if (value < load<f64>(cells, 24)) store<f64>(cells, value, 24);
  if (value > load<f64>(cells, 32)) store<f64>(cells, value, 32);
}

/** Whoever is asked for room in the midst of a function makes all of it slower: see decision 0008. */
@inline
function defer(histogram: i32, value: f64): void {
  const late = cell(Cell.Late);
  const at = Place.Late + (<usize>late << 4);
  store<f64>(at, value);
  store<i32>(at, histogram, 8);
  setCell(Cell.Late, late + 1);
  setCell(Cell.Bound, 0);
}

/** Makes room, and records what there was none for. */
export function recordLate(): void {
  const late = cell(Cell.Late);
  setCell(Cell.Late, 0);
  for (let i = 0; i < late; i++) {
    const at = Place.Late + (<usize>i << 4);
    host.growHistogram(load<i32>(at, 8), load<f64>(at));
    record(load<i32>(at, 8), load<f64>(at));
  }
}

/** `addTo` of statistics/wide-sum.ts. */
@inline
export function addLimbs(at: usize, x: f64): void {
  let low = load<f64>(at);
  if (x < LIMB) low += x;
  else {
    low += x - LIMB;
    store<f64>(at, load<f64>(at, 8) + 1, 8);
  }
  if (low >= LIMB) {
    low -= LIMB;
    store<f64>(at, load<f64>(at, 8) + 1, 8);
  }
  store<f64>(at, low);
}

/** `CoarseHistogram.record` of a whole number of ns. There is room for the slot (`Outcomes.reserve`). */
@inline
export function recordCoarse(slot: i32, value: f64): void {
  const small: u32 = value < SHORT ? shortOf(value) >> 10 : <u32>min<f64>(4294967295, value / 1024);
  const shift = max<i32>(0, 27 - <i32>clz(small));
  const at = slot * 464 + (shift << 4) + <i32>(small >> shift);
  addI32(Slot.LatencyBySlot, at, 1);
}

/** Brings the area under the number inside a component up to now. */
@inline
function touch(c: usize, now: f64): void {
  const dt = now - load<f64>(c, ComponentF.Last * 8);
  if (dt <= 0) return;
  store<f64>(c, now, ComponentF.Last * 8);
  const area = load<f64>(c, ComponentF.Area * 8) + <f64>load<i32>(c, Component.Inside * 4) * dt;
  store<f64>(c, area, ComponentF.Area * 8);
  if (area >= LIMB) carry(c + ComponentF.Area * 8);
}

/** Moves what is too much for the low limb to the high one. */
@inline
export function carry(at: usize): void {
  const limbs = floor(load<f64>(at) / LIMB);
  store<f64>(at, load<f64>(at) - limbs * LIMB);
  store<f64>(at, load<f64>(at, 8) + limbs, 8);
}

@inline
export function arrive(c: usize): void {
  touch(c, clock());
  bump(c, Component.Inside, 1);
  grow(c, ComponentF.Arrivals, 1);
}

@inline
export function leave(c: usize, start: f64, isFailed: bool): void {
  const now = clock();
  touch(c, now);
  bump(c, Component.Inside, -1);
  count(c, start, now, isFailed);
}

/** Somebody comes, and will have left again at a time, well served, by when nobody looks. */
export function pass(c: usize, start: f64, end: f64): void {
  grow(c, ComponentF.Arrivals, 1);
  grow(c, ComponentF.Area, end - start);
  if (load<f64>(c, ComponentF.Area * 8) >= LIMB) carry(c + ComponentF.Area * 8);
  count(c, start, end, false);
}

@inline
function count(c: usize, start: f64, now: f64, isFailed: bool): void {
  const from = num(Num.LedgerWindow);
  const sum = load<f64>(c, ComponentF.Sum * 8) + now - (start > from ? start : from);
  store<f64>(c, sum, ComponentF.Sum * 8);
  if (sum >= LIMB) {
    store<f64>(c, sum - LIMB, ComponentF.Sum * 8);
    grow(c, ComponentF.Sum + 1, 1);
  }
  if (isFailed) grow(c, ComponentF.Errors, 1);
  else {
    grow(c, ComponentF.Completed, 1);
    record(load<i32>(c, Component.Sojourns * 4), now - start);
  }
}
