/**
 * When each position of a log was committed, as long as some copy has not applied it: what replication lag and the age
 * of lost writes are measured by. A ring that grows; a yardstick, nothing decides by it.
 */
import type { Ground } from '../../../engine/key-table.ts';
import { CommitTime, CommitTimeF } from '../../../engine/key-records.ts';
import { doublesOf } from '../../../engine/memory.ts';

const FIRST_ROOM = 16;

export class CommitTimes {
  /** Oldest position kept, and the next one to come: columns of `CommitTimeF`. */
  private readonly F: Float64Array;
  private ring: Float64Array;

  /**
   * @param start position before the first one
   * @param ground where the core may look times up (`CommitTime`), null: nowhere
   */
  constructor(
    start: number,
    private readonly ground: Ground | null = null,
  ) {
    const record = ground?.record ?? new Int32Array(CommitTime.I);
    this.F = new Float64Array(record.buffer, record.byteOffset, CommitTime.F);
    this.F[CommitTimeF.First] = start + 1;
    this.F[CommitTimeF.Next] = start + 1;
    this.ring = this.make(FIRST_ROOM);
  }

  private get first(): number {
    return this.F[CommitTimeF.First];
  }

  private get next(): number {
    return this.F[CommitTimeF.Next];
  }

  get isFull(): boolean {
    return this.next - this.first === this.ring.length;
  }

  push(timeNs: number): void {
    if (this.isFull) this.grow();
    this.ring[this.F[CommitTimeF.Next]++ & (this.ring.length - 1)] = timeNs;
  }

  /** Commit time of a position; of the oldest kept for those before it, 0 when none is kept. */
  at(position: number): number {
    const { first, next } = this;
    if (next === first) return 0;
    const p = position < first ? first : position >= next ? next - 1 : position;
    return this.ring[p & (this.ring.length - 1)];
  }

  /** Forgets positions up to and with this one. */
  trim(position: number): void {
    if (position >= this.first) this.F[CommitTimeF.First] = Math.min(position + 1, this.next);
  }

  private grow(): void {
    const { first, next, ring } = this;
    const grown = this.make(ring.length * 2);
    for (let p = first; p < next; p++) grown[p & (grown.length - 1)] = ring[p & (ring.length - 1)];
    this.ring = grown;
  }

  /** A ring, of which the core is told where it is. */
  private make(length: number): Float64Array {
    const { ground } = this;
    if (ground === null) return new Float64Array(length);
    const ring = doublesOf(ground.ints(length * 2));
    ground.record[CommitTime.Ring] = ring.buffer === ground.record.buffer ? ring.byteOffset : 0;
    ground.record[CommitTime.Mask] = length - 1;
    return ring;
  }
}
