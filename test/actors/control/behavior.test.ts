/** Stabilisation and policies of the HorizontalPodAutoscaler. */
import { describe, expect, it } from 'vitest';
import { Behavior, type BehaviorSettings } from '../../../sim/actors/control/behavior.ts';

const S = 1_000_000_000;
const MINUTE = 60 * S;
const free = { pods: null, percent: null, periodNs: MINUTE };

const settings = (more: Partial<BehaviorSettings> = {}): BehaviorSettings => ({
  min: 1,
  max: 1000,
  stabilizationNs: 0,
  scaleUp: free,
  scaleDown: free,
  ...more,
});

/** Follows one wish after the other, `everyNs` apart; the numbers of instances, the first included. */
function followed(behavior: Behavior, start: number, wishes: readonly number[], everyNs: number): number[] {
  const series = [start];
  wishes.forEach((wish, i) => {
    const current = series[i];
    const next = behavior.follow(i * everyNs, current, wish);
    if (next !== current) behavior.changed(i * everyNs, current, next);
    series.push(next);
  });
  return series;
}
const repeated = (wish: number, times: number): number[] => Array.from({ length: times }, () => wish);

describe('policies', () => {
  it('80 to 10 with 4 pods and 10 % a minute, as documented', () => {
    const behavior = new Behavior(settings({ scaleDown: { pods: 4, percent: 0.1, periodNs: MINUTE } }));
    expect(followed(behavior, 80, repeated(10, 14), MINUTE)).toEqual([
      80, 72, 64, 57, 51, 45, 40, 36, 32, 28, 24, 20, 16, 12, 10,
    ]);
  });

  it('count what has changed within the period, however often one decides', () => {
    const behavior = new Behavior(settings({ scaleDown: { pods: 4, percent: 0.1, periodNs: MINUTE } }));
    expect(followed(behavior, 80, repeated(10, 6), 15 * S)).toEqual([80, 72, 72, 72, 72, 64, 64]);
  });

  it('growing by the larger of 4 and 100 % each 15 s: the defaults', () => {
    const behavior = new Behavior(settings({ scaleUp: { pods: 4, percent: 1, periodNs: 15 * S } }));
    expect(followed(behavior, 1, repeated(100, 6), 15 * S)).toEqual([1, 5, 10, 20, 40, 80, 100]);
  });

  it('a small share of few instances grows all the same', () => {
    const behavior = new Behavior(settings({ scaleUp: { pods: null, percent: 0.1, periodNs: 15 * S } }));
    expect(followed(behavior, 1, repeated(4, 3), 15 * S)).toEqual([1, 2, 3, 4]);
  });

  it('what was taken away within the period may be added again, and more', () => {
    const behavior = new Behavior(settings({ scaleUp: { pods: 2, percent: null, periodNs: MINUTE } }));
    expect(followed(behavior, 10, [4, 20, 20], 15 * S)).toEqual([10, 4, 12, 12]);
  });

  it('never beyond min and max', () => {
    expect(followed(new Behavior(settings({ min: 3, max: 8 })), 5, [100, 0], S)).toEqual([5, 8, 3]);
  });
});

describe('stabilisation', () => {
  it('scales down only to the highest wish of the window', () => {
    const behavior = new Behavior(settings({ stabilizationNs: 4 * MINUTE }));
    expect(followed(behavior, 5, [9, 3, 8, 3, 2, 2, 2, 2, 2], MINUTE)).toEqual([5, 9, 9, 9, 9, 8, 8, 3, 2, 2]);
  });

  it('takes what there is at the start as the first wish', () => {
    const behavior = new Behavior(settings({ stabilizationNs: 3 * MINUTE }));
    expect(followed(behavior, 10, repeated(2, 5), MINUTE)).toEqual([10, 10, 10, 10, 2, 2]);
  });

  it('does not delay growing', () => {
    const behavior = new Behavior(settings({ stabilizationNs: 3 * MINUTE }));
    expect(followed(behavior, 2, [2, 7], MINUTE)).toEqual([2, 2, 7]);
  });
});
