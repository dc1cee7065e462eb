/**
 * How durations are distributed: a log-linear histogram of integer nanoseconds, the idea of HdrHistogram
 * (G. Tene) with 128 buckets per octave, so that a bucket is at most 1/128 (0.8 %) of its values wide.
 *
 * Values below 256 ns have a bucket each. Counts, sum, minimum and maximum are exact; merging loses nothing.
 */
import { LIMB, addProductTo, addTo } from './wide-sum.ts';

/** Buckets per octave, and its logarithm. */
const SUB_BUCKETS = 128;
const SUB_BITS = 7;

/** The array starts with these; the counts follow. */
const COUNT = 0;
const SUM = 1;
const MIN = 3;
const MAX = 4;
const HEADER = 5;

/** The array grows by whole octaves: four at a time. */
const GROWTH = 4 * SUB_BUCKETS;

const EMPTY = new Float64Array(0);

/** The bucket of a value from 0 to 2⁵³ − 1; 0 to 6,015, ascending with the value. */
export function bucketOf(valueNs: number): number {
  if (valueNs < SUB_BUCKETS) return valueNs | 0;
  if (valueNs < 2147483648) {
    const shift = 31 - SUB_BITS - Math.clz32(valueNs);
    return shift * SUB_BUCKETS + (valueNs >>> shift);
  }
  // Beyond 31 bits: 21 bits fewer fit an integer, and buckets there are wider than that.
  const top = (valueNs / 2097152) >>> 0;
  const shift = 31 - SUB_BITS - Math.clz32(top);
  return (shift + 21) * SUB_BUCKETS + (top >>> shift);
}

/** The least value of a bucket. */
export function bucketStart(bucket: number): number {
  return bucket < 2 * SUB_BUCKETS ? bucket : (SUB_BUCKETS + (bucket & (SUB_BUCKETS - 1))) * bucketWidth(bucket);
}

/** How many integers a bucket holds. */
export function bucketWidth(bucket: number): number {
  const octave = (bucket >>> SUB_BITS) - 1;
  if (octave <= 0) return 1;
  return octave < 31 ? 1 << octave : 1073741824 * (1 << (octave - 30));
}

export class Histogram {
  /** Header and counts; nothing at all until the first value. */
  private cells: Float64Array = EMPTY;

  /** How many values. */
  get count(): number {
    return this.cells.length === 0 ? 0 : this.cells[COUNT];
  }

  /**
   * Takes one value, an integer from 0 to 2⁵³ − 1.
   *
   * @throws RangeError outside of this range
   */
  record(valueNs: number): void {
    const at = HEADER + bucketOf(valueNs);
    if (at >= this.cells.length || !(valueNs >= 0 && valueNs <= 9007199254740991)) this.prepare(valueNs, at);
    const cells = this.cells;
    cells[at] += 1;
    cells[COUNT] += 1;
    addTo(cells, SUM, valueNs);
    if (valueNs < cells[MIN]) cells[MIN] = valueNs;
    if (valueNs > cells[MAX]) cells[MAX] = valueNs;
  }

  /** Takes the same value `times` times. */
  recordMany(valueNs: number, times: number): void {
    if (times === 0) return;
    const at = HEADER + bucketOf(valueNs);
    if (at >= this.cells.length || !(valueNs >= 0 && valueNs <= 9007199254740991)) this.prepare(valueNs, at);
    const cells = this.cells;
    cells[at] += times;
    cells[COUNT] += times;
    addProductTo(cells, SUM, times, valueNs);
    if (valueNs < cells[MIN]) cells[MIN] = valueNs;
    if (valueNs > cells[MAX]) cells[MAX] = valueNs;
  }

  /**
   * The value at or below which a share q (0…1) of the values lie: the ⌈q·count⌉-th smallest (nearest rank), given as
   * the midpoint of its bucket, kept between minimum and maximum. NaN without values.
   *
   * Off by at most 0.4 % of the true one; exact below 256 ns, for constants, and for q = 0 and 1.
   */
  quantile(q: number): number {
    const cells = this.cells;
    const count = this.count;
    if (count === 0) return NaN;
    // The factor undoes the rounding of q: 7 % of 100 is the 7th, though 0.07 × 100 > 7 in doubles.
    const rank = Math.max(1, Math.ceil(q * count * (1 - 1e-15)));
    if (rank <= 1) return cells[MIN];
    if (rank >= count) return cells[MAX];
    let at = HEADER;
    for (let below = cells[at]; below < rank; below += cells[at]) at++;
    const bucket = at - HEADER;
    const middle = bucketStart(bucket) + (bucketWidth(bucket) - 1) / 2;
    return Math.min(Math.max(middle, cells[MIN]), cells[MAX]);
  }

  /** The exact mean, rounded once; NaN without values. */
  get mean(): number {
    return this.count === 0 ? NaN : this.sum / this.count;
  }

  /** Sum of all values as the nearest double. */
  get sum(): number {
    return this.cells.length === 0 ? 0 : this.cells[SUM + 1] * LIMB + this.cells[SUM];
  }

  /** The least value; NaN without values. */
  get min(): number {
    return this.count === 0 ? NaN : this.cells[MIN];
  }

  /** The greatest value; NaN without values. */
  get max(): number {
    return this.count === 0 ? NaN : this.cells[MAX];
  }

  /** Takes all values of another histogram, as if they had been recorded here. */
  merge(other: Histogram): void {
    if (other.count === 0) return;
    const from = other.cells;
    this.reserve(from.length);
    const cells = this.cells;
    addTo(cells, SUM, from[SUM]);
    cells[SUM + 1] += from[SUM + 1];
    cells[COUNT] += from[COUNT];
    cells[MIN] = Math.min(cells[MIN], from[MIN]);
    cells[MAX] = Math.max(cells[MAX], from[MAX]);
    for (let at = HEADER; at < from.length; at++) cells[at] += from[at];
  }

  /** Forgets all values. */
  reset(): void {
    this.cells.fill(0);
    if (this.cells.length > 0) this.cells[MIN] = Infinity;
  }

  /** The buckets that hold something, ascending: values from `fromNs` to `toNs` inclusive. */
  buckets(): { fromNs: number; toNs: number; count: number }[] {
    const found = [];
    for (let at = HEADER; at < this.cells.length; at++) {
      if (this.cells[at] === 0) continue;
      const fromNs = bucketStart(at - HEADER);
      found.push({ fromNs, toNs: fromNs + bucketWidth(at - HEADER) - 1, count: this.cells[at] });
    }
    return found;
  }

  /** Off the hot path: refuses what is not a duration and makes room. */
  private prepare(valueNs: number, at: number): void {
    if (!(valueNs >= 0 && valueNs <= Number.MAX_SAFE_INTEGER)) {
      throw new RangeError(`a duration must be from 0 to 2^53 - 1 nanoseconds, not ${valueNs}`);
    }
    this.reserve(at + 1);
  }

  private reserve(length: number): void {
    if (length <= this.cells.length) return;
    const size = HEADER + Math.ceil((length - HEADER) / GROWTH) * GROWTH;
    const cells = new Float64Array(size);
    cells[MIN] = Infinity;
    cells.set(this.cells);
    this.cells = cells;
  }
}
