/** How calls come to a node of a component, and go on from there: `Cache.route`, `Anycast.from`, and what a `Cdn` passes on. */
import { Id, Status } from '../layout';
import { Errand, Lookup, LookupF, LookupRoute } from '../key-records';
import * as copies from './copies';
import { ownerOf } from './hash-ring';
import * as lookups from './lookups';
import {
  bump,
  clock,
  dataOf,
  grow,
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

/** The node that a call of a site goes to, of a component that `routes`. Id.None: there is no way to any; Id.Asked: ask the component. */
export function route(at: usize, lookup: usize, site: usize): i32 {
  const how = load<i32>(lookup, Lookup.Routes * 4);
  if (how == LookupRoute.Owner) return routeToOwner(at, lookup);
  return how == LookupRoute.Copies ? copies.route(at, lookup, site) : routeToNearest(at, lookup);
}

/** `Cache.route` */
function routeToOwner(at: usize, lookup: usize): i32 {
  const operation = opOf(at) & 0xffff;
  if (operation == load<i32>(lookup, Lookup.GetOperation * 4)) {
    if (!lookups.areSourcesKnown(lookup)) return Id.Asked;
    setData(at, lookups.lastWrite(lookup, keyOf(at)));
  } else if (operation == load<i32>(lookup, Lookup.SetOperation * 4)) setData(at, dataOf(rowAt(parentOf(at))));
  else setData(at, clock());
  const first = load<i32>(lookup, Lookup.FirstNode * 4);
  return load<u32>(lookup, Lookup.Places * 4) == 0 ? first : first + ownerOf(lookup, keyOf(at));
}

/** `Anycast.from` */
function routeToNearest(at: usize, lookup: usize): i32 {
  return nearest(lookup, nodeOf(rowAt(parentOf(at))), userOf(at));
}

/** The node that is nearest to a caller, Id.None: there is no way to any. */
@inline
export function nearest(lookup: usize, caller: i32, user: i32): i32 {
  const place = load<i32>(load<u32>(lookup, Lookup.PlaceOf * 4) + (caller << 2));
  const list = load<u32>(lookup, Lookup.Nearest * 4) + ((place * load<i32>(lookup, Lookup.NearestRoom * 4)) << 2);
  const length = load<u32>(list);
  return length == 0 ? Id.None : load<i32>(list + ((<u32>user % length) << 2), 4);
}

/** `Cdn.choose` for what is dynamic. Returns the node that the row goes to, Id.None: the component must be asked. */
export function passOn(at: usize, lookup: usize): i32 {
  const kinds = load<u32>(lookup, Lookup.Kinds * 4);
  if (kinds == 0 || load<i32>(kinds + ((opOf(at) & 0xffff) << 2)) >= 0) return Id.None;
  const origin = load<i32>(lookup, Lookup.Origin * 4);
  if (origin == Id.None) return Id.None;
  setStatus(at, Status.Ok);
  setJoin(at, Errand.Origin);
  grow(lookup, LookupF.Turn, 1);
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
  grow(lookup, LookupF.ToOrigin, 1);
  bump(outstandingOf(lookup, node), 0, -1);
  return true;
}

@inline
function outstandingOf(lookup: usize, node: i32): usize {
  return load<u32>(lookup, Lookup.Outstanding * 4) + ((node - load<i32>(lookup, Lookup.FirstNode * 4)) << 2);
}
