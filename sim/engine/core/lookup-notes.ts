/** The keys that are about to be looked up, fetched ahead: see foresight.ts. */
import { Copy, Keys, Lookup, LookupWhat } from '../key-records';
import { Id } from '../layout';
import { chainOf } from './key-table';
import { lookupOf, saltedKey, storeOf } from './lookups';
import * as nodes from './nodes';
import { copyOf } from './shelves';
import { keyOf, nodeOf, opOf } from './tables';

/** Bytes of a note of a key: the store, and where its chain begins, then its entry. */
export const NOTE: i32 = 8;

/** Touches the chain of the key that a row is about to look up at its node, and notes it. False: it is not. */
export function touchChain(at: usize, n: usize, note: usize): bool {
  const lookup = lookupOf(nodes.componentIn(n));
  if (lookup == 0 || load<i32>(lookup, Lookup.What * 4) >= LookupWhat.OnlyCopy) return false;
  const shelf = storeOf(lookup, nodeOf(at));
  if (load<u32>(shelf, Keys.Chains * 4) == 0) return false;
  const kinds = load<u32>(lookup, Lookup.Kinds * 4);
  const kind = kinds == 0 ? Id.None : load<i32>(kinds + ((opOf(at) & 0xffff) << 2));
  if (kinds != 0 && kind < 0) return false;
  const chain = chainOf(shelf, kinds == 0 ? keyOf(at) : saltedKey(at, lookup, kind));
  load<i32>(chain);
  store<u32>(note, <u32>shelf);
  store<u32>(note, <u32>chain, 4);
  return true;
}

/** Touches the first entry of that chain. */
export function touchEntry(note: usize): void {
  const shelf = <usize>load<u32>(note);
  const entry = load<i32>(<usize>load<u32>(note, 4)) - 1;
  const copy = entry < 0 ? 0 : copyOf(shelf, entry);
  store<u32>(note, <u32>copy, 4);
  if (copy != 0) load<i32>(copy);
}

/** Touches what stands before and after that entry in the order in which a store forgets. */
export function touchNeighbours(note: usize): void {
  const shelf = <usize>load<u32>(note);
  const copy = <usize>load<u32>(note, 4);
  if (copy == 0 || load<i32>(shelf, Keys.Renews * 4) == 0) return;
  const older = load<i32>(copy, Copy.Older * 4);
  const newer = load<i32>(copy, Copy.Newer * 4);
  if (older >= 0) load<i32>(copyOf(shelf, older));
  if (newer >= 0) load<i32>(copyOf(shelf, newer));
}
