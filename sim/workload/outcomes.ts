/**
 * How requests ended: counts, latencies, the series by the second, and where the time of each latency band went.
 *
 * Counts and latencies are of the cohort that started in the window; see docs/definitions.md.
 */
import { CoarseHistogram } from '../statistics/coarse-histogram.ts';
import type { Histogram } from '../statistics/histogram.ts';
import type { Histograms } from '../engine/histograms.ts';
import { LooseTables, type Tables } from '../engine/memory.ts';
import { Cell, Num, Slot } from '../engine/slots.ts';

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
/** Seconds that the series begin with. */
const FIRST_SECONDS = 256;

export class OperationOutcomes {
  private readonly index: number;
  private readonly offeredBy: Float64Array;
  readonly ended: Float64Array;
  readonly latency: Histogram;
  /** Latency of those that ended otherwise: when they gave up. */
  readonly latencyFailed: Histogram;

  constructor(
    readonly population: string,
    readonly name: string,
    tables: OutcomeTables,
    index: number,
  ) {
    this.index = index;
    this.offeredBy = tables.offered;
    this.ended = tables.ended.subarray(index * 4, index * 4 + 4);
    this.latency = tables.histograms.add();
    this.latencyFailed = tables.histograms.add();
  }

  get offered(): number {
    return this.offeredBy[this.index];
  }

  set offered(count: number) {
    this.offeredBy[this.index] = count;
  }

  reset(): void {
    this.offered = 0;
    this.ended.fill(0);
    this.latency.reset();
    this.latencyFailed.reset();
  }

  get inFlight(): number {
    return this.offered - this.ended[0] - this.ended[1] - this.ended[2] - this.ended[3];
  }
}

/** Where the counts of operations are kept. */
export interface OutcomeTables {
  offered: Float64Array;
  ended: Float64Array;
  histograms: Histograms;
}

/** The tables of the outcomes of so many operations; the core finds them too. */
export function outcomeTables(count: number, tables: Tables, histograms: Histograms): OutcomeTables {
  tables.cells[Cell.LatencyHistograms] = histograms.count;
  return { offered: tables.f64(Slot.Offered, count), ended: tables.f64(Slot.Ended, count * 4), histograms };
}

export class Outcomes {
  readonly operations: OperationOutcomes[];
  private readonly numbers: Float64Array;
  /** Sums of span time by band and cell, ns; and requests and latency by band. */
  readonly bandCells: Float64Array;
  readonly bandCount: Float64Array;
  readonly bandLatency: Float64Array;
  /** By second of the run: started, completed, ended otherwise. */
  offeredBySecond: Float64Array;
  completedBySecond: Float64Array;
  erredBySecond: Float64Array;
  private readonly latencyBySlot: CoarseHistogram;
  /** Seconds that share a latency histogram: one, unless the run is longer than an hour. */
  private readonly slotSeconds: number;
  /** Tries that were sent. */
  get attempts(): number {
    return this.numbers[Num.Attempts];
  }

  set attempts(count: number) {
    this.numbers[Num.Attempts] = count;
  }

  /** Requests whose spans did not add up to their latency: must stay 0. */
  get unbalanced(): number {
    return this.numbers[Num.Unbalanced];
  }

  set unbalanced(count: number) {
    this.numbers[Num.Unbalanced] = count;
  }

  private get windowStart(): number {
    return this.numbers[Num.OutcomesWindow];
  }

  constructor(
    operations: OperationOutcomes[],
    readonly cells: number,
    private readonly clock: Float64Array,
    totalNs: number,
    private readonly tables: Tables = new LooseTables(),
  ) {
    this.numbers = tables.numbers;
    this.numbers[Num.OutcomesWindow] = Infinity;
    this.slotSeconds = Math.max(1, Math.ceil(totalNs / NS_PER_SECOND / MOST_SLOTS));
    this.operations = operations;
    // Two more: for what ends outside the cohort, and for the cohort's failures.
    this.bandCells = tables.f64(Slot.BandCells, (BANDS + 2) * cells);
    this.bandCount = tables.f64(Slot.BandCount, BANDS);
    this.bandLatency = tables.f64(Slot.BandLatency, BANDS);
    this.offeredBySecond = tables.f64(Slot.OfferedBySecond, FIRST_SECONDS);
    this.completedBySecond = tables.f64(Slot.CompletedBySecond, FIRST_SECONDS);
    this.erredBySecond = tables.f64(Slot.ErredBySecond, FIRST_SECONDS);
    this.latencyBySlot = new CoarseHistogram(0, (length) => tables.i32(Slot.LatencyBySlot, length));
    this.numbers[Num.SlotSeconds] = this.slotSeconds;
    tables.cells[Cell.SpanCells] = cells;
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
    (outcome === Outcome.Completed ? o.latency : o.latencyFailed).record(now - startNs);
  }

  /** Makes room for what begins and ends up to a time, so that the core need not look. */
  reserve(timeNs: number): void {
    const second = Math.floor(timeNs / NS_PER_SECOND);
    if (second >= this.offeredBySecond.length) this.growSeries(second);
    this.latencyBySlot.reserve(Math.floor(second / this.slotSeconds));
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
    this.numbers[Num.OutcomesWindow] = this.clock[0];
    for (const o of this.operations) o.reset();
    this.attempts = 0;
    this.bandCells.fill(0);
    this.bandCount.fill(0);
    this.bandLatency.fill(0);
  }

  /** Makes room in the series for second `second`. */
  private growSeries(second: number): void {
    let length = this.offeredBySecond.length;
    while (length <= second) length *= 2;
    const grow = (slot: Slot, old: Float64Array): Float64Array => {
      const grown = this.tables.f64(slot, length);
      grown.set(old);
      return grown;
    };
    this.offeredBySecond = grow(Slot.OfferedBySecond, this.offeredBySecond);
    this.completedBySecond = grow(Slot.CompletedBySecond, this.completedBySecond);
    this.erredBySecond = grow(Slot.ErredBySecond, this.erredBySecond);
  }
}

/** Band of a latency in ns: bands are an eighth of an octave wide, about 9 %. */
export function bandOf(latencyNs: number): number {
  const units = Math.min(0x7fffffff, Math.floor(latencyNs / 1024)) | 0;
  if (units < 8) return units;
  const exponent = 31 - Math.clz32(units);
  return Math.min(BANDS - 1, (exponent - 2) * 8 + ((units >> (exponent - 3)) & 7));
}
