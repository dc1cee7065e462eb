/** Stores of keys in the order in which they forget them: `Store` with `Recency`. A store is the address of its `Keys`. */
import { Id } from '../layout';
import { Copy, CopyF, Keys } from '../key-records';
import { chainOf, find, recordOf } from './key-table';
import { clock } from './tables';

/** Log₂ of the bytes of a record. */
const SHIFT: i32 = 5;

/** The entry of a key, Id.None: it is not there. */
@inline
export function entryOf(shelf: usize, key: i32): i32 {
  return find(shelf, key, SHIFT);
}

/** The record of an entry: see `Copy`. */
@inline
export function copyOf(shelf: usize, entry: i32): usize {
  return recordOf(shelf, entry, SHIFT);
}

@inline
export function isAlive(copy: usize): bool {
  return clock() < load<f64>(copy, CopyF.End * 8);
}

/** `Recency.read` */
export function renew(shelf: usize, entry: i32): void {
  if (load<i32>(shelf, Keys.Renews * 4) != 0 && entry != load<i32>(shelf, Keys.Newest * 4)) putLast(shelf, entry);
}

/** The entry to evict first becomes one of another key, as if it had been dropped and the key added. Returns it. */
export function replaceOldest(shelf: usize, key: i32): i32 {
  const entry = load<i32>(shelf, Keys.Oldest * 4);
  const copy = copyOf(shelf, entry);
  let link = chainOf(shelf, load<i32>(copy));
  while (load<i32>(link) != entry + 1) link = copyOf(shelf, load<i32>(link) - 1) + 4;
  store<i32>(link, load<i32>(copy, 4));
  const chain = chainOf(shelf, key);
  store<i32>(copy, key);
  store<i32>(copy, load<i32>(chain), 4);
  store<i32>(chain, entry + 1);
  if (entry != load<i32>(shelf, Keys.Newest * 4)) putLast(shelf, entry);
  return entry;
}

/** An entry that is not the last to be evicted becomes it. */
function putLast(shelf: usize, entry: i32): void {
  const newest = load<i32>(shelf, Keys.Newest * 4);
  const copy = copyOf(shelf, entry);
  const before = load<i32>(copy, Copy.Older * 4);
  const after = load<i32>(copy, Copy.Newer * 4);
  if (before == Id.None) store<i32>(shelf, after, Keys.Oldest * 4);
  else store<i32>(copyOf(shelf, before), after, Copy.Newer * 4);
  // There is one after it, since it is not the last.
  store<i32>(copyOf(shelf, after), before, Copy.Older * 4);
  store<i32>(copy, newest, Copy.Older * 4);
  store<i32>(copy, Id.None, Copy.Newer * 4);
  store<i32>(copyOf(shelf, newest), entry, Copy.Newer * 4);
  store<i32>(shelf, entry, Keys.Newest * 4);
}
