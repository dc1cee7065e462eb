/** The replica calculator against the cases of its original: replica_calculator_test.go of kubernetes/kubernetes. */
import { describe, expect, it } from 'vitest';
import { wishedByMean, wishedByUtilization, type Pod } from '../../../sim/actors/control/hpa.ts';

const pod = (usage: number, status: Pod['status'] = 'ready', request = 1000): Pod => ({ usage, status, request });
const missing = pod(NaN, 'missing');

/** Usage in thousandths of a core, each asking for one. */
const cases: [name: string, current: number, pods: Pod[], targetPercent: number, desired: number][] = [
  ['ScaleUp', 3, [pod(300), pod(500), pod(700)], 30, 5],
  ['ScaleUpUnreadyLessScale', 3, [pod(300, 'unready'), pod(500), pod(700)], 30, 4],
  ['ScaleUpUnreadyNoScale', 3, [pod(400), pod(500, 'unready'), pod(700, 'unready')], 30, 3],
  ['ScaleDown', 5, [pod(100), pod(300), pod(500), pod(250), pod(250)], 50, 3],
  ['ScaleDownIncludeUnready', 5, [pod(100), pod(300), pod(500), pod(250, 'unready'), pod(250, 'unready')], 50, 2],
  ['Tolerance', 3, [pod(1010, 'ready', 900), pod(1030, 'ready', 1000), pod(1020, 'ready', 1100)], 100, 3],
  ['MissingMetrics', 4, [pod(400), pod(95), missing, missing], 100, 3],
  ['MissingMetricsNoChangeGt', 2, [pod(1900), missing], 100, 2],
  ['documentation: 200m of 100m doubles', 4, Array(4).fill(pod(200)), 10, 8],
  ['documentation: 50m of 100m halves', 4, Array(4).fill(pod(50)), 10, 2],
  ['90 % of 75 %', 50, Array(50).fill(pod(900)), 75, 60],
];

describe('utilisation of cores', () => {
  it.each(cases)('%s', (_, current, pods, targetPercent, desired) => {
    expect(wishedByUtilization(current, pods, targetPercent, 0.1)).toBe(desired);
  });

  it('computes in whole percents, like the original', () => {
    // 63.9 % counts as 63 %, within a tenth of 58 %.
    expect(wishedByUtilization(3, Array(3).fill(pod(639)), 58, 0.1)).toBe(3);
    expect(wishedByUtilization(3, Array(3).fill(pod(640)), 58, 0.1)).toBe(4);
  });

  it('decides nothing without a metric', () => {
    expect(wishedByUtilization(3, [missing, missing, pod(500, 'unready')], 30, 0.1)).toBe(3);
  });

  it('takes the missing as idle when growing, as busy when shrinking', () => {
    expect(wishedByUtilization(3, [pod(900), pod(900), missing], 30, 0.1)).toBe(6);
    expect(wishedByUtilization(4, [pod(10), pod(10), pod(10), missing], 50, 0.1)).toBe(2);
    expect(wishedByUtilization(3, [pod(10), pod(10), pod(10)], 50, 0.1)).toBe(1);
  });

  it('does not turn round because of those it cannot measure', () => {
    expect(wishedByUtilization(2, [pod(800), pod(700, 'unready')], 50, 0.1)).toBe(2);
  });
});

describe('mean of a plain metric', () => {
  it.each([
    ['ScaleUpCM', 3, [20_000, 10_000, 30_000], 15_000, 4],
    ['ScaleUpCMObject', 3, [20_000, 20_000, 20_000], 15_000, 4],
    ['ScaleUpCMPerPodObject: 20 in all, 5 each', 3, [20_000 / 3, 20_000 / 3, 20_000 / 3], 5000, 4],
    ['ScaleUpPerPodCMExternal: 8.6 in all, 2.15 each', 3, [8600 / 3, 8600 / 3, 8600 / 3], 2150, 4],
    ['ToleranceCMExternal', 3, [8600, 8600, 8600], 8888, 3],
    ['ScaleDownCM', 5, [12_000, 12_000, 12_000, 12_000, 12_000], 20_000, 3],
  ] as const)('%s', (_, current, usages, target, desired) => {
    expect(
      wishedByMean(
        current,
        usages.map((usage) => pod(usage)),
        target,
        0.1,
      ),
    ).toBe(desired);
  });

  it('takes the missing as being on target when shrinking', () => {
    expect(wishedByMean(4, [pod(1000), pod(1000), missing, missing], 10_000, 0.1)).toBe(3);
  });
});
