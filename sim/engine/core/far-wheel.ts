/** The wheel of the turns to come: a slot is a whole turn, and the address of a list of entries (0: it is empty). */
import { Place } from '../slots';
import { append, join } from './entries';
import * as bits from './wheel-bits';

/** Log₂ of the slots. */
export const SHIFT: i64 = 8;
export const SLOTS: i32 = 1 << <i32>SHIFT;
const BITS: usize = Place.Far + (<usize>SLOTS << 2);

@inline
function slotAt(i: i32): usize {
  return Place.Far + (<usize>i << 2);
}

/** The first slot at or after `from` that holds something, Id.None: there is none. */
export function firstFrom(from: i32): i32 {
  return bits.firstFrom(BITS, SLOTS, from);
}

/** Adds an entry to a slot. */
@inline
export function put(i: i32, time: f64, what: i64, who: i64): void {
  const slot = slotAt(i);
  store<u32>(slot, append(load<u32>(slot), time, what, who));
  bits.add(BITS, i);
}

/** Empties a slot. Returns its list. */
export function take(i: i32): usize {
  const slot = slotAt(i);
  const list = load<u32>(slot);
  store<u32>(slot, 0);
  bits.drop(BITS, i);
  return list;
}

/** All entries, added to a list. */
export function spill(list: usize): usize {
  let all = list;
  for (let i = firstFrom(0); i >= 0; i = firstFrom(i + 1)) all = join(all, take(i));
  return all;
}
