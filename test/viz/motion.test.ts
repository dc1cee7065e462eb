/** Dots: counted both ways, a function of time alone, in proportion to what flows. */
import { describe, expect, it } from 'vitest';
import { countUntil, flowOf, lastAtMost, peakWithin, timeOf } from '../../viz/replay/picture/flow.ts';
import { eachDot, niceRatio, noise } from '../../viz/replay/picture/particles.ts';

const edges = Float64Array.from([-1, 0, 1, 2, 2.5]);
const flow = flowOf([0, 10, 30, 20], edges);

describe('a flow', () => {
  it.each([
    [-5, 0],
    [0, 0],
    [0.5, 5],
    [1, 10],
    [1.5, 25],
    [2.25, 50],
    [99, 60],
  ])('until %d s counts %d', (time, count) => {
    expect(countUntil(flow, time)).toBeCloseTo(count, 9);
  });

  it('is asked the other way round', () => {
    for (const n of [1, 5, 10.5, 25, 59.5]) expect(countUntil(flow, timeOf(flow, n))).toBeCloseTo(n, 9);
    expect([timeOf(flow, -1), timeOf(flow, 1000)]).toEqual([-1, 2.5]);
  });

  it('takes what is not a positive number for none', () => {
    expect(countUntil(flowOf([Number.NaN, -4, 3, Number.NaN], edges), 99)).toBe(3);
  });

  it('knows its busiest stretch', () => {
    expect(peakWithin(flow, 1)).toBeCloseTo(35, 9); // half of the third slice, and the last one
    expect(peakWithin(flow, 0.1)).toBeCloseTo(4, 9);
  });

  it('is empty without slices', () => {
    const empty = flowOf([], new Float64Array(0));
    expect([countUntil(empty, 1), timeOf(empty, 1), peakWithin(empty, 1)]).toEqual([0, 0, 0]);
  });
});

describe('the last at most', () => {
  it.each([
    [-2, -1],
    [-1, 0],
    [0.99, 1],
    [2.5, 4],
    [9, 4],
  ])('of %d is at %d', (x, index) => {
    expect(lastAtMost(edges, x)).toBe(index);
  });
});

describe('dots', () => {
  const steady = flowOf(
    new Uint32Array(100).fill(50),
    Float64Array.from({ length: 101 }, (_, index) => index),
  );
  const dotsAt = (time: number, ratio: number, travel: number, seed = 1) => {
    const dots: [number, number][] = [];
    eachDot(steady, time, { ratio, travel }, seed, (progress, index) => dots.push([index, progress]));
    return dots;
  };

  it('are the same at the same moment, whatever was shown before', () => {
    const first = dotsAt(40, 5, 1);
    dotsAt(90, 5, 1);
    dotsAt(3, 5, 1);
    expect(dotsAt(40, 5, 1)).toEqual(first);
    expect(dotsAt(40, 5, 1, 2)).not.toEqual(first);
  });

  it('are as many as the ratio says', () => {
    for (const [ratio, travel, expected] of [
      [1, 1, 50],
      [5, 1, 10],
      [5, 2, 20],
      [50, 2, 2],
    ]) {
      let total = 0;
      for (let time = 20; time < 80; time += 0.37) total += dotsAt(time, ratio, travel).length;
      expect(total / Math.ceil(60 / 0.37)).toBeCloseTo(expected, 0);
    }
  });

  it('move on evenly and leave at the end', () => {
    const before = new Map(dotsAt(40, 5, 1));
    for (const [index, progress] of dotsAt(40.1, 5, 1)) {
      if (before.has(index)) expect(progress - (before.get(index) as number)).toBeCloseTo(0.1, 6);
      else expect(progress).toBeLessThan(0.1);
    }
  });

  it('are none before anything was sent', () => {
    expect(dotsAt(-3, 5, 1)).toEqual([]);
    expect(dotsAt(0, 5, 1)).toEqual([]);
  });
});

describe('the ratio', () => {
  it.each([
    [10, 700, 1],
    [701, 700, 2],
    [3000, 700, 5],
    [7000, 700, 10],
    [20_000_000, 700, 50_000],
  ])('of %d with room for %d is %d', (peak, most, ratio) => {
    expect(niceRatio(peak, most)).toBe(ratio);
  });
});

it('noise is even', () => {
  const bins = new Uint32Array(10);
  for (let index = 0; index < 100_000; index++) bins[Math.floor(10 * noise(7, index))]++;
  for (const bin of bins) expect(Math.abs(bin - 10_000)).toBeLessThan(500);
});
