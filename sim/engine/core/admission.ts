/** A request comes to a node: `Admission`, where nothing is out of the ordinary. Functions that return a row say which one goes on at once, Id.None: none. */
import { Flag, Id, Kind, Status } from '../layout';
import { Component, ComponentF, Machine, MachineF, Node, NodeF, Station, Visits } from '../records';
import * as answers from './answers';
import { hasPriorities } from './circumstances';
import * as holdings from './holdings';
import * as host from './host';
import * as ledger from './ledger';
import * as nodes from './nodes';
import * as programs from './programs';
import * as stations from './stations';
import * as visits from './visits';
import * as waits from './waits';
import { bump, clock, flagsOf, grow, nodeAt, nodeOf, setFlags, setStart } from './tables';

/** A message reaches the node it was sent to. */
export function arrive(row: i32, at: usize): i32 {
  const n = nodeAt(nodeOf(at));
  const component = nodes.componentIn(n);
  if (load<i32>(component, Component.Visits * 4) != Visits.None && visits.visit(row, at, n, component)) return Id.None;
  const machine = nodes.machineIn(n);
  const connections = load<i32>(machine, Machine.ConnectionsUsed * 4);
  if (!nodes.accepts(n)) return askHost(row);
  if (<f64>connections >= load<f64>(machine, MachineF.Connections * 8)) return askHost(row);
  const memory = load<f64>(n, NodeF.PerRequest * 8);
  if (memory > 0) {
    if (!holdings.claimMemory(machine, memory)) return askHost(row);
  }
  if (hasPriorities()) host.prioritise(row, nodes.numberOf(component));
  store<i32>(machine, connections + 1, Machine.ConnectionsUsed * 4);
  bump(n, Node.Inside, 1);
  const flags = flagsOf(at) | Flag.Inside;
  setFlags(at, flags);
  setStart(at, clock());
  ledger.arrive(component);
  const station = load<u32>(n, Node.Intake * 4);
  if (station != 0) {
    if (!stations.isFree(station)) {
      if (stations.isFull(station)) return turnAway(row, at, component);
      waits.wait(row, at, station, Kind.GrantIntake);
      return Id.None;
    }
    stations.occupy(station);
    setFlags(at, flags | Flag.Token);
  } else if (nodes.hasLoops(n)) {
    if (!assignLoop(at, n)) return turnAway(row, at, component);
  }
  return programs.begin(row, at, component);
}

/** Nobody takes the connection, or the machine's memory runs out: TypeScript does it all, since nothing has changed yet. */
function askHost(row: i32): i32 {
  host.arrive(row);
  return Id.None;
}

/** Gives a request to the next of the node's event loops. False: too many wait for it. */
function assignLoop(at: usize, n: usize): bool {
  const process = load<i32>(n, Node.LoopNext * 4);
  store<i32>(n, process + 1 == load<i32>(n, Node.LoopCount * 4) ? 0 : process + 1, Node.LoopNext * 4);
  setFlags(at, (flagsOf(at) & ~Flag.ProcessMask) | (process << Flag.ProcessShift));
  const station = nodes.loopOf(n, process);
  if (stations.isFree(station)) return true;
  return <f64>load<i32>(station, Station.Queued * 4) < load<f64>(n, NodeF.LoopLimit * 8);
}

/** The queue is full. */
function turnAway(row: i32, at: usize, component: usize): i32 {
  grow(component, ComponentF.TurnedAway, 1);
  return answers.finish(row, at, Status.Rejected);
}
