/** Latency summaries. A percentile that requests still in flight could move is null: no data. */
import type { LatencySummary } from '../result.ts';
import type { Histogram } from '../statistics/histogram.ts';
import { meanIfKnown } from './means.ts';

const MS = 1_000_000;

/** `censored` requests have not ended; wherever they may still land, a reported percentile stays true. */
export function latencySummary(h: Histogram, censored: number): LatencySummary {
  const n = h.count;
  const at = (q: number): number | null => (n === 0 || censored > (1 - q) * (n + censored) ? null : h.quantile(q) / MS);
  return {
    mean: n === 0 ? null : h.mean / MS,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: n === 0 ? null : h.max / MS,
    count: n,
  };
}

/** Over replications: the mean of each figure, null where one of them does not know it, and the largest of all. */
export function meanLatency(list: readonly LatencySummary[]): LatencySummary {
  const mean = (key: keyof LatencySummary): number | null => meanIfKnown(list.map((each) => each[key]));
  return {
    mean: mean('mean'),
    p50: mean('p50'),
    p90: mean('p90'),
    p95: mean('p95'),
    p99: mean('p99'),
    p999: mean('p999'),
    max: list.reduce<number | null>((most, l) => (l.max === null ? most : Math.max(most ?? 0, l.max)), null),
    count: list.reduce((sum, l) => sum + l.count, 0),
  };
}
