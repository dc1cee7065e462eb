/**
 * What populations ask for and what becomes of it, slice by slice. Stands in the place of `Requests` in a recorded run, and
 * begins and ends every request alike.
 */
import { FCol, ICol, Id, Status, Stride } from '../engine/rows.ts';
import { Recorded } from '../engine/records.ts';
import { Slot } from '../engine/slots.ts';
import { Outcome } from '../workload/outcomes.ts';
import { Requests } from '../workload/population.ts';
import type { PopulationRecording } from './format.ts';
import { LatencySlices } from './latency-slices.ts';
import type { RequestSample } from './request-sample.ts';
import { Meter, Series, type Folding } from './slices.ts';
import type { TracedSpans } from './traced-spans.ts';

/** Requests and tries, how they ended, and how long they took in the slice at hand. */
interface Counts {
  offered: Float64Array;
  attempted: Float64Array;
  ended: Float64Array;
  latency: Float64Array;
}

class PopulationWatch {
  /** By outcome, and those among them that began in the warm-up and ended after it. */
  readonly ended: Float64Array;
  readonly early = new Float64Array(Recorded.Outcomes);
  readonly latency: LatencySlices;
  private readonly meters = [new Meter(), new Meter(), new Meter(), new Meter(), new Meter(), new Meter()];
  private readonly inFlight = new Series('last');

  /** @param counts by population; the core counts them too */
  constructor(
    private readonly counts: Counts,
    private readonly index: number,
  ) {
    this.ended = counts.ended.subarray(index * Recorded.Outcomes, (index + 1) * Recorded.Outcomes);
    this.latency = new LatencySlices(counts.latency.subarray(index * Recorded.Buckets, (index + 1) * Recorded.Buckets));
  }

  private get offered(): number {
    return this.counts.offered[this.index];
  }

  begins(): void {
    this.counts.offered[this.index]++;
  }

  /** A try is sent. */
  tries(): void {
    this.counts.attempted[this.index]++;
  }

  look(): void {
    const [offered, attempts, ...ends] = this.meters;
    offered.read(this.offered);
    attempts.read(this.counts.attempted[this.index]);
    ends.forEach((meter, outcome) => meter.read(this.ended[outcome]));
    this.inFlight.push(this.offered - this.ended.reduce((sum, n) => sum + n, 0));
    this.latency.endSlice();
  }

  record(folding: Folding) {
    const [offered, attempts, completed, failed, timedOut, rejected] = this.meters.map((m) => folding.counts(m));
    const [p50Ms, p95Ms, p99Ms] = this.latency.quantiles(folding, [0.5, 0.95, 0.99]);
    const [c, f, t, r] = this.early;
    return {
      offered,
      attempts,
      retries: attempts.map((n, i) => n - offered[i]),
      completed,
      failed,
      timedOut,
      rejected,
      early: { completed: c, failed: f, timedOut: t, rejected: r },
      inFlight: folding.counts(this.inFlight),
      p50Ms,
      p95Ms,
      p99Ms,
      heat: this.latency.heat(folding),
    };
  }
}

export class RecordedRequests extends Requests {
  private watches: PopulationWatch[] = [];
  private spans!: TracedSpans;
  private sample!: RequestSample;

  /** Once the world is complete, before time zero. */
  attach(spans: TracedSpans, sample: RequestSample): void {
    const { populations, memory } = this.world;
    const counts = {
      offered: memory.f64(Slot.PopulationOffered, populations.length),
      attempted: memory.f64(Slot.PopulationAttempts, populations.length),
      ended: memory.f64(Slot.PopulationEnded, populations.length * Recorded.Outcomes),
      latency: memory.f64(Slot.PopulationLatency, populations.length * Recorded.Buckets),
    };
    this.watches = populations.map((_, index) => new PopulationWatch(counts, index));
    this.spans = spans;
    this.sample = sample;
  }

  /** The slice is over. */
  look(): void {
    for (const watch of this.watches) watch.look();
  }

  record(folding: Folding): Pick<PopulationRecording, keyof ReturnType<PopulationWatch['record']>>[] {
    return this.watches.map((watch) => watch.record(folding));
  }

  /** A request begins. */
  override open(row: number, choice: number, site: number, key: number): void {
    this.watchOf(row).begins();
    super.open(row, choice, site, key);
  }

  /** The core says the same by itself of most: those that are not kept, and began in the window. */
  override completes(row: number): void {
    this.ends(row, Outcome.Completed);
  }

  /** A try is sent. */
  override attempted(row: number): void {
    this.watchOf(row).tries();
    const slot = this.spans.slotOf(row);
    if (slot !== Id.None) this.spans.trails.tries[slot]++;
    super.attempted(row);
  }

  override succeeded(row: number): void {
    this.ends(row, Outcome.Completed);
    super.succeeded(row);
  }

  override failed(row: number, status: number): void {
    this.ends(row, outcomeOf(status));
    super.failed(row, status);
  }

  private ends(row: number, outcome: Outcome): void {
    const { rows, clock, windowStartNs } = this.world;
    const watch = this.watchOf(row);
    const start = rows.F[row * Stride.F + FCol.Start];
    watch.ended[outcome]++;
    if (outcome === Outcome.Completed) watch.latency.record(clock[0] - start);
    if (clock[0] >= windowStartNs) {
      if (start < windowStartNs) watch.early[outcome]++;
      this.sample.offer(row, this.spans.conclude(row), outcome);
    }
    this.spans.forget(row);
  }

  private watchOf(row: number): PopulationWatch {
    return this.watches[this.world.rows.I[row * Stride.I + ICol.Op] >> 16];
  }
}

/** As the report counts them. */
function outcomeOf(status: number): Outcome {
  if (status === Status.Timeout) return Outcome.TimedOut;
  return status === Status.Rejected || status === Status.Refused ? Outcome.Rejected : Outcome.Failed;
}
