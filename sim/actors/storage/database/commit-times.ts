/**
 * When each position of a log was committed, as long as some copy has not applied it: what replication lag and the age
 * of lost writes are measured by. A ring that grows; a yardstick, nothing decides by it.
 */
export class CommitTimes {
  /** Oldest position kept, and the next one to come. */
  private first: number;
  private next: number;
  private ring = new Float64Array(16);

  /** @param start position before the first one */
  constructor(start: number) {
    this.first = start + 1;
    this.next = start + 1;
  }

  get isFull(): boolean {
    return this.next - this.first === this.ring.length;
  }

  push(timeNs: number): void {
    if (this.isFull) this.grow();
    this.ring[this.next++ & (this.ring.length - 1)] = timeNs;
  }

  /** Commit time of a position; of the oldest kept for those before it, 0 when none is kept. */
  at(position: number): number {
    if (this.next === this.first) return 0;
    const p = position < this.first ? this.first : position >= this.next ? this.next - 1 : position;
    return this.ring[p & (this.ring.length - 1)];
  }

  /** Forgets positions up to and with this one. */
  trim(position: number): void {
    if (position >= this.first) this.first = Math.min(position + 1, this.next);
  }

  private grow(): void {
    const grown = new Float64Array(this.ring.length * 2);
    for (let p = this.first; p < this.next; p++) grown[p & (grown.length - 1)] = this.ring[p & (this.ring.length - 1)];
    this.ring = grown;
  }
}
