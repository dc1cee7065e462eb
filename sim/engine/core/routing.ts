/** Requests that pass a router: `Routing`, where nothing is out of the ordinary. Functions that return a row say which one goes on at once, Id.None: none. */
import { Flag, Id, Kind, Status } from '../layout';
import { Component, Node } from '../records';
import * as answers from './answers';
import * as holdings from './holdings';
import * as host from './host';
import * as ledger from './ledger';
import * as lookupRoutes from './lookup-routes';
import * as lookups from './lookups';
import * as nodes from './nodes';
import * as passing from './passing';
import * as routers from './routers';
import * as spans from './spans';
import * as transit from './transit';
import * as ways from './ways';
import {
  bump,
  flagsOf,
  joinOf,
  nodeAt,
  nodeOf,
  setFlags,
  setJoin,
  setKind,
  setNode,
  setVia,
  startOf,
  viaOf,
} from './tables';

/** A routed row leaves the router for the node it chose. */
export function forward(row: i32, at: usize): i32 {
  const here = nodeOf(at);
  const n = nodeAt(here);
  const component = nodes.componentIn(n);
  const router = load<u32>(n, Node.Router * 4);
  const slot = router == 0 ? Id.None : routers.choose(router, at);
  let target: i32;
  if (slot != Id.None) {
    setJoin(at, slot);
    target = routers.nodeOf(router, slot);
  } else {
    const lookup = lookups.lookupOf(component);
    target = lookup == 0 ? Id.None : lookupRoutes.passOn(at, lookup);
    if (target == Id.None) target = host.choose(nodes.numberOf(component), row);
  }
  if (target < 0) return answers.finish(row, at, Status.Refused);
  if ((flagsOf(at) & Flag.Inside) != 0) {
    // The connection stays with the router until the answer has passed; only the row moves on.
    ledger.leave(component, startOf(at), false);
    bump(n, Node.Inside, -1);
    holdings.dropToken(at, n);
    setFlags(at, flagsOf(at) & ~Flag.Inside);
  }
  const path = transit.pathBetween(component, nodes.componentOf(target));
  setVia(at, ways.take(here, joinOf(at), path, viaOf(at)));
  setNode(at, target);
  setKind(at, Kind.Arrive);
  spans.enter(row, at, load<i32>(component, Component.OnwardCell * 4));
  const delay = transit.delayOf(path, false);
  if (delay > 0 && passing.passAhead(row, at, delay)) return Id.None;
  if (delay >= 0) return transit.travel(row, at, path, false, delay);
  host.travel(row, path, 0, here, target);
  return Id.None;
}

/** An answer is back at the router it came through. */
export function returnVia(row: i32, at: usize): i32 {
  const way = viaOf(at);
  const passed = ways.wayAt(way);
  const router = ways.routerOf(passed);
  const n = nodeAt(router);
  if (!nodes.accepts(n)) {
    host.dispatch(row);
    return Id.None;
  }
  setNode(at, router);
  setJoin(at, ways.targetOf(passed));
  const component = nodes.componentIn(n);
  const status = flagsOf(at) & Flag.StatusMask;
  const known = load<u32>(n, Node.Router * 4);
  const lookup = lookups.lookupOf(component);
  if (known != 0 && status <= Status.Miss && ways.triesOf(passed) == 0) routers.returned(known, joinOf(at));
  else if (lookup == 0 || !lookupRoutes.comesBack(joinOf(at), router, lookup)) {
    if (host.returned(nodes.numberOf(component), row, status) != 0 && host.forwardAgain(row, way) != 0) return Id.None;
  }
  holdings.dropConnection(n);
  setVia(at, ways.free(way, ways.wayAt(way)));
  // The router may have an answer of its own where its target failed.
  return answers.answer(row, at, flagsOf(at) & Flag.StatusMask);
}
