/** A stage in fewer slices says the same on the whole. */
import { describe, expect, it } from 'vitest';
import { coarsened } from '../../viz/replay/data/coarse.ts';
import { stateAt } from '../../viz/replay/picture/health.ts';
import { stageFixture } from './fixture.ts';

const fine = stageFixture(true, 'x');
const coarse = coarsened(fine, 20);
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

describe('a coarser stage', () => {
  it('has fewer slices, the window beginning with one of them', () => {
    const { slices } = coarse;
    expect([slices.count, slices.warmup, slices.edges[slices.warmup]]).toEqual([18, 3, 0]);
    expect(slices.edges).toHaveLength(slices.count + 1);
    expect([slices.edges[0], slices.edges[slices.count]]).toEqual([-10, 60]);
  });

  it('counts the same', () => {
    const [a, b] = [fine.populations[0], coarse.populations[0]];
    for (const name of ['offered', 'completed', 'failed', 'timedOut', 'rejected', 'retries'] as const) {
      expect(sum(b[name])).toBe(sum(a[name]));
    }
    expect(sum(b.heat.counts)).toBe(sum(a.heat.counts));
    expect(sum(coarse.links[1].requests)).toBe(sum(fine.links[1].requests));
  });

  it('averages levels over time, and takes the last of what is a state', () => {
    const [a, b] = [fine.components[1], coarse.components[1]];
    const first = Array.from(a.utilization.subarray(10, 14)).reduce((total, value) => total + value / 4, 0);
    expect(b.utilization[3]).toBeCloseTo(first, 5);
    expect(b.up[10]).toBe(a.up[41]);
    const [primary] = coarse.components[3].instances;
    expect([7, 8].map((slice) => stateAt(primary.states, slice).state)).toEqual(['up', 'killed']);
  });

  it('takes latencies from the merged histogram', () => {
    expect(coarse.populations[0].p50Ms[5]).toBeGreaterThan(8);
    expect(coarse.populations[0].p50Ms[5]).toBeLessThan(18);
  });

  it('leaves out what does not exist', () => {
    const stage = stageFixture(false, 'x');
    stage.components[0].utilization.fill(Number.NaN, 10, 13);
    stage.components[0].utilization[13] = 0.5;
    expect(coarsened(stage, 20).components[0].utilization[3]).toBeCloseTo(0.5, 6);
    stage.components[0].utilization[13] = Number.NaN;
    expect(coarsened(stage, 20).components[0].utilization[3]).toBeNaN();
  });

  it('is the stage itself when that is coarse enough', () => {
    expect(coarsened(fine, 70)).toBe(fine);
  });
});
