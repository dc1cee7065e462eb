/** Rows to be handled in this very instant, first in first out: hops without delay, grants of a freed token. */
import { Id } from './rows.ts';

export class ReadyQueue {
  private ring = new Int32Array(1024);
  /** Equal when nothing waits. */
  head = 0;
  tail = 0;

  push(row: number): void {
    this.ring[this.tail] = row;
    this.tail = (this.tail + 1) & (this.ring.length - 1);
    if (this.tail === this.head) this.grow();
  }

  shift(): number {
    if (this.head === this.tail) return Id.None;
    const row = this.ring[this.head];
    this.head = (this.head + 1) & (this.ring.length - 1);
    return row;
  }

  /** The rows that wait here. Cold: for outages, which must not free a row that will still come up. */
  waiting(): Set<number> {
    const rows = new Set<number>();
    for (let i = this.head; i !== this.tail; i = (i + 1) & (this.ring.length - 1)) rows.add(this.ring[i]);
    return rows;
  }

  private grow(): void {
    const old = this.ring;
    const ring = new Int32Array(old.length * 2);
    for (let i = 0; i < old.length; i++) ring[i] = old[(this.head + i) & (old.length - 1)];
    this.head = 0;
    this.tail = old.length;
    this.ring = ring;
  }
}
