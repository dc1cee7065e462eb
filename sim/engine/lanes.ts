/**
 * Timeouts, a FIFO lane per constant delay.
 *
 * Most timeouts are overtaken by the answer, so they must cost next to nothing: an entry is a write to a ring, and the
 * lane has one event in the event list, for its oldest entry that may still matter. Stale entries are skipped when
 * they come to the front, and swept out when the ring is full, so that it is as large as the calls under way are many,
 * however long the delay.
 */
import type { FutureEvents } from './event-list.ts';
import type { Memory } from './memory.ts';
import { FCol, Stride, ICol, Kind, Id, type Rows } from './rows.ts';
import { Entry, EntrySize, LaneCol, LaneF } from './records.ts';
import { Cell, Slot } from './slots.ts';

/** Entries a lane begins with. */
const FIRST = 256;

/** All lanes of a stage, and where the core finds them. */
export class Lanes {
  readonly all: readonly Lane[];

  constructor(
    delaysNs: readonly number[],
    rows: Rows,
    events: FutureEvents,
    clock: Float64Array,
    memory: Memory | null,
  ) {
    const at = memory?.i32(Slot.Lanes, delaysNs.length * LaneCol.Width).byteOffset ?? 0;
    const buffer = memory?.buffer ?? new ArrayBuffer(delaysNs.length * LaneCol.Width * 4);
    if (memory !== null) memory.cells[Cell.LaneCount] = delaysNs.length;
    this.all = delaysNs.map((delayNs, i) => {
      const start = at + i * LaneCol.Width * 4;
      new Float64Array(buffer, start, LaneCol.Width / 2)[LaneF.Delay] = delayNs;
      return new Lane(i, delayNs, rows, events, clock, new Int32Array(buffer, start, LaneCol.Width), memory);
    });
  }
}

export class Lane {
  /** Its entries through two views: see `Entry`. */
  private I!: Int32Array;
  private F!: Float64Array;

  constructor(
    private readonly index: number,
    readonly delayNs: number,
    private readonly rows: Rows,
    private readonly events: FutureEvents,
    private readonly clock: Float64Array,
    private readonly columns: Int32Array,
    private readonly memory: Memory | null,
  ) {
    this.makeRing(FIRST);
  }

  /** Watches the call that the row has just sent. */
  push(row: number): void {
    const { I, columns } = this;
    const from = row * Stride.I;
    const i = columns[LaneCol.Tail];
    this.F[i * EntrySize.F] = this.clock[0] + this.delayNs;
    I[i * EntrySize.I + Entry.Row] = row;
    I[i * EntrySize.I + Entry.Gen] = this.rows.I[from + ICol.Gen];
    I[i * EntrySize.I + Entry.Tag] = this.rows.I[from + ICol.Attempt];
    columns[LaneCol.Tail] = (i + 1) & columns[LaneCol.Mask];
    if (columns[LaneCol.Tail] === columns[LaneCol.Head]) this.makeRoom();
    if (columns[LaneCol.Armed] === 0) this.arm();
  }

  /** The lane's event came up. Returns a caller whose call is overdue, Id.None if none is; arms the next. */
  next(): number {
    const { I, columns } = this;
    columns[LaneCol.Armed] = 0;
    const rows = this.rows.I;
    let found = Id.None as number;
    while (columns[LaneCol.Head] !== columns[LaneCol.Tail]) {
      const i = columns[LaneCol.Head];
      const entry = i * EntrySize.I;
      const at = I[entry + Entry.Row] * Stride.I;
      const live =
        rows[at + ICol.Gen] === I[entry + Entry.Gen] &&
        rows[at + ICol.Attempt] === I[entry + Entry.Tag] &&
        isWaiting(rows[at + ICol.Kind]);
      if (live && (found !== Id.None || this.F[i * EntrySize.F] > this.clock[0])) {
        this.arm();
        break;
      }
      columns[LaneCol.Head] = (i + 1) & columns[LaneCol.Mask];
      if (live) found = I[entry + Entry.Row];
    }
    return found;
  }

  /** Makes an event for the first entry. */
  arm(): void {
    this.columns[LaneCol.Armed] = 1;
    const event = this.rows.take();
    const at = event * Stride.I;
    const I = this.rows.I;
    I[at + ICol.Kind] = Kind.Lane;
    I[at + ICol.Node] = this.index;
    I[at + ICol.IdA] = 0;
    I[at + ICol.IdB] = 0;
    I[at + ICol.Tag] = 0;
    const due = this.F[this.columns[LaneCol.Head] * EntrySize.F];
    this.rows.F[event * Stride.F + FCol.Time] = Math.max(due, this.clock[0]);
    this.events.push(event);
  }

  /** The ring is full: stale entries go, and if few were stale, it becomes twice as large. */
  private makeRoom(): void {
    const size = this.columns[LaneCol.Mask] + 1;
    const kept = this.sweep(size);
    if (kept > size / 2) this.grow(kept);
  }

  /** Keeps the entries, of a full ring, whose call may still be under way. Returns how many. */
  private sweep(size: number): number {
    const { columns } = this;
    const head = columns[LaneCol.Head];
    let kept = 0;
    for (let i = 0; i < size; i++) {
      const from = (head + i) & (size - 1);
      if (this.isStale(from)) continue;
      const to = (head + kept++) & (size - 1);
      if (to !== from) this.copy(this.I, this.F, from, to);
    }
    columns[LaneCol.Tail] = (head + kept) & (size - 1);
    return kept;
  }

  /** Is the call over for good? A caller's `Attempt` changes with every call and try, and a row's `Gen` with every life. */
  private isStale(i: number): boolean {
    const { I } = this;
    const entry = i * EntrySize.I;
    const at = I[entry + Entry.Row] * Stride.I;
    const rows = this.rows.I;
    return rows[at + ICol.Gen] !== I[entry + Entry.Gen] || rows[at + ICol.Attempt] !== I[entry + Entry.Tag];
  }

  /** Makes the ring, which holds so many entries, twice as large. */
  grow(count: number): void {
    const { I, F, columns } = this;
    const size = columns[LaneCol.Mask] + 1;
    const head = columns[LaneCol.Head];
    this.makeRing(size * 2);
    for (let i = 0; i < count; i++) this.copy(I, F, (head + i) & (size - 1), i);
    columns[LaneCol.Head] = 0;
    columns[LaneCol.Tail] = count;
  }

  /** Copies an entry of a ring into one of this. */
  private copy(I: Int32Array, F: Float64Array, from: number, to: number): void {
    this.F[to * EntrySize.F] = F[from * EntrySize.F];
    for (let column = Entry.Row; column <= Entry.Tag; column++)
      this.I[to * EntrySize.I + column] = I[from * EntrySize.I + column];
  }

  private makeRing(entries: number): void {
    const { memory, columns } = this;
    const bytes = entries * EntrySize.Bytes;
    const at = memory?.room(bytes) ?? 0;
    const buffer = memory?.buffer ?? new ArrayBuffer(bytes);
    columns[LaneCol.Ring] = at;
    columns[LaneCol.Mask] = entries - 1;
    this.I = new Int32Array(buffer, at, entries * EntrySize.I);
    this.F = new Float64Array(buffer, at, entries * EntrySize.F);
  }
}

function isWaiting(kind: number): boolean {
  return kind === Kind.WaitCall || kind === Kind.WaitJoin || kind === Kind.GrantPool;
}
