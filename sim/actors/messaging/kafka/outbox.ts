/** Messages of one producer to one partition: a ring that grows. The first of them may be a batch under way. */
import { ICol, Id, Kind, Stride, type Rows } from '../../../engine/rows.ts';
import { Col, type EpochRecords } from './records.ts';

const enum Box {
  /** The row that waits, Id.None: nobody does. */
  Row = 0,
  Gen = 1,
  IdA = 2,
  IdB = 3,
  Key = 4,
  User = 5,
  Op = 6,
  Stride = 8,
}

export class Outbox {
  /** Numbers of the oldest message, and of the next. They only grow: they are the sequence numbers of idempotence. */
  head = 0;
  tail = 0;
  /** Messages of the batch under way; 0: none is. */
  sent = 0;
  /** The message whose linger a timer waits for. */
  timerFor = -1;
  /** The last batch that left. */
  private batch = -1;
  private batchSize = 0;
  private I = new Int32Array(8 * Box.Stride);
  private F = new Float64Array(8);
  private mask = 7;

  get isBusy(): boolean {
    return this.sent > 0;
  }

  /** Messages that no batch has taken yet. */
  get waiting(): number {
    return this.tail - this.head - this.sent;
  }

  private at(number: number): number {
    return (number % 0x40000000) & this.mask;
  }

  push(rows: Rows, row: number, waits: boolean, key: number, nowNs: number): void {
    if (this.tail - this.head > this.mask) this.grow();
    const to = this.at(this.tail++);
    const o = to * Box.Stride;
    const from = row * Stride.I;
    this.I[o + Box.Row] = waits ? row : Id.None;
    this.I[o + Box.Gen] = rows.I[from + ICol.Gen];
    this.I[o + Box.IdA] = rows.I[from + ICol.IdA];
    this.I[o + Box.IdB] = rows.I[from + ICol.IdB];
    this.I[o + Box.Key] = key;
    this.I[o + Box.User] = rows.I[from + ICol.User];
    this.I[o + Box.Op] = rows.I[from + ICol.Op];
    this.F[to] = nowNs;
  }

  private grow(): void {
    const size = (this.mask + 1) * 2;
    const I = new Int32Array(size * Box.Stride);
    const F = new Float64Array(size);
    const old = this.mask;
    this.mask = size - 1;
    // What a process that died had sent is not kept any longer.
    if (this.batch < this.head) this.batch = -1;
    for (let n = this.head; n < this.tail; n++) {
      const from = (n % 0x40000000) & old;
      const to = this.at(n);
      F[to] = this.F[from];
      for (let c = 0; c < Box.Stride; c++) I[to * Box.Stride + c] = this.I[from * Box.Stride + c];
    }
    this.I = I;
    this.F = F;
  }

  publishedNs(number: number): number {
    return this.F[this.at(number)];
  }

  /** The row that still waits for the message, Id.None: nobody does. */
  rowAt(rows: Rows, number: number): number {
    const o = this.at(number) * Box.Stride;
    const row = this.I[o + Box.Row];
    if (row === Id.None) return row;
    const at = row * Stride.I;
    return rows.I[at + ICol.Gen] === this.I[o + Box.Gen] && rows.I[at + ICol.Kind] === Kind.WaitActor ? row : Id.None;
  }

  /** A batch of at most so many messages leaves. */
  take(most: number): void {
    this.sent = Math.min(most, this.tail - this.head);
    this.batch = this.head;
    this.batchSize = this.sent;
  }

  /** The batch has an end. */
  done(): void {
    this.head += this.sent;
    this.sent = 0;
  }

  /** Size of the batch with this first number, if what it carries is still known. */
  sizeOf(first: number): number {
    return (this.batch | 0) === first && this.tail - this.batch <= this.mask + 1 ? this.batchSize : 0;
  }

  /** Appends the messages of the last batch. */
  copy(_first: number, count: number, into: EpochRecords, producer: number): void {
    for (let n = this.batch; n < this.batch + count; n++) {
      const from = this.at(n);
      const o = from * Box.Stride;
      const to = into.push();
      const t = to * Col.Stride;
      into.F[to] = this.F[from];
      into.I[t + Col.IdA] = this.I[o + Box.IdA];
      into.I[t + Col.IdB] = this.I[o + Box.IdB];
      into.I[t + Col.Key] = this.I[o + Box.Key];
      into.I[t + Col.User] = this.I[o + Box.User];
      into.I[t + Col.Op] = this.I[o + Box.Op];
      into.I[t + Col.Producer] = producer;
      into.I[t + Col.Sequence] = n | 0;
      into.I[t + Col.Accepted] = 0;
    }
  }

  /** The process is gone. */
  forget(): void {
    this.head = this.tail;
    this.sent = 0;
    this.timerFor = -1;
  }
}
