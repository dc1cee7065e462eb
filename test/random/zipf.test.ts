import { describe, expect, it } from 'vitest';
import { KeyPopularity } from '../../sim/random/zipf.ts';
import { chiSquareScore } from './checks.ts';

function histogram(keys: KeyPopularity, draws: number): Float64Array {
  const counts = new Float64Array(keys.count);
  for (let i = 0; i < draws; i++) counts[keys.pick(i, 3, 1)]++;
  return counts;
}

/** Share of the draws that fall on the first `ranks` ranks. */
function share(counts: Float64Array, ranks: number): number {
  let all = 0;
  let first = 0;
  counts.forEach((count, rank) => {
    all += count;
    if (rank < ranks) first += count;
  });
  return first / all;
}

describe('key popularity', () => {
  // Shares of YCSB's ZipfianGenerator with ZIPFIAN_CONSTANT = 0.99, computed from the definition 1/k^0.99 ÷ zeta(n).
  const ycsb = [
    {
      items: 1000,
      first: 0.12938362697857167,
      top10: 0.3824719122247289,
      top1Percent: 0.3824719122247289,
      top10Percent: 0.6850305186912754,
      for80Percent: 234,
    },
    {
      items: 100_000,
      first: 0.07825743810383679,
      top10: 0.23133740100159647,
      top1Percent: 0.6048480780091106,
      top10Percent: 0.8001323340755494,
      for80Percent: 9985,
    },
  ];
  for (const expected of ycsb) {
    it(`agrees with YCSB's zipfian over ${expected.items} items`, () => {
      const counts = histogram(new KeyPopularity(0.99, expected.items), 1_000_000);
      expect(share(counts, 1) / expected.first).toBeCloseTo(1, 2);
      expect(share(counts, 10) / expected.top10).toBeCloseTo(1, 2);
      expect(share(counts, expected.items / 100) / expected.top1Percent).toBeCloseTo(1, 2);
      expect(share(counts, expected.items / 10) / expected.top10Percent).toBeCloseTo(1, 2);
      expect(share(counts, expected.for80Percent)).toBeCloseTo(0.8, 2);
    });
  }

  for (const exponent of [0.2, 1, 1.5, 3]) {
    it(`gives every rank its exact probability at exponent ${exponent}`, () => {
      const n = 50;
      const draws = 400_000;
      const counts = histogram(new KeyPopularity(exponent, n), draws);
      let zeta = 0;
      for (let k = 1; k <= n; k++) zeta += k ** -exponent;
      let chi = 0;
      for (let k = 1; k <= n; k++) {
        const mean = (draws * k ** -exponent) / zeta;
        chi += (counts[k - 1] - mean) ** 2 / mean;
      }
      expect(Math.abs(chi - (n - 1)) / Math.sqrt(2 * (n - 1))).toBeLessThan(4);
    });
  }

  it('is uniform at exponent 0', () => {
    expect(Math.abs(chiSquareScore(histogram(new KeyPopularity(0, 97), 200_000)))).toBeLessThan(4);
  });

  it('is a pure function of identity and step', () => {
    const keys = new KeyPopularity(0.99, 1000);
    const again = new KeyPopularity(0.99, 1000);
    expect([1, 2, 3, 4].map((step) => keys.pick(5, 6, step))).toMatchInlineSnapshot(`
      [
        130,
        167,
        0,
        79,
      ]
    `);
    for (let i = 99; i >= 0; i--) expect(again.pick(i, 0, 0)).toBe(keys.pick(i, 0, 0));
  });

  it('reaches the last of a million keys and never beyond', () => {
    const n = 1_000_000;
    const keys = new KeyPopularity(0.5, n);
    let greatest = 0;
    for (let i = 0; i < 200_000; i++) greatest = Math.max(greatest, keys.pick(i, 1, 1));
    expect(greatest).toBeLessThan(n);
    expect(greatest).toBeGreaterThan(n - 1000);
    expect(new KeyPopularity(2, 1).pick(1, 2, 3)).toBe(0);
  });

  it('refuses what is not a number of keys or an exponent', () => {
    for (const count of [0, -1, 1.5, NaN, 16777217]) expect(() => new KeyPopularity(1, count)).toThrow(RangeError);
    for (const exponent of [-0.1, NaN, Infinity]) expect(() => new KeyPopularity(exponent, 10)).toThrow(RangeError);
  });
});
