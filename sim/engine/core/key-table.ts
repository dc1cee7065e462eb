/** Key tables: how `KeyTable` finds a key. What the core adds and drops, shelves.ts does. A table is the address of its record, see `Keys`. */
import { Id } from '../layout';
import { Keys, WrittenKeys } from '../key-records';

/** Log₂ of the bytes of a record of acknowledged writes (`Write`), and of last versions (`LastVersion`). */
export const WRITE: i32 = 6;
export const LAST_VERSION: i32 = 4;

/** Are acknowledged writes, or last versions, in this memory? */
@inline
export function isHere(keys: usize): bool {
  return keys != 0 && load<i32>(keys, Keys.Chains * 4) != 0 && load<i32>(keys, WrittenKeys.SmallRoom * 4) >= 0;
}

/** Where an entry's record is, of 2^`shift` bytes. */
@inline
export function recordOf(keys: usize, entry: i32, shift: i32): usize {
  return load<u32>(keys, Keys.Records * 4) + (entry << shift);
}

/** Where the chain of a key begins. */
@inline
export function chainOf(keys: usize, key: i32): usize {
  return load<u32>(keys, Keys.Chains * 4) + ((spread(key) & load<i32>(keys, Keys.Mask * 4)) << 2);
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

/** Is there room for one more key as the table is? */
@inline
export function hasRoom(keys: usize): bool {
  return load<i32>(keys, Keys.Free * 4) != 0 || load<i32>(keys, Keys.Used * 4) < load<i32>(keys, Keys.Capacity * 4);
}

/** `KeyTable.add`, where there is room, in a table whose records take 2^`shift` bytes. */
export function add(keys: usize, key: i32, shift: i32): i32 {
  let entry = load<i32>(keys, Keys.Free * 4) - 1;
  if (entry != Id.None) store<i32>(keys, load<i32>(recordOf(keys, entry, shift), 4), Keys.Free * 4);
  else {
    entry = load<i32>(keys, Keys.Used * 4);
    store<i32>(keys, entry + 1, Keys.Used * 4);
  }
  store<i32>(keys, load<i32>(keys, Keys.Size * 4) + 1, Keys.Size * 4);
  place(keys, entry, key, shift);
  return entry;
}

/** Puts an entry into the chain of its key. */
@inline
export function place(keys: usize, entry: i32, key: i32, shift: i32): void {
  const chain = chainOf(keys, key);
  const record = recordOf(keys, entry, shift);
  store<i32>(record, key);
  store<i32>(record, load<i32>(chain), 4);
  store<i32>(chain, entry + 1);
}

/** `spread` */
@inline
function spread(key: i32): i32 {
  return (mixKey(key >>> 4) << 4) | (key & 15);
}

/** `mixKey` */
@inline
export function mixKey(key: i32): i32 {
  let h = (key ^ (key >>> 16)) * 0x21f0aaad;
  h = (h ^ (h >>> 15)) * 0x735a2d97;
  return h ^ (h >>> 15);
}
