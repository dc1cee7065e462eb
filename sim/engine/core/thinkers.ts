/**
 * Users who think. Nothing is known of one but who it is and when it will ask, so it needs no row: it is an entry of the
 * event list, and takes a row when it asks. A million users who ask twice a minute need a few thousand rows, which lie in the
 * processor's caches, where a row each would lie in none.
 */
import { Flag, Kind } from '../layout';
import { PopCol, PopF, PopFlag } from '../records';
import { Slot } from '../slots';
import * as events from './event-list';
import * as host from './host';
import { keyAt } from './keys';
import { blank, take } from './pool';
import { derive } from './counter';
import * as rows from './tables';
import {
  opOf,
  populationAt,
  populationOf,
  rowAt,
  setFlags,
  setIdentity,
  setKind,
  setNode,
  setOp,
  setPc,
  setTime,
  setUser,
  table,
  userOf,
} from './tables';

/** Does the row stand for a user of whom there is nothing else to know? */
@inline
export function isOne(at: usize): bool {
  return (
    rows.kindOf(at) == Kind.Begin &&
    table(Slot.Populations) != 0 &&
    (load<i32>(populationAt(opOf(at) >> 16), PopCol.Flags * 4) & PopFlag.Rowless) != 0
  );
}

/** The words of the entry: the population, as a number below zero, and the user; and the identity. */
@inline
export function what(at: usize): i64 {
  return pair(~populationOf(at), userOf(at));
}

@inline
export function who(at: usize): i64 {
  return rows.identityOf(at);
}

/** Two numbers as one word. */
@inline
export function pair(low: i32, high: i32): i64 {
  return (<i64>high << 32) | (<i64>low & 0xffffffff);
}

/** How long the first hop takes of requests that begin when they arrive, ns; 0: they begin when they are sent. See first-hop.ts. */
@inline
export function firstHopOf(p: usize): f64 {
  return load<f64>(p, PopF.FirstHop * 8);
}

/** Adds the user to the event list, who will ask at a time. */
@inline
export function add(p: usize, time: f64, what: i64, who: i64): void {
  events.add(time + firstHopOf(p), what, who);
}

// What an event of a user who thinks is ordered by: of whom `what` begins with `code`.

/** What becomes of the user: a request begins, or the message of one arrives. */
export function kindOf(code: i32): i32 {
  return firstHopOf(populationAt(~code)) > 0 ? Kind.Arrive : Kind.Begin;
}

/** The node where that is. */
export function nodeOf(what: i64): i32 {
  const population = ~(<i32>what);
  const p = populationAt(population);
  return firstHopOf(p) > 0 ? host.doorOf(population, <i32>(what >> 32)) : load<i32>(p, PopCol.Node * 4);
}

/** The identity of the request, or of its message. */
export function identityOf(code: i32, who: i64): i64 {
  return kindOf(code) == Kind.Begin ? who : derive(<i32>who, <i32>(who >> 32), 0, 1);
}

/** The address of what the user is about to need, 0: none. To be touched beside what others need: see foresight.ts. */
export function keyNeeded(what: i64, who: i64): usize {
  return keyAt(populationAt(~(<i32>what)), <i32>who, <i32>(who >> 32));
}

/** The user asks: takes a row. */
export function wake(due: f64, what: i64, who: i64): i32 {
  const row = take();
  const at = rowAt(row);
  const population = ~(<i32>what);
  const p = populationAt(population);
  fill(at, p, population, <i32>(what >> 32), who);
  if (firstHopOf(p) > 0) setKind(at, Kind.Entry);
  setTime(at, due);
  return row;
}

/** Makes a row a request that has not begun: `Population.newRequest`. */
@inline
export function fill(at: usize, p: usize, population: i32, number: i32, identity: i64): void {
  setKind(at, Kind.Begin);
  setNode(at, load<i32>(p, PopCol.Node * 4));
  setPc(at, 0);
  blank(at);
  setFlags(at, Flag.Request | Flag.OwnSpan | (load<i32>(p, PopCol.Priority * 4) << Flag.PriorityShift));
  setIdentity(at, identity);
  setUser(at, number);
  setOp(at, population << 16);
}
