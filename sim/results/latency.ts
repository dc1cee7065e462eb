/** Latency summaries. A percentile that requests still in flight could move is null: no data. */
import type { LatencySummary } from '../result.ts';
import type { Histogram } from '../statistics/histogram.ts';

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
