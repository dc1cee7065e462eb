/**
 * A wheel of lists of entries: one for each of the 256 numbers that follow the present one, turns of the near wheel or epochs. A
 * wheel is its address: there stand the addresses of the lists (0: it is empty), and behind them a bit for each.
 */
import { Id } from '../layout';
import { append, join } from './entries';
import * as bits from './wheel-bits';

/** Log₂ of the slots. */
export const SHIFT: i64 = 8;
export const SLOTS: i32 = 1 << <i32>SHIFT;
const MASK: i64 = SLOTS - 1;

@inline
function indexOf(number: i64): i32 {
  return <i32>(number & MASK);
}

@inline
function slotAt(wheel: usize, i: i32): usize {
  return wheel + (<usize>i << 2);
}

@inline
function bitsOf(wheel: usize): usize {
  return wheel + (<usize>SLOTS << 2);
}

/** The first of the numbers after one that has entries, -1: none has. */
export function firstAfter(wheel: usize, number: i64): i64 {
  const i = indexOf(number);
  const ahead = bits.firstFrom(bitsOf(wheel), SLOTS, i + 1);
  if (ahead != Id.None) return number - i + ahead;
  const wrapped = bits.firstFrom(bitsOf(wheel), SLOTS, 0);
  return wrapped == Id.None ? -1 : number - i + SLOTS + wrapped;
}

/** Adds an entry to the list of a number. */
@inline
export function put(wheel: usize, number: i64, time: f64, what: i64, who: i64): void {
  const i = indexOf(number);
  const slot = slotAt(wheel, i);
  store<u32>(slot, append(load<u32>(slot), time, what, who));
  bits.add(bitsOf(wheel), i);
}

/** Empties the list of a number. Returns it. */
export function take(wheel: usize, number: i64): usize {
  const i = indexOf(number);
  const slot = slotAt(wheel, i);
  const list = load<u32>(slot);
  store<u32>(slot, 0);
  bits.drop(bitsOf(wheel), i);
  return list;
}

/** All entries, added to a list. */
export function spill(wheel: usize, list: usize): usize {
  const held = bitsOf(wheel);
  let all = list;
  for (let i = bits.firstFrom(held, SLOTS, 0); i >= 0; i = bits.firstFrom(held, SLOTS, i + 1)) all = join(all, take(wheel, i));
  return all;
}
