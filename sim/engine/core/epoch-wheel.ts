/** The wheel of the epochs to come: a slot is as many turns as the far wheel has, and the address of a list of entries (0: it is empty). */
import { Id } from '../layout';
import { Place } from '../slots';
import { append, join } from './entries';
import * as bits from './wheel-bits';

export const SLOTS: i32 = 256;
const MASK: i64 = SLOTS - 1;
const BITS: usize = Place.Epochs + (<usize>SLOTS << 2);

@inline
function slotAt(i: i32): usize {
  return Place.Epochs + (<usize>i << 2);
}

/** The first after an epoch that has entries, of the `SLOTS` that follow it, -1: none has. */
export function firstAfter(epoch: i64): i64 {
  const slot = <i32>(epoch & MASK);
  const ahead = bits.firstFrom(BITS, SLOTS, slot + 1);
  if (ahead != Id.None) return epoch - slot + ahead;
  const wrapped = bits.firstFrom(BITS, SLOTS, 0);
  return wrapped == Id.None ? -1 : epoch - slot + SLOTS + wrapped;
}

/** Adds an entry. */
@inline
export function put(epoch: i64, time: f64, what: i64, who: i64): void {
  const i = <i32>(epoch & MASK);
  const slot = slotAt(i);
  store<u32>(slot, append(load<u32>(slot), time, what, who));
  bits.add(BITS, i);
}

/** Empties the slot of an epoch. Returns its list. */
export function take(epoch: i64): usize {
  const i = <i32>(epoch & MASK);
  const slot = slotAt(i);
  const list = load<u32>(slot);
  store<u32>(slot, 0);
  bits.drop(BITS, i);
  return list;
}

/** All entries, added to a list. */
export function spill(list: usize): usize {
  let all = list;
  for (let i = bits.firstFrom(BITS, SLOTS, 0); i >= 0; i = bits.firstFrom(BITS, SLOTS, i + 1)) all = join(all, take(i));
  return all;
}
