import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoarseHistogram } from '../../sim/statistics/coarse-histogram.ts';

describe('coarse histogram', () => {
  it('is within 3.2 % or half a microsecond of the nearest rank', () => {
    const value = fc.tuple(fc.integer({ min: 0, max: 41 }), fc.maxSafeNat()).map(([bits, x]) => x % 2 ** bits);
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 100 }), (values) => {
        const histogram = new CoarseHistogram();
        for (const one of values) histogram.record(2, one);
        const sorted = [...values].sort((a, b) => a - b);
        for (const q of [0, 0.1, 0.5, 0.9, 0.99, 1]) {
          const exact = sorted[Math.max(0, Math.ceil(q * sorted.length * (1 - 1e-15)) - 1)];
          expect(Math.abs(histogram.quantile(2, 3, q) - exact)).toBeLessThanOrEqual(Math.max(exact * 0.032, 512));
        }
      }),
    );
  });

  it('keeps seconds apart and pools them on request', () => {
    const histogram = new CoarseHistogram(1);
    histogram.record(0, 1e6);
    histogram.record(5, 1e9);
    histogram.record(5, 1e9);
    expect([histogram.count(0, 1), histogram.count(1, 5), histogram.count(5, 6), histogram.count(0, 100)]).toEqual([
      1, 0, 2, 3,
    ]);
    expect(histogram.quantile(1, 5, 0.5)).toBeNaN();
    expect(histogram.quantile(0, 1, 0.5) / 1e6).toBeCloseTo(1, 1);
    expect(histogram.quantile(0, 100, 0.5) / 1e9).toBeCloseTo(1, 1);
    expect(histogram.quantile(0, 100, 0.3) / 1e6).toBeCloseTo(1, 1);
  });

  it('keeps what it had when it grows', () => {
    const histogram = new CoarseHistogram();
    for (let second = 0; second < 300; second++) histogram.record(second, 1e6 * (second + 1));
    for (let second = 0; second < 300; second++) expect(histogram.count(second, second + 1)).toBe(1);
  });

  it('puts what is too long into its last bucket', () => {
    const histogram = new CoarseHistogram();
    histogram.record(0, 1e15);
    histogram.record(0, 5e12);
    expect(histogram.quantile(0, 1, 1)).toBe(histogram.quantile(0, 1, 0));
    expect(histogram.quantile(0, 1, 1)).toBeGreaterThan(4e12);
  });

  it('forgets at a reset', () => {
    const histogram = new CoarseHistogram();
    histogram.record(3, 1000);
    histogram.reset();
    expect(histogram.count(0, 10)).toBe(0);
  });
});
