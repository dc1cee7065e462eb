/** Rows that wait at a broker: batches for copies, and fetches for news or until they have waited long enough. */
import { ICol, Id, Kind, Stride } from '../../../engine/rows.ts';
import type { Clock } from './codes.ts';
import type { Cluster } from './cluster.ts';

const enum At {
  Row = 0,
  Gen = 1,
  From = 2,
  End = 3,
  Stride = 4,
}

/** Batches of one leader in the order of their offsets: a ring that grows. They die only with the broker. */
export class AckQueue {
  private cells = new Float64Array(0);
  private head = 0;
  length = 0;

  push(row: number, gen: number, from: number, end: number): void {
    if ((this.length + 1) * At.Stride > this.cells.length) this.grow();
    const at = this.place(this.length++);
    this.cells[at + At.Row] = row;
    this.cells[at + At.Gen] = gen;
    this.cells[at + At.From] = from;
    this.cells[at + At.End] = end;
  }

  /** Offsets of the first batch. */
  from(): number {
    return this.cells[this.head * At.Stride + At.From];
  }

  end(): number {
    return this.cells[this.head * At.Stride + At.End];
  }

  /** Takes the first batch out. Returns its row. */
  shift(): number {
    const row = this.cells[this.head * At.Stride + At.Row];
    this.head = (this.head + 1) % (this.cells.length / At.Stride);
    this.length--;
    return row;
  }

  clear(): void {
    this.head = 0;
    this.length = 0;
  }

  private place(i: number): number {
    return ((this.head + i) % (this.cells.length / At.Stride)) * At.Stride;
  }

  private grow(): void {
    const cells = new Float64Array(Math.max(16, this.cells.length * 2));
    for (let i = 0; i < this.length; i++) {
      const from = this.place(i);
      for (let c = 0; c < At.Stride; c++) cells[i * At.Stride + c] = this.cells[from + c];
    }
    this.cells = cells;
    this.head = 0;
  }
}

/** Fetches by session: one of each waits at most. One timer a session, wound up again when it finds a younger wait. */
export class Purgatory {
  private readonly row: number[] = [];
  private readonly gen: number[] = [];
  private readonly node: number[] = [];
  private readonly due: number[] = [];
  private readonly armedUntil: number[] = [];

  constructor(
    private readonly cluster: Cluster,
    private readonly clock: Clock,
  ) {}

  private reserve(session: number): void {
    while (this.row.length <= session) {
      this.row.push(Id.None);
      this.gen.push(0);
      this.node.push(0);
      this.due.push(0);
      this.armedUntil.push(-1);
    }
  }

  /** The row waits, `forNs` at most. One of the same session that waits still has been given up: it goes on. */
  hold(row: number, session: number, node: number, forNs: number): void {
    this.reserve(session);
    this.wake(session);
    const now = this.cluster.now;
    this.row[session] = row;
    this.gen[session] = this.cluster.world.rows.I[row * Stride.I + ICol.Gen];
    this.node[session] = node;
    this.due[session] = now + forNs;
    if (this.armedUntil[session] > now) return;
    this.armedUntil[session] = now + forNs;
    this.cluster.timer(node, this.clock, forNs, session);
  }

  /** Lets the row of the session go on, if one waits. */
  wake(session: number): void {
    if (session >= this.row.length) return;
    const row = this.row[session];
    if (row === Id.None) return;
    this.row[session] = Id.None;
    const I = this.cluster.world.rows.I;
    const at = row * Stride.I;
    // Its process may have died meanwhile.
    if (I[at + ICol.Gen] === this.gen[session] && I[at + ICol.Kind] === Kind.WaitActor) this.cluster.kernel.resume(row);
  }

  onTimer(session: number): void {
    const now = this.cluster.now;
    this.armedUntil[session] = -1;
    if (this.row[session] === Id.None) return;
    if (this.due[session] <= now) this.wake(session);
    else {
      this.armedUntil[session] = this.due[session];
      this.cluster.timer(this.node[session], this.clock, this.due[session] - now, session);
    }
  }

  /** The broker's process is gone, with its timers. */
  forget(session: number): void {
    if (session >= this.row.length) return;
    this.row[session] = Id.None;
    this.armedUntil[session] = -1;
  }
}
