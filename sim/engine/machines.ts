/**
 * Machines: cores shared by whatever is runnable on them.
 *
 * While n jobs are runnable each progresses at rate speed · min(1, cores ÷ n) (processor sharing, exact): virtual time
 * advances at that rate, a job that needs w finishes when virtual time has advanced by w, so one heap of virtual
 * finish times and one pending completion serve the whole machine. Where the tokens above a machine never exceed its
 * cores nothing can contend, and a job's completion is scheduled directly (`isShared` false).
 */
import type { FutureEvents } from './event-list.ts';
import { fill, LooseTables, type Tables } from './memory.ts';
import { FCol, Stride, ICol, Kind, Id, type Rows } from './rows.ts';
import { Slot } from './slots.ts';

const LIMB = 4503599627370496;
/** A job that needs no more than this, ns, is done: what is left are the last bits of sums. */
const INSTANT = 1e-3;

export class Machines {
  readonly count: number;
  readonly cores: Float64Array;
  /** Work done per ns of core time. */
  readonly speed: Float64Array;
  readonly isShared: Uint8Array;
  readonly running: Int32Array;
  /** Memory in use and available, bytes; connections likewise. */
  readonly memoryUsed: Float64Array;
  readonly memory: Float64Array;
  readonly connectionsUsed: Int32Array;
  readonly connections: Float64Array;
  readonly memoryPeak: Float64Array;
  private readonly virtual: Float64Array;
  readonly last: Float64Array;
  /** Core·ns of work done, low and high limb. */
  readonly area: Float64Array;
  /** The area at the end of the warm-up. */
  private readonly origin: Float64Array;
  /** The pending completion event of each machine, and when it is due. */
  private readonly pending: Int32Array;
  private readonly heaps: Int32Array[];
  private readonly addresses: Int32Array;
  private readonly rooms: Int32Array;
  private readonly sizes: Int32Array;

  constructor(
    specs: readonly {
      cores: number;
      speed: number;
      memoryBytes: number;
      connections: number | null;
      shared: boolean;
    }[],
    private readonly rows: Rows,
    private readonly events: FutureEvents,
    private readonly clock: Float64Array,
    private readonly tables: Tables & { room?: (bytes: number) => number; buffer?: ArrayBuffer } = new LooseTables(),
  ) {
    const n = specs.length;
    this.count = n;
    this.cores = fill(tables.f64(Slot.MachineCores, n), specs, (s) => s.cores);
    this.speed = fill(tables.f64(Slot.MachineSpeed, n), specs, (s) => s.speed);
    this.isShared = fill(tables.u8(Slot.MachineShared, n), specs, (s) => (s.shared ? 1 : 0));
    this.memory = fill(tables.f64(Slot.MachineMemory, n), specs, (s) => s.memoryBytes);
    this.connections = fill(tables.f64(Slot.MachineConnections, n), specs, (s) => s.connections ?? Infinity);
    this.running = tables.i32(Slot.MachineRunning, n);
    this.memoryUsed = tables.f64(Slot.MachineMemoryUsed, n);
    this.memoryPeak = tables.f64(Slot.MachineMemoryPeak, n);
    this.connectionsUsed = tables.i32(Slot.MachineConnectionsUsed, n);
    this.virtual = tables.f64(Slot.MachineVirtual, n);
    this.last = tables.f64(Slot.MachineLast, n);
    this.area = tables.f64(Slot.MachineArea, n * 2);
    this.origin = new Float64Array(n * 2);
    this.pending = tables.i32(Slot.MachinePending, n).fill(Id.None);
    this.addresses = tables.i32(Slot.MachineHeap, n);
    this.rooms = tables.i32(Slot.MachineHeapRoom, n);
    this.heaps = specs.map((s, m) => this.heapOf(m, s.shared ? 16 : 0));
    this.sizes = tables.i32(Slot.MachineSize, n);
  }

  /** Brings virtual time and the busy area up to now. */
  touch(m: number): void {
    const dt = this.clock[0] - this.last[m];
    if (dt === 0) return;
    this.last[m] = this.clock[0];
    const n = this.running[m];
    if (n === 0) return;
    const cores = this.cores[m];
    const area = this.area;
    area[m * 2] += (n < cores ? n : cores) * dt;
    if (area[m * 2] >= LIMB) this.carry(m);
    if (this.isShared[m] === 1) this.virtual[m] += dt * this.speed[m] * (n <= cores ? 1 : cores / n);
  }

  /** Moves what is too much for the low limb of a busy area to the high one. */
  carry(m: number): void {
    this.area[m * 2] -= LIMB;
    this.area[m * 2 + 1]++;
  }

  /** Starts the job whose demand stands in the row's work column; the row comes back as `CpuDone`. */
  run(m: number, row: number): void {
    this.touch(m);
    this.running[m]++;
    const F = this.rows.F;
    const at = row * Stride.F;
    this.rows.I[row * Stride.I + ICol.Kind] = Kind.CpuDone;
    if (this.isShared[m] === 0) {
      F[at + FCol.Time] = this.clock[0] + Math.round(F[at + FCol.Work] / this.speed[m]);
      this.events.push(row);
      return;
    }
    if (this.running[m] === 1) this.virtual[m] = 0;
    F[at + FCol.Work] += this.virtual[m];
    this.rise(m, row);
    this.arm(m);
  }

  /** A directly scheduled job is done. */
  finish(m: number): void {
    this.touch(m);
    this.running[m]--;
  }

  /**
   * The pending completion of a shared machine came up. Returns the row that is done, Id.None when the event was
   * overtaken by a change of rate. Frees the event row.
   */
  complete(event: number): number {
    const m = this.rows.I[event * Stride.I + ICol.Node];
    const current = this.pending[m] === event;
    this.rows.free(event);
    if (!current) return Id.None;
    this.pending[m] = Id.None;
    if (this.sizes[m] === 0) return Id.None;
    this.touch(m);
    const row = this.heaps[m][0];
    // The event was rounded up to a whole ns: anything later than that means the rate fell meanwhile.
    if (this.timeToFirst(m) > INSTANT) {
      this.arm(m);
      return Id.None;
    }
    this.pop(m);
    this.running[m]--;
    this.arm(m);
    return row;
  }

  /** Work, in ns of core time, that a job on a shared machine still needs. */
  remaining(m: number, row: number): number {
    this.touch(m);
    return Math.max(0, this.rows.F[row * Stride.F + FCol.Work] - this.virtual[m]);
  }

  /** Takes the jobs of one node off a shared machine (crash or pause). `each` gets every row taken. */
  evict(m: number, node: number, each: (row: number) => void): void {
    this.touch(m);
    const heap = this.heaps[m];
    const taken: number[] = [];
    const kept: number[] = [];
    for (let i = 0; i < this.sizes[m]; i++) {
      (this.rows.I[heap[i] * Stride.I + ICol.Node] === node ? taken : kept).push(heap[i]);
    }
    this.sizes[m] = 0;
    for (const row of kept) this.rise(m, row);
    this.running[m] -= taken.length;
    this.arm(m);
    for (const row of taken) each(row);
  }

  setSpeed(m: number, speed: number): void {
    this.touch(m);
    this.speed[m] = speed;
    if (this.isShared[m] === 1) this.arm(m);
  }

  reset(): void {
    for (let m = 0; m < this.count; m++) {
      this.touch(m);
      this.memoryPeak[m] = this.memoryUsed[m];
    }
    this.origin.set(this.area);
  }

  /** Core·ns of work done since the end of the warm-up. */
  busyArea(m: number): number {
    this.touch(m);
    const { area, origin } = this;
    return area[m * 2] - origin[m * 2] + (area[m * 2 + 1] - origin[m * 2 + 1]) * LIMB;
  }

  /** Core·ns of work done since time zero: what a monitoring system reads, which knows no warm-up. */
  busyTotal(m: number): number {
    this.touch(m);
    return this.area[m * 2] + this.area[m * 2 + 1] * LIMB;
  }

  /** The same for an onlooker: leaves even the last bits of the sums as they are. */
  busySeen(m: number): number {
    const running = Math.min(this.running[m], this.cores[m]);
    return this.area[m * 2] + this.area[m * 2 + 1] * LIMB + running * (this.clock[0] - this.last[m]);
  }

  /** Makes sure an event is pending no later than the next completion. */
  private arm(m: number): void {
    if (this.sizes[m] === 0) {
      this.pending[m] = Id.None;
      return;
    }
    if (this.speed[m] === 0) {
      this.pending[m] = Id.None;
      return;
    }
    const F = this.rows.F;
    const due = this.clock[0] + Math.max(0, Math.ceil(this.timeToFirst(m) - INSTANT));
    const pending = this.pending[m];
    // A pending event that is too early asks again when it comes up; only a late one must be replaced.
    if (pending !== Id.None && F[pending * Stride.F + FCol.Time] <= due) return;
    const event = this.rows.take();
    const at = event * Stride.I;
    this.rows.I[at + ICol.Kind] = Kind.Machine;
    this.rows.I[at + ICol.Node] = m;
    this.rows.I[at + ICol.IdA] = 0;
    this.rows.I[at + ICol.IdB] = 0;
    this.rows.I[at + ICol.Tag] = 0;
    this.rows.F[event * Stride.F + FCol.Time] = due;
    this.pending[m] = event;
    this.events.push(event);
  }

  /** Time until the first job of a shared machine is done if nothing changes, ns. */
  private timeToFirst(m: number): number {
    const n = this.running[m];
    const rate = this.speed[m] * (n <= this.cores[m] ? 1 : this.cores[m] / n);
    return (this.rows.F[this.heaps[m][0] * Stride.F + FCol.Work] - this.virtual[m]) / rate;
  }

  /** A heap for so many rows, where the core finds it too. */
  private heapOf(m: number, length: number): Int32Array {
    const { room, buffer } = this.tables;
    this.rooms[m] = length;
    if (room === undefined || buffer === undefined) return new Int32Array(length);
    this.addresses[m] = room.call(this.tables, length * 4);
    return new Int32Array(buffer, this.addresses[m], length);
  }

  /** Makes room for one more row in a machine's heap. */
  makeRoom(m: number): void {
    const heap = this.heaps[m];
    this.heaps[m] = this.heapOf(m, heap.length * 2);
    this.heaps[m].set(heap);
  }

  private rise(m: number, row: number): void {
    let heap = this.heaps[m];
    const F = this.rows.F;
    let i = this.sizes[m]++;
    if (i >= heap.length) {
      this.makeRoom(m);
      heap = this.heaps[m];
    }
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!this.earlier(F, row, heap[up])) break;
      heap[i] = heap[up];
      i = up;
    }
    heap[i] = row;
  }

  private pop(m: number): void {
    const heap = this.heaps[m];
    const F = this.rows.F;
    const size = --this.sizes[m];
    const row = heap[size];
    let i = 0;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= size) break;
      if (down + 1 < size && this.earlier(F, heap[down + 1], heap[down])) down++;
      if (!this.earlier(F, heap[down], row)) break;
      heap[i] = heap[down];
      i = down;
    }
    heap[i] = row;
  }

  /** By virtual finish time, then by identity: jobs of equal demand that started together. */
  private earlier(F: Float64Array, a: number, b: number): boolean {
    const x = F[a * Stride.F + FCol.Work];
    const y = F[b * Stride.F + FCol.Work];
    if (x !== y) return x < y;
    const I = this.rows.I;
    const d = I[a * Stride.I + ICol.IdA] - I[b * Stride.I + ICol.IdA];
    return d !== 0 ? d < 0 : I[a * Stride.I + ICol.IdB] < I[b * Stride.I + ICol.IdB];
  }
}
