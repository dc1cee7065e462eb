/** Cores shared by whatever is runnable on them: `Machines`. */
import { Id, Kind } from '../layout';
import { Slot } from '../slots';
import * as events from './event-list';
import * as host from './host';
import { free, take } from './pool';
import { round } from './random';
import {
  addI32,
  clock,
  f64At,
  i32At,
  idAOf,
  idBOf,
  LIMB,
  nodeOf,
  rowAt,
  setF64,
  setI32,
  setIdA,
  setIdB,
  setKind,
  setNode,
  setTag,
  setTime,
  setWork,
  table,
  timeOf,
  u8At,
  workOf,
} from './tables';

/** A job that needs no more than this, ns, is done: what is left are the last bits of sums. */
const INSTANT: f64 = 1e-3;

@inline
export function isShared(m: i32): bool {
  return u8At(Slot.MachineShared, m) == 1;
}

/** Brings virtual time and the busy area up to now. */
function touch(m: i32): void {
  const now = clock();
  const dt = now - f64At(Slot.MachineLast, m);
  if (dt == 0) return;
  setF64(Slot.MachineLast, m, now);
  const n = <f64>i32At(Slot.MachineRunning, m);
  if (n == 0) return;
  const cores = f64At(Slot.MachineCores, m);
  const at = table(Slot.MachineArea) + (m << 4);
  const area = load<f64>(at) + (n < cores ? n : cores) * dt;
  if (area >= LIMB) {
    store<f64>(at, area - LIMB);
    store<f64>(at, load<f64>(at, 8) + 1, 8);
  } else store<f64>(at, area);
  if (isShared(m))
    setF64(
      Slot.MachineVirtual,
      m,
      f64At(Slot.MachineVirtual, m) + dt * f64At(Slot.MachineSpeed, m) * (n <= cores ? 1 : cores / n),
    );
}

/** Starts the job whose demand stands in the row's work column; the row comes back as `CpuDone`. */
export function run(m: i32, row: i32, at: usize): void {
  touch(m);
  const running = i32At(Slot.MachineRunning, m) + 1;
  setI32(Slot.MachineRunning, m, running);
  setKind(at, Kind.CpuDone);
  if (!isShared(m)) {
    setTime(at, clock() + round(workOf(at) / f64At(Slot.MachineSpeed, m)));
    events.push(row);
    return;
  }
  if (running == 1) setF64(Slot.MachineVirtual, m, 0);
  setWork(at, workOf(at) + f64At(Slot.MachineVirtual, m));
  rise(m, row);
  arm(m);
}

/** A directly scheduled job is done. */
export function finish(m: i32): void {
  touch(m);
  addI32(Slot.MachineRunning, m, -1);
}

/** The pending completion of a shared machine came up. Returns the row that is done, Id.None: the event was overtaken. */
export function complete(event: i32): i32 {
  const m = nodeOf(rowAt(event));
  const isCurrent = i32At(Slot.MachinePending, m) == event;
  free(event);
  if (!isCurrent) return Id.None;
  setI32(Slot.MachinePending, m, Id.None);
  if (i32At(Slot.MachineSize, m) == 0) return Id.None;
  touch(m);
  const row = load<i32>(heapOf(m));
  if (timeToFirst(m) > INSTANT) {
    arm(m);
    return Id.None;
  }
  pop(m);
  addI32(Slot.MachineRunning, m, -1);
  arm(m);
  return row;
}

/** Makes sure an event is pending no later than the next completion. */
function arm(m: i32): void {
  if (i32At(Slot.MachineSize, m) == 0 || f64At(Slot.MachineSpeed, m) == 0) {
    setI32(Slot.MachinePending, m, Id.None);
    return;
  }
  const due = clock() + max(0, ceil(timeToFirst(m) - INSTANT));
  const pending = i32At(Slot.MachinePending, m);
  // A pending event that is too early asks again when it comes up; only a late one must be replaced.
  if (pending != Id.None && timeOf(rowAt(pending)) <= due) return;
  const event = take();
  const at = rowAt(event);
  setKind(at, Kind.Machine);
  setNode(at, m);
  setIdA(at, 0);
  setIdB(at, 0);
  setTag(at, 0);
  setTime(at, due);
  setI32(Slot.MachinePending, m, event);
  events.push(event);
}

/** Time until the first job of a shared machine is done if nothing changes, ns. */
function timeToFirst(m: i32): f64 {
  const n = <f64>i32At(Slot.MachineRunning, m);
  const cores = f64At(Slot.MachineCores, m);
  const rate = f64At(Slot.MachineSpeed, m) * (n <= cores ? 1 : cores / n);
  return (workOf(rowAt(load<i32>(heapOf(m)))) - f64At(Slot.MachineVirtual, m)) / rate;
}

@inline
function heapOf(m: i32): usize {
  return i32At(Slot.MachineHeap, m);
}

function rise(m: i32, row: i32): void {
  let i = i32At(Slot.MachineSize, m);
  setI32(Slot.MachineSize, m, i + 1);
  if (i >= i32At(Slot.MachineHeapRoom, m)) host.growMachine(m);
  const heap = heapOf(m);
  while (i > 0) {
    const up = (i - 1) >> 1;
    const above = load<i32>(heap + (up << 2));
    if (!isEarlier(row, above)) break;
    store<i32>(heap + (i << 2), above);
    i = up;
  }
  store<i32>(heap + (i << 2), row);
}

function pop(m: i32): void {
  const heap = heapOf(m);
  const size = i32At(Slot.MachineSize, m) - 1;
  setI32(Slot.MachineSize, m, size);
  const row = load<i32>(heap + (size << 2));
  let i = 0;
  for (;;) {
    let down = 2 * i + 1;
    if (down >= size) break;
    if (down + 1 < size && isEarlier(load<i32>(heap + ((down + 1) << 2)), load<i32>(heap + (down << 2)))) down++;
    const below = load<i32>(heap + (down << 2));
    if (!isEarlier(below, row)) break;
    store<i32>(heap + (i << 2), below);
    i = down;
  }
  store<i32>(heap + (i << 2), row);
}

/** By virtual finish time, then by identity: jobs of equal demand that started together. */
function isEarlier(a: i32, b: i32): bool {
  const x = rowAt(a);
  const y = rowAt(b);
  if (workOf(x) != workOf(y)) return workOf(x) < workOf(y);
  return idAOf(x) != idAOf(y) ? idAOf(x) < idAOf(y) : idBOf(x) < idBOf(y);
}
