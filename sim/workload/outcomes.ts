/**
 * How requests ended: counts, latencies, the series by the second, and where the time of each latency band went.
 *
 * Counts and latencies are of the cohort that started in the window; see docs/definitions.md.
 */
import { CoarseHistogram } from '../statistics/coarse-histogram.ts';
import { Histogram } from '../statistics/histogram.ts';

export const enum Outcome {
  Completed = 0,
  Failed = 1,
  TimedOut = 2,
  Rejected = 3,
}

/** Latency bands: eight an octave of 1,024 ns units. */
export const BANDS = 256;
const NS_PER_SECOND = 1_000_000_000;
/** Latency histograms over time, at most. */
const MOST_SLOTS = 3600;

export class OperationOutcomes {
  offered = 0;
  readonly ended = new Float64Array(4);
  readonly latency = new Histogram();
  readonly latencyAll = new Histogram();

  constructor(
    readonly population: string,
    readonly name: string,
  ) {}

  reset(): void {
    this.offered = 0;
    this.ended.fill(0);
    this.latency.reset();
    this.latencyAll.reset();
  }

  get inFlight(): number {
    return this.offered - this.ended[0] - this.ended[1] - this.ended[2] - this.ended[3];
  }
}

export class Outcomes {
  readonly operations: OperationOutcomes[];
  attempts = 0;
  /** Sums of span time by band and cell, ns; and requests and latency by band. */
  readonly bandCells: Float64Array;
  readonly bandCount = new Float64Array(BANDS);
  readonly bandLatency = new Float64Array(BANDS);
  /** By second of the run: started, completed, ended otherwise. */
  offeredBySecond = new Float64Array(256);
  completedBySecond = new Float64Array(256);
  erredBySecond = new Float64Array(256);
  private readonly latencyBySlot = new CoarseHistogram();
  /** Seconds that share a latency histogram: one, unless the run is longer than an hour. */
  private readonly slotSeconds: number;
  /** Requests whose spans did not add up to their latency: must stay 0. */
  unbalanced = 0;
  private windowStart = Infinity;

  constructor(
    operations: OperationOutcomes[],
    private readonly cells: number,
    private readonly clock: Float64Array,
    totalNs: number,
  ) {
    this.slotSeconds = Math.max(1, Math.ceil(totalNs / NS_PER_SECOND / MOST_SLOTS));
    this.operations = operations;
    // Two more: for what ends outside the cohort, and for the cohort's failures.
    this.bandCells = new Float64Array((BANDS + 2) * cells);
  }

  /** A request starts. */
  begin(operation: number): void {
    this.operations[operation].offered++;
    const second = Math.floor(this.clock[0] / NS_PER_SECOND);
    if (second >= this.offeredBySecond.length) this.growSeries(second);
    this.offeredBySecond[second]++;
  }

  /** A request that started at `start[at]` ends. */
  end(operation: number, outcome: Outcome, start: Float64Array, at: number): void {
    const now = this.clock[0];
    const startNs = start[at];
    const second = Math.floor(now / NS_PER_SECOND);
    if (second >= this.offeredBySecond.length) this.growSeries(second);
    if (outcome === Outcome.Completed) {
      this.completedBySecond[second]++;
      this.latencyBySlot.record(Math.floor(second / this.slotSeconds), now - startNs);
    } else this.erredBySecond[second]++;
    if (startNs < this.windowStart) return;
    const o = this.operations[operation];
    o.ended[outcome]++;
    o.latencyAll.record(now - startNs);
    if (outcome === Outcome.Completed) o.latency.record(now - startNs);
  }

  /** Latency quantile of the requests completed from one second of the run until another, ns; NaN: none. */
  latencyBetween(fromSecond: number, toSecond: number, q: number): number {
    const from = Math.floor(fromSecond / this.slotSeconds);
    return this.latencyBySlot.quantile(from, Math.max(from + 1, Math.ceil(toSecond / this.slotSeconds)), q);
  }

  /** Offset in `bandCells` for a latency, and counts it. */
  band(start: Float64Array, at: number): number {
    const latency = this.clock[0] - start[at];
    if (start[at] < this.windowStart) return BANDS * this.cells;
    const band = bandOf(latency);
    this.bandCount[band]++;
    this.bandLatency[band] += latency;
    return band * this.cells;
  }

  /** Offset in `bandCells` for a request that failed. */
  failures(start: Float64Array, at: number): number {
    return (start[at] < this.windowStart ? BANDS : BANDS + 1) * this.cells;
  }

  /** Time by cell of the cohort's failures, ns. */
  failureCells(): Float64Array {
    return this.bandCells.subarray((BANDS + 1) * this.cells);
  }

  reset(): void {
    this.windowStart = this.clock[0];
    for (const o of this.operations) o.reset();
    this.attempts = 0;
    this.bandCells.fill(0);
    this.bandCount.fill(0);
    this.bandLatency.fill(0);
  }

  private growSeries(second: number): void {
    let length = this.offeredBySecond.length;
    while (length <= second) length *= 2;
    const grow = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(length);
      grown.set(old);
      return grown;
    };
    this.offeredBySecond = grow(this.offeredBySecond);
    this.completedBySecond = grow(this.completedBySecond);
    this.erredBySecond = grow(this.erredBySecond);
  }
}

/** Band of a latency in ns: bands are an eighth of an octave wide, about 9 %. */
export function bandOf(latencyNs: number): number {
  const units = Math.min(0x7fffffff, Math.floor(latencyNs / 1024)) | 0;
  if (units < 8) return units;
  const exponent = 31 - Math.clz32(units);
  return Math.min(BANDS - 1, (exponent - 2) * 8 + ((units >> (exponent - 3)) & 7));
}
