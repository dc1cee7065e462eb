/**
 * What happened at each component: arrivals, ends, time inside, waiting and service.
 *
 * The area under the number inside and the sum of sojourns are kept by independent code, so Little's law
 * (∫N dt = Σ sojourns, clipped to the window) is checked on every run, exactly.
 */
import type { Histogram } from '../statistics/histogram.ts';
import { Histograms } from './histograms.ts';
import { LooseTables, type Tables } from './memory.ts';
import { Cell, Num, Slot } from './slots.ts';

const LIMB = 4503599627370496;

export class Ledger {
  readonly arrivals: Float64Array;
  readonly completed: Float64Array;
  readonly errors: Float64Array;
  /** Of the errors, those for which nothing was done: refused, or no place in the queue. */
  readonly turnedAway: Float64Array;
  /** Ended by a crash. */
  readonly killed: Float64Array;
  readonly inside: Int32Array;
  readonly insideAtStart: Float64Array;
  readonly waitNs: Float64Array;
  readonly serviceNs: Float64Array;
  readonly sojourn: Histogram[];
  readonly last: Float64Array;
  /** Two limbs each: area of the number inside, sum of clipped sojourns. */
  readonly area: Float64Array;
  readonly sum: Float64Array;
  private readonly numbers: Float64Array;

  get windowStart(): number {
    return this.numbers[Num.LedgerWindow];
  }

  constructor(
    readonly count: number,
    private readonly clock: Float64Array,
    tables: Tables = new LooseTables(),
    histograms: Histograms = new Histograms(tables),
  ) {
    this.numbers = tables.numbers;
    this.arrivals = tables.f64(Slot.Arrivals, count);
    this.completed = tables.f64(Slot.Completed, count);
    this.errors = tables.f64(Slot.Errors, count);
    this.turnedAway = tables.f64(Slot.TurnedAway, count);
    this.killed = new Float64Array(count);
    this.inside = tables.i32(Slot.Inside, count);
    this.insideAtStart = new Float64Array(count);
    this.waitNs = tables.f64(Slot.WaitNs, count);
    this.serviceNs = tables.f64(Slot.ServiceNs, count);
    tables.cells[Cell.SojournHistograms] = histograms.count;
    this.sojourn = Array.from({ length: count }, () => histograms.add());
    this.last = tables.f64(Slot.LedgerLast, count);
    this.area = tables.f64(Slot.LedgerArea, count * 2);
    this.sum = tables.f64(Slot.LedgerSum, count * 2);
  }

  arrive(c: number): void {
    this.touch(c);
    this.inside[c]++;
    this.arrivals[c]++;
  }

  /** A request that came at `start[at]` leaves; `failed` counts it as an error. */
  leave(c: number, start: Float64Array, at: number, failed: boolean): void {
    this.depart(c, start, at);
    if (failed) this.errors[c]++;
    else {
      this.completed[c]++;
      this.sojourn[c].record(this.clock[0] - start[at]);
    }
  }

  kill(c: number, start: Float64Array, at: number): void {
    this.depart(c, start, at);
    this.killed[c]++;
  }

  /** Turned away at the door: it was never inside. */
  refuse(c: number): void {
    this.turnedAway[c]++;
    this.arrivals[c]++;
    this.errors[c]++;
  }

  reset(): void {
    this.numbers[Num.LedgerWindow] = this.clock[0];
    for (let c = 0; c < this.count; c++) {
      this.last[c] = this.clock[0];
      this.insideAtStart[c] = this.inside[c];
      this.sojourn[c].reset();
    }
    for (const column of [
      this.arrivals,
      this.completed,
      this.errors,
      this.turnedAway,
      this.killed,
      this.waitNs,
      this.serviceNs,
      this.area,
      this.sum,
    ]) {
      column.fill(0);
    }
  }

  /** At the end: counts the time so far of a request that is still inside. */
  addUnfinished(c: number, startNs: number): void {
    this.addSojourn(c, startNs);
  }

  /** ∫N dt and Σ sojourns as exact pairs of limbs: equal when Little's law holds. */
  little(c: number): { area: [number, number]; sum: [number, number] } {
    this.touch(c);
    return { area: [this.area[c * 2 + 1], this.area[c * 2]], sum: [this.sum[c * 2 + 1], this.sum[c * 2]] };
  }

  private depart(c: number, start: Float64Array, at: number): void {
    this.touch(c);
    this.inside[c]--;
    this.addSojourn(c, start[at]);
  }

  private addSojourn(c: number, startNs: number): void {
    const from = startNs > this.windowStart ? startNs : this.windowStart;
    const sum = this.sum;
    sum[c * 2] += this.clock[0] - from;
    if (sum[c * 2] >= LIMB) this.carrySum(c);
  }

  private touch(c: number): void {
    const dt = this.clock[0] - this.last[c];
    if (dt === 0) return;
    this.last[c] = this.clock[0];
    const area = this.area;
    area[c * 2] += this.inside[c] * dt;
    if (area[c * 2] >= LIMB) this.carry(c);
  }

  /** Moves what is too much for the low limb of the area to the high one. */
  carry(c: number): void {
    const limbs = Math.floor(this.area[c * 2] / LIMB);
    this.area[c * 2] -= limbs * LIMB;
    this.area[c * 2 + 1] += limbs;
  }

  /** The same for the sum of sojourns. */
  carrySum(c: number): void {
    this.sum[c * 2] -= LIMB;
    this.sum[c * 2 + 1]++;
  }
}
