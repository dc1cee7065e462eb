/**
 * What a handful of independent replications say about the true mean: Student's t confidence interval (Law:
 * "Simulation Modeling and Analysis", §4.5).
 */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

export interface Interval {
  mean: number;
  low: number;
  high: number;
  /** Share of such intervals that contain the true mean, 0…1. */
  level: number;
  method: string;
}

/**
 * The interval of the mean of `values`, one value per replication, at confidence `level` (0…1, exclusive).
 *
 * null for fewer than two values, or when one is not finite: nothing honest can be said. Sums run in the order given,
 * so give values in replication order.
 */
export function meanInterval(values: readonly number[], level = 0.95): Interval | null {
  const n = values.length;
  if (n < 2 || !values.every((value) => Number.isFinite(value))) return null;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / n;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  const standardError = Math.sqrt(squares / (n - 1) / n);
  const half = tQuantile((1 + level) / 2, n - 1) * standardError;
  return { mean, low: mean - half, high: mean + half, level, method: `Student t, ${n} replications` };
}
