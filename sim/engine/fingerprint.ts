/**
 * The running fingerprint of the observable history: 128 bits, and one value for each of 256 intervals of the run.
 *
 * It sums a hash of every request's end (who, when, how, and the time it spent where) and of every component's
 * counters at each interval. Sums do not depend on the order in which simultaneous things were handled, so the event
 * list, hop fusion and threads cannot change it; another history does.
 */
import { LooseTables, type Tables } from './memory.ts';
import { Slot } from './slots.ts';

export const CHECKPOINTS = 256;

const LANES = 4;
/** Bytes in hexadecimal: engines write numbers in such a base one digit at a time, by division. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export class Fingerprint {
  readonly lanes: Int32Array;
  /** What the core has booked of requests that end beyond the next checkpoint: see core/way-home.ts. */
  private readonly ahead: Int32Array;
  readonly checkpoints: string[] = [];

  constructor(tables: Tables = new LooseTables()) {
    const both = tables.i32(Slot.Fingerprint, 2 * LANES);
    this.lanes = both.subarray(0, LANES);
    this.ahead = both.subarray(LANES);
  }

  /** Folds one request's end: identity, kind of end, digest of its spans, and its time (two 32-bit parts of the ns). */
  fold(a: number, b: number, what: number, digest: number, low: number, high: number): void {
    const lanes = this.lanes;
    let x = Math.imul(a ^ low, 0x9e3779b1) ^ Math.imul(b + what, 0x85ebca6b);
    let y = Math.imul(digest ^ high, 0xc2b2ae35) ^ Math.imul(b ^ low, 0x27d4eb2f);
    x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) ^ y;
    y = Math.imul(y ^ (y >>> 13), 0x297a2d39) ^ x;
    lanes[0] += x ^ (x >>> 16);
    lanes[1] += y ^ (y >>> 15);
    lanes[2] += Math.imul(x ^ (y >>> 11), 0x165667b1);
    lanes[3] += Math.imul(y ^ (x >>> 17), 0xd3a2646d);
  }

  /** Folds a figure of a component. */
  figure(component: number, which: number, value: number): void {
    const high = Math.floor(value / 4294967296);
    this.fold(component, which, 0x51ed, Math.round(value - high * 4294967296) | 0, which * 31 + component, high | 0);
  }

  checkpoint(): void {
    this.checkpoints.push(this.toString());
    for (let i = 0; i < LANES; i++) this.lanes[i] += this.ahead[i];
    this.ahead.fill(0);
  }

  toString(): string {
    let text = '';
    for (const lane of this.lanes) for (let shift = 24; shift >= 0; shift -= 8) text += HEX[(lane >>> shift) & 0xff];
    return text;
  }
}
