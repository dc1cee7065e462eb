/**
 * What a scenario may say wherever a quantity varies, in resolved form.
 *
 * Values carry the unit of the quantity they stand for (nanoseconds for durations).
 */
export type Distribution =
  | { kind: 'constant'; value: number }
  | { kind: 'exponential'; mean: number }
  | { kind: 'uniform'; low: number; high: number }
  /** ln X is normal with mean `mu` (of the value in its unit) and deviation `sigma`. */
  | { kind: 'lognormal'; mu: number; sigma: number }
  | { kind: 'pareto'; scale: number; shape: number }
  | { kind: 'gamma'; shape: number; scale: number }
  | { kind: 'hyperexponential'; branches: { weight: number; mean: number }[] }
  /** Percentile table, p ascending from 0 to 1, linear between. */
  | { kind: 'empirical'; points: { p: number; value: number }[] }
  | { kind: 'mixture'; branches: { weight: number; of: Distribution }[] }
  | { kind: 'shifted'; by: number; of: Distribution };
