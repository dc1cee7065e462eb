import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { Histogram, bucketOf, bucketStart, bucketWidth } from '../../sim/statistics/histogram.ts';
import { Counter } from '../../sim/random/counter.ts';

/** Durations of every size, from nanoseconds to weeks. */
const duration = fc.tuple(fc.integer({ min: 0, max: 53 }), fc.maxSafeNat()).map(([bits, x]) => x % 2 ** bits);

const QUANTILES = [0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];

function filled(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

/** A long-tailed sample of latencies around 5 ms. */
function latencies(n: number): number[] {
  const counter = new Counter();
  return Array.from({ length: n }, (_, i) => {
    counter.start(i, 1, 1);
    const u = ((counter.word0 >>> 0) + 0.5) / 2 ** 32;
    return Math.round(5e6 * (-Math.log(u)) ** 1.7);
  });
}

describe('buckets', () => {
  it('hold their values, are at most 1/128 of them wide, and leave no gaps', () => {
    fc.assert(
      fc.property(duration, (value) => {
        const bucket = bucketOf(value);
        const start = bucketStart(bucket);
        const width = bucketWidth(bucket);
        expect(value).toBeGreaterThanOrEqual(start);
        expect(value - start).toBeLessThan(width);
        expect(width === 1 || width / start <= 1 / 128).toBe(true);
      }),
    );
    for (let bucket = 0; bucket < 6015; bucket++) {
      expect(bucketStart(bucket) + bucketWidth(bucket)).toBe(bucketStart(bucket + 1));
      expect(bucketOf(bucketStart(bucket))).toBe(bucket);
    }
    expect(bucketOf(Number.MAX_SAFE_INTEGER)).toBe(6015);
  });
});

describe('histogram', () => {
  it('says of nothing that there is no data', () => {
    const empty = new Histogram();
    expect(empty.count).toBe(0);
    expect(empty.sum).toBe(0);
    for (const figure of [empty.quantile(0.5), empty.mean, empty.min, empty.max]) expect(figure).toBeNaN();
  });

  it('is within 0.4 % of the nearest rank of the sorted values', () => {
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 200 }), (values) => {
        const histogram = filled(values);
        const sorted = [...values].sort((a, b) => a - b);
        for (const q of QUANTILES) {
          const exact = sorted[Math.max(0, Math.ceil(q * sorted.length * (1 - 1e-15)) - 1)];
          expect(Math.abs(histogram.quantile(q) - exact)).toBeLessThanOrEqual(exact * 0.004);
        }
        expect(histogram.min).toBe(sorted[0]);
        expect(histogram.max).toBe(sorted[sorted.length - 1]);
      }),
    );
  });

  it('agrees with HdrHistogram', () => {
    const values = latencies(20_000);
    const own = filled(values);
    const oracle = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: 2 ** 40,
      numberOfSignificantValueDigits: 4,
      useWebAssembly: false,
    });
    for (const value of values) oracle.recordValue(value);
    for (const percent of [1, 10, 25, 50, 75, 90, 95, 99, 99.9]) {
      expect(Math.abs(own.quantile(percent / 100) / oracle.getValueAtPercentile(percent) - 1)).toBeLessThan(0.0045);
    }
    expect(own.mean / oracle.mean).toBeCloseTo(1, 4);
  });

  it('keeps sums and means exact beyond 2^53', () => {
    const histogram = new Histogram();
    const value = 9_007_199_254_740_883;
    for (let i = 0; i < 1000; i++) histogram.record(value);
    expect(histogram.mean).toBe(value);
    expect(histogram.sum).toBe(Number(BigInt(value) * 1000n));
  });

  it('is exact for constants and picks the rank that a person would', () => {
    const constant = filled(Array.from({ length: 50 }, () => 250_000_001));
    for (const q of QUANTILES) expect(constant.quantile(q)).toBe(250_000_001);
    const hundred = filled(Array.from({ length: 100 }, (_, i) => i + 1));
    expect([0.07, 0.29, 0.5, 0.57, 0.99, 0.995].map((q) => hundred.quantile(q))).toEqual([7, 29, 50, 57, 99, 100]);
  });

  it('merges as if everything had been recorded in one', () => {
    fc.assert(
      fc.property(fc.array(fc.array(duration, { maxLength: 40 }), { maxLength: 6 }), (parts) => {
        const merged = new Histogram();
        for (const part of parts) merged.merge(filled(part));
        const whole = filled(parts.flat());
        expect(merged.buckets()).toEqual(whole.buckets());
        expect([merged.count, merged.sum, merged.min, merged.max]).toEqual([
          whole.count,
          whole.sum,
          whole.min,
          whole.max,
        ]);
        for (const q of QUANTILES) expect(merged.quantile(q)).toEqual(whole.quantile(q));
      }),
    );
  });

  it('takes many of a value at once', () => {
    const once = new Histogram();
    once.recordMany(123_456_789, 1000);
    once.recordMany(5, 0);
    expect(once.buckets()).toEqual(filled(Array.from({ length: 1000 }, () => 123_456_789)).buckets());
    expect(once.sum).toBe(123_456_789_000);
    expect(once.min).toBe(123_456_789);
  });

  it('forgets at a reset, and goes on', () => {
    const histogram = filled([1, 2, 1e9]);
    histogram.reset();
    expect(histogram.count).toBe(0);
    expect(histogram.quantile(0.5)).toBeNaN();
    histogram.record(7);
    expect([histogram.count, histogram.min, histogram.max, histogram.sum]).toEqual([1, 7, 7, 7]);
    new Histogram().reset();
  });

  it('refuses what is not a duration', () => {
    const histogram = filled([1e6]);
    for (const wrong of [-1, NaN, Infinity, 2 ** 53]) expect(() => histogram.record(wrong)).toThrow(RangeError);
    expect(() => histogram.recordMany(-1, 2)).toThrow(RangeError);
    expect(histogram.count).toBe(1);
  });

  it('lists its buckets with their bounds', () => {
    expect(filled([3, 3, 1000]).buckets()).toEqual([
      { fromNs: 3, toNs: 3, count: 2 },
      { fromNs: 1000, toNs: 1003, count: 1 },
    ]);
  });
});
