/**
 * How durations are distributed in each second of a run, for percentiles over time: one table of seconds × buckets,
 * with 16 buckets per octave (at most 6 % wide) from a microsecond to an hour.
 */

/** Enum values are inlined by the bundler; constants of a module would be loads in the hot path. */
const enum Constant {
  /** Buckets per octave, and its logarithm. */
  SubBuckets = 16,
  SubBits = 4,
  /** Values are counted in units of 1,024 ns that fit 32 bits: longer than 73 minutes falls into the last bucket. */
  UnitNs = 1024,
  LastUnit = 4294967295,
  /** Buckets per second. */
  Columns = 464,
}

export class CoarseHistogram {
  private rows: Int32Array;

  /**
   * @param seconds how many seconds to expect; more may come
   * @param place gives the counts a place, zeroed
   */
  constructor(
    seconds = 0,
    private readonly place: (length: number) => Int32Array = (length) => new Int32Array(length),
  ) {
    this.rows = place(seconds * Constant.Columns);
  }

  /** Takes one value, a non-negative number of nanoseconds, in second `second` (0, 1, …). */
  record(second: number, valueNs: number): void {
    const units = valueNs / Constant.UnitNs;
    const value = units < Constant.LastUnit ? units >>> 0 : Constant.LastUnit;
    const shift = Math.max(0, 31 - Constant.SubBits - Math.clz32(value));
    const at = second * Constant.Columns + shift * Constant.SubBuckets + (value >>> shift);
    if (at >= this.rows.length) this.grow(second);
    this.rows[at]++;
  }

  /** How many values came in seconds `from` to `to` (exclusive). */
  count(from: number, to: number): number {
    const end = Math.min(to * Constant.Columns, this.rows.length);
    let sum = 0;
    for (let at = from * Constant.Columns; at < end; at++) sum += this.rows[at];
    return sum;
  }

  /**
   * The ⌈q·count⌉-th smallest value (nearest rank) of seconds `from` to `to` (exclusive), in nanoseconds, as the
   * midpoint of its bucket: off by at most 3.2 %, or half a microsecond. NaN without values.
   */
  quantile(from: number, to: number, q: number): number {
    const count = this.count(from, to);
    if (count === 0) return NaN;
    const rank = Math.max(1, Math.ceil(q * count * (1 - 1e-15)));
    let below = 0;
    let bucket = -1;
    while (below < rank) {
      bucket++;
      for (let second = from; second < to; second++) below += this.rows[second * Constant.Columns + bucket] ?? 0;
    }
    return middleOf(bucket);
  }

  /** Forgets all values. */
  reset(): void {
    this.rows.fill(0);
  }

  /** Sees to it that there is room up to and with second `second`. */
  reserve(second: number): void {
    if ((second + 1) * Constant.Columns > this.rows.length) this.grow(second);
  }

  private grow(second: number): void {
    const rows = this.place(Math.max((second + 1) * Constant.Columns, this.rows.length * 2));
    rows.set(this.rows);
    this.rows = rows;
  }
}

/** Middle of a bucket in nanoseconds. */
function middleOf(bucket: number): number {
  const octave = Math.max(0, (bucket >>> Constant.SubBits) - 1);
  // A value v ≥ 16 has bucket octave·16 + (v >>> octave), the second term from 16 to 31.
  const units = bucket - octave * Constant.SubBuckets;
  let width = Constant.UnitNs;
  for (let i = 0; i < octave; i++) width *= 2;
  return (units + 0.5) * width;
}
