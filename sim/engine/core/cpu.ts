/** Steps on a CPU: `Cpu`. */
import { Kind } from '../layout';
import { Node } from '../records';
import { Slot } from '../slots';
import * as holdings from './holdings';
import * as machines from './machines';
import * as nodes from './nodes';
import { round, sample } from './random';
import * as spans from './spans';
import * as stations from './stations';
import * as waits from './waits';
import {
  addF64,
  clock,
  demandOf,
  i32At,
  idAOf,
  idBOf,
  machineAt,
  markOf,
  nodeAt,
  nodeOf,
  processOf,
  setDemand,
  setMark,
  setWork,
  stationAt,
  workOf,
} from './tables';

/** The row needs CPU time. */
export function start(row: i32, at: usize, code: usize): void {
  const n = nodeAt(nodeOf(at));
  setWork(at, sample(load<i32>(code, 4), idAOf(at), idBOf(at), load<i32>(code, 12)));
  if (nodes.hasLoops(n)) {
    const loop = loopOf(at, n);
    const station = stationAt(loop);
    if (!stations.acquire(station)) {
      waits.wait(row, at, loop, station, Kind.GrantLoop);
      return;
    }
  }
  run(row, at, n);
}

/** Hands the row to the machine. */
export function run(row: i32, at: usize, n: usize): void {
  setDemand(at, workOf(at));
  setMark(at, clock());
  spans.enter(row, at, i32At(Slot.CpuCell, nodes.componentIn(n)));
  machines.run(nodes.machineIn(n), row, at);
}

/** A CPU step is done. */
export function done(row: i32, at: usize): void {
  const n = nodeAt(nodeOf(at));
  const machine = machineAt(nodes.machineIn(n));
  const component = nodes.componentIn(n);
  const elapsed = clock() - markOf(at);
  let service = elapsed;
  if (machines.isShared(machine)) {
    const wanted = round(demandOf(at) / machines.speedOf(machine));
    if (wanted < elapsed) service = wanted;
    spans.split(row, at, service, i32At(Slot.CpuWaitCell, component));
    addF64(Slot.WaitNs, component, elapsed - service);
  } else machines.finish(machine);
  addF64(Slot.ServiceNs, component, service);
  if (nodes.hasLoops(n)) holdings.release(loopOf(at, n));
}

@inline
function loopOf(at: usize, n: usize): i32 {
  return load<i32>(n, Node.Loops * 4) + processOf(at);
}
