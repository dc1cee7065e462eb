/**
 * Visits to a node that does one thing at a time, in the order in which it is asked, and takes equally long for each: a cache of
 * one event loop. When a visit will be over is known when it comes, from when the one before it will be (Lindley 1952). So all that it comes to
 * is booked then, as of the times at which it will come about, and neither its turn nor its end is an event.
 *
 * Nothing may tell the difference at a boundary of time. Visits end in the order in which they begin, so stores see them in that
 * order, too; of the figures that they add to none depends on the order, as long as they end before the boundary; and none is
 * booked whose caller may give up meanwhile, by a timeout or since a process dies. Whoever looks at a run in its midst sees
 * visits that have begun as ended.
 *
 * Where a visit cannot be booked behind others that were, a stand-in holds the loop until the last of those is over.
 */
import { Lookup } from '../key-records';
import { Code, Id, Kind } from '../layout';
import { Component, ComponentF, Node, Site } from '../records';
import { Num, Slot } from '../slots';
import { hasPriorities, isCalm, isRecorded, mayDie } from './circumstances';
import * as events from './event-list';
import * as lanes from './lanes';
import * as ledger from './ledger';
import * as lookups from './lookups';
import * as machines from './machines';
import * as nodes from './nodes';
import { blank, takeFor } from './pool';
import * as programs from './programs';
import { sample } from './random';
import * as spans from './spans';
import * as stations from './stations';
import {
  clock,
  grow,
  idAOf,
  idBOf,
  identityOf,
  nodeOf,
  num,
  opOf,
  parentOf,
  rowAt,
  setFlags,
  setIdentity,
  setMark,
  setNum,
  setPc,
  setStart,
  siteAt,
  siteOf,
  stationAt,
  table,
  viaOf,
} from './tables';
import * as transit from './transit';
import * as ways from './ways';

/** Books the visit of a row that has come to a node with event loops, by the node's record. False: it must be gone through. */
@inline
export function visit(row: i32, at: usize, n: usize): bool {
  if (!isCalm() || hasPriorities() || isRecorded()) return false;
  const component = nodes.componentIn(n);
  const lookup = lookups.lookupOf(component);
  if (lookup == 0 || load<i32>(lookup, Lookup.Serial * 4) == 0) return false;
  return bookOrQueue(row, at, n, component);
}

/** The same at a node that does one thing at a time. */
function bookOrQueue(row: i32, at: usize, n: usize, component: usize): bool {
  const loop = stationAt(load<i32>(n, Node.Loops * 4));
  const machine = nodes.machineIn(n);
  const pc = load<i32>(load<u32>(component, Component.Programs * 4) + ((opOf(at) & 0xffff) << 2));
  if (pc == Id.None) return false;
  const now = clock();
  const until = stations.bookedUntil(loop);
  const time = timeOf(at, pc, machine);
  const begin = max(now, until);
  const end = begin + time;
  if (stations.isFree(loop) && time > 0 && isSafeUntil(end) && delayBack(at) > 0) {
    book(row, at, pc, n, now, begin, end);
    return true;
  }
  if (until > now) queueBehind(loop, machine, nodeOf(at), pc, until - now, time);
  return false;
}

/** How long the visit takes, whose program begins with a step on the CPU, ns. */
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

/** The row comes now, is served from a time on, and answers at another. */
@inline
function book(row: i32, at: usize, pc: i32, n: usize, now: f64, begin: f64, end: f64): void {
  const component = nodes.componentIn(n);
  const loop = stationAt(load<i32>(n, Node.Loops * 4));
  setStart(at, now);
  let hops: f64 = 1;
  if (begin > now) {
    hops = 2;
    stations.noteWaiting(loop, before(begin - now, end - begin));
    stations.addWait(loop, begin - now);
    grow(component, ComponentF.WaitNs, begin - now);
    spans.enter(row, at, stations.waitCellOf(loop));
    setNum(Num.Clock, begin);
  }
  spans.enter(row, at, load<i32>(component, Component.CpuCell * 4));
  stations.addUse(loop, end - begin);
  stations.book(loop, end, identityOf(at));
  machines.addArea(nodes.machineIn(n), end - begin);
  grow(component, ComponentF.ServiceNs, end - begin);
  ledger.pass(component, now, end);
  setNum(Num.Uncounted, num(Num.Uncounted) - hops);
  setNum(Num.Clock, end);
  programs.advance(row, at, pc + 1);
  setNum(Num.Clock, now);
}

/** How many visits of equal length are not over yet, if the last of them ends after a time. */
@inline
function before(left: f64, time: f64): i32 {
  return <i32>ceil(left / time);
}

/** Another visit will queue behind those that are booked, the last of which ends after a time: a stand-in of the last holds the loop until then. */
function queueBehind(loop: usize, machine: usize, node: i32, pc: i32, left: f64, time: f64): void {
  if (stations.isFree(loop)) standIn(loop, machine, node, pc, left);
  // One of them is being served.
  stations.noteWaiting(loop, before(left, time));
}

function standIn(loop: usize, machine: usize, node: i32, pc: i32, left: f64): void {
  const row = takeFor(Kind.CpuDone, node);
  const at = rowAt(row);
  const end = clock() + left;
  blank(at);
  setFlags(at, 0);
  setIdentity(at, stations.bookedBy(loop));
  // What comes after the next instruction is the end of the program.
  setPc(at, pc + 1);
  setMark(at, end);
  stations.occupy(loop);
  machines.begin(machine);
  // All this has been booked.
  stations.addUse(loop, -left);
  machines.addArea(machine, -left);
  setNum(Num.Uncounted, num(Num.Uncounted) + 1);
  events.schedule(row, at, end);
}
