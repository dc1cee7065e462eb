/**
 * Stations: tokens with a queue before them. Threads, event loops, connections, disks, pools and locks are stations.
 *
 * Each keeps exact time-weighted areas of its busy tokens and of its queue (two limbs, since a million users pass
 * 2^53 user·ns in seconds).
 */
import { Discipline } from './layout.ts';
import { fill, LooseTables, type Tables } from './memory.ts';
import { FCol, Stride, Flag, ICol, Id, type Rows } from './rows.ts';
import { Slot } from './slots.ts';

export { Discipline } from './layout.ts';

/** Priorities 0 (first) to 7. */
export const PRIORITIES = 8;
const LIMB = 4503599627370496;
/** Stands for the row before in a row that has left its queue. */
const OUT = -2;

export interface StationSpec {
  node: number;
  resource: string;
  /** Tokens. */
  capacity: number;
  /** Most rows waiting; Infinity: unbounded. */
  limit: number;
  discipline: Discipline;
  /** Distribution of the patience of who waits, Id.None: endless. */
  patience: number;
  /** Span cell for waiting here, and for holding. */
  waitCell: number;
  holdCell: number;
  /** Which entry of a component's resource list this station is. */
  group: number;
}

export class Stations {
  readonly specs: readonly StationSpec[];
  readonly capacity: Int32Array;
  readonly busy: Int32Array;
  readonly queued: Int32Array;
  readonly limit: Float64Array;
  readonly queueMax: Int32Array;
  readonly patience: Int32Array;
  readonly waitCell: Int32Array;
  readonly holdCell: Int32Array;
  readonly node: Int32Array;
  private readonly discipline: Uint8Array;
  private readonly head: Int32Array;
  private readonly tail: Int32Array;
  /** When the areas were brought up to date. */
  readonly last: Float64Array;
  /** Areas: low and high limb of busy tokens, and of the queue, ns·tokens. */
  readonly area: Float64Array;
  /** The same of the capacity, which hardly ever changes. */
  private readonly capacityLast: Float64Array;
  private readonly capacityAreas: Float64Array;

  constructor(
    specs: readonly StationSpec[],
    private readonly rows: Rows,
    private readonly clock: Float64Array,
    tables: Tables = new LooseTables(),
  ) {
    const n = specs.length;
    this.specs = specs;
    this.capacity = fill(tables.i32(Slot.StationCapacity, n), specs, (s) => s.capacity);
    this.limit = fill(tables.f64(Slot.StationLimit, n), specs, (s) => s.limit);
    this.discipline = fill(tables.u8(Slot.StationDiscipline, n), specs, (s) => s.discipline);
    this.patience = fill(tables.i32(Slot.StationPatience, n), specs, (s) => s.patience);
    this.waitCell = fill(tables.i32(Slot.StationWaitCell, n), specs, (s) => s.waitCell);
    this.holdCell = Int32Array.from(specs, (s) => s.holdCell);
    this.node = Int32Array.from(specs, (s) => s.node);
    this.busy = tables.i32(Slot.StationBusy, n);
    this.queued = tables.i32(Slot.StationQueued, n);
    this.queueMax = tables.i32(Slot.StationQueueMax, n);
    this.head = tables.i32(Slot.StationHead, n * PRIORITIES).fill(Id.None);
    this.tail = tables.i32(Slot.StationTail, n * PRIORITIES).fill(Id.None);
    this.last = tables.f64(Slot.StationLast, n);
    this.area = tables.f64(Slot.StationArea, n * 4);
    this.capacityLast = new Float64Array(n);
    this.capacityAreas = new Float64Array(n * 2);
  }

  /** Brings the areas up to now. */
  touch(i: number): void {
    const now = this.clock[0];
    const dt = now - this.last[i];
    if (dt === 0) return;
    this.last[i] = now;
    const area = this.area;
    const at = i * 4;
    area[at] += this.busy[i] * dt;
    if (area[at] >= LIMB) carry(area, at);
    if (this.queued[i] > 0) this.touchQueue(i, dt);
  }

  /** The queue has been as long as it is for `dt`, ns. */
  touchQueue(i: number, dt: number): void {
    const at = i * 4 + 2;
    this.area[at] += this.queued[i] * dt;
    if (this.area[at] >= LIMB) carry(this.area, at);
  }

  /** Moves what is too much for the low limb at `at` to the high one. */
  carry(at: number): void {
    carry(this.area, at);
  }

  private touchCapacity(i: number): void {
    const now = this.clock[0];
    this.capacityAreas[i * 2] += this.capacity[i] * (now - this.capacityLast[i]);
    this.capacityLast[i] = now;
    if (this.capacityAreas[i * 2] >= LIMB) carry(this.capacityAreas, i * 2);
  }

  /** Takes a token if one is free. */
  acquire(i: number): boolean {
    if (this.busy[i] >= this.capacity[i]) return false;
    this.touch(i);
    this.busy[i]++;
    return true;
  }

  isFull(i: number): boolean {
    return this.queued[i] >= this.limit[i];
  }

  enqueue(i: number, row: number): void {
    this.touch(i);
    if (++this.queued[i] > this.queueMax[i]) this.queueMax[i] = this.queued[i];
    const I = this.rows.I;
    const at = row * Stride.I;
    const list = this.listOf(i, row);
    if (this.discipline[i] === Discipline.Lifo) {
      const head = this.head[list];
      I[at + ICol.QPrev] = Id.None;
      I[at + ICol.QNext] = head;
      if (head === Id.None) this.tail[list] = row;
      else I[head * Stride.I + ICol.QPrev] = row;
      this.head[list] = row;
      return;
    }
    const tail = this.tail[list];
    I[at + ICol.QPrev] = tail;
    I[at + ICol.QNext] = Id.None;
    if (tail === Id.None) this.head[list] = row;
    else I[tail * Stride.I + ICol.QNext] = row;
    this.tail[list] = row;
  }

  /** Takes a row out of the middle of the queue. */
  remove(i: number, row: number): void {
    this.touch(i);
    this.queued[i]--;
    const I = this.rows.I;
    const list = this.listOf(i, row);
    const before = I[row * Stride.I + ICol.QPrev];
    const after = I[row * Stride.I + ICol.QNext];
    if (before === Id.None) this.head[list] = after;
    else I[before * Stride.I + ICol.QNext] = after;
    if (after === Id.None) this.tail[list] = before;
    else I[after * Stride.I + ICol.QPrev] = before;
    I[row * Stride.I + ICol.QPrev] = OUT;
  }

  /** Of a row that waits for a token or has just been granted one, and not gone on: does it still wait? */
  isQueued(row: number): boolean {
    return this.rows.I[row * Stride.I + ICol.QPrev] !== OUT;
  }

  /** Gives a token back. Returns the row that gets it now, Id.None if nobody waits or capacity shrank. */
  release(i: number): number {
    this.touch(i);
    this.busy[i]--;
    return this.grantNext(i);
  }

  /** Hands a free token to the next in the queue; for `release` and after capacity grew. */
  grantNext(i: number): number {
    if (this.queued[i] === 0 || this.busy[i] >= this.capacity[i]) return Id.None;
    const row = this.first(i);
    this.remove(i, row);
    this.busy[i]++;
    return row;
  }

  /** Forgets tokens and queue of a crashed process; the rows themselves are the caller's to free. */
  clear(i: number): void {
    this.touch(i);
    this.busy[i] = 0;
    this.queued[i] = 0;
    for (let p = 0; p < PRIORITIES; p++) {
      this.head[i * PRIORITIES + p] = Id.None;
      this.tail[i * PRIORITIES + p] = Id.None;
    }
  }

  setCapacity(i: number, capacity: number): void {
    this.touchCapacity(i);
    this.capacity[i] = capacity;
  }

  /** End of the warm-up: figures start again, state stays. */
  reset(): void {
    for (let i = 0; i < this.busy.length; i++) {
      this.last[i] = this.clock[0];
      this.capacityLast[i] = this.clock[0];
      this.queueMax[i] = this.queued[i];
    }
    this.area.fill(0);
    this.capacityAreas.fill(0);
  }

  /** Areas in token·ns up to now. */
  busyArea(i: number): number {
    this.touch(i);
    return this.area[i * 4] + this.area[i * 4 + 1] * LIMB;
  }

  queueArea(i: number): number {
    this.touch(i);
    return this.area[i * 4 + 2] + this.area[i * 4 + 3] * LIMB;
  }

  capacityArea(i: number): number {
    this.touchCapacity(i);
    return this.capacityAreas[i * 2] + this.capacityAreas[i * 2 + 1] * LIMB;
  }

  /** 0 ≤ busy ≤ capacity (unless it has just shrunk), queue within its bound. Returns what is wrong, or ''. */
  violation(i: number): string {
    if (this.busy[i] < 0 || this.queued[i] < 0) return 'a negative number of tokens or waiters';
    if (this.busy[i] > this.capacity[i]) return 'more tokens in use than there are';
    if (this.queued[i] > this.limit[i]) return 'more waiters than the queue holds';
    return '';
  }

  /** Age of who has waited longest, ns; 0 when nobody waits. Used by the drift test. */
  oldestWait(i: number): number {
    if (this.queued[i] === 0) return 0;
    return this.clock[0] - this.rows.F[this.first(i) * Stride.F + FCol.Mark];
  }

  private listOf(i: number, row: number): number {
    if (this.discipline[i] !== Discipline.Priority) return i * PRIORITIES;
    return i * PRIORITIES + ((this.rows.I[row * Stride.I + ICol.Flags] & Flag.PriorityMask) >> Flag.PriorityShift);
  }

  private first(i: number): number {
    if (this.discipline[i] !== Discipline.Priority) return this.head[i * PRIORITIES];
    for (let p = 0; p < PRIORITIES; p++) {
      const row = this.head[i * PRIORITIES + p];
      if (row !== Id.None) return row;
    }
    return Id.None;
  }
}

function carry(area: Float64Array, at: number): void {
  const limbs = Math.floor(area[at] / LIMB);
  area[at] -= limbs * LIMB;
  area[at + 1] += limbs;
}
