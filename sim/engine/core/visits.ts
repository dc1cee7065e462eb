/**
 * Visits to a node that does as many things at a time as it has tokens, in the order in which it is asked, and takes equally
 * long for each: a cache of one event loop, a point of presence of a CDN. So tokens take turns, and when a visit will be over is
 * known when it comes, from when the last that its token was for will be (Lindley 1952; Kiefer and Wolfowitz 1955). All that
 * it comes to is booked then, as of the times at which it will come about, and neither its turn nor its end is an event. What a
 * look at content will find may not be known yet, since it is being fetched: then the end is an event, and its turn none.
 *
 * Nothing may tell the difference at a boundary of time. Visits end in the order in which they begin, so caches see them in
 * that order, too (CDNs that evict nothing do not mind); of the figures that they add to none depends on the order, as long as
 * they end before the boundary; and none is booked whose caller may give up meanwhile, by a timeout or since a process
 * dies. Whoever looks at a run in its midst sees visits that have begun as ended.
 *
 * Where a visit cannot be booked behind others that were, stand-ins hold the tokens until those are over. Of which components
 * visits are booked: engine/visits.ts.
 */
import { Lookup, LookupWhat } from '../key-records';
import { Code, Flag, Id, Kind, Status } from '../layout';
import { Component, ComponentF, Machine, Node, Site, Visits } from '../records';
import { Num, Slot } from '../slots';
import { hasPriorities, isCalm, isRecorded, mayDie } from './circumstances';
import * as events from './event-list';
import * as holdings from './holdings';
import * as lanes from './lanes';
import * as ledger from './ledger';
import * as lookups from './lookups';
import * as machines from './machines';
import * as nodes from './nodes';
import { blank, free, takeFor } from './pool';
import * as programs from './programs';
import { sample } from './random';
import * as spans from './spans';
import * as stations from './stations';
import {
  bump,
  clock,
  flagsOf,
  grow,
  idAOf,
  idBOf,
  identityOf,
  nodeAt,
  nodeOf,
  num,
  opOf,
  parentOf,
  pcOf,
  rowAt,
  setFlags,
  setIdentity,
  setKind,
  setNum,
  setPc,
  setStart,
  siteAt,
  siteOf,
  table,
  viaOf,
} from './tables';
import * as transit from './transit';
import * as ways from './ways';

/** The program counter of a stand-in. */
const STANDS_IN: i32 = -1;

/** Books the visit of a row that has come to a node, by its record and that of its component. False: it must be gone through. */
@inline
export function visit(row: i32, at: usize, n: usize, component: usize): bool {
  if (!isCalm() || hasPriorities() || isRecorded()) return false;
  return bookOrQueue(row, at, n, component);
}

/** The same where visits may be booked. */
function bookOrQueue(row: i32, at: usize, n: usize, component: usize): bool {
  const pc = load<i32>(load<u32>(component, Component.Programs * 4) + ((opOf(at) & 0xffff) << 2));
  if (pc == Id.None) return false;
  const isLoop = load<i32>(component, Component.Visits * 4) == Visits.Loop;
  const station = stationOf(n, component);
  const time = timeOf(at, isLoop ? pc : pc + 1, nodes.machineIn(n));
  const now = clock();
  const begin = max(now, stations.bookedUntil(stations.nextLane(station)));
  const end = begin + time;
  if (stations.isIdle(station) && isSafeUntil(end)) {
    const lookup = lookups.lookupOf(component);
    const isContent = load<i32>(lookup, Lookup.What * 4) == LookupWhat.Content;
    const status = isContent ? lookups.foretold(at, lookup, end) : Status.Ok;
    // The step, then what the actor does; a token of a station is taken before, and given back.
    const next = isLoop ? pc + 1 : pc + 3;
    const passes = status != Id.None && delayBack(at) > 0;
    if (passes || isContent) {
      book(row, at, n, station, begin, end);
      if (passes) passThrough(row, at, n, now, end, next, status);
      else stay(row, at, n, now, end, next);
      return true;
    }
  }
  standIn(nodeOf(at), n, station, time);
  return false;
}

/** The station of which a visit to a node takes a token. */
@inline
function stationOf(n: usize, component: usize): usize {
  const where = load<i32>(component, Component.Visits * 4);
  return where == Visits.Loop ? nodes.loopOf(n, 0) : nodes.stationOf(n, where - Visits.Local);
}

/** How long a step on the CPU takes, ns. */
@inline
function timeOf(at: usize, pc: i32, machine: usize): f64 {
  const code = table(Slot.Code) + ((pc * Code.Width) << 2);
  return machines.durationOf(machine, sample(load<i32>(code, 4), idAOf(at), idBOf(at), load<i32>(code, 12)));
}

/** Does nobody look until then, and nobody give up what is under way? */
@inline
function isSafeUntil(end: f64): bool {
  return end <= num(Num.Limit) && !mayDie() && !lanes.mayTimeOutBefore(end);
}

/** How long the first hop of the answer takes, ns; 0 or below: no time, or that is drawn, or nobody waits for one. */
@inline
function delayBack(at: usize): f64 {
  const way = viaOf(at);
  if (way != Id.None) return transit.delayOf(ways.pathOf(ways.wayAt(way)), true);
  return parentOf(at) == Id.None ? 0 : transit.delayOf(load<i32>(siteAt(siteOf(at)), Site.Path * 4), true);
}

/** The row comes now, and is served from a time on, which the clock shows then, until another. */
@inline
function book(row: i32, at: usize, n: usize, station: usize, begin: f64, end: f64): void {
  const component = nodes.componentIn(n);
  const now = clock();
  setStart(at, now);
  stations.book(station, end, identityOf(at));
  if (begin > now) {
    stations.noteWaiting(station, stations.bookedToWait(station, end - begin));
    stations.addWait(station, begin - now);
    grow(component, ComponentF.WaitNs, begin - now);
    spans.enter(row, at, stations.waitCellOf(station));
    setNum(Num.Uncounted, num(Num.Uncounted) - 1);
    setNum(Num.Clock, begin);
  }
  spans.enter(row, at, load<i32>(component, Component.CpuCell * 4));
  stations.addUse(station, end - begin);
  machines.addArea(nodes.machineIn(n), end - begin);
  grow(component, ComponentF.ServiceNs, end - begin);
}

/** The row goes on with an instruction when it has been served, and answers or is passed on. */
@inline
function passThrough(row: i32, at: usize, n: usize, now: f64, end: f64, pc: i32, status: i32): void {
  ledger.pass(nodes.componentIn(n), now, end);
  // The connection stays with a router until the answer has passed.
  if (status == Status.Miss) bump(nodes.machineIn(n), Machine.ConnectionsUsed, 1);
  setNum(Num.Uncounted, num(Num.Uncounted) - 1);
  setNum(Num.Clock, end);
  programs.advance(row, at, pc);
  setNum(Num.Clock, now);
}

/** The row stays until it has been served, and then goes on with an instruction. */
function stay(row: i32, at: usize, n: usize, now: f64, end: f64, pc: i32): void {
  setNum(Num.Clock, now);
  bump(nodes.machineIn(n), Machine.ConnectionsUsed, 1);
  bump(n, Node.Inside, 1);
  setFlags(at, flagsOf(at) | Flag.Inside);
  ledger.arrive(nodes.componentIn(n));
  setKind(at, Kind.Visited);
  setPc(at, pc);
  events.schedule(row, at, end);
}

/** A visit is over that was booked. Returns the row that goes on at once. */
export function over(row: i32, at: usize): i32 {
  const pc = pcOf(at);
  if (pc != STANDS_IN) return programs.advance(row, at, pc);
  const n = nodeAt(nodeOf(at));
  machines.finish(nodes.machineIn(n));
  holdings.release(stationOf(n, nodes.componentIn(n)));
  free(row);
  return Id.None;
}

/** Another visit will be gone through behind those that are booked, each of which takes so long: stand-ins of the last of them hold the tokens until then. */
function standIn(node: i32, n: usize, station: usize, time: f64): void {
  if (stations.isIdle(station)) {
    for (let i = 0; i < stations.capacityOf(station); i++) {
      const lane = stations.laneAt(station, i);
      if (stations.bookedUntil(lane) > clock()) holdToken(node, n, station, lane);
    }
  }
  if (!stations.isFree(station)) stations.noteWaiting(station, stations.bookedToWait(station, time) + 1);
}

function holdToken(node: i32, n: usize, station: usize, lane: usize): void {
  const machine = nodes.machineIn(n);
  const row = takeFor(Kind.Visited, node);
  const at = rowAt(row);
  const end = stations.bookedUntil(lane);
  const left = end - clock();
  blank(at);
  setFlags(at, 0);
  setIdentity(at, stations.bookedBy(lane));
  setPc(at, STANDS_IN);
  stations.occupy(station);
  machines.begin(machine);
  // All this has been booked.
  stations.addUse(station, -left);
  machines.addArea(machine, -left);
  setNum(Num.Uncounted, num(Num.Uncounted) + 1);
  events.schedule(row, at, end);
}
