/** The keys that are about to be looked up, fetched ahead: see foresight.ts. */
import { Copy, Keys, Lookup, LookupWhat } from '../key-records';
import { Code, Id, Kind, Route, Verb } from '../layout';
import { Component, PopCol, Site, Visits } from '../records';
import { Slot } from '../slots';
import { chainOf } from './key-table';
import { keyFor } from './keys';
import { nearest } from './lookup-routes';
import { lookupOf, saltedKey, saltOf, sourceAt, storeOf } from './lookups';
import * as nodes from './nodes';
import * as requests from './requests';
import { copyOf } from './shelves';
import * as smallKeys from './small-keys';
import { componentAt, keyOf, kindOf, nodeOf, opOf, pcOf, populationAt, siteAt, table } from './tables';
import * as thinkers from './thinkers';

/** Bytes of a note of a key: its store, where its chain begins there, then its record, and the key. A row has one at most. */
export const NOTE: i32 = 12;

/** Notes the keys that a row is about to look up at its node. Returns where the notes end. */
export function note(at: usize, n: usize, notes: usize): usize {
  const lookup = lookupOf(nodes.componentIn(n));
  // Of who arrives the next instruction is any number.
  if (lookup == 0 && kindOf(at) == Kind.CpuDone) touchWritten(at);
  if (lookup == 0 || load<i32>(lookup, Lookup.What * 4) >= LookupWhat.OnlyCopy) return notes;
  const kinds = load<u32>(lookup, Lookup.Kinds * 4);
  const kind = kinds == 0 ? Id.None : load<i32>(kinds + ((opOf(at) & 0xffff) << 2));
  if (kinds != 0) {
    if (kind < 0) return notes;
    return put(notes, storeOf(lookup, nodeOf(at)), saltedKey(at, lookup, kind));
  }
  return put(notes, storeOf(lookup, nodeOf(at)), keyOf(at));
}

/** Notes the key that a user who asks is about to look up where the request arrives, if all of that will be booked then. Returns where the notes end. */
export function noteOfUser(what: i64, who: i64, notes: usize): usize {
  const p = populationAt(~(<i32>what));
  if (thinkers.firstHopOf(p) == 0) return notes;
  const a = <i32>who;
  const b = <i32>(who >> 32);
  const site = siteAt(requests.siteFor(p, a, b));
  const component = componentAt(load<i32>(site, Site.Target * 4));
  if (load<i32>(component, Component.Visits * 4) == Visits.None) return notes;
  const lookup = lookupOf(component);
  const kinds = load<u32>(lookup, Lookup.Kinds * 4);
  const kind = kinds == 0 ? Id.None : load<i32>(kinds + (load<i32>(site, Site.Op * 4) << 2));
  if (kind < 0) return notes;
  const node = load<i32>(site, Site.Route * 4) == Route.Single
    ? load<i32>(site, Site.FirstNode * 4)
    : nearest(lookup, load<i32>(p, PopCol.Node * 4), <i32>(what >> 32));
  if (node < 0) return notes;
  return put(notes, storeOf(lookup, node), keyFor(p, a, b) ^ saltOf(lookup, kind));
}

/** Touches the last write of the key that a row whose step ends is about to ask a cache for: see `lastWrite`. */
@inline
function touchWritten(at: usize): void {
  const code = table(Slot.Code) + (((pcOf(at) + 1) * Code.Width) << 2);
  if (load<i32>(code) != Verb.Call) return;
  const called = lookupOf(componentAt(load<i32>(siteAt(load<i32>(code, 4)), Site.Target * 4)));
  if (called == 0 || load<i32>(called, Lookup.SourceCount * 4) == 0) return;
  smallKeys.touch(sourceAt(called, 0), keyOf(at));
}

/** Notes a key of a store, if that is here. */
@inline
function put(notes: usize, keys: usize, key: i32): usize {
  if (load<u32>(keys, Keys.Chains * 4) == 0) return notes;
  store<u32>(notes, <u32>keys);
  store<u32>(notes, <u32>chainOf(keys, key), 4);
  store<i32>(notes, key, 8);
  return notes + NOTE;
}

/** Touches that chain. */
@inline
export function touchChain(note: usize): void {
  load<i32>(<usize>load<u32>(note, 4));
}

/** Touches the first entry of that chain. */
@inline
export function touchFirst(note: usize): void {
  const entry = load<i32>(<usize>load<u32>(note, 4)) - 1;
  const record = entry < 0 ? 0 : copyOf(<usize>load<u32>(note), entry);
  store<u32>(note, <u32>record, 4);
  load<i32>(record);
}

/** Touches the second entry of the chain, if the first is of another key. */
@inline
export function touchSecond(note: usize): void {
  const first = <usize>load<u32>(note, 4);
  if (first == 0 || load<i32>(first) == load<i32>(note, 8)) return;
  const entry = load<i32>(first, 4) - 1;
  if (entry < 0) return;
  const record = copyOf(<usize>load<u32>(note), entry);
  store<u32>(note, <u32>record, 4);
  load<i32>(record);
}

/** Touches what stands before and after the last of these in the order in which a store forgets. */
@inline
export function touchNeighbours(note: usize): void {
  const shelf = <usize>load<u32>(note);
  const copy = <usize>load<u32>(note, 4);
  if (copy == 0 || (load<i32>(shelf, Keys.Renews * 4) & load<i32>(shelf, Keys.Listed * 4)) == 0) return;
  load<i32>(copyOf(shelf, max(load<i32>(copy, Copy.Older * 4), 0)));
  load<i32>(copyOf(shelf, max(load<i32>(copy, Copy.Newer * 4), 0)));
}
