/** What a member has fetched of one partition and not yet processed: a copy, as it came over the wire. */
import type { Logs } from './logs.ts';
import { Col } from './records.ts';

export class Batch {
  I = new Int32Array(0);
  F = new Float64Array(0);
  /** Offset of the next message, its place in `F`, and how many there are from it on. */
  offset = 0;
  next = 0;
  left = 0;
  /** A fetch for it is under way. */
  isAsked = false;
  /** The broker does not lead the partition; the offset is not in its log. */
  isRefused = false;
  isOut = false;
  /** Oldest offset, if the one asked for was not there. */
  logStart = 0;

  /** Copies the records of a replica from one offset to another. */
  fill(logs: Logs, replica: number, from: number, to: number): void {
    this.isRefused = false;
    this.isOut = false;
    this.offset = from;
    this.next = 0;
    this.left = 0;
    if (to - from > this.F.length) this.grow(to - from);
    const chain = logs.chain[replica];
    let n = 0;
    for (let offset = from; offset < to; ) {
      const records = logs.holder(chain, offset)!;
      const i = chain.indexOf(records);
      const end = Math.min(to, i + 1 < chain.length ? chain[i + 1].start : logs.end[replica]);
      for (; offset < end; offset++, n++) {
        const at = records.at(offset);
        this.F[n] = records.F[at];
        for (let c = 0; c <= Col.Op; c++) this.I[n * Col.Stride + c] = records.I[at * Col.Stride + c];
      }
    }
    this.left = n;
  }

  private grow(most: number): void {
    let size = 64;
    while (size < most) size *= 2;
    this.I = new Int32Array(size * Col.Stride);
    this.F = new Float64Array(size);
  }

  /** The next message is done with. */
  pass(): void {
    this.offset++;
    this.next++;
    this.left--;
  }

  refuse(): void {
    this.isRefused = true;
    this.left = 0;
  }

  outOfRange(logStart: number): void {
    this.isRefused = false;
    this.isOut = true;
    this.logStart = logStart;
    this.left = 0;
  }

  drop(): void {
    this.isAsked = false;
    this.isRefused = false;
    this.isOut = false;
    this.left = 0;
  }
}
