/**
 * How durations are distributed in each slice: log-linear buckets, 16 to a doubling (at most 6 % wide), kept sparse.
 * They add up over slices without loss, which percentiles do not.
 */
import { Recorded } from '../engine/records.ts';
import { bucketOf, bucketStart } from '../statistics/histogram.ts';
import type { Heat } from './format.ts';
import type { Folding } from './slices.ts';

const MS = 1_000_000;
/** Eight buckets of `Histogram` are one here, and four of these are one of a heat map. */
const BITS = Recorded.BucketShift;
const HEAT_BITS = 2;
const BUCKETS = Recorded.Buckets;

export class LatencySlices {
  /** Slice i has the pairs (bucket, count) from starts[i] on. */
  private readonly starts: number[] = [0];
  private readonly pairs: number[] = [];

  /** @param current where the slice at hand is counted */
  constructor(private readonly current: Float64Array = new Float64Array(BUCKETS)) {}

  /** A whole number of ns from 0 to 2⁵³ − 1. */
  record(valueNs: number): void {
    this.current[bucketOf(valueNs) >> BITS]++;
  }

  /** What a histogram has more than it had: `before` is brought up to `counts`, and returned (longer if need be). */
  recordGrowth(counts: Float64Array, before: Float64Array): Float64Array {
    let known = before;
    if (counts.length > known.length) {
      known = new Float64Array(counts.length);
      known.set(before);
    }
    for (let i = 0; i < counts.length; i++) {
      const grown = counts[i] - known[i];
      if (grown === 0) continue;
      this.current[i >> BITS] += grown;
      known[i] = counts[i];
    }
    return known;
  }

  endSlice(): void {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      if (this.current[bucket] === 0) continue;
      this.pairs.push(bucket, this.current[bucket]);
      this.current[bucket] = 0;
    }
    this.starts.push(this.pairs.length);
  }

  /** Quantiles of each group of slices, ms, column by column; NaN where there was nothing. */
  quantiles(folding: Folding, shares: readonly number[]): Float32Array[] {
    const columns = shares.map(() => new Float32Array(folding.count));
    const counts = new Float64Array(BUCKETS);
    for (let group = 0; group < folding.count; group++) {
      const total = this.sum(folding, group, counts);
      shares.forEach((q, i) => (columns[i][group] = total === 0 ? NaN : quantile(counts, total, q) / MS));
    }
    return columns;
  }

  /** As buckets four to a doubling, from the lowest to the highest that is used. */
  heat(folding: Folding): Heat {
    let low = BUCKETS;
    let high = -1;
    for (let i = 0; i < this.pairs.length; i += 2) {
      low = Math.min(low, this.pairs[i] >> HEAT_BITS);
      high = Math.max(high, this.pairs[i] >> HEAT_BITS);
    }
    const buckets = Math.max(0, high - low + 1);
    const counts = new Uint32Array(folding.count * buckets);
    for (let group = 0; group < folding.count; group++) {
      const end = this.starts[folding.starts[group + 1]];
      for (let i = this.starts[folding.starts[group]]; i < end; i += 2)
        counts[group * buckets + (this.pairs[i] >> HEAT_BITS) - low] += this.pairs[i + 1];
    }
    const edgesMs = Float64Array.from({ length: buckets + 1 }, (_, b) => startOf((low + b) << HEAT_BITS) / MS);
    return { buckets, edgesMs: buckets === 0 ? new Float64Array(1) : edgesMs, counts };
  }

  /** Writes the counts of a group of slices; returns how many there are. */
  private sum(folding: Folding, group: number, counts: Float64Array): number {
    counts.fill(0);
    let total = 0;
    const end = this.starts[folding.starts[group + 1]];
    for (let i = this.starts[folding.starts[group]]; i < end; i += 2) {
      counts[this.pairs[i]] += this.pairs[i + 1];
      total += this.pairs[i + 1];
    }
    return total;
  }
}

const startOf = (bucket: number): number => bucketStart(bucket << BITS);

/** The value of the ⌈q·n⌉-th, as if those of its bucket were spread evenly over it, ns. */
function quantile(counts: Float64Array, total: number, q: number): number {
  const rank = Math.max(1, Math.ceil(q * total * (1 - 1e-15)));
  let bucket = 0;
  let below = 0;
  while (below + counts[bucket] < rank) below += counts[bucket++];
  const start = startOf(bucket);
  return start + ((rank - below - 0.5) / counts[bucket]) * (startOf(bucket + 1) - start);
}
