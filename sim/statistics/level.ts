/**
 * Integer levels over time: queue lengths, busy tokens, requests in a system. Each row keeps its level, its maximum
 * and the exact area under it, from which come time-averages, utilisations and Little's law.
 *
 * Time is read from a clock shared with the event loop, so that changing a level passes no double through a call.
 */
import { LIMB, addProductTo, type WideSum } from './wide-sum.ts';

/** What a row holds, in this order, in one array so that a change touches one or two cache lines. */
const LEVEL = 0;
const SINCE = 1;
const MAX = 2;
const AREA = 3;
const STRIDE = 5;

export class Levels {
  private cells: Float64Array;
  private readonly clock: Float64Array;
  private windowStart: number;

  /**
   * @param size how many levels; all start at 0
   * @param clock clock[0] is the present in integer nanoseconds; it never goes back
   */
  constructor(size: number, clock: Float64Array) {
    this.clock = clock;
    this.windowStart = clock[0];
    this.cells = new Float64Array(0);
    this.grow(size);
  }

  /** Makes room for `size` levels; new ones are 0 and count as 0 since the start of the window. Never shrinks. */
  grow(size: number): void {
    const before = this.cells.length;
    if (size * STRIDE <= before) return;
    const cells = new Float64Array(size * STRIDE);
    cells.set(this.cells);
    for (let at = before; at < cells.length; at += STRIDE) cells[at + SINCE] = this.clock[0];
    this.cells = cells;
  }

  /** Adds `delta` to level i now. */
  change(i: number, delta: number): void {
    const cells = this.cells;
    const at = i * STRIDE;
    const now = this.clock[0];
    const level = cells[at + LEVEL];
    addProductTo(cells, at + AREA, level, now - cells[at + SINCE]);
    cells[at + SINCE] = now;
    const changed = level + delta;
    cells[at + LEVEL] = changed;
    if (changed > cells[at + MAX]) cells[at + MAX] = changed;
  }

  /** Makes level i `level` now; a non-negative integer. */
  set(i: number, level: number): void {
    this.change(i, level - this.cells[i * STRIDE + LEVEL]);
  }

  /** Level i at present. */
  level(i: number): number {
    return this.cells[i * STRIDE + LEVEL];
  }

  /** The greatest level since the start of the window. */
  max(i: number): number {
    return this.cells[i * STRIDE + MAX];
  }

  /** Area under level i since the start of the window, in level × nanoseconds, as the nearest double. */
  area(i: number): number {
    this.change(i, 0);
    const at = i * STRIDE + AREA;
    return this.cells[at + 1] * LIMB + this.cells[at];
  }

  /** Adds the exact area under level i since the start of the window to a sum. */
  addAreaTo(i: number, sum: WideSum): void {
    this.change(i, 0);
    const at = i * STRIDE + AREA;
    sum.addLimbs(this.cells[at], this.cells[at + 1]);
  }

  /** Time-average of level i since the start of the window; the level itself while no time has passed. */
  mean(i: number): number {
    const elapsed = this.clock[0] - this.windowStart;
    return elapsed > 0 ? this.area(i) / elapsed : this.level(i);
  }

  /** Starts a new window now: areas and maxima begin anew, levels stay. For the end of the warm-up. */
  reset(): void {
    const cells = this.cells;
    this.windowStart = this.clock[0];
    for (let at = 0; at < cells.length; at += STRIDE) {
      cells[at + SINCE] = this.windowStart;
      cells[at + MAX] = cells[at + LEVEL];
      cells[at + AREA] = 0;
      cells[at + AREA + 1] = 0;
    }
  }
}
