/** What components store by key: `Cache`, `Cdn` and `Database`, how calls come to a node and look there, where nothing is out of the ordinary. */
import { Flag, Id, Status } from '../layout';
import { Copy, CopyF, Errand, Keys, Lookup, LookupF, LookupRoute, LookupWhat } from '../records';
import { Slot } from '../slots';
import { chainOf, find, mixKey, recordOf } from './key-table';
import * as nodes from './nodes';
import {
  bump,
  clock,
  dataOf,
  flagsOf,
  i32At,
  keyOf,
  nodeOf,
  opOf,
  parentOf,
  rowAt,
  setData,
  setFlags,
  setJoin,
  startOf,
  userOf,
} from './tables';

/** Log₂ of the bytes of records: those of stores, and those that are no more than a key and its link. */
const COPY: i32 = 5;
const BARE: i32 = 3;

/** What is known of a component's stores, 0: the component must be asked. */
@inline
export function lookupOf(component: i32): usize {
  return <usize>i32At(Slot.Lookups, component);
}

/** Looks up what the row asks for by an operand. False: the component must be asked. */
export function look(at: usize, lookup: usize, operand: i32): bool {
  const what = load<i32>(lookup, Lookup.What * 4);
  if (operand != load<i32>(lookup, Lookup.Operand * 4))
    return what == LookupWhat.Value && operand == load<i32>(lookup, Lookup.Sets * 4) && set(at, lookup);
  if (what == LookupWhat.Value) return get(at, lookup);
  if (what == LookupWhat.OnlyCopy) return read(at, lookup);
  return lookAt(at, lookup, load<i32>(load<u32>(lookup, Lookup.Kinds * 4) + ((opOf(at) & 0xffff) << 2)));
}

/** `Serving.read` of what has one copy: it is as of now. */
function read(at: usize, lookup: usize): bool {
  count(lookup, LookupF.Reads, 1);
  setData(at, clock());
  return true;
}

/** `Cache.get` */
function get(at: usize, lookup: usize): bool {
  const key = keyOf(at);
  const shelf = storeOf(lookup, nodeOf(at));
  if (load<u32>(shelf, Keys.Chains * 4) == 0) return false;
  const entry = find(shelf, key, COPY);
  if (entry == Id.None) {
    if (load<i32>(lookup, Lookup.MissesToo * 4) == 0) return false;
    count(lookup, LookupF.Misses, 1);
    setData(at, 0);
    setStatus(at, Status.Miss);
    return true;
  }
  const copy = copyOf(shelf, entry);
  if (!(clock() < load<f64>(copy, CopyF.End * 8))) return false;
  const version = load<f64>(copy, CopyF.Version * 8);
  if (!areSourcesKnown(lookup)) return false;
  if (isStale(lookup, key, version, dataOf(at))) count(lookup, LookupF.StaleHits, 1);
  renew(shelf, entry);
  count(lookup, LookupF.Hits, 1);
  setData(at, version);
  setStatus(at, Status.Ok);
  return true;
}

/** `Cache.set` of a key that is there, or that takes the place of another one. */
function set(at: usize, lookup: usize): bool {
  const key = keyOf(at);
  const shelf = storeOf(lookup, nodeOf(at));
  if (load<u32>(shelf, Keys.Chains * 4) == 0) return false;
  let entry = find(shelf, key, COPY);
  if (entry != Id.None) renew(shelf, entry);
  else if (load<i32>(shelf, Keys.Full * 4) == 0) return false;
  else entry = replaceOldest(shelf, lookup, key);
  const copy = copyOf(shelf, entry);
  const version = dataOf(at);
  store<f64>(copy, version > 0 ? version : clock(), CopyF.Version * 8);
  store<f64>(copy, clock() + load<f64>(lookup, LookupF.Life * 8), CopyF.End * 8);
  setStatus(at, Status.Ok);
  return true;
}

/** The entry to evict first becomes one of another key: `Store.makeRoom`, and `KeyTable.add`. Returns it. */
function replaceOldest(shelf: usize, lookup: usize, key: i32): i32 {
  const entry = load<i32>(shelf, Keys.Oldest * 4);
  const copy = copyOf(shelf, entry);
  count(lookup, clock() < load<f64>(copy, CopyF.End * 8) ? LookupF.Evictions : LookupF.Expired, 1);
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

/** `PointOfPresence.look` at a kind of content; below 0: at what is dynamic. */
function lookAt(at: usize, lookup: usize, kind: i32): bool {
  if ((flagsOf(at) & Flag.Work) != 0) return false;
  if (kind < 0) {
    count(lookup, LookupF.Requests, 1);
    count(lookup, LookupF.Passes, 1);
    setStatus(at, Status.Miss);
    return true;
  }
  const shelf = storeOf(lookup, nodeOf(at));
  if (load<u32>(shelf, Keys.Chains * 4) == 0) return false;
  const entry = find(shelf, saltedKey(at, lookup, kind), COPY);
  if (entry == Id.None) return false;
  const copy = copyOf(shelf, entry);
  if (!(clock() < load<f64>(copy, CopyF.End * 8))) return false;
  const version = load<f64>(copy, CopyF.Version * 8);
  if (version != 0) {
    if (!areSourcesKnown(lookup)) return false;
    if (isStale(lookup, keyOf(at), version, startOf(at))) count(lookup, LookupF.StaleHits, 1);
  }
  renew(shelf, entry);
  count(lookup, LookupF.Requests, 1);
  count(lookup, LookupF.Hits, 1);
  count(lookup, LookupF.Bytes, load<f64>(load<u32>(lookup, Lookup.Sizes * 4) + (kind << 3)));
  setData(at, version);
  setStatus(at, Status.Ok);
  return true;
}

/** The node that a call goes to, of a component that `routes`. Id.None: there is no way to any. */
export function route(at: usize, lookup: usize): i32 {
  return load<i32>(lookup, Lookup.Routes * 4) == LookupRoute.Owner ? routeToOwner(at, lookup) : routeToNearest(at, lookup);
}

/** `Cache.route` */
function routeToOwner(at: usize, lookup: usize): i32 {
  const isSet = (opOf(at) & 0xffff) == load<i32>(lookup, Lookup.SetOperation * 4);
  setData(at, isSet ? dataOf(rowAt(parentOf(at))) : clock());
  const first = load<i32>(lookup, Lookup.FirstNode * 4);
  return load<u32>(lookup, Lookup.Places * 4) == 0 ? first : first + ownerOf(lookup, keyOf(at));
}

/** `Anycast.from` */
function routeToNearest(at: usize, lookup: usize): i32 {
  const caller = nodeOf(rowAt(parentOf(at)));
  const place = load<i32>(load<u32>(lookup, Lookup.PlaceOf * 4) + (caller << 2));
  const list = load<u32>(lookup, Lookup.Nearest * 4) + ((place * load<i32>(lookup, Lookup.NearestRoom * 4)) << 2);
  const length = load<u32>(list);
  return length == 0 ? Id.None : load<i32>(list + ((<u32>userOf(at) % length) << 2), 4);
}

/** `Cdn.choose` for what is dynamic. Returns the node that the row goes to, Id.None: the component must be asked. */
export function passOn(at: usize, lookup: usize): i32 {
  const kinds = load<u32>(lookup, Lookup.Kinds * 4);
  if (kinds == 0 || load<i32>(kinds + ((opOf(at) & 0xffff) << 2)) >= 0) return Id.None;
  const origin = load<i32>(lookup, Lookup.Origin * 4);
  if (origin == Id.None) return Id.None;
  setStatus(at, Status.Ok);
  setJoin(at, Errand.Origin);
  count(lookup, LookupF.Turn, 1);
  bump(outstandingOf(lookup, nodeOf(at)), 1);
  return origin;
}

/** `Cdn.returned` from an errand. False: the component must be asked. */
export function comesBack(errand: i32, node: i32, lookup: usize): bool {
  if (errand != Errand.Origin || load<u32>(lookup, Lookup.Kinds * 4) == 0) return false;
  count(lookup, LookupF.ToOrigin, 1);
  bump(outstandingOf(lookup, node), -1);
  return true;
}

@inline
function outstandingOf(lookup: usize, node: i32): usize {
  return load<u32>(lookup, Lookup.Outstanding * 4) + ((node - load<i32>(lookup, Lookup.FirstNode * 4)) << 2);
}

/** `HashRing.ownerOf` */
function ownerOf(lookup: usize, key: i32): i32 {
  const hash: u32 = mixKey(key);
  const places = load<u32>(lookup, Lookup.Places * 4);
  const length = load<i32>(lookup, Lookup.Length * 4);
  const part = hash >>> load<u32>(lookup, Lookup.PartShift * 4);
  let at = load<i32>(load<u32>(lookup, Lookup.Parts * 4) + (part << 2));
  while (at < length && load<u32>(places + (at << 2)) < hash) at++;
  return load<i32>(load<u32>(lookup, Lookup.Owners * 4) + ((at == length ? 0 : at) << 2));
}

/** May the core route calls to the component? */
@inline
export function routes(lookup: usize): bool {
  return lookup != 0 && load<i32>(lookup, Lookup.Routes * 4) != LookupRoute.Asked;
}

/** Bytes of a note of a key: the store, and where its chain begins, then its entry. */
export const NOTE: i32 = 8;

/** Touches the chain of the key that a row is about to look up at its node, and notes it: see foresight.ts. False: it is not. */
export function touchChain(at: usize, n: usize, note: usize): bool {
  const lookup = lookupOf(nodes.componentIn(n));
  if (lookup == 0 || load<i32>(lookup, Lookup.What * 4) == LookupWhat.OnlyCopy) return false;
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

@inline
function saltedKey(at: usize, lookup: usize, kind: i32): i32 {
  return keyOf(at) ^ load<i32>(load<u32>(lookup, Lookup.Salts * 4) + (kind << 2));
}

@inline
function storeOf(lookup: usize, node: i32): usize {
  return load<u32>(lookup, Lookup.Stores * 4) + (node - load<i32>(lookup, Lookup.FirstNode * 4)) * Keys.Bytes;
}

/** `Recency.read` */
function renew(shelf: usize, entry: i32): void {
  if (load<i32>(shelf, Keys.Renews * 4) != 0 && entry != load<i32>(shelf, Keys.Newest * 4)) putLast(shelf, entry);
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

/** The record of an entry of a store: see `Copy`. */
@inline
function copyOf(shelf: usize, entry: i32): usize {
  return recordOf(shelf, entry, COPY);
}

@inline
function sourceAt(lookup: usize, i: i32): usize {
  return load<u32>(load<u32>(lookup, Lookup.Sources * 4) + (i << 2));
}

/** Are the writes in this memory that make values stale? */
function areSourcesKnown(lookup: usize): bool {
  const sources = load<i32>(lookup, Lookup.SourceCount * 4);
  for (let i = 0; i < sources; i++) {
    const keys = sourceAt(lookup, i);
    if (keys == 0 || load<i32>(keys, Keys.Chains * 4) == 0 || load<i32>(keys, Keys.Times * 4) == 0) return false;
  }
  return true;
}

/** `AcknowledgedWrites.isStale` of any of the component's. */
function isStale(lookup: usize, key: i32, asOf: f64, began: f64): bool {
  const sources = load<i32>(lookup, Lookup.SourceCount * 4);
  for (let i = 0; i < sources; i++) {
    const keys = sourceAt(lookup, i);
    const entry = find(keys, key, BARE);
    if (entry == Id.None) continue;
    const times = load<u32>(keys, Keys.Times * 4) + (entry << 5);
    if (load<f64>(times, 8) <= began) {
      if (load<f64>(times) > asOf) return true;
    } else if (load<f64>(times, 24) <= began && load<f64>(times, 16) > asOf) return true;
  }
  return false;
}

@inline
function count(lookup: usize, counter: LookupF, by: f64): void {
  const at = lookup + (counter << 3);
  store<f64>(at, load<f64>(at) + by);
}

@inline
function setStatus(at: usize, status: i32): void {
  setFlags(at, (flagsOf(at) & ~Flag.StatusMask) | status);
}
