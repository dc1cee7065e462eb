/**
 * Integer levels over time: queue lengths, busy tokens, requests in a system. Each row keeps its level, its maximum
 * and the exact area under it, from which come time-averages, utilisations and Little's law.
 *
 * Time is read from a clock shared with the event loop, so that changing a level passes no double through a call.
 */
import { addProductTo, numberAt, type WideSum } from './wide-sum.ts';

/** What a row holds, in one array so that a change touches one or two cache lines. */
const enum At {
  Level = 0,
  Since = 1,
  Max = 2,
  /** Two limbs. */
  Area = 3,
  /** Numbers per row. */
  Stride = 5,
}

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
    if (size * At.Stride <= before) return;
    const cells = new Float64Array(size * At.Stride);
    cells.set(this.cells);
    for (let at = before; at < cells.length; at += At.Stride) cells[at + At.Since] = this.clock[0];
    this.cells = cells;
  }

  /** Adds `delta` to level i now. */
  change(i: number, delta: number): void {
    const cells = this.cells;
    const at = i * At.Stride;
    const now = this.clock[0];
    const level = cells[at + At.Level];
    addProductTo(cells, at + At.Area, level, now - cells[at + At.Since]);
    cells[at + At.Since] = now;
    const changed = level + delta;
    cells[at + At.Level] = changed;
    if (changed > cells[at + At.Max]) cells[at + At.Max] = changed;
  }

  /** Makes level i `level` now; a non-negative integer. */
  set(i: number, level: number): void {
    this.change(i, level - this.cells[i * At.Stride + At.Level]);
  }

  /** Level i at present. */
  level(i: number): number {
    return this.cells[i * At.Stride + At.Level];
  }

  /** The greatest level since the start of the window. */
  max(i: number): number {
    return this.cells[i * At.Stride + At.Max];
  }

  /** Area under level i since the start of the window, in level × nanoseconds, as the nearest double. */
  area(i: number): number {
    this.change(i, 0);
    return numberAt(this.cells, i * At.Stride + At.Area);
  }

  /** Adds the exact area under level i since the start of the window to a sum. */
  addAreaTo(i: number, sum: WideSum): void {
    this.change(i, 0);
    const at = i * At.Stride + At.Area;
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
    for (let at = 0; at < cells.length; at += At.Stride) {
      cells[at + At.Since] = this.windowStart;
      cells[at + At.Max] = cells[at + At.Level];
      cells[at + At.Area] = 0;
      cells[at + At.Area + 1] = 0;
    }
  }
}
