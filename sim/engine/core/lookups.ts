/** What components store by key: `Cache`, `Cdn` and `Database`, where nothing is out of the ordinary. */
import { Flag, Id, Status } from '../layout';
import { CopyF, Keys, Lookup, LookupF, LookupWhat, SmallKey, Write } from '../key-records';
import { Component } from '../records';
import * as copies from './copies';
import { find, isHere, recordOf, WRITE } from './key-table';
import { add, copyOf, drop, entryOf, isAlive, isListed, renew, replaceOldest } from './shelves';
import { clock, dataOf, flagsOf, grow, keyOf, nodeOf, opOf, setData, setStatus, startOf } from './tables';
import * as smallKeys from './small-keys';
import * as writes from './writes';

/** What is known of a component's stores, 0: the component must be asked. */
@inline
export function lookupOf(component: usize): usize {
  return load<u32>(component, Component.Lookup * 4);
}

/** Looks up what the row asks for by an operand. False: the component must be asked. */
export function look(at: usize, lookup: usize, operand: i32): bool {
  const what = load<i32>(lookup, Lookup.What * 4);
  if (operand != load<i32>(lookup, Lookup.Operand * 4)) {
    if (what == LookupWhat.Copy) return writes.act(at, lookup, operand);
    if (what != LookupWhat.Value) return false;
    if (operand == load<i32>(lookup, Lookup.Sets * 4)) return set(at, lookup);
    return operand == load<i32>(lookup, Lookup.Deletes * 4) && remove(at, lookup);
  }
  if (what == LookupWhat.Value) return get(at, lookup);
  if (what == LookupWhat.OnlyCopy) return read(at, lookup);
  if (what == LookupWhat.Copy) return copies.read(at, lookup);
  return lookAt(at, lookup, load<i32>(load<u32>(lookup, Lookup.Kinds * 4) + ((opOf(at) & 0xffff) << 2)));
}

/** `Serving.read` of what has one copy: it is as of now. */
function read(at: usize, lookup: usize): bool {
  grow(lookup, LookupF.Reads, 1);
  setData(at, clock());
  return true;
}

/** `Cache.get` */
function get(at: usize, lookup: usize): bool {
  const key = keyOf(at);
  const shelf = storeOf(lookup, nodeOf(at));
  if (load<u32>(shelf, Keys.Chains * 4) == 0) return false;
  const entry = entryOf(shelf, key);
  if (entry == Id.None) {
    if (load<i32>(lookup, Lookup.MissesToo * 4) == 0) return false;
    grow(lookup, LookupF.Misses, 1);
    setData(at, 0);
    setStatus(at, Status.Miss);
    return true;
  }
  const copy = copyOf(shelf, entry);
  if (!isAlive(copy)) return false;
  const version = load<f64>(copy, CopyF.Version * 8);
  if (dataOf(at) > version) grow(lookup, LookupF.StaleHits, 1);
  renew(shelf, entry);
  grow(lookup, LookupF.Hits, 1);
  setData(at, version);
  setStatus(at, Status.Ok);
  return true;
}

/** `Cache.set` */
function set(at: usize, lookup: usize): bool {
  const key = keyOf(at);
  const shelf = storeOf(lookup, nodeOf(at));
  if (load<u32>(shelf, Keys.Chains * 4) == 0) return false;
  let entry = entryOf(shelf, key);
  if (entry != Id.None) renew(shelf, entry);
  else if (load<i32>(shelf, Keys.Size * 4) < load<i32>(shelf, Keys.Most * 4)) {
    if (load<i32>(lookup, Lookup.Deletes * 4) == 0) return false;
    entry = add(shelf, key);
    if (entry == Id.None) return false;
  } else {
    if (!isListed(shelf)) return false;
    const lives = isAlive(copyOf(shelf, load<i32>(shelf, Keys.Oldest * 4)));
    grow(lookup, lives ? LookupF.Evictions : LookupF.Expired, 1);
    entry = replaceOldest(shelf, key);
  }
  const copy = copyOf(shelf, entry);
  const version = dataOf(at);
  store<f64>(copy, version > 0 ? version : clock(), CopyF.Version * 8);
  store<f64>(copy, clock() + load<f64>(lookup, LookupF.Life * 8), CopyF.End * 8);
  setStatus(at, Status.Ok);
  return true;
}

/** `Cache.delete` */
function remove(at: usize, lookup: usize): bool {
  const shelf = storeOf(lookup, nodeOf(at));
  if (load<u32>(shelf, Keys.Chains * 4) == 0) return false;
  const entry = entryOf(shelf, keyOf(at));
  if (entry != Id.None) drop(shelf, entry);
  setStatus(at, Status.Ok);
  return true;
}

/** `PointOfPresence.look` at a kind of content; below 0: at what is dynamic. */
function lookAt(at: usize, lookup: usize, kind: i32): bool {
  if ((flagsOf(at) & Flag.Work) != 0) return false;
  if (kind < 0) {
    grow(lookup, LookupF.Requests, 1);
    grow(lookup, LookupF.Passes, 1);
    setStatus(at, Status.Miss);
    return true;
  }
  const shelf = storeOf(lookup, nodeOf(at));
  if (load<u32>(shelf, Keys.Chains * 4) == 0) return false;
  const entry = entryOf(shelf, saltedKey(at, lookup, kind));
  if (entry == Id.None) return false;
  const copy = copyOf(shelf, entry);
  if (!isAlive(copy)) return false;
  const version = load<f64>(copy, CopyF.Version * 8);
  if (version != 0) {
    if (!areSourcesKnown(lookup)) return false;
    if (isStale(lookup, keyOf(at), version, startOf(at))) grow(lookup, LookupF.StaleHits, 1);
  }
  renew(shelf, entry);
  grow(lookup, LookupF.Requests, 1);
  grow(lookup, LookupF.Hits, 1);
  grow(lookup, LookupF.Bytes, load<f64>(load<u32>(lookup, Lookup.Sizes * 4) + (kind << 3)));
  setData(at, version);
  setStatus(at, Status.Ok);
  return true;
}

/** What a look at content comes to at a time to come, if nothing can come between: `Status.Ok` or `Status.Miss`; Id.None: that is not known yet. */
export function foretold(at: usize, lookup: usize, then: f64): i32 {
  if ((flagsOf(at) & Flag.Work) != 0) return Id.None;
  const kind = load<i32>(load<u32>(lookup, Lookup.Kinds * 4) + ((opOf(at) & 0xffff) << 2));
  if (kind < 0) return load<i32>(lookup, Lookup.Origin * 4) == Id.None ? Id.None : Status.Miss;
  const shelf = storeOf(lookup, nodeOf(at));
  if (load<i32>(lookup, Lookup.Steady * 4) == 0 || load<u32>(shelf, Keys.Chains * 4) == 0) return Id.None;
  const entry = entryOf(shelf, saltedKey(at, lookup, kind));
  if (entry == Id.None) return Id.None;
  const copy = copyOf(shelf, entry);
  // What is known of writes when the visit comes may have been forgotten when it is over.
  return then < load<f64>(copy, CopyF.End * 8) && load<f64>(copy, CopyF.Version * 8) == 0 ? Status.Ok : Id.None;
}

@inline
export function saltedKey(at: usize, lookup: usize, kind: i32): i32 {
  return keyOf(at) ^ saltOf(lookup, kind);
}

/** What tells the keys of a kind of content from those of another. */
@inline
export function saltOf(lookup: usize, kind: i32): i32 {
  return load<i32>(load<u32>(lookup, Lookup.Salts * 4) + (kind << 2));
}

@inline
export function storeOf(lookup: usize, node: i32): usize {
  return load<u32>(lookup, Lookup.Stores * 4) + (node - load<i32>(lookup, Lookup.FirstNode * 4)) * Keys.Bytes;
}

@inline
export function sourceAt(lookup: usize, i: i32): usize {
  return load<u32>(load<u32>(lookup, Lookup.Sources * 4) + (i << 2));
}

/** `Cache.lastWriteNs`, of sources that are known. */
export function lastWrite(lookup: usize, key: i32): f64 {
  let last: f64 = -1;
  const sources = load<i32>(lookup, Lookup.SourceCount * 4);
  for (let i = 0; i < sources; i++) {
    const keys = sourceAt(lookup, i);
    if (smallKeys.isSmall(key)) {
      last = max(last, smallKeys.get(keys, key, SmallKey.Version));
      continue;
    }
    const entry = find(keys, key, WRITE);
    if (entry != Id.None) last = max(last, load<f64>(recordOf(keys, entry, WRITE), Write.Version * 8));
  }
  return last;
}

/** Are the writes in this memory that make values stale? */
export function areSourcesKnown(lookup: usize): bool {
  const sources = load<i32>(lookup, Lookup.SourceCount * 4);
  for (let i = 0; i < sources; i++) {
    const keys = sourceAt(lookup, i);
    if (!isHere(keys)) return false;
  }
  return true;
}

/** `AcknowledgedWrites.isStale` of any of the component's. */
function isStale(lookup: usize, key: i32, asOf: f64, began: f64): bool {
  const sources = load<i32>(lookup, Lookup.SourceCount * 4);
  for (let i = 0; i < sources; i++) {
    const keys = sourceAt(lookup, i);
    const entry = find(keys, key, WRITE);
    if (entry == Id.None) continue;
    const write = recordOf(keys, entry, WRITE);
    if (load<f64>(write, Write.Time * 8) <= began) {
      if (load<f64>(write, Write.Version * 8) > asOf) return true;
    } else if (load<f64>(write, Write.TimeBefore * 8) <= began && load<f64>(write, Write.VersionBefore * 8) > asOf) return true;
  }
  return false;
}
