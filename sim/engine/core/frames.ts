/** A request at a node, running its program: `Frames`, where nothing is out of the ordinary. Functions that return a row say which one goes on at once, Id.None: none. */
import { Code, Flag, Id, Kind, NodeState, Status, Step, Verb } from '../layout';
import { Cell, Slot } from '../slots';
import * as calls from './calls';
import * as events from './event-list';
import * as host from './host';
import * as ledger from './ledger';
import * as machines from './machines';
import { hasRoom, isReadyEmpty, pushReady } from './pool';
import { round, sample, start, word0 } from './random';
import * as spans from './spans';
import * as stations from './stations';
import {
  addF64,
  addI32,
  cell,
  clock,
  demandOf,
  f64At,
  flagsOf,
  i32At,
  idAOf,
  idBOf,
  joinOf,
  markOf,
  nodeOf,
  opOf,
  parentOf,
  pcOf,
  rowAt,
  setCell,
  setDemand,
  setF64,
  setFlags,
  setI32,
  setJoin,
  setKind,
  setMark,
  setNode,
  setPc,
  setStart,
  setTime,
  setVia,
  setWork,
  siteOf,
  startOf,
  table,
  u8At,
  viaOf,
  workOf,
} from './tables';

@inline
function accepts(node: i32): bool {
  const state = u8At(Slot.NodeState, node);
  return state == NodeState.Up || state == NodeState.Draining;
}

@inline
function componentOf(node: i32): i32 {
  return i32At(Slot.NodeComponent, node);
}

/** A message reaches the node it was sent to. */
export function arrive(row: i32, at: usize): i32 {
  const node = nodeOf(at);
  const machine = i32At(Slot.NodeMachine, node);
  const connections = i32At(Slot.MachineConnectionsUsed, machine);
  if (!accepts(node) || <f64>connections >= f64At(Slot.MachineConnections, machine)) {
    host.arrive(row);
    return Id.None;
  }
  const component = componentOf(node);
  if (cell(Cell.HasPriorities) != 0) host.prioritise(row, component);
  setI32(Slot.MachineConnectionsUsed, machine, connections + 1);
  addI32(Slot.NodeInside, node, 1);
  setFlags(at, flagsOf(at) | Flag.Inside);
  setStart(at, clock());
  ledger.arrive(component);
  const memory = f64At(Slot.NodePerRequest, node);
  if (memory > 0) useMemory(node, machine, memory);
  const station = i32At(Slot.NodeIntake, node);
  if (station != Id.None) {
    if (stations.acquire(station)) setFlags(at, flagsOf(at) | Flag.Token);
    else if (stations.isFull(station)) return turnAway(row, at, component);
    else {
      wait(row, at, station, Kind.GrantIntake);
      return Id.None;
    }
  } else if (i32At(Slot.NodeLoopCount, node) > 0 && !assignLoop(at, node)) return turnAway(row, at, component);
  return begin(row, at, component);
}

/** Gives a request to the next of the node's event loops. False: too many wait for it. */
function assignLoop(at: usize, node: i32): bool {
  const process = i32At(Slot.NodeLoopNext, node);
  setI32(Slot.NodeLoopNext, node, process + 1 == i32At(Slot.NodeLoopCount, node) ? 0 : process + 1);
  setFlags(at, (flagsOf(at) & ~Flag.ProcessMask) | (process << Flag.ProcessShift));
  return <f64>i32At(Slot.StationQueued, i32At(Slot.NodeLoops, node) + process) < f64At(Slot.NodeLoopLimit, node);
}

/** The queue is full. */
function turnAway(row: i32, at: usize, component: i32): i32 {
  addF64(Slot.TurnedAway, component, 1);
  return finish(row, at, Status.Rejected);
}

function useMemory(node: i32, machine: i32, bytes: f64): void {
  const used = f64At(Slot.MachineMemoryUsed, machine) + bytes;
  setF64(Slot.MachineMemoryUsed, machine, used);
  if (used > f64At(Slot.MachineMemoryPeak, machine)) setF64(Slot.MachineMemoryPeak, machine, used);
  if (used > f64At(Slot.MachineMemory, machine)) host.outOfMemory(node);
}

/** Queues the row for a token; it goes on as `kind` when it gets one. */
function wait(row: i32, at: usize, station: i32, kind: i32): void {
  setKind(at, kind);
  setMark(at, clock());
  spans.enter(row, at, i32At(Slot.StationWaitCell, station));
  stations.enqueue(station, row);
  const patience = i32At(Slot.StationPatience, station);
  if (patience != Id.None) host.watchPatience(row, station, patience);
}

/** A waiting row got its token. */
export function granted(row: i32, at: usize, kind: i32): i32 {
  const component = componentOf(nodeOf(at));
  addF64(Slot.WaitNs, component, clock() - markOf(at));
  if (kind == Kind.GrantIntake) {
    setFlags(at, flagsOf(at) | Flag.Token);
    return begin(row, at, component);
  }
  if (kind == Kind.GrantSeize) return advance(row, at, pcOf(at) + 1);
  runCpu(row, at, nodeOf(at));
  return Id.None;
}

function begin(row: i32, at: usize, component: i32): i32 {
  const pc = i32At(Slot.Programs, component * cell(Cell.Operations) + (opOf(at) & 0xffff));
  return pc == Id.None ? finish(row, at, Status.Error) : advance(row, at, pc);
}

/** Runs the program from `from` until the row has to wait. */
export function advance(row: i32, at: usize, from: i32): i32 {
  let pc = from;
  for (;;) {
    const code = table(Slot.Code) + ((pc * Code.Width) << 2);
    const a = load<i32>(code, 4);
    switch (load<i32>(code)) {
      case Verb.Cpu:
        setPc(at, pc);
        cpu(row, at, code);
        return Id.None;
      case Verb.Call:
        setPc(at, pc);
        return calls.start(row, at, a);
      case Verb.Jump:
        pc = a;
        break;
      case Verb.IfMiss:
        pc = (flagsOf(at) & Flag.StatusMask) == Status.Miss ? a : pc + 1;
        break;
      case Verb.Choose:
        start(idAOf(at), idBOf(at), load<i32>(code, 12));
        pc = word0 >>> 1 < load<i32>(code, 8) ? a : pc + 1;
        break;
      case Verb.End:
        return finish(row, at, flagsOf(at) & Flag.StatusMask);
      case Verb.Hold:
      case Verb.Sleep:
        setPc(at, pc);
        hold(row, at, code);
        return Id.None;
      case Verb.Seize: {
        setPc(at, pc);
        const station = stations.stationOf(nodeOf(at), a);
        if (!stations.acquire(station)) {
          if (stations.isFull(station)) return finish(row, at, Status.Rejected);
          wait(row, at, station, Kind.GrantSeize);
          return Id.None;
        }
        pc++;
        break;
      }
      case Verb.Release:
        release(stations.stationOf(nodeOf(at), a));
        pc++;
        break;
      case Verb.Actor: {
        setPc(at, pc);
        if (a >= Code.Guest) {
          host.advance(row, pc);
          return Id.None;
        }
        const outcome = host.step(componentOf(nodeOf(at)), row, a);
        if (outcome == Step.Suspend) {
          setKind(at, Kind.WaitActor);
          return Id.None;
        }
        if (outcome == Step.Finish) return finish(row, at, flagsOf(at) & Flag.StatusMask);
        pc++;
        break;
      }
      case Verb.Forward:
        return forward(row, at);
      default:
        // Forks, early answers and chance failures.
        host.advance(row, pc);
        return Id.None;
    }
  }
  // The compiler does not see that nobody comes here.
  return Id.None;
}

function cpu(row: i32, at: usize, code: usize): void {
  const node = nodeOf(at);
  setWork(at, sample(load<i32>(code, 4), idAOf(at), idBOf(at), load<i32>(code, 12)));
  if (i32At(Slot.NodeLoopCount, node) > 0) {
    const station = loopOf(at, node);
    if (!stations.acquire(station)) {
      wait(row, at, station, Kind.GrantLoop);
      return;
    }
  }
  runCpu(row, at, node);
}

@inline
function loopOf(at: usize, node: i32): i32 {
  return i32At(Slot.NodeLoops, node) + ((flagsOf(at) & Flag.ProcessMask) >> Flag.ProcessShift);
}

function runCpu(row: i32, at: usize, node: i32): void {
  setDemand(at, workOf(at));
  setMark(at, clock());
  spans.enter(row, at, i32At(Slot.CpuCell, componentOf(node)));
  machines.run(i32At(Slot.NodeMachine, node), row, at);
}

/** A CPU step is done. */
export function cpuDone(row: i32, at: usize): i32 {
  const node = nodeOf(at);
  const machine = i32At(Slot.NodeMachine, node);
  const component = componentOf(node);
  const elapsed = clock() - markOf(at);
  let service = elapsed;
  if (machines.isShared(machine)) {
    const wanted = round(demandOf(at) / f64At(Slot.MachineSpeed, machine));
    if (wanted < elapsed) service = wanted;
    spans.split(row, at, service, i32At(Slot.CpuWaitCell, component));
    addF64(Slot.WaitNs, component, elapsed - service);
  } else machines.finish(machine);
  addF64(Slot.ServiceNs, component, service);
  if (i32At(Slot.NodeLoopCount, node) > 0) release(loopOf(at, node));
  return advance(row, at, pcOf(at) + 1);
}

function hold(row: i32, at: usize, code: usize): void {
  const node = nodeOf(at);
  let time = sample(load<i32>(code, 4), idAOf(at), idBOf(at), load<i32>(code, 12));
  if (load<i32>(code) == Verb.Hold) time *= f64At(Slot.NodeSlowness, node);
  time = round(time);
  addF64(Slot.ServiceNs, componentOf(node), time);
  spans.enter(row, at, load<i32>(code, 8));
  setKind(at, Kind.DelayDone);
  setTime(at, clock() + time);
  if (time == 0) pushReady(row);
  else events.push(row);
}

/** Gives a token back and wakes whoever gets it. */
export function release(station: i32): void {
  const next = stations.release(station);
  if (next != Id.None) pushReady(next);
}

/** A routed row leaves the router for the node it chose. */
function forward(row: i32, at: usize): i32 {
  const router = nodeOf(at);
  const component = componentOf(router);
  const target = host.choose(component, row);
  if (target < 0) return finish(row, at, Status.Refused);
  if ((flagsOf(at) & Flag.Inside) != 0) {
    // The connection stays with the router until the answer has passed; only the row moves on.
    ledger.leave(component, startOf(at), false);
    addI32(Slot.NodeInside, router, -1);
    dropToken(at, router);
    setFlags(at, flagsOf(at) & ~Flag.Inside);
  }
  const path = pathBetween(component, componentOf(target));
  setVia(at, takeWay(router, joinOf(at), path, viaOf(at)));
  setNode(at, target);
  setKind(at, Kind.Arrive);
  spans.enter(row, at, i32At(Slot.OnwardCell, component));
  return travel(row, at, path, false, router, target);
}

function pathBetween(from: i32, to: i32): i32 {
  const paths = table(Slot.PathTable);
  if (paths != 0) {
    const path = load<i32>(paths + ((from * cell(Cell.Components) + to) << 2));
    if (path != Id.None) return path;
  }
  return host.pathBetween(from, to);
}

/** `Ways.take` */
function takeWay(router: i32, target: i32, path: i32, below: i32): i32 {
  if (cell(Cell.WaysHead) == Id.None) host.growWays();
  const way = cell(Cell.WaysHead);
  setCell(Cell.WaysHead, i32At(Slot.WayBelow, way));
  setI32(Slot.WayRouter, way, router);
  setI32(Slot.WayTarget, way, target);
  setI32(Slot.WayPath, way, path);
  setI32(Slot.WayTries, way, 0);
  setI32(Slot.WayBelow, way, below);
  return way;
}

/** `Ways.free` */
function freeWay(way: i32): i32 {
  const below = i32At(Slot.WayBelow, way);
  setI32(Slot.WayRouter, way, Id.None);
  setI32(Slot.WayBelow, way, cell(Cell.WaysHead));
  setCell(Cell.WaysHead, way);
  return below;
}

/** An answer is back at the router it came through. */
export function returnVia(row: i32, at: usize): i32 {
  const way = viaOf(at);
  const router = i32At(Slot.WayRouter, way);
  if (!accepts(router)) {
    host.dispatch(row);
    return Id.None;
  }
  setNode(at, router);
  setJoin(at, i32At(Slot.WayTarget, way));
  const component = componentOf(router);
  if (host.returned(component, row, flagsOf(at) & Flag.StatusMask) != 0 && host.forwardAgain(row, way) != 0)
    return Id.None;
  dropConnection(router);
  setVia(at, freeWay(way));
  // The router may have an answer of its own where its target failed.
  return answer(row, at, flagsOf(at) & Flag.StatusMask);
}

/** The operation is over at this node: give everything back and answer. */
function finish(row: i32, at: usize, status: i32): i32 {
  const flags = flagsOf(at);
  if ((flags & Flag.Branch) != 0) {
    host.join(row, status);
    return Id.None;
  }
  const node = nodeOf(at);
  if ((flags & Flag.Inside) != 0) {
    ledger.leave(componentOf(node), startOf(at), status > Status.Miss);
    addI32(Slot.NodeInside, node, -1);
    dropConnection(node);
    dropToken(at, node);
    setFlags(at, flagsOf(at) & ~Flag.Inside);
  }
  return answer(row, at, status);
}

function dropToken(at: usize, node: i32): void {
  const flags = flagsOf(at);
  if ((flags & Flag.Token) == 0) return;
  setFlags(at, flags & ~Flag.Token);
  release(i32At(Slot.NodeIntake, node));
}

/** A connection to the node is closed. */
function dropConnection(node: i32): void {
  const machine = i32At(Slot.NodeMachine, node);
  addI32(Slot.MachineConnectionsUsed, machine, -1);
  addF64(Slot.MachineMemoryUsed, machine, -f64At(Slot.NodePerRequest, node));
}

/** Sends the row back to whoever called. */
function answer(row: i32, at: usize, status: i32): i32 {
  const way = viaOf(at);
  const parent = parentOf(at);
  if (way == Id.None && parent == Id.None) {
    host.answer(row, status);
    return Id.None;
  }
  setFlags(at, (flagsOf(at) & ~Flag.StatusMask) | status);
  const node = nodeOf(at);
  if (way != Id.None) {
    const router = i32At(Slot.WayRouter, way);
    setKind(at, Kind.ReplyVia);
    spans.enter(row, at, i32At(Slot.OnwardCell, componentOf(router)));
    return travel(row, at, i32At(Slot.WayPath, way), true, node, router);
  }
  const site = siteOf(at);
  setKind(at, Kind.Reply);
  spans.enter(row, at, i32At(Slot.SiteBackCell, site));
  return travel(row, at, i32At(Slot.SitePath, site), true, node, nodeOf(rowAt(parent)));
}

/** Puts the row on its way. Without delay it goes on at once where it would be the next anyway. */
export function travel(row: i32, at: usize, path: i32, isBack: bool, from: i32, to: i32): i32 {
  const delay = isBack ? f64At(Slot.QuickBack, path) : f64At(Slot.Quick, path);
  if (delay < 0 || cell(Cell.Cut) != 0) {
    host.travel(row, path, isBack ? 1 : 0, from, to);
    return Id.None;
  }
  if (cell(Cell.Recorded) != 0) count(path, isBack, delay);
  if (delay > 0) {
    setTime(at, clock() + delay);
    events.push(row);
    return Id.None;
  }
  if (isReadyEmpty() && hasRoom()) return row;
  pushReady(row);
  return Id.None;
}

/** `CountedNetwork.passed` */
function count(path: i32, isBack: bool, delay: f64): void {
  addF64(isBack ? Slot.PathAnswers : Slot.PathRequests, path, 1);
  addF64(isBack ? Slot.PathAnswerNs : Slot.PathRequestNs, path, delay);
}
