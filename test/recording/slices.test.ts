/** Time in slices: round widths, aligned with the start of the window, and how several become one. */
import { describe, expect, it } from 'vitest';
import { Folding, Meter, Series, sliceWidthNs } from '../../sim/recording/slices.ts';
import { LatencySlices } from '../../sim/recording/latency-slices.ts';

const S = 1e9;

describe('the width of a slice', () => {
  it.each([
    [60, 0.2],
    [30 * 60, 5],
    [5 * 60, 1],
    [10, 0.05],
    [1400, 5],
    [0.1, 0.001],
    [86_400 * 365, 100_000],
  ])('of a window of %d s is %d s', (window, width) => {
    expect(sliceWidthNs(window * S) / S).toBe(width);
  });
});

describe('slices joined', () => {
  // Three of the warm-up, the first a narrow one; five of the window, the last a narrow one.
  const edges = [-2.5, -2, -1, 0, 1, 2, 3, 4, 4.5].map((t) => t * S);

  it('keep the end of the warm-up as an edge', () => {
    for (const factor of [1, 2, 3, 4, 100]) {
      const { slices } = new Folding(edges, S, factor);
      expect(slices.edges[slices.warmup], `by ${factor}`).toBe(0);
      expect(slices.edges[0]).toBe(-2.5);
      expect(slices.edges[slices.count]).toBe(4.5);
      expect(slices.edges.length).toBe(slices.count + 1);
    }
    expect([...new Folding(edges, S, 2).slices.edges]).toEqual([-2.5, -2, 0, 2, 4, 4.5]);
  });

  it('add counts, keep the last level and the largest maximum, and weigh means by time', () => {
    const folding = new Folding(edges, S, 2);
    const of = (fold: 'sum' | 'last' | 'max' | 'mean'): Series => {
      const series = new Series(fold);
      for (const value of [1, 2, 3, 4, 5, 6, 7, 8]) series.push(value);
      return series;
    };
    expect([...folding.counts(of('sum'))]).toEqual([1, 5, 9, 13, 8]);
    expect([...folding.counts(of('last'))]).toEqual([1, 3, 5, 7, 8]);
    expect([...folding.counts(of('max'))]).toEqual([1, 3, 5, 7, 8]);
    expect([...folding.levels(of('mean'))]).toEqual([1, 2.5, 4.5, 6.5, 8]);
  });

  it('find the group of a slice', () => {
    const folding = new Folding(edges, S, 2);
    expect([0, 1, 2, 3, 7].map((slice) => folding.groupOf(slice))).toEqual([0, 1, 1, 2, 4]);
  });
});

describe('a meter', () => {
  it('tells how much a counter grew, also after it began again', () => {
    const meter = new Meter();
    meter.read(5);
    meter.reset();
    meter.read(3);
    meter.read(3);
    expect(meter.values).toEqual([5, 3, 0]);
  });
});

describe('latencies by slice', () => {
  it('give percentiles within 6 %, merged without loss', () => {
    const latency = new LatencySlices();
    for (let slice = 0; slice < 4; slice++) {
      for (let i = 1; i <= 1000; i++) latency.record((slice * 1000 + i) * 1e6);
      latency.endSlice();
    }
    const edges = [0, 1, 2, 3, 4].map((t) => t * S);
    const [p50, p99] = latency.quantiles(new Folding(edges, S, 4), [0.5, 0.99]);
    expect(p50[0] / 2000).toBeCloseTo(1, 1);
    expect(p99[0] / 3960).toBeCloseTo(1, 1);
    const each = latency.quantiles(new Folding(edges, S, 1), [0.5])[0];
    each.forEach((value, slice) => expect(Math.abs(value / (slice * 1000 + 500) - 1)).toBeLessThan(0.06));
  });

  it('are NaN where nothing was', () => {
    const latency = new LatencySlices();
    latency.endSlice();
    expect(latency.quantiles(new Folding([0, 1], S, 1), [0.5])[0][0]).toBeNaN();
  });

  it('make a heat map whose counts are all there, four buckets to a doubling', () => {
    const latency = new LatencySlices();
    for (const ms of [1, 2, 4, 4, 1000]) latency.record(ms * 1e6);
    latency.endSlice();
    const { edgesMs, buckets, counts } = latency.heat(new Folding([0, S], S, 1));
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(5);
    expect(edgesMs.length).toBe(buckets + 1);
    expect(edgesMs[0]).toBeLessThanOrEqual(1);
    expect(edgesMs[buckets]).toBeGreaterThan(1000);
    expect(edgesMs[4] / edgesMs[0]).toBeCloseTo(2, 5);
    const fours = [...counts].indexOf(2);
    expect(edgesMs[fours]).toBeLessThanOrEqual(4);
    expect(edgesMs[fours + 1]).toBeGreaterThan(4);
  });
});
