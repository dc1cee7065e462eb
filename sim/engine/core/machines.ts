/** Cores shared by whatever is runnable on them: `Machines`. A machine is the address of its record, see `Machine`. */
import { Id, Kind } from '../layout';
import { Machine, MachineF } from '../records';
import * as events from './event-list';
import * as host from './host';
import { free, takeFor } from './pool';
import { round } from './random';
import {
  bump,
  clock,
  idAOf,
  idBOf,
  LIMB,
  machineAt,
  nodeOf,
  queueNextOf,
  rowAt,
  setKind,
  setQueueNext,
  setWork,
  timeOf,
  workOf,
} from './tables';

/** A job that needs no more than this, ns, is done: what is left are the last bits of sums. */
const INSTANT: f64 = 1e-3;

@inline
export function isShared(machine: usize): bool {
  return load<i32>(machine, Machine.Shared * 4) == 1;
}

@inline
function numberOf(machine: usize): i32 {
  return load<i32>(machine, Machine.Number * 4);
}

@inline
export function speedOf(machine: usize): f64 {
  return load<f64>(machine, MachineF.Speed * 8);
}

@inline
function runningOn(machine: usize): i32 {
  return load<i32>(machine, Machine.Running * 4);
}

/** The share of a core that each of `n` jobs has. */
@inline
function shareOf(n: f64, cores: f64): f64 {
  return n <= cores ? 1 : cores / n;
}

/** A quotient. Nearly always the divisor is 1, and a processor takes its time to divide. */
@inline
function over(x: f64, y: f64): f64 {
  return y == 1 ? x : x / y;
}

/** Brings virtual time and the busy area up to now. */
function touch(machine: usize): void {
  const now = clock();
  const dt = now - load<f64>(machine, MachineF.Last * 8);
  if (dt <= 0) return;
  store<f64>(machine, now, MachineF.Last * 8);
  const running = runningOn(machine);
  if (running == 0) return;
  const n = <f64>running;
  const cores = load<f64>(machine, MachineF.Cores * 8);
  addArea(machine, (n < cores ? n : cores) * dt);
  if (!isShared(machine)) return;
  const progress = dt * speedOf(machine) * shareOf(n, cores);
  store<f64>(machine, load<f64>(machine, MachineF.Virtual * 8) + progress, MachineF.Virtual * 8);
}

/** Adds work that is done, core·ns; below 0: as much less has been booked. */
@inline
export function addArea(machine: usize, time: f64): void {
  const area = load<f64>(machine, MachineF.Area * 8) + time;
  if (area >= LIMB) {
    store<f64>(machine, area - LIMB, MachineF.Area * 8);
    store<f64>(machine, load<f64>(machine, MachineF.Area * 8 + 8) + 1, MachineF.Area * 8 + 8);
  } else store<f64>(machine, area, MachineF.Area * 8);
}

/** Starts the job whose demand stands in the row's work column; the row comes back as `CpuDone`. */
export function run(machine: usize, row: i32, at: usize): void {
  touch(machine);
  const running = runningOn(machine) + 1;
  store<i32>(machine, running, Machine.Running * 4);
  setKind(at, Kind.CpuDone);
  if (!isShared(machine)) {
    events.schedule(row, at, clock() + durationOf(machine, workOf(at)));
    return;
  }
  if (running == 1) store<f64>(machine, 0, MachineF.Virtual * 8);
  setWork(at, workOf(at) + load<f64>(machine, MachineF.Virtual * 8));
  rise(machine, row);
  arm(machine);
}

/** How long a job of so much work takes that shares no core, ns. */
@inline
export function durationOf(machine: usize, work: f64): f64 {
  return round(over(work, speedOf(machine)));
}

/** A job begins whose end somebody else sees to. */
export function begin(machine: usize): void {
  touch(machine);
  bump(machine, Machine.Running, 1);
}

/** A directly scheduled job is done. */
export function finish(machine: usize): void {
  touch(machine);
  bump(machine, Machine.Running, -1);
}

/** The pending completion of a shared machine came up. Returns the row that is done, Id.None: the event was too early. */
export function complete(event: i32): i32 {
  const at = rowAt(event);
  const machine = machineAt(nodeOf(at));
  const isCurrent = load<i32>(machine, Machine.Pending * 4) == event;
  if (isCurrent) store<i32>(machine, queueNextOf(at), Machine.Pending * 4);
  if (!isCurrent || sizeOf(machine) == 0) {
    free(event);
    return Id.None;
  }
  touch(machine);
  let row: i32 = Id.None;
  if (timeToFirst(machine) <= INSTANT) {
    row = load<i32>(heapOf(machine));
    pop(machine);
    bump(machine, Machine.Running, -1);
  }
  rearm(machine, event, at);
  return row;
}

/** The job of a shared machine that is done next, Id.None: it has none. */
@inline
export function firstOf(machine: usize): i32 {
  return sizeOf(machine) == 0 ? Id.None : load<i32>(heapOf(machine));
}

/** Makes sure an event is pending no later than the next completion. */
function arm(machine: usize): void {
  if (isIdle(machine)) return disarm(machine);
  const due = dueOf(machine);
  if (isPendingBy(machine, due)) return;
  const event = takeFor(Kind.Machine, numberOf(machine));
  expect(machine, event, rowAt(event), due);
}

/** The same with the row of an event that has come up. */
@inline
function rearm(machine: usize, event: i32, at: usize): void {
  if (isIdle(machine)) {
    disarm(machine);
    free(event);
    return;
  }
  const due = dueOf(machine);
  if (isPendingBy(machine, due)) free(event);
  else expect(machine, event, at, due);
}

/** Will none of its jobs ever be done, as it is now? */
@inline
function isIdle(machine: usize): bool {
  return sizeOf(machine) == 0 || speedOf(machine) == 0;
}

/** When the next completion is due if nothing changes, ns. */
@inline
function dueOf(machine: usize): f64 {
  return clock() + max(0, ceil(timeToFirst(machine) - INSTANT));
}

/** A pending event that is too early asks again when it comes up; before a late one comes another, after which it may be right. */
@inline
function isPendingBy(machine: usize, due: f64): bool {
  const pending = load<i32>(machine, Machine.Pending * 4);
  return pending != Id.None && timeOf(rowAt(pending)) <= due;
}

/** The event becomes the next to come up. */
@inline
function expect(machine: usize, event: i32, at: usize, due: f64): void {
  setQueueNext(at, load<i32>(machine, Machine.Pending * 4));
  store<i32>(machine, event, Machine.Pending * 4);
  events.schedule(event, at, due);
}

@inline
function disarm(machine: usize): void {
  store<i32>(machine, Id.None, Machine.Pending * 4);
}

/** Time until the first job of a shared machine is done if nothing changes, ns. */
function timeToFirst(machine: usize): f64 {
  const rate = speedOf(machine) * shareOf(<f64>runningOn(machine), load<f64>(machine, MachineF.Cores * 8));
  return over(workOf(rowAt(load<i32>(heapOf(machine)))) - load<f64>(machine, MachineF.Virtual * 8), rate);
}

@inline
function heapOf(machine: usize): usize {
  return load<u32>(machine, Machine.Heap * 4);
}

@inline
function sizeOf(machine: usize): i32 {
  return load<i32>(machine, Machine.Size * 4);
}

/** The heap is ordered by virtual finish time. */
function rise(machine: usize, row: i32): void {
  let i = sizeOf(machine);
  store<i32>(machine, i + 1, Machine.Size * 4);
  if (i >= load<i32>(machine, Machine.Room * 4)) host.growMachine(numberOf(machine));
  const heap = heapOf(machine);
  const work = workOf(rowAt(row));
  while (i > 0) {
    const up = (i - 1) >> 1;
    const above = load<i32>(heap + (up << 2));
    const its = workOf(rowAt(above));
    if (its < work) break;
    if (its == work) {
      if (!isBefore(row, above)) break;
    }
    store<i32>(heap + (i << 2), above);
    i = up;
  }
  store<i32>(heap + (i << 2), row);
}

function pop(machine: usize): void {
  const heap = heapOf(machine);
  const size = sizeOf(machine) - 1;
  store<i32>(machine, size, Machine.Size * 4);
  const row = load<i32>(heap + (size << 2));
  const work = workOf(rowAt(row));
  let i = 0;
  for (;;) {
    let down = 2 * i + 1;
    if (down >= size) break;
    let below = load<i32>(heap + (down << 2));
    let its = workOf(rowAt(below));
    if (down + 1 < size) {
      const other = load<i32>(heap + (down << 2), 4);
      const others = workOf(rowAt(other));
      if (others < its || (others == its && isBefore(other, below))) {
        down++;
        below = other;
        its = others;
      }
    }
    if (its > work) break;
    if (its == work) {
      if (!isBefore(below, row)) break;
    }
    store<i32>(heap + (i << 2), below);
    i = down;
  }
  store<i32>(heap + (i << 2), row);
}

/** Of jobs with the same virtual finish time, which come first: by identity, if they are of equal demand and started together. */
function isBefore(a: i32, b: i32): bool {
  const x = rowAt(a);
  const y = rowAt(b);
  return idAOf(x) != idAOf(y) ? idAOf(x) < idAOf(y) : idBOf(x) < idBOf(y);
}
