/** What a caller does: `Calls`, where nothing is out of the ordinary. Functions that return a row say which one goes on at once, Id.None: none. */
import { Code, Flag, Id, KeyFrom, Kind, Route, Status } from '../layout';
import { Node, Site } from '../records';
import { Slot } from '../slots';
import { isPaused } from './circumstances';
import * as holdings from './holdings';
import * as host from './host';
import * as lanes from './lanes';
import * as lookupRoutes from './lookup-routes';
import * as lookups from './lookups';
import * as nodes from './nodes';
import { free, take } from './pool';
import * as programs from './programs';
import { derive } from './counter';
import * as requests from './requests';
import * as spans from './spans';
import * as stations from './stations';
import * as transit from './transit';
import {
  attemptOf,
  callingOf,
  clock,
  componentAt,
  dataOf,
  flagsOf,
  genOf,
  i32At,
  idAOf,
  idBOf,
  keyOf,
  kindOf,
  nodeAt,
  nodeOf,
  opOf,
  parentGenOf,
  parentOf,
  pcOf,
  rowAt,
  setAttempt,
  setCalling,
  setData,
  setFlags,
  setIdentity,
  setJoin,
  setKey,
  setKind,
  setMark,
  setNode,
  setOp,
  setParent,
  setParentGen,
  setSite,
  setTag,
  setUser,
  setVia,
  setWork,
  siteAt,
  siteOf,
  tagOf,
  userOf,
} from './tables';

/** How long a user will think is found out when it does. */
const UNKNOWN: f64 = -1;

/** The next call sequence number, first attempt. */
@inline
function nextSequence(attempt: i32): i32 {
  return (((attempt >>> 8) + 1) << 8) | 1;
}

/** Begins the call at a site. */
@inline
export function start(row: i32, at: usize, site: i32): i32 {
  const s = siteAt(site);
  if (load<i32>(s, Site.Plain * 4) == 0) {
    host.startCall(row, site);
    return Id.None;
  }
  open(row, at, site, s);
  const pool = load<i32>(s, Site.Pool * 4);
  if (pool != Id.None) {
    const station = nodes.stationOf(nodeAt(nodeOf(at)), pool);
    if (!stations.isFree(station)) {
      if (stations.isFull(station)) {
        host.failed(row, Status.Rejected);
        return Id.None;
      }
      setKind(at, Kind.GrantPool);
      setMark(at, clock());
      spans.enter(row, at, stations.waitCellOf(station));
      stations.enqueue(station, row, at);
      return Id.None;
    }
    stations.occupy(station);
  }
  return send(row, at, site, s);
}

/** The call begins, and whoever watches its timeout knows. */
@inline
function open(row: i32, at: usize, site: i32, s: usize): void {
  setCalling(at, site);
  setAttempt(at, nextSequence(attemptOf(at)));
  setWork(at, 0);
  const lane = load<i32>(s, Site.Lane * 4);
  if (lane != Id.None) lanes.watch(lane, row, at);
}

/** A pool connection became free for the row. */
export function pooled(row: i32, at: usize): i32 {
  const site = callingOf(at);
  const s = siteAt(site);
  if (load<i32>(s, Site.Plain * 4) != 0) return send(row, at, site, s);
  host.dispatch(row);
  return Id.None;
}

/** Begins the call of a user, and sends it, as of the time that the clock shows: see first-hop.ts. Returns the message, which is about to arrive. */
export function sendAhead(row: i32, at: usize, site: i32): i32 {
  const s = siteAt(site);
  open(row, at, site, s);
  const child = takeMessage(row, at, site, s);
  const to = rowAt(child);
  setNode(to, instance(child, site, s));
  setKind(to, Kind.Arrive);
  return child;
}

/** Takes a row for the message of a call, and fills it in. */
@inline
function takeMessage(row: i32, at: usize, site: i32, s: usize): i32 {
  const child = take();
  const to = rowAt(child);
  message(row, at, to, site, s);
  setKind(at, Kind.WaitCall);
  spans.send(row, at, child, to, load<i32>(s, Site.ThereCell * 4));
  return child;
}

/** Sends the message of a call that has begun. Inlined, since every request comes by here. */
@inline
function send(row: i32, at: usize, site: i32, s: usize): i32 {
  const child = takeMessage(row, at, site, s);
  const to = rowAt(child);
  const node = instance(child, site, s);
  if (node < 0) {
    host.send(child, node);
    return Id.None;
  }
  setNode(to, node);
  setKind(to, Kind.Arrive);
  // A route may have made the call another component's.
  const path = load<i32>(siteAt(siteOf(to)), Site.Path * 4);
  const delay = transit.delayOf(path, false);
  if (delay >= 0) return transit.travel(child, to, path, false, delay);
  host.travel(child, path, 0, nodeOf(at), node);
  return Id.None;
}

/** Fills in the row that carries a call: `Children.child`, `Calls.message`. */
@inline
function message(row: i32, at: usize, to: usize, site: i32, s: usize): void {
  const flags = flagsOf(at);
  const attempt = attemptOf(at);
  let place = 0;
  if ((flags & Flag.Request) != 0) requests.attempted(at);
  else place = i32At(Slot.Code, pcOf(at) * Code.Width + 3) + 1;
  setIdentity(to, derive(idAOf(at), idBOf(at), place, attempt & 0xff));
  const op = opOf(at);
  setOp(to, (op & ~0xffff) | load<i32>(s, Site.Op * 4));
  const from = load<i32>(s, Site.Key * 4);
  setKey(to, from == KeyFrom.Request ? keyOf(at) : host.freshKey(row, op >> 16, from));
  setUser(to, userOf(at));
  // A recorder asks where it is before it has been sent.
  setNode(to, nodeOf(at));
  setFlags(to, flags & Flag.PriorityMask);
  setParent(to, row);
  setParentGen(to, genOf(at));
  setTag(to, attempt);
  setSite(to, site);
  setVia(to, Id.None);
  setJoin(to, 0);
  setAttempt(to, 0);
  setCalling(to, Id.None);
  setData(to, 0);
}

@inline
function instance(child: i32, site: i32, s: usize): i32 {
  const way = load<i32>(s, Site.Route * 4);
  if (way == Route.Single) return load<i32>(s, Site.FirstNode * 4);
  if (way == Route.Turn) return host.turn(site);
  const target = load<i32>(s, Site.Target * 4);
  const lookup = lookups.lookupOf(componentAt(target));
  const node = lookupRoutes.routes(lookup) ? lookupRoutes.route(rowAt(child), lookup, s) : Id.Asked;
  return node == Id.Asked ? host.route(target, child, site) : node;
}

/** An answer reaches its caller. */
export function replied(child: i32, c: usize): i32 {
  const parent = parentOf(c);
  const p = rowAt(parent);
  if (!isAwaited(c, p)) return late(child);
  const caller = nodeAt(nodeOf(p));
  if (isPaused(caller)) return late(child);
  const status = flagsOf(c) & Flag.StatusMask;
  spans.give(child, c, parent, p);
  setData(p, dataOf(c));
  free(child);
  const pool = load<i32>(siteAt(callingOf(p)), Site.Pool * 4);
  if (pool != Id.None) holdings.release(nodes.stationOf(caller, pool));
  return settle(parent, p, status);
}

/** Does the caller wait for this answer still: in the same life, by the same call and try, and for one alone? */
@inline
export function isAwaited(c: usize, p: usize): bool {
  // As one number: see decision 0008.
  return ((genOf(p) ^ parentGenOf(c)) | (attemptOf(p) ^ tagOf(c)) | (kindOf(p) ^ Kind.WaitCall)) == 0;
}

/** Nobody waits for the answer now. */
function late(child: i32): i32 {
  host.dispatch(child);
  return Id.None;
}

/** The call has an end, good or bad. */
function settle(row: i32, at: usize, status: i32): i32 {
  if (status > Status.Miss) {
    host.failed(row, status);
    return Id.None;
  }
  const flags = flagsOf(at);
  if ((flags & Flag.Request) != 0) {
    requests.succeeded(row, at, requests.bandFor(at, clock()), UNKNOWN);
    return Id.None;
  }
  setAttempt(at, nextSequence(attemptOf(at)));
  setFlags(at, (flags & ~Flag.StatusMask) | status);
  return programs.advance(row, at, pcOf(at) + 1);
}
