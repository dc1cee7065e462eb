/** How a request leaves a node: `Answers`, where nothing is out of the ordinary. Functions that return a row say which one goes on at once, Id.None: none. */
import { Flag, Id, Kind, Status } from '../layout';
import { Component, Node, Site } from '../records';
import * as holdings from './holdings';
import * as host from './host';
import * as ledger from './ledger';
import * as nodes from './nodes';
import { free } from './pool';
import * as spans from './spans';
import * as transit from './transit';
import * as wayHome from './way-home';
import * as ways from './ways';
import {
  bump,
  flagsOf,
  nodeAt,
  nodeOf,
  parentOf,
  setFlags,
  setKind,
  siteAt,
  siteOf,
  startOf,
  viaOf,
} from './tables';

/** The operation is over at this node: give everything back and answer. */
export function finish(row: i32, at: usize, status: i32): i32 {
  const flags = flagsOf(at);
  if ((flags & Flag.Branch) != 0) {
    host.join(row, status);
    return Id.None;
  }
  const n = nodeAt(nodeOf(at));
  if ((flags & Flag.Inside) != 0) {
    ledger.leave(nodes.componentIn(n), startOf(at), status > Status.Miss);
    bump(n, Node.Inside, -1);
    holdings.dropConnection(n);
    setFlags(at, flags & ~(Flag.Inside | Flag.Token));
    // Last, since whoever waits for it may be told at once.
    if ((flags & Flag.Token) != 0) holdings.releaseIntake(n);
  }
  return answer(row, at, status);
}

/** Sends the row back to whoever called. */
@inline
export function answer(row: i32, at: usize, status: i32): i32 {
  const way = viaOf(at);
  const parent = parentOf(at);
  if (way == Id.None && parent == Id.None) {
    over(row, at, status);
    return Id.None;
  }
  setFlags(at, (flagsOf(at) & ~Flag.StatusMask) | status);
  const node = nodeOf(at);
  if (way != Id.None) {
    if (wayHome.book(row, at)) return Id.None;
    const passed = ways.wayAt(way);
    const router = ways.routerOf(passed);
    setKind(at, Kind.ReplyVia);
    spans.enter(row, at, load<i32>(nodes.componentOf(router), Component.OnwardCell * 4));
    const path = ways.pathOf(passed);
    const delay = transit.delayOf(path, true);
    if (delay >= 0) return transit.travel(row, at, path, true, delay);
    host.travel(row, path, 1, node, router);
    return Id.None;
  }
  const site = siteAt(siteOf(at));
  const path = load<i32>(site, Site.Path * 4);
  const delay = transit.delayOf(path, true);
  if (delay > 0 && wayHome.book(row, at)) return Id.None;
  setKind(at, Kind.Reply);
  spans.enter(row, at, load<i32>(site, Site.BackCell * 4));
  if (delay >= 0) return transit.travel(row, at, path, true, delay);
  host.travel(row, path, 1, node, Id.None);
  return Id.None;
}

/** Work is over that nobody waits for, but whoever gave it to the node, if somebody did. */
function over(row: i32, at: usize, status: i32): void {
  if ((flagsOf(at) & Flag.Work) != 0) host.answer(row, status);
  else free(row);
}
