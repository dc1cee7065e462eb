import { describe, expect, it } from 'vitest';
import { Sampler } from '../../sim/random/sampler.ts';
import { Deviates } from '../../sim/random/deviates.ts';
import { meanInterval } from '../../sim/statistics/interval.ts';

describe('interval of a mean', () => {
  it('is that of the textbook', () => {
    // Law, "Simulation Modeling and Analysis", example 4.26: 1.34 ± 0.24 at 90 %.
    const interval = meanInterval([1.2, 1.5, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.5, 1.09], 0.9)!;
    expect(interval.mean).toBeCloseTo(1.343, 3);
    expect(interval.high - interval.mean).toBeCloseTo(0.24, 2);
    expect(interval.mean - interval.low).toBeCloseTo(0.24, 2);
    expect(interval.level).toBe(0.9);
    expect(interval.method).toBe('Student t, 10 replications');
  });

  it('contains the true mean as often as it says', () => {
    const deviates = new Deviates();
    const experiments = 4000;
    for (const level of [0.9, 0.95]) {
      let covered = 0;
      for (let experiment = 0; experiment < experiments; experiment++) {
        const values = Array.from({ length: 5 }, (_, i) => {
          deviates.start(experiment, i, 0);
          deviates.normal();
          return 10 + 3 * deviates.out[0];
        });
        const { low, high } = meanInterval(values, level)!;
        if (low <= 10 && 10 <= high) covered++;
      }
      expect(Math.abs(covered / experiments - level)).toBeLessThan(3 * Math.sqrt((level * (1 - level)) / experiments));
    }
  });

  it('is nearly right for means of skewed values', () => {
    const sampler = new Sampler();
    const id = sampler.add({ kind: 'exponential', mean: 1 });
    let covered = 0;
    for (let experiment = 0; experiment < 1000; experiment++) {
      const means = Array.from({ length: 8 }, (_, replication) => {
        let sum = 0;
        for (let i = 0; i < 50; i++) {
          sampler.sample(id, experiment, replication, i);
          sum += sampler.out[0];
        }
        return sum / 50;
      });
      const { low, high } = meanInterval(means)!;
      if (low <= 1 && 1 <= high) covered++;
    }
    expect(covered).toBeGreaterThan(920);
    expect(covered).toBeLessThan(975);
  });

  it('does not exist for fewer than two values or for values that are none', () => {
    expect(meanInterval([])).toBeNull();
    expect(meanInterval([1])).toBeNull();
    expect(meanInterval([1, NaN])).toBeNull();
    expect(meanInterval([1, Infinity])).toBeNull();
  });

  it('has no width when replications agree', () => {
    expect(meanInterval([2, 2, 2])).toMatchObject({ low: 2, mean: 2, high: 2 });
  });
});
