/**
 * How durations are distributed: a log-linear histogram of integer nanoseconds, the idea of HdrHistogram
 * (G. Tene) with 128 buckets per octave, so that a bucket is at most 1/128 (0.8 %) of its values wide.
 *
 * Values below 256 ns have a bucket each. Counts, sum, minimum and maximum are exact; merging loses nothing.
 */
import { addProductTo, addTo, numberAt } from './wide-sum.ts';

/** Enum values are inlined by the bundler; constants of a module would be loads in the hot path. */
const enum Constant {
  /** Buckets per octave, and its logarithm. */
  SubBuckets = 128,
  SubBits = 7,
  /** The array grows by four octaves at a time. */
  Growth = 512,
}

/** What the array starts with; the counts follow. */
const enum At {
  Count = 0,
  /** Two limbs. */
  Sum = 1,
  Min = 3,
  Max = 4,
  Buckets = 5,
}

const EMPTY = new Float64Array(0);

/** The bucket of a value from 0 to 2⁵³ − 1; 0 to 6,015, ascending with the value. */
export function bucketOf(valueNs: number): number {
  if (valueNs < Constant.SubBuckets) return valueNs | 0;
  if (valueNs < 2147483648) {
    const shift = 31 - Constant.SubBits - Math.clz32(valueNs);
    return shift * Constant.SubBuckets + (valueNs >>> shift);
  }
  // Beyond 31 bits: 21 bits fewer fit an integer, and buckets there are wider than that.
  const top = (valueNs / 2097152) >>> 0;
  const shift = 31 - Constant.SubBits - Math.clz32(top);
  return (shift + 21) * Constant.SubBuckets + (top >>> shift);
}

/** The least value of a bucket. */
export function bucketStart(bucket: number): number {
  return bucket < 2 * Constant.SubBuckets
    ? bucket
    : (Constant.SubBuckets + (bucket & (Constant.SubBuckets - 1))) * bucketWidth(bucket);
}

/** How many integers a bucket holds. */
export function bucketWidth(bucket: number): number {
  const octave = (bucket >>> Constant.SubBits) - 1;
  if (octave <= 0) return 1;
  return octave < 31 ? 1 << octave : 1073741824 * (1 << (octave - 30));
}

export class Histogram {
  /** Header and counts; nothing at all until the first value. */
  private cells: Float64Array = EMPTY;

  /** @param place gives the cells a place, zeroed; it may give more than it is asked for */
  constructor(private readonly place: (length: number) => Float64Array = (length) => new Float64Array(length)) {}

  /** How many values. */
  get count(): number {
    return this.cells.length === 0 ? 0 : this.cells[At.Count];
  }

  /**
   * Takes one value, an integer from 0 to 2⁵³ − 1.
   *
   * @throws RangeError outside of this range
   */
  record(valueNs: number): void {
    const at = At.Buckets + bucketOf(valueNs);
    if (at >= this.cells.length || !(valueNs >= 0 && valueNs <= 9007199254740991)) this.prepare(valueNs, at);
    const cells = this.cells;
    cells[at] += 1;
    cells[At.Count] += 1;
    addTo(cells, At.Sum, valueNs);
    if (valueNs < cells[At.Min]) cells[At.Min] = valueNs;
    if (valueNs > cells[At.Max]) cells[At.Max] = valueNs;
  }

  /** Takes the same value `times` times. */
  recordMany(valueNs: number, times: number): void {
    if (times === 0) return;
    const at = At.Buckets + bucketOf(valueNs);
    if (at >= this.cells.length || !(valueNs >= 0 && valueNs <= 9007199254740991)) this.prepare(valueNs, at);
    const cells = this.cells;
    cells[at] += times;
    cells[At.Count] += times;
    addProductTo(cells, At.Sum, times, valueNs);
    if (valueNs < cells[At.Min]) cells[At.Min] = valueNs;
    if (valueNs > cells[At.Max]) cells[At.Max] = valueNs;
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
    if (rank <= 1) return cells[At.Min];
    if (rank >= count) return cells[At.Max];
    let at = At.Buckets;
    for (let below = cells[at]; below < rank; below += cells[at]) at++;
    const bucket = at - At.Buckets;
    const middle = bucketStart(bucket) + (bucketWidth(bucket) - 1) / 2;
    return Math.min(Math.max(middle, cells[At.Min]), cells[At.Max]);
  }

  /** The exact mean, rounded once; NaN without values. */
  get mean(): number {
    return this.count === 0 ? NaN : this.sum / this.count;
  }

  /** Sum of all values as the nearest double. */
  get sum(): number {
    return this.cells.length === 0 ? 0 : numberAt(this.cells, At.Sum);
  }

  /** The least value; NaN without values. */
  get min(): number {
    return this.count === 0 ? NaN : this.cells[At.Min];
  }

  /** The greatest value; NaN without values. */
  get max(): number {
    return this.count === 0 ? NaN : this.cells[At.Max];
  }

  /** Takes all values of another histogram, as if they had been recorded here. */
  merge(other: Histogram): void {
    if (other.count === 0) return;
    const from = other.cells;
    this.reserve(from.length);
    const cells = this.cells;
    addTo(cells, At.Sum, from[At.Sum]);
    cells[At.Sum + 1] += from[At.Sum + 1];
    cells[At.Count] += from[At.Count];
    cells[At.Min] = Math.min(cells[At.Min], from[At.Min]);
    cells[At.Max] = Math.max(cells[At.Max], from[At.Max]);
    for (let at = At.Buckets; at < from.length; at++) cells[at] += from[at];
  }

  /** Forgets all values. */
  reset(): void {
    this.cells.fill(0);
    if (this.cells.length > 0) this.cells[At.Min] = Infinity;
  }

  /** How many values each bucket holds, by its number (see `bucketOf`); a view, not a copy, and not for writing. */
  get bucketCounts(): Float64Array {
    return this.cells.subarray(At.Buckets);
  }

  /** The buckets that hold something, ascending: values from `fromNs` to `toNs` inclusive. */
  buckets(): { fromNs: number; toNs: number; count: number }[] {
    const found = [];
    for (let at = At.Buckets; at < this.cells.length; at++) {
      if (this.cells[at] === 0) continue;
      const fromNs = bucketStart(at - At.Buckets);
      found.push({ fromNs, toNs: fromNs + bucketWidth(at - At.Buckets) - 1, count: this.cells[at] });
    }
    return found;
  }

  /** Makes room for a value that is going to be recorded. */
  makeRoomFor(valueNs: number): void {
    this.prepare(valueNs, At.Buckets + bucketOf(valueNs));
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
    const size = At.Buckets + Math.ceil((length - At.Buckets) / Constant.Growth) * Constant.Growth;
    const cells = this.place(size);
    cells[At.Min] = Infinity;
    cells.set(this.cells);
    this.cells = cells;
  }
}
