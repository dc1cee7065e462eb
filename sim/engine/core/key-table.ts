/** Key tables: how `KeyTable` finds a key. What the core adds and drops, shelves.ts does. A table is the address of its record, see `Keys`. */
import { Id } from '../layout';
import { Keys } from '../key-records';

/** Where an entry's record is, of 2^`shift` bytes. */
@inline
export function recordOf(keys: usize, entry: i32, shift: i32): usize {
  return load<u32>(keys, Keys.Records * 4) + (entry << shift);
}

/** Where the chain of a key begins. */
@inline
export function chainOf(keys: usize, key: i32): usize {
  return load<u32>(keys, Keys.Chains * 4) + ((mixKey(key) & load<i32>(keys, Keys.Mask * 4)) << 2);
}

/** `KeyTable.find` in a table whose records take 2^`shift` bytes. */
@inline
export function find(keys: usize, key: i32, shift: i32): i32 {
  let entry = load<i32>(chainOf(keys, key)) - 1;
  while (entry != Id.None) {
    const record = recordOf(keys, entry, shift);
    if (load<i32>(record) == key) break;
    entry = load<i32>(record, 4) - 1;
  }
  return entry;
}

/** `mixKey` */
@inline
export function mixKey(key: i32): i32 {
  let h = (key ^ (key >>> 16)) * 0x21f0aaad;
  h = (h ^ (h >>> 15)) * 0x735a2d97;
  return h ^ (h >>> 15);
}
