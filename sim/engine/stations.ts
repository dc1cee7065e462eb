/**
 * Stations: tokens with a queue before them. Threads, event loops, connections, disks, pools and locks are stations.
 *
 * Each keeps exact time-weighted areas of its busy tokens and of its queue (two limbs, since a million users pass
 * 2^53 user·ns in seconds).
 */
import { Discipline } from './layout.ts';
import { doublesOf, LooseTables, type Memory, type Tables } from './memory.ts';
import { FCol, Stride, Flag, ICol, Id, type Rows } from './rows.ts';
import { Booked, Station, StationF } from './records.ts';
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
  readonly limit: Float64Array;
  readonly patience: Int32Array;
  readonly waitCell: Int32Array;
  readonly holdCell: Int32Array;
  readonly node: Int32Array;
  /** Their records, through two views: see `Station`. */
  private readonly I: Int32Array;
  private readonly F: Float64Array;
  private readonly discipline: Uint8Array;
  /** First and last of the queues of each priority, by station; of none without priorities. */
  private readonly lists: Int32Array;
  /** When the capacity last changed, and its area as the others have. */
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
    this.limit = Float64Array.from(specs, (s) => s.limit);
    this.discipline = Uint8Array.from(specs, (s) => s.discipline);
    this.patience = Int32Array.from(specs, (s) => s.patience);
    this.waitCell = Int32Array.from(specs, (s) => s.waitCell);
    this.holdCell = Int32Array.from(specs, (s) => s.holdCell);
    this.node = Int32Array.from(specs, (s) => s.node);
    this.I = tables.i32(Slot.Stations, n * Station.I);
    this.F = doublesOf(this.I);
    const isPrioritised = specs.some((s) => s.discipline === Discipline.Priority);
    this.lists = tables.i32(Slot.PriorityLists, isPrioritised ? n * PRIORITIES * 2 : 0).fill(Id.None);
    this.capacityLast = new Float64Array(n);
    this.capacityAreas = new Float64Array(n * 2);
    specs.forEach((s, i) => {
      const at = i * Station.I;
      this.I[at + Station.Number] = i;
      this.I[at + Station.Capacity] = s.capacity;
      this.I[at + Station.Discipline] = s.discipline;
      this.I[at + Station.Patience] = s.patience;
      this.I[at + Station.WaitCell] = s.waitCell;
      this.I[at + Station.Head] = Id.None;
      this.I[at + Station.Tail] = Id.None;
      this.F[i * Station.F + StationF.Limit] = s.limit;
    });
  }

  /** Visits that take its tokens may be booked ahead. */
  bookAhead(i: number, memory: Memory): void {
    this.I[i * Station.I + Station.Lanes] = memory.i32s(this.capacity(i) * Booked.I).byteOffset;
  }

  /** Tokens there are, and in use; rows that wait, and the most there were. */
  capacity(i: number): number {
    return this.I[i * Station.I + Station.Capacity];
  }

  busy(i: number): number {
    return this.I[i * Station.I + Station.Busy];
  }

  queued(i: number): number {
    return this.I[i * Station.I + Station.Queued];
  }

  queueMax(i: number): number {
    return this.I[i * Station.I + Station.QueueMax];
  }

  setQueueMax(i: number, most: number): void {
    this.I[i * Station.I + Station.QueueMax] = most;
  }

  /** Brings the areas up to now. */
  touch(i: number): void {
    const { I, F } = this;
    const at = i * Station.F;
    const now = this.clock[0];
    const dt = now - F[at + StationF.Last];
    if (dt === 0) return;
    F[at + StationF.Last] = now;
    F[at + StationF.BusyArea] += I[i * Station.I + Station.Busy] * dt;
    if (F[at + StationF.BusyArea] >= LIMB) carry(F, at + StationF.BusyArea);
    const queued = I[i * Station.I + Station.Queued];
    if (queued === 0) return;
    F[at + StationF.QueueArea] += queued * dt;
    if (F[at + StationF.QueueArea] >= LIMB) carry(F, at + StationF.QueueArea);
  }

  private touchCapacity(i: number): void {
    const now = this.clock[0];
    this.capacityAreas[i * 2] += this.capacity(i) * (now - this.capacityLast[i]);
    this.capacityLast[i] = now;
    if (this.capacityAreas[i * 2] >= LIMB) carry(this.capacityAreas, i * 2);
  }

  /** Takes a token if one is free. */
  acquire(i: number): boolean {
    if (!this.isFree(i)) return false;
    this.touch(i);
    this.I[i * Station.I + Station.Busy]++;
    return true;
  }

  /** Is a token free? */
  isFree(i: number): boolean {
    return this.busy(i) < this.capacity(i);
  }

  isFull(i: number): boolean {
    return this.queued(i) >= this.limit[i];
  }

  enqueue(i: number, row: number): void {
    this.touch(i);
    const queued = ++this.I[i * Station.I + Station.Queued];
    if (queued > this.queueMax(i)) this.setQueueMax(i, queued);
    const I = this.rows.I;
    const at = row * Stride.I;
    const { list, first, last } = this.listOf(i, row);
    if (this.discipline[i] === Discipline.Lifo) {
      const head = list[first];
      I[at + ICol.QPrev] = Id.None;
      I[at + ICol.QNext] = head;
      if (head === Id.None) list[last] = row;
      else I[head * Stride.I + ICol.QPrev] = row;
      list[first] = row;
      return;
    }
    const tail = list[last];
    I[at + ICol.QPrev] = tail;
    I[at + ICol.QNext] = Id.None;
    if (tail === Id.None) list[first] = row;
    else I[tail * Stride.I + ICol.QNext] = row;
    list[last] = row;
  }

  /** Takes a row out of the middle of the queue. */
  remove(i: number, row: number): void {
    this.touch(i);
    this.I[i * Station.I + Station.Queued]--;
    const I = this.rows.I;
    const { list, first, last } = this.listOf(i, row);
    const before = I[row * Stride.I + ICol.QPrev];
    const after = I[row * Stride.I + ICol.QNext];
    if (before === Id.None) list[first] = after;
    else I[before * Stride.I + ICol.QNext] = after;
    if (after === Id.None) list[last] = before;
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
    this.I[i * Station.I + Station.Busy]--;
    return this.grantNext(i);
  }

  /** Hands a free token to the next in the queue; for `release` and after capacity grew. */
  grantNext(i: number): number {
    if (this.queued(i) === 0 || this.busy(i) >= this.capacity(i)) return Id.None;
    const row = this.first(i);
    this.remove(i, row);
    this.I[i * Station.I + Station.Busy]++;
    return row;
  }

  /** Forgets tokens and queue of a crashed process; the rows themselves are the caller's to free. */
  clear(i: number): void {
    this.touch(i);
    const at = i * Station.I;
    this.I[at + Station.Busy] = 0;
    this.I[at + Station.Queued] = 0;
    this.I[at + Station.Head] = Id.None;
    this.I[at + Station.Tail] = Id.None;
    this.lists.fill(Id.None, i * PRIORITIES * 2, (i + 1) * PRIORITIES * 2);
  }

  setCapacity(i: number, capacity: number): void {
    this.touchCapacity(i);
    this.I[i * Station.I + Station.Capacity] = capacity;
  }

  /** End of the warm-up: figures start again, state stays. */
  reset(): void {
    for (let i = 0; i < this.specs.length; i++) {
      const at = i * Station.F;
      this.F[at + StationF.Last] = this.clock[0];
      this.F.fill(0, at + StationF.BusyArea, at + StationF.QueueArea + 2);
      this.capacityLast[i] = this.clock[0];
      this.setQueueMax(i, this.queued(i));
    }
    this.capacityAreas.fill(0);
  }

  /** Areas in token·ns up to now. */
  busyArea(i: number): number {
    this.touch(i);
    return areaAt(this.F, i * Station.F + StationF.BusyArea);
  }

  queueArea(i: number): number {
    this.touch(i);
    return areaAt(this.F, i * Station.F + StationF.QueueArea);
  }

  capacityArea(i: number): number {
    this.touchCapacity(i);
    return areaAt(this.capacityAreas, i * 2);
  }

  /** 0 ≤ busy ≤ capacity (unless it has just shrunk), queue within its bound. Returns what is wrong, or ''. */
  violation(i: number): string {
    if (this.busy(i) < 0 || this.queued(i) < 0) return 'a negative number of tokens or waiters';
    if (this.busy(i) > this.capacity(i)) return 'more tokens in use than there are';
    if (this.queued(i) > this.limit[i]) return 'more waiters than the queue holds';
    return '';
  }

  /** Age of who has waited longest, ns; 0 when nobody waits. Used by the drift test. */
  oldestWait(i: number): number {
    if (this.queued(i) === 0) return 0;
    return this.clock[0] - this.rows.F[this.first(i) * Stride.F + FCol.Mark];
  }

  /** The list a row waits in: where its first and its last stand. */
  private listOf(i: number, row: number): { list: Int32Array; first: number; last: number } {
    if (this.discipline[i] !== Discipline.Priority) {
      return { list: this.I, first: i * Station.I + Station.Head, last: i * Station.I + Station.Tail };
    }
    const priority = (this.rows.I[row * Stride.I + ICol.Flags] & Flag.PriorityMask) >> Flag.PriorityShift;
    const first = (i * PRIORITIES + priority) * 2;
    return { list: this.lists, first, last: first + 1 };
  }

  private first(i: number): number {
    if (this.discipline[i] !== Discipline.Priority) return this.I[i * Station.I + Station.Head];
    for (let p = 0; p < PRIORITIES; p++) {
      const row = this.lists[(i * PRIORITIES + p) * 2];
      if (row !== Id.None) return row;
    }
    return Id.None;
  }
}

function areaAt(sums: Float64Array, at: number): number {
  return sums[at] + sums[at + 1] * LIMB;
}

function carry(area: Float64Array, at: number): void {
  const limbs = Math.floor(area[at] / LIMB);
  area[at] -= limbs * LIMB;
  area[at + 1] += limbs;
}
