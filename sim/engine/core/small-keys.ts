/** What is known of small keys: `SmallKeys`. By the record of whoever asks, see `Keys`. */
import { SmallKey, WrittenKeys } from '../key-records';

/** Log₂ of the bytes of a key. */
const SHIFT: i32 = 4;

@inline
export function isSmall(key: i32): bool {
  return <u32>key < <u32>SmallKey.Most;
}

/** Are they here, with room for what may be known of a key? */
@inline
export function hasRoom(keys: usize, key: i32): bool {
  return key >= 0 && key < load<i32>(keys, WrittenKeys.SmallRoom * 4);
}

/** A number of a small key, -1: not known. */
@inline
export function get(keys: usize, key: i32, column: SmallKey): f64 {
  return hasRoom(keys, key) ? load<f64>(at(keys, key) + (column << 3)) - 1 : -1;
}

/** The same where there is room. */
@inline
export function set(keys: usize, key: i32, column: SmallKey, value: f64): void {
  store<f64>(at(keys, key) + (column << 3), value + 1);
}

/** Touches what is known of a key. */
@inline
export function touch(keys: usize, key: i32): void {
  load<i32>(keys != 0 && hasRoom(keys, key) ? at(keys, key) : 0);
}

@inline
function at(keys: usize, key: i32): usize {
  return load<u32>(keys, WrittenKeys.Small * 4) + (<usize>key << SHIFT);
}
