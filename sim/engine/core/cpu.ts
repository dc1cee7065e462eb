/** Steps on a CPU: `Cpu`. */
import { Kind } from '../layout';
import { Component, ComponentF } from '../records';
import * as holdings from './holdings';
import * as machines from './machines';
import * as nodes from './nodes';
import { round, sample } from './random';
import * as spans from './spans';
import * as stations from './stations';
import * as waits from './waits';
import {
  clock,
  demandOf,
  grow,
  idAOf,
  idBOf,
  markOf,
  nodeAt,
  nodeOf,
  processOf,
  setDemand,
  setMark,
  setWork,
  workOf,
} from './tables';

/** The row needs CPU time. */
export function start(row: i32, at: usize, code: usize): void {
  const n = nodeAt(nodeOf(at));
  setWork(at, sample(load<i32>(code, 4), idAOf(at), idBOf(at), load<i32>(code, 12)));
  if (nodes.hasLoops(n)) {
    const station = nodes.loopOf(n, processOf(at));
    if (!stations.isFree(station)) {
      waits.wait(row, at, station, Kind.GrantLoop);
      return;
    }
    stations.occupy(station);
  }
  run(row, at, n);
}

/** Hands the row to the machine. */
export function run(row: i32, at: usize, n: usize): void {
  setDemand(at, workOf(at));
  setMark(at, clock());
  spans.enter(row, at, load<i32>(nodes.componentIn(n), Component.CpuCell * 4));
  machines.run(nodes.machineIn(n), row, at);
}

/** A CPU step is done. */
export function done(row: i32, at: usize): void {
  const n = nodeAt(nodeOf(at));
  const machine = nodes.machineIn(n);
  const component = nodes.componentIn(n);
  const elapsed = clock() - markOf(at);
  let service = elapsed;
  if (machines.isShared(machine)) {
    const wanted = round(demandOf(at) / machines.speedOf(machine));
    if (wanted < elapsed) service = wanted;
    spans.split(row, at, service, load<i32>(component, Component.CpuWaitCell * 4));
    grow(component, ComponentF.WaitNs, elapsed - service);
  } else machines.finish(machine);
  grow(component, ComponentF.ServiceNs, service);
  if (nodes.hasLoops(n)) holdings.release(nodes.loopOf(n, processOf(at)));
}
