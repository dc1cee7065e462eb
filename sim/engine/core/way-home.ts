/**
 * The way of an answer home, to the user who asked: through routers that only pass it on, over hops of constant length, and
 * nothing waits for it anywhere. So what it comes to is booked when it sets out, with the times at which it will pass and
 * arrive, and none of its hops is an event of its own.
 *
 * Nothing may tell the difference at the end of a run: no fault and no timeout can come between, no boundary of time lies
 * between, at which somebody counts, and of the figures that a request ends in none depends on the order in which requests end,
 * as long as its sums are exact. Checkpoints are no such boundaries: of what a way home adds to they see the fingerprint
 * alone, which has lanes for what ends beyond the next of them. Two things are left: whoever looks at a run in its midst sees
 * answers that are on their way home as arrived, and of the limit of events at one instant (`Limits.MostAtOneInstant`) they
 * use up nothing.
 *
 * The clock is moved while the request ends, and whatever is asked of TypeScript meanwhile sees it so: draws from
 * the less common distributions, which do not look at it.
 */
import { Lookup } from '../key-records';
import { Flag, Id, Status } from '../layout';
import { Component, LaneF, Node, PopCol, PopFlag, Router, Site } from '../records';
import { Num, Slot } from '../slots';
import * as calls from './calls';
import { isCalm, isRecorded } from './circumstances';
import * as holdings from './holdings';
import * as lanes from './lanes';
import * as lookupRoutes from './lookup-routes';
import * as lookups from './lookups';
import * as nodes from './nodes';
import { free } from './pool';
import * as recorded from './recorded';
import * as requests from './requests';
import * as routers from './routers';
import * as spans from './spans';
import {
  callingOf,
  clock,
  f64At,
  flagsOf,
  nodeAt,
  num,
  parentOf,
  populationAt,
  populationOf,
  rowAt,
  setNum,
  siteAt,
  siteOf,
  startOf,
  viaOf,
} from './tables';
import * as transit from './transit';
import * as ways from './ways';

/** Books the end of the request that the row answers, where it arrives. False: the next hop must be an event. */
@inline
export function book(row: i32, at: usize): bool {
  if (!isCalm()) return false;
  const parent = parentOf(at);
  // Work of a component's own goes through routers, too, and nobody waits for it.
  if (parent == Id.None) return false;
  // Most callers are no users. Their rows, which may lie in no cache, need not be looked at.
  if (load<i32>(siteAt(siteOf(at)), Site.OfUsers * 4) == 0) return false;
  return bookFor(parent, rowAt(parent), row, at);
}

/** The same of one whom the row answers. */
function bookFor(parent: i32, to: usize, row: i32, at: usize): bool {
  if ((flagsOf(at) & Flag.StatusMask) > Status.Miss) return false;
  if (!calls.isAwaited(at, to)) return false;
  const length = lengthOf(at);
  // Where it takes no time, the limit of events at one instant must be able to tell.
  if (length <= 0) return false;
  const now = clock();
  const then = now + length;
  if (then > num(Num.Horizon) || isOverdue(to, then)) return false;
  const band = requests.bandFor(to, then);
  if (!requests.isExact(band)) return false;
  const p = populationAt(populationOf(to));
  if ((load<i32>(p, PopCol.Flags * 4) & PopFlag.Hosted) != 0) return false;
  const thought = requests.thoughtOf(to, p);
  // Who does not think asks again before anything else happens.
  if (thought == 0) return false;
  if (isRecorded() && !recorded.letGo(row, at, to, then)) return false;
  let hops: f64 = 1;
  for (let way = viaOf(at); way != Id.None; hops++) way = pass(row, at, way);
  const site = siteAt(siteOf(at));
  spans.enter(row, at, load<i32>(site, Site.BackCell * 4));
  transit.passed(load<i32>(site, Site.Path * 4), true);
  // Of a pool there is nothing to give back: users have none.
  spans.give(row, at, parent, to);
  free(row);
  const lane = load<i32>(siteAt(callingOf(to)), Site.Lane * 4);
  if (lane != Id.None) lanes.unwatch(lane, parent, to);
  setNum(Num.Clock, then);
  requests.succeeded(parent, to, band, thought);
  setNum(Num.Clock, now);
  setNum(Num.Uncounted, num(Num.Uncounted) - hops);
  return true;
}

/** How long the answer is under way from here, ns; below 0: that is drawn, or a router does more than pass it on. */
function lengthOf(at: usize): f64 {
  let length = delayOf(load<i32>(siteAt(siteOf(at)), Site.Path * 4));
  if (length < 0) return length;
  let way = viaOf(at);
  while (way != Id.None) {
    const passed = ways.wayAt(way);
    const delay = delayOf(ways.pathOf(passed));
    if (delay < 0) return -1;
    if (!isIndifferent(passed)) return -1;
    length += delay;
    way = ways.belowOf(passed);
  }
  return length;
}

/** How long an answer takes on a path, ns; below 0: that is drawn. Nothing is cut where all is calm. */
@inline
function delayOf(path: i32): f64 {
  return f64At(Slot.QuickBack, path);
}

/** Is it all the same to the router of a way when exactly an answer passes? (Routers die of faults alone.) */
@inline
function isIndifferent(passed: usize): bool {
  const n = nodeAt(ways.routerOf(passed));
  const known = load<u32>(n, Node.Router * 4);
  if (known != 0) return (load<i32>(known, Router.Indifferent * 4) & i32(ways.triesOf(passed) == 0)) != 0;
  const lookup = lookups.lookupOf(nodes.componentIn(n));
  if (lookup == 0 || load<i32>(lookup, Lookup.Indifferent * 4) == 0) return false;
  return lookupRoutes.knowsErrand(ways.targetOf(passed), lookup);
}

/** The answer goes to the router of its way, and through it. Returns the way below. */
function pass(row: i32, at: usize, way: i32): i32 {
  const passed = ways.wayAt(way);
  const router = ways.routerOf(passed);
  const n = nodeAt(router);
  const component = nodes.componentIn(n);
  spans.enter(row, at, load<i32>(component, Component.OnwardCell * 4));
  const path = ways.pathOf(passed);
  transit.passed(path, true);
  setNum(Num.Clock, clock() + delayOf(path));
  const known = load<u32>(n, Node.Router * 4);
  if (known != 0) routers.returned(known, ways.targetOf(passed));
  else lookupRoutes.comesBack(ways.targetOf(passed), router, lookups.lookupOf(component));
  holdings.dropConnection(n);
  return ways.free(way, passed);
}

/** May the user no longer be waiting by then? (The time of the first try is known, which is up before that of any other.) */
function isOverdue(at: usize, then: f64): bool {
  const lane = load<i32>(siteAt(callingOf(at)), Site.Lane * 4);
  if (lane == Id.None) return false;
  return startOf(at) + load<f64>(lanes.laneAt(lane), LaneF.Delay * 8) <= then;
}
