/** A request at a node, running its program: `Frames`, where nothing is out of the ordinary. Functions that return a row say which one goes on at once, Id.None: none. */
import { Code, DrawStep, Flag, Id, Kind, NodeState, Status, Step, Verb } from '../layout';
import { Cell, Machine, MachineF, Node, NodeF, Slot, Station, Toss } from '../slots';
import * as calls from './calls';
import * as events from './event-list';
import * as host from './host';
import * as ledger from './ledger';
import * as machines from './machines';
import { hasRoom, isReadyEmpty, pushReady } from './pool';
import { round, sample, start, uniform, word0 } from './random';
import * as routers from './routers';
import * as spans from './spans';
import * as stations from './stations';
import {
  addF64,
  bump,
  cell,
  clock,
  demandOf,
  f64At,
  flagsOf,
  i32At,
  idAOf,
  idBOf,
  joinOf,
  machineAt,
  markOf,
  nodeAt,
  nodeOf,
  opOf,
  parentOf,
  pcOf,
  rowAt,
  setCell,
  setData,
  setDemand,
  setFlags,
  setI32,
  setJoin,
  setKind,
  setMark,
  setNode,
  setPc,
  setStart,
  setVia,
  setWork,
  siteOf,
  startOf,
  stationAt,
  table,
  viaOf,
  workOf,
} from './tables';

@inline
function accepts(n: usize): bool {
  const state = load<i32>(n, Node.State * 4);
  return state == NodeState.Up || state == NodeState.Draining;
}

@inline
function componentIn(n: usize): i32 {
  return load<i32>(n, Node.Component * 4);
}

@inline
export function componentOf(node: i32): i32 {
  return componentIn(nodeAt(node));
}

@inline
function machineIn(n: usize): i32 {
  return load<i32>(n, Node.Machine * 4);
}

@inline
function hasLoops(n: usize): bool {
  return load<i32>(n, Node.LoopCount * 4) > 0;
}

/** Number of the k-th local station of a node. */
@inline
export function stationOf(n: usize, k: i32): i32 {
  return stations.localStation(load<i32>(n, Node.StationStart * 4), k);
}

/** A message reaches the node it was sent to. */
export function arrive(row: i32, at: usize): i32 {
  const node = nodeOf(at);
  const n = nodeAt(node);
  const machine = machineAt(machineIn(n));
  const connections = load<i32>(machine, Machine.ConnectionsUsed * 4);
  if (!accepts(n) || <f64>connections >= load<f64>(machine, MachineF.Connections * 8)) {
    host.arrive(row);
    return Id.None;
  }
  const component = componentIn(n);
  if (cell(Cell.HasPriorities) != 0) host.prioritise(row, component);
  store<i32>(machine, connections + 1, Machine.ConnectionsUsed * 4);
  bump(n + Node.Inside * 4, 1);
  setFlags(at, flagsOf(at) | Flag.Inside);
  setStart(at, clock());
  ledger.arrive(component);
  const memory = load<f64>(n, NodeF.PerRequest * 8);
  if (memory > 0) useMemory(node, machine, memory);
  const intake = load<i32>(n, Node.Intake * 4);
  if (intake != Id.None) {
    const station = stationAt(intake);
    if (stations.acquire(station)) setFlags(at, flagsOf(at) | Flag.Token);
    else if (stations.isFull(station)) return turnAway(row, at, component);
    else {
      wait(row, at, intake, station, Kind.GrantIntake);
      return Id.None;
    }
  } else if (hasLoops(n) && !assignLoop(at, n)) return turnAway(row, at, component);
  return begin(row, at, component);
}

/** Gives a request to the next of the node's event loops. False: too many wait for it. */
function assignLoop(at: usize, n: usize): bool {
  const process = load<i32>(n, Node.LoopNext * 4);
  store<i32>(n, process + 1 == load<i32>(n, Node.LoopCount * 4) ? 0 : process + 1, Node.LoopNext * 4);
  setFlags(at, (flagsOf(at) & ~Flag.ProcessMask) | (process << Flag.ProcessShift));
  const station = stationAt(load<i32>(n, Node.Loops * 4) + process);
  return <f64>load<i32>(station, Station.Queued * 4) < load<f64>(n, NodeF.LoopLimit * 8);
}

/** The queue is full. */
function turnAway(row: i32, at: usize, component: i32): i32 {
  addF64(Slot.TurnedAway, component, 1);
  return finish(row, at, Status.Rejected);
}

function useMemory(node: i32, machine: usize, bytes: f64): void {
  const used = load<f64>(machine, MachineF.MemoryUsed * 8) + bytes;
  store<f64>(machine, used, MachineF.MemoryUsed * 8);
  if (used > load<f64>(machine, MachineF.MemoryPeak * 8)) store<f64>(machine, used, MachineF.MemoryPeak * 8);
  if (used > load<f64>(machine, MachineF.Memory * 8)) host.outOfMemory(node);
}

/** Queues the row for a token; it goes on as `kind` when it gets one. */
export function wait(row: i32, at: usize, i: i32, station: usize, kind: i32): void {
  setKind(at, kind);
  setMark(at, clock());
  spans.enter(row, at, stations.waitCellOf(station));
  stations.enqueue(i, station, row, at);
  const patience = stations.patienceOf(station);
  if (patience != Id.None) host.watchPatience(row, i, patience);
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
  runCpu(row, at, nodeAt(nodeOf(at)));
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
        const local = stationOf(nodeAt(nodeOf(at)), a);
        const station = stationAt(local);
        if (!stations.acquire(station)) {
          if (stations.isFull(station)) return finish(row, at, Status.Rejected);
          wait(row, at, local, station, Kind.GrantSeize);
          return Id.None;
        }
        pc++;
        break;
      }
      case Verb.Release:
        release(stationOf(nodeAt(nodeOf(at)), a));
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
      case Verb.Toss:
        toss(at, a);
        pc++;
        break;
      default:
        // Forks, early answers and chance failures.
        host.advance(row, pc);
        return Id.None;
    }
  }
  // The compiler does not see that nobody comes here.
  return Id.None;
}

/** By chance a hit or a miss, without a value. */
function toss(at: usize, entry: i32): void {
  const chance = table(Slot.Tosses) + entry * Toss.F * 8;
  const isHit = uniform(idAOf(at), idBOf(at), DrawStep.Toss) < load<f64>(chance, Toss.Probability * 8);
  const count = chance + (isHit ? Toss.Hits : Toss.Misses) * 8;
  store<f64>(count, load<f64>(count) + 1);
  setData(at, 0);
  setFlags(at, (flagsOf(at) & ~Flag.StatusMask) | (isHit ? Status.Ok : Status.Miss));
}

function cpu(row: i32, at: usize, code: usize): void {
  const n = nodeAt(nodeOf(at));
  setWork(at, sample(load<i32>(code, 4), idAOf(at), idBOf(at), load<i32>(code, 12)));
  if (hasLoops(n)) {
    const loop = loopOf(at, n);
    const station = stationAt(loop);
    if (!stations.acquire(station)) {
      wait(row, at, loop, station, Kind.GrantLoop);
      return;
    }
  }
  runCpu(row, at, n);
}

@inline
function loopOf(at: usize, n: usize): i32 {
  return load<i32>(n, Node.Loops * 4) + ((flagsOf(at) & Flag.ProcessMask) >> Flag.ProcessShift);
}

function runCpu(row: i32, at: usize, n: usize): void {
  setDemand(at, workOf(at));
  setMark(at, clock());
  spans.enter(row, at, i32At(Slot.CpuCell, componentIn(n)));
  machines.run(machineIn(n), row, at);
}

/** A CPU step is done. */
export function cpuDone(row: i32, at: usize): i32 {
  const n = nodeAt(nodeOf(at));
  const machine = machineAt(machineIn(n));
  const component = componentIn(n);
  const elapsed = clock() - markOf(at);
  let service = elapsed;
  if (machines.isShared(machine)) {
    const wanted = round(demandOf(at) / machines.speedOf(machine));
    if (wanted < elapsed) service = wanted;
    spans.split(row, at, service, i32At(Slot.CpuWaitCell, component));
    addF64(Slot.WaitNs, component, elapsed - service);
  } else machines.finish(machine);
  addF64(Slot.ServiceNs, component, service);
  if (hasLoops(n)) release(loopOf(at, n));
  return advance(row, at, pcOf(at) + 1);
}

function hold(row: i32, at: usize, code: usize): void {
  const n = nodeAt(nodeOf(at));
  let time = sample(load<i32>(code, 4), idAOf(at), idBOf(at), load<i32>(code, 12));
  if (load<i32>(code) == Verb.Hold) time *= load<f64>(n, NodeF.Slowness * 8);
  time = round(time);
  addF64(Slot.ServiceNs, componentIn(n), time);
  spans.enter(row, at, load<i32>(code, 8));
  setKind(at, Kind.DelayDone);
  if (time == 0) pushReady(row);
  else events.schedule(row, at, clock() + time);
}

/** Gives a token back and wakes whoever gets it. */
export function release(station: i32): void {
  const next = stations.release(station);
  if (next != Id.None) pushReady(next);
}

/** A routed row leaves the router for the node it chose. */
function forward(row: i32, at: usize): i32 {
  const here = nodeOf(at);
  const n = nodeAt(here);
  const component = componentIn(n);
  const router = load<u32>(n, Node.Router * 4);
  const slot = router == 0 ? Id.None : routers.choose(router);
  let target: i32;
  if (slot == Id.None) target = host.choose(component, row);
  else {
    setJoin(at, slot);
    target = routers.nodeOf(router, slot);
  }
  if (target < 0) return finish(row, at, Status.Refused);
  if ((flagsOf(at) & Flag.Inside) != 0) {
    // The connection stays with the router until the answer has passed; only the row moves on.
    ledger.leave(component, startOf(at), false);
    bump(n + Node.Inside * 4, -1);
    dropToken(at, n);
    setFlags(at, flagsOf(at) & ~Flag.Inside);
  }
  const path = pathBetween(component, componentOf(target));
  setVia(at, takeWay(here, joinOf(at), path, viaOf(at)));
  setNode(at, target);
  setKind(at, Kind.Arrive);
  spans.enter(row, at, i32At(Slot.OnwardCell, component));
  const delay = delayOf(path, false);
  if (delay >= 0) return travel(row, at, path, false, delay);
  host.travel(row, path, 0, here, target);
  return Id.None;
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
  const n = nodeAt(router);
  if (!accepts(n)) {
    host.dispatch(row);
    return Id.None;
  }
  setNode(at, router);
  setJoin(at, i32At(Slot.WayTarget, way));
  const component = componentIn(n);
  const status = flagsOf(at) & Flag.StatusMask;
  const known = load<u32>(n, Node.Router * 4);
  if (known != 0 && status <= Status.Miss && i32At(Slot.WayTries, way) == 0) routers.returned(known, joinOf(at));
  else if (host.returned(component, row, status) != 0 && host.forwardAgain(row, way) != 0) return Id.None;
  dropConnection(n);
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
  const n = nodeAt(nodeOf(at));
  if ((flags & Flag.Inside) != 0) {
    ledger.leave(componentIn(n), startOf(at), status > Status.Miss);
    bump(n + Node.Inside * 4, -1);
    dropConnection(n);
    dropToken(at, n);
    setFlags(at, flagsOf(at) & ~Flag.Inside);
  }
  return answer(row, at, status);
}

function dropToken(at: usize, n: usize): void {
  const flags = flagsOf(at);
  if ((flags & Flag.Token) == 0) return;
  setFlags(at, flags & ~Flag.Token);
  release(load<i32>(n, Node.Intake * 4));
}

/** A connection to the node is closed. */
function dropConnection(n: usize): void {
  const machine = machineAt(machineIn(n));
  bump(machine + Machine.ConnectionsUsed * 4, -1);
  const memory = load<f64>(n, NodeF.PerRequest * 8);
  if (memory == 0) return;
  store<f64>(machine, load<f64>(machine, MachineF.MemoryUsed * 8) - memory, MachineF.MemoryUsed * 8);
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
    const path = i32At(Slot.WayPath, way);
    const delay = delayOf(path, true);
    if (delay >= 0) return travel(row, at, path, true, delay);
    host.travel(row, path, 1, node, router);
    return Id.None;
  }
  const site = siteOf(at);
  setKind(at, Kind.Reply);
  spans.enter(row, at, i32At(Slot.SiteBackCell, site));
  const path = i32At(Slot.SitePath, site);
  const delay = delayOf(path, true);
  if (delay >= 0) return travel(row, at, path, true, delay);
  host.travel(row, path, 1, node, nodeOf(rowAt(parent)));
  return Id.None;
}

/** How long a message is under way, ns; below 0: that is drawn, or it may be lost. */
@inline
export function delayOf(path: i32, isBack: bool): f64 {
  if (cell(Cell.Cut) != 0) return -1;
  return isBack ? f64At(Slot.QuickBack, path) : f64At(Slot.Quick, path);
}

/** Puts the row on its way. Without delay it goes on at once where it would be the next anyway. */
export function travel(row: i32, at: usize, path: i32, isBack: bool, delay: f64): i32 {
  if (cell(Cell.Recorded) != 0) count(path, isBack, delay);
  if (delay > 0) {
    events.schedule(row, at, clock() + delay);
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
