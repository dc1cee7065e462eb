/**
 * What a router (a process of a balancer) chooses by, where the core finds it: a record, and the tables that it leads to. A
 * router of which the core knows enough chooses there; all others, and whatever is out of the ordinary, in their actors.
 */
import type { Memory } from './memory.ts';
import { Router } from './records.ts';

export class RouterTables {
  /** The record, through two views: see `Router`. */
  readonly I: Int32Array<ArrayBuffer>;
  readonly F: Float64Array<ArrayBuffer>;

  /** @param memory null: nobody else looks at them */
  constructor(private readonly memory: Memory | null) {
    this.I = new Int32Array(this.room(Router.Bytes), this.start, Router.Bytes / 4);
    this.F = new Float64Array(this.I.buffer, this.I.byteOffset, Router.Bytes / 8);
  }

  /** Of the room that was made last: where it begins. */
  private start = 0;

  /** The address of the record. */
  get address(): number {
    return this.I.byteOffset;
  }

  /** A table that a column of the record leads to, zero. */
  ints(column: Router, length: number): Int32Array<ArrayBuffer> {
    const buffer = this.room(length * 4);
    this.I[column] = this.start;
    return new Int32Array(buffer, this.start, length);
  }

  doubles(column: Router, length: number): Float64Array<ArrayBuffer> {
    const buffer = this.room(length * 8);
    this.I[column] = this.start;
    return new Float64Array(buffer, this.start, length);
  }

  private room(bytes: number): ArrayBuffer {
    this.start = this.memory?.room(bytes) ?? 0;
    return this.memory?.buffer ?? new ArrayBuffer(bytes);
  }
}
