/**
 * Machines: cores shared by whatever is runnable on them.
 *
 * While n jobs are runnable each progresses at rate speed · min(1, cores ÷ n) (processor sharing, exact): virtual time
 * advances at that rate, a job that needs w finishes when virtual time has advanced by w, so one heap of virtual
 * finish times and one pending completion serve the whole machine. Where the tokens above a machine never exceed its
 * cores nothing can contend, and a job's completion is scheduled directly (`isShared` false).
 */
import type { FutureEvents } from './event-list.ts';
import { doublesOf, LooseTables, type Tables } from './memory.ts';
import { FCol, Stride, ICol, Kind, Id, type Rows } from './rows.ts';
import { Machine, MachineF } from './records.ts';
import { Slot } from './slots.ts';

const LIMB = 4503599627370496;
/** A job that needs no more than this, ns, is done: what is left are the last bits of sums. */
const INSTANT = 1e-3;

export class Machines {
  readonly count: number;
  /** Their records, through two views: see `Machine`. */
  readonly I: Int32Array;
  readonly F: Float64Array;
  readonly cores: Float64Array;
  readonly isShared: Uint8Array;
  /** Memory there is, bytes; connections likewise. */
  readonly memory: Float64Array;
  readonly connections: Float64Array;
  /** The area at the end of the warm-up. */
  private readonly origin: Float64Array;
  private readonly heaps: Int32Array[];

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
    this.cores = Float64Array.from(specs, (s) => s.cores);
    this.isShared = Uint8Array.from(specs, (s) => (s.shared ? 1 : 0));
    this.memory = Float64Array.from(specs, (s) => s.memoryBytes);
    this.connections = Float64Array.from(specs, (s) => s.connections ?? Infinity);
    this.I = tables.i32(Slot.Machines, n * Machine.I);
    this.F = doublesOf(this.I);
    this.origin = new Float64Array(n * 2);
    this.heaps = specs.map((s, m) => this.heapOf(m, s.shared ? 16 : 0));
    specs.forEach((s, m) => {
      this.I[m * Machine.I + Machine.Number] = m;
      this.I[m * Machine.I + Machine.Pending] = Id.None;
      this.I[m * Machine.I + Machine.Shared] = this.isShared[m];
      this.F[m * Machine.F + MachineF.Cores] = s.cores;
      this.F[m * Machine.F + MachineF.Speed] = s.speed;
      this.F[m * Machine.F + MachineF.Connections] = this.connections[m];
      this.F[m * Machine.F + MachineF.Memory] = s.memoryBytes;
    });
  }

  /** Work done per ns of core time. */
  speed(m: number): number {
    return this.F[m * Machine.F + MachineF.Speed];
  }

  /** Jobs that run or wait for a core. */
  running(m: number): number {
    return this.I[m * Machine.I + Machine.Running];
  }

  connectionsUsed(m: number): number {
    return this.I[m * Machine.I + Machine.ConnectionsUsed];
  }

  /** A connection more, or (-1) one less. */
  connect(m: number, change: 1 | -1): void {
    this.I[m * Machine.I + Machine.ConnectionsUsed] += change;
  }

  /** Bytes in use, and the most there were. */
  memoryUsed(m: number): number {
    return this.F[m * Machine.F + MachineF.MemoryUsed];
  }

  memoryPeak(m: number): number {
    return this.F[m * Machine.F + MachineF.MemoryPeak];
  }

  /** So many bytes more are in use, or (below 0) less. False: more than there are. */
  useMemory(m: number, bytes: number): boolean {
    const at = m * Machine.F;
    const used = (this.F[at + MachineF.MemoryUsed] += bytes);
    if (used > this.F[at + MachineF.MemoryPeak]) this.F[at + MachineF.MemoryPeak] = used;
    return used <= this.memory[m];
  }

  /** Brings virtual time and the busy area up to now. */
  touch(m: number): void {
    const { F } = this;
    const at = m * Machine.F;
    const dt = this.clock[0] - F[at + MachineF.Last];
    if (dt === 0) return;
    F[at + MachineF.Last] = this.clock[0];
    const n = this.running(m);
    if (n === 0) return;
    const cores = this.cores[m];
    F[at + MachineF.Area] += (n < cores ? n : cores) * dt;
    if (F[at + MachineF.Area] >= LIMB) {
      F[at + MachineF.Area] -= LIMB;
      F[at + MachineF.Area + 1]++;
    }
    if (this.isShared[m] === 1) F[at + MachineF.Virtual] += dt * F[at + MachineF.Speed] * (n <= cores ? 1 : cores / n);
  }

  /** Starts the job whose demand stands in the row's work column; the row comes back as `CpuDone`. */
  run(m: number, row: number): void {
    this.touch(m);
    const running = ++this.I[m * Machine.I + Machine.Running];
    const F = this.rows.F;
    const at = row * Stride.F;
    this.rows.I[row * Stride.I + ICol.Kind] = Kind.CpuDone;
    if (this.isShared[m] === 0) {
      F[at + FCol.Time] = this.clock[0] + Math.round(F[at + FCol.Work] / this.speed(m));
      this.events.push(row);
      return;
    }
    if (running === 1) this.F[m * Machine.F + MachineF.Virtual] = 0;
    F[at + FCol.Work] += this.F[m * Machine.F + MachineF.Virtual];
    this.rise(m, row);
    this.arm(m);
  }

  /** A directly scheduled job is done. */
  finish(m: number): void {
    this.touch(m);
    this.I[m * Machine.I + Machine.Running]--;
  }

  /**
   * The pending completion of a shared machine came up. Returns the row that is done, Id.None when the event was too early.
   * Frees the event row.
   */
  complete(event: number): number {
    const m = this.rows.I[event * Stride.I + ICol.Node];
    const at = m * Machine.I;
    const current = this.I[at + Machine.Pending] === event;
    if (current) this.I[at + Machine.Pending] = this.rows.I[event * Stride.I + ICol.QNext];
    this.rows.free(event);
    if (!current) return Id.None;
    if (this.I[at + Machine.Size] === 0) return Id.None;
    this.touch(m);
    const row = this.heaps[m][0];
    // The event was rounded up to a whole ns: anything later than that means the rate fell meanwhile.
    if (this.timeToFirst(m) > INSTANT) {
      this.arm(m);
      return Id.None;
    }
    this.pop(m);
    this.I[at + Machine.Running]--;
    this.arm(m);
    return row;
  }

  /** Work, in ns of core time, that a job on a shared machine still needs. */
  remaining(m: number, row: number): number {
    this.touch(m);
    return Math.max(0, this.rows.F[row * Stride.F + FCol.Work] - this.F[m * Machine.F + MachineF.Virtual]);
  }

  /** Takes the jobs of one node off a shared machine (crash or pause). `each` gets every row taken. */
  evict(m: number, node: number, each: (row: number) => void): void {
    this.touch(m);
    const at = m * Machine.I;
    const heap = this.heaps[m];
    const taken: number[] = [];
    const kept: number[] = [];
    for (let i = 0; i < this.I[at + Machine.Size]; i++) {
      (this.rows.I[heap[i] * Stride.I + ICol.Node] === node ? taken : kept).push(heap[i]);
    }
    this.I[at + Machine.Size] = 0;
    for (const row of kept) this.rise(m, row);
    this.I[at + Machine.Running] -= taken.length;
    this.arm(m);
    for (const row of taken) each(row);
  }

  setSpeed(m: number, speed: number): void {
    this.touch(m);
    this.F[m * Machine.F + MachineF.Speed] = speed;
    if (this.isShared[m] === 1) this.arm(m);
  }

  reset(): void {
    for (let m = 0; m < this.count; m++) {
      this.touch(m);
      const at = m * Machine.F;
      this.F[at + MachineF.MemoryPeak] = this.F[at + MachineF.MemoryUsed];
      this.origin[m * 2] = this.F[at + MachineF.Area];
      this.origin[m * 2 + 1] = this.F[at + MachineF.Area + 1];
    }
  }

  /** Core·ns of work done since the end of the warm-up. */
  busyArea(m: number): number {
    this.touch(m);
    const { F, origin } = this;
    const at = m * Machine.F + MachineF.Area;
    return F[at] - origin[m * 2] + (F[at + 1] - origin[m * 2 + 1]) * LIMB;
  }

  /** Core·ns of work done since time zero: what a monitoring system reads, which knows no warm-up. */
  busyTotal(m: number): number {
    this.touch(m);
    const at = m * Machine.F + MachineF.Area;
    return this.F[at] + this.F[at + 1] * LIMB;
  }

  /** The same for an onlooker: leaves even the last bits of the sums as they are. */
  busySeen(m: number): number {
    const { F } = this;
    const at = m * Machine.F;
    const running = Math.min(this.running(m), this.cores[m]);
    return F[at + MachineF.Area] + F[at + MachineF.Area + 1] * LIMB + running * (this.clock[0] - F[at + MachineF.Last]);
  }

  /** Makes sure an event is pending no later than the next completion. */
  private arm(m: number): void {
    const own = m * Machine.I;
    if (this.I[own + Machine.Size] === 0 || this.speed(m) === 0) {
      this.I[own + Machine.Pending] = Id.None;
      return;
    }
    const F = this.rows.F;
    const due = this.clock[0] + Math.max(0, Math.ceil(this.timeToFirst(m) - INSTANT));
    const pending = this.I[own + Machine.Pending];
    // A pending event that is too early asks again when it comes up; before a late one comes another, after which it may be right.
    if (pending !== Id.None && F[pending * Stride.F + FCol.Time] <= due) return;
    const event = this.rows.take();
    const at = event * Stride.I;
    this.rows.I[at + ICol.Kind] = Kind.Machine;
    this.rows.I[at + ICol.Node] = m;
    this.rows.I[at + ICol.IdA] = 0;
    this.rows.I[at + ICol.IdB] = 0;
    this.rows.I[at + ICol.Tag] = 0;
    this.rows.I[at + ICol.QNext] = pending;
    this.rows.F[event * Stride.F + FCol.Time] = due;
    this.I[own + Machine.Pending] = event;
    this.events.push(event);
  }

  /** Time until the first job of a shared machine is done if nothing changes, ns. */
  private timeToFirst(m: number): number {
    const n = this.running(m);
    const rate = this.speed(m) * (n <= this.cores[m] ? 1 : this.cores[m] / n);
    const first = this.rows.F[this.heaps[m][0] * Stride.F + FCol.Work];
    return (first - this.F[m * Machine.F + MachineF.Virtual]) / rate;
  }

  /** A heap for so many rows, where the core finds it too. */
  private heapOf(m: number, length: number): Int32Array {
    const { room, buffer } = this.tables;
    this.I[m * Machine.I + Machine.Room] = length;
    if (room === undefined || buffer === undefined) return new Int32Array(length);
    const address = room.call(this.tables, length * 4);
    this.I[m * Machine.I + Machine.Heap] = address;
    return new Int32Array(buffer, address, length);
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
    let i = this.I[m * Machine.I + Machine.Size]++;
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
    const size = --this.I[m * Machine.I + Machine.Size];
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
