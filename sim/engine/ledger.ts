/**
 * What happened at each component: arrivals, ends, time inside, waiting and service.
 *
 * The area under the number inside and the sum of sojourns are kept by independent code, so Little's law
 * (∫N dt = Σ sojourns, clipped to the window) is checked on every run, exactly.
 */
import type { Histogram } from '../statistics/histogram.ts';
import type { Histograms } from './histograms.ts';
import { doublesOf } from './memory.ts';
import { Component, ComponentF } from './records.ts';
import { Num } from './slots.ts';

const LIMB = 4503599627370496;

/** Columns that begin anew at the end of the warm-up. */
const COUNTED = [
  ComponentF.Arrivals,
  ComponentF.Completed,
  ComponentF.Errors,
  ComponentF.TurnedAway,
  ComponentF.WaitNs,
  ComponentF.ServiceNs,
  ComponentF.Area,
  ComponentF.Area + 1,
  ComponentF.Sum,
  ComponentF.Sum + 1,
];

export class Ledger {
  /** Ended by a crash. */
  readonly killed: Float64Array;
  readonly insideAtStart: Float64Array;
  readonly sojourn: Histogram[];
  private readonly F: Float64Array;

  get windowStart(): number {
    return this.numbers[Num.LedgerWindow];
  }

  /**
   * @param I the records of the components, see `Component`
   * @param numbers see `Num`
   * @param passedAhead requests that have been booked and pass a component after the next checkpoint: see core/passing.ts
   */
  constructor(
    readonly count: number,
    private readonly I: Int32Array,
    private readonly clock: Float64Array,
    private readonly numbers: Float64Array,
    histograms: Histograms,
    readonly passedAhead: Int32Array,
  ) {
    this.F = doublesOf(I);
    this.killed = new Float64Array(count);
    this.insideAtStart = new Float64Array(count);
    this.sojourn = Array.from({ length: count }, (_, c) => {
      I[c * Component.I + Component.Sojourns] = histograms.count;
      return histograms.add();
    });
  }

  arrivals(c: number): number {
    return this.figure(c, ComponentF.Arrivals);
  }

  completed(c: number): number {
    return this.figure(c, ComponentF.Completed);
  }

  errors(c: number): number {
    return this.figure(c, ComponentF.Errors);
  }

  /** Of the errors, those for which nothing was done: refused, or no place in the queue. */
  turnedAway(c: number): number {
    return this.figure(c, ComponentF.TurnedAway);
  }

  /** Time that requests have waited at the component, and have been served, ns. */
  waitNs(c: number): number {
    return this.figure(c, ComponentF.WaitNs);
  }

  serviceNs(c: number): number {
    return this.figure(c, ComponentF.ServiceNs);
  }

  /** Requests inside. */
  inside(c: number): number {
    return this.I[c * Component.I + Component.Inside];
  }

  /** A request has waited, or has been served, for so long, ns. */
  addWait(c: number, ns: number): void {
    this.add(c, ComponentF.WaitNs, ns);
  }

  addService(c: number, ns: number): void {
    this.add(c, ComponentF.ServiceNs, ns);
  }

  arrive(c: number): void {
    this.touch(c);
    this.I[c * Component.I + Component.Inside]++;
    this.add(c, ComponentF.Arrivals, 1);
  }

  /** A request that came at `start[at]` leaves; `failed` counts it as an error. */
  leave(c: number, start: Float64Array, at: number, failed: boolean): void {
    this.depart(c, start, at);
    if (failed) this.add(c, ComponentF.Errors, 1);
    else {
      this.add(c, ComponentF.Completed, 1);
      this.sojourn[c].record(this.clock[0] - start[at]);
    }
  }

  kill(c: number, start: Float64Array, at: number): void {
    this.depart(c, start, at);
    this.killed[c]++;
  }

  /** Turned away at the door: it was never inside. */
  refuse(c: number): void {
    this.turnAway(c);
    this.add(c, ComponentF.Arrivals, 1);
    this.add(c, ComponentF.Errors, 1);
  }

  /** Nothing is done for a request: it finds no place. */
  turnAway(c: number): void {
    this.add(c, ComponentF.TurnedAway, 1);
  }

  reset(): void {
    this.numbers[Num.LedgerWindow] = this.clock[0];
    for (let c = 0; c < this.count; c++) {
      const at = c * Component.F;
      this.F[at + ComponentF.Last] = this.clock[0];
      for (const column of COUNTED) this.F[at + column] = 0;
      this.insideAtStart[c] = this.inside(c);
      this.killed[c] = 0;
      this.sojourn[c].reset();
    }
  }

  /** At the end: counts the time so far of a request that is still inside. */
  addUnfinished(c: number, startNs: number): void {
    this.addSojourn(c, startNs);
  }

  /** ∫N dt and Σ sojourns as exact pairs of limbs: equal when Little's law holds. */
  little(c: number): { area: [number, number]; sum: [number, number] } {
    this.touch(c);
    return { area: this.limbs(c, ComponentF.Area), sum: this.limbs(c, ComponentF.Sum) };
  }

  /** The high limb of a sum, and the low one. */
  private limbs(c: number, column: ComponentF): [number, number] {
    const at = c * Component.F + column;
    return [this.F[at + 1], this.F[at]];
  }

  private figure(c: number, column: ComponentF): number {
    return this.F[c * Component.F + column];
  }

  private add(c: number, column: ComponentF, by: number): void {
    this.F[c * Component.F + column] += by;
  }

  private depart(c: number, start: Float64Array, at: number): void {
    this.touch(c);
    this.I[c * Component.I + Component.Inside]--;
    this.addSojourn(c, start[at]);
  }

  private addSojourn(c: number, startNs: number): void {
    const from = startNs > this.windowStart ? startNs : this.windowStart;
    const at = c * Component.F + ComponentF.Sum;
    this.F[at] += this.clock[0] - from;
    if (this.F[at] < LIMB) return;
    this.F[at] -= LIMB;
    this.F[at + 1]++;
  }

  private touch(c: number): void {
    const { F } = this;
    const at = c * Component.F;
    const dt = this.clock[0] - F[at + ComponentF.Last];
    if (dt === 0) return;
    F[at + ComponentF.Last] = this.clock[0];
    F[at + ComponentF.Area] += this.inside(c) * dt;
    if (F[at + ComponentF.Area] >= LIMB) this.carry(at + ComponentF.Area);
  }

  /** Moves what is too much for the low limb of an area to the high one. */
  private carry(at: number): void {
    const limbs = Math.floor(this.F[at] / LIMB);
    this.F[at] -= limbs * LIMB;
    this.F[at + 1] += limbs;
  }
}
