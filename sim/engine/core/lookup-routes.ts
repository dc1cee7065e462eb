/** How calls come to a node of a component, and go on from there: `Cache.route`, `Anycast.from`, and what a `Cdn` passes on. */
import { Id, Status } from '../layout';
import { Errand, Lookup, LookupF, LookupRoute } from '../key-records';
import { mixKey } from './key-table';
import { count } from './lookups';
import {
  bump,
  clock,
  dataOf,
  keyOf,
  nodeOf,
  opOf,
  parentOf,
  rowAt,
  setData,
  setJoin,
  setStatus,
  userOf,
} from './tables';

/** May the core route calls to the component? */
@inline
export function routes(lookup: usize): bool {
  return lookup != 0 && load<i32>(lookup, Lookup.Routes * 4) != LookupRoute.Asked;
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
  bump(outstandingOf(lookup, nodeOf(at)), 0, 1);
  return origin;
}

/** Does the core know what an answer from an errand comes to? */
@inline
export function knowsErrand(errand: i32, lookup: usize): bool {
  return errand == Errand.Origin && load<u32>(lookup, Lookup.Kinds * 4) != 0;
}

/** `Cdn.returned` from an errand. False: the component must be asked. */
export function comesBack(errand: i32, node: i32, lookup: usize): bool {
  if (!knowsErrand(errand, lookup)) return false;
  count(lookup, LookupF.ToOrigin, 1);
  bump(outstandingOf(lookup, node), 0, -1);
  return true;
}

@inline
function outstandingOf(lookup: usize, node: i32): usize {
  return load<u32>(lookup, Lookup.Outstanding * 4) + ((node - load<i32>(lookup, Lookup.FirstNode * 4)) << 2);
}
