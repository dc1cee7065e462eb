/**
 * Timeouts, a FIFO lane per constant delay.
 *
 * Most timeouts are overtaken by the answer, so they must cost next to nothing: an entry is a write to a ring, and the
 * lane has one event in the event list, for its oldest entry that may still matter. Stale entries are skipped when
 * they come to the front.
 */
import { FCol, Stride, ICol, Kind, Id, type Rows } from './rows.ts';
import type { EventList } from './event-list.ts';

export class Lane {
  private due = new Float64Array(256);
  private row = new Int32Array(256);
  private gen = new Int32Array(256);
  private tag = new Int32Array(256);
  private head = 0;
  private tail = 0;
  private armed = false;

  constructor(
    private readonly index: number,
    readonly delayNs: number,
    private readonly rows: Rows,
    private readonly events: EventList,
    private readonly clock: Float64Array,
  ) {}

  /** Watches the call that the row has just sent. */
  push(row: number): void {
    const I = this.rows.I;
    const i = this.tail;
    this.due[i] = this.clock[0] + this.delayNs;
    this.row[i] = row;
    this.gen[i] = I[row * Stride.I + ICol.Gen];
    this.tag[i] = I[row * Stride.I + ICol.Attempt];
    this.tail = (i + 1) & (this.due.length - 1);
    if (this.tail === this.head) this.grow();
    if (!this.armed) this.arm(i);
  }

  /** The lane's event came up. Returns a caller whose call is overdue, Id.None if none is; arms the next. */
  next(): number {
    this.armed = false;
    const I = this.rows.I;
    let found = Id.None;
    while (this.head !== this.tail) {
      const i = this.head;
      const at = this.row[i] * Stride.I;
      const live =
        I[at + ICol.Gen] === this.gen[i] && I[at + ICol.Attempt] === this.tag[i] && isWaiting(I[at + ICol.Kind]);
      if (live && (found !== Id.None || this.due[i] > this.clock[0])) {
        this.arm(i);
        break;
      }
      this.head = (i + 1) & (this.due.length - 1);
      if (live) found = this.row[i];
    }
    return found;
  }

  private arm(i: number): void {
    this.armed = true;
    const event = this.rows.take();
    const at = event * Stride.I;
    const I = this.rows.I;
    I[at + ICol.Kind] = Kind.Lane;
    I[at + ICol.Node] = this.index;
    I[at + ICol.IdA] = 0;
    I[at + ICol.IdB] = 0;
    I[at + ICol.Tag] = 0;
    this.rows.F[event * Stride.F + FCol.Time] = Math.max(this.due[i], this.clock[0]);
    this.events.push(event);
  }

  private grow(): void {
    const size = this.due.length;
    const turn = <T extends Float64Array | Int32Array>(old: T, grown: T): T => {
      for (let i = 0; i < size; i++) grown[i] = old[(this.head + i) & (size - 1)];
      return grown;
    };
    this.due = turn(this.due, new Float64Array(size * 2));
    this.row = turn(this.row, new Int32Array(size * 2));
    this.gen = turn(this.gen, new Int32Array(size * 2));
    this.tag = turn(this.tag, new Int32Array(size * 2));
    this.head = 0;
    this.tail = size;
  }
}

function isWaiting(kind: number): boolean {
  return kind === Kind.WaitCall || kind === Kind.WaitJoin || kind === Kind.GrantPool;
}
