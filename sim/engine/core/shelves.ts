/** Stores of keys in the order in which they forget them: `Store` with `Recency`. A store is the address of its `Keys`. */
import { Id } from '../layout';
import { Copy, CopyF, Keys, KeysF } from '../key-records';
import { add as addKey, chainOf, find, hasRoom, place, recordOf } from './key-table';
import { bump, clock } from './tables';

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

/** `Recency.isListed` */
@inline
export function isListed(shelf: usize): bool {
  return load<i32>(shelf, Keys.Listed * 4) != 0;
}

/** `Recency.read` */
export function renew(shelf: usize, entry: i32): void {
  if (load<i32>(shelf, Keys.Renews * 4) == 0) return;
  if (!isListed(shelf)) use(shelf, entry);
  else if (entry != load<i32>(shelf, Keys.Newest * 4)) putLast(shelf, entry);
}

/** `Recency.use` */
@inline
function use(shelf: usize, entry: i32): void {
  const uses = load<f64>(shelf, KeysF.Uses * 8) + 1;
  store<f64>(shelf, uses, KeysF.Uses * 8);
  store<f64>(copyOf(shelf, entry), uses, CopyF.Use * 8);
}

/** Adds a key that is not there, where there is no need to evict. Returns its entry, Id.None: the table must grow. */
export function add(shelf: usize, key: i32): i32 {
  if (!hasRoom(shelf)) return Id.None;
  const entry = addKey(shelf, key, SHIFT);
  if (isListed(shelf)) append(shelf, entry);
  else use(shelf, entry);
  return entry;
}

/** Drops an entry. */
export function drop(shelf: usize, entry: i32): void {
  if (isListed(shelf)) unlink(shelf, entry);
  displace(shelf, entry);
  store<i32>(copyOf(shelf, entry), load<i32>(shelf, Keys.Free * 4), 4);
  store<i32>(shelf, entry + 1, Keys.Free * 4);
  bump(shelf, Keys.Size, -1);
}

/** Where entries are listed, the one to evict first becomes one of another key, as if it had been dropped and the key added. Returns it. */
export function replaceOldest(shelf: usize, key: i32): i32 {
  const entry = load<i32>(shelf, Keys.Oldest * 4);
  displace(shelf, entry);
  place(shelf, entry, key, SHIFT);
  if (entry != load<i32>(shelf, Keys.Newest * 4)) putLast(shelf, entry);
  return entry;
}

/** The next entry of a record's chain, or of those that are free, plus 1. */
@inline
function linkOf(copy: usize): i32 {
  return load<i32>(copy, 4);
}

/** Takes an entry out of the chain of its key. */
@inline
function displace(shelf: usize, entry: i32): void {
  const copy = copyOf(shelf, entry);
  let link = chainOf(shelf, load<i32>(copy));
  while (load<i32>(link) != entry + 1) link = copyOf(shelf, load<i32>(link) - 1) + 4;
  store<i32>(link, linkOf(copy));
}

/** An entry becomes the last to be evicted. */
function putLast(shelf: usize, entry: i32): void {
  unlink(shelf, entry);
  append(shelf, entry);
}

/** `Recency.append` */
@inline
function append(shelf: usize, entry: i32): void {
  const newest = load<i32>(shelf, Keys.Newest * 4);
  const copy = copyOf(shelf, entry);
  store<i32>(copy, newest, Copy.Older * 4);
  store<i32>(copy, Id.None, Copy.Newer * 4);
  if (newest == Id.None) store<i32>(shelf, entry, Keys.Oldest * 4);
  else store<i32>(copyOf(shelf, newest), entry, Copy.Newer * 4);
  store<i32>(shelf, entry, Keys.Newest * 4);
}

/** `Recency.unlink` */
@inline
function unlink(shelf: usize, entry: i32): void {
  const copy = copyOf(shelf, entry);
  const before = load<i32>(copy, Copy.Older * 4);
  const after = load<i32>(copy, Copy.Newer * 4);
  if (before == Id.None) store<i32>(shelf, after, Keys.Oldest * 4);
  else store<i32>(copyOf(shelf, before), after, Copy.Newer * 4);
  if (after == Id.None) store<i32>(shelf, before, Keys.Newest * 4);
  else store<i32>(copyOf(shelf, after), before, Copy.Older * 4);
}
