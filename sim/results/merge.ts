/**
 * Replications → one result: figures pooled or averaged in the order of the replications, with Student-t intervals of
 * the means across them.
 */
import type {
  OperationResult,
  RequestCounts,
  RunResult,
  SeriesPoint,
  StageResult,
  ThresholdResult,
  Verdict,
} from '../result.ts';
import type { ThresholdSettings } from '../scenario/settings.ts';
import { hottestOf } from './components.ts';
import { holds } from './holds.ts';
import { meanLatency } from './latency.ts';
import { meanIfKnown } from './means.ts';
import { mergeComponents, mergeHotspots } from './merged-components.ts';
import { mergeThreshold } from './merged-threshold.ts';
import { meanInterval } from '../statistics/interval.ts';
import { type Doubtful, unsureOf } from './verdict.ts';

const LEVEL = 0.95;

export function merge(
  results: readonly RunResult[],
  thresholds: readonly (readonly ThresholdSettings[])[] = [],
): RunResult {
  const first = results[0];
  const stages = first.stages.map((_, i) =>
    mergeStage(
      results.map((r) => r.stages[i]),
      thresholds[i] ?? [],
    ),
  );
  return {
    ...first,
    replications: results.length,
    ok: stages.every(holds),
    stages,
    replay: `${first.replay} --replications ${results.length}`,
  };
}

function mergeStage(list: readonly StageResult[], thresholds: readonly ThresholdSettings[]): StageResult {
  const first = list[0];
  const mean = (pick: (s: StageResult) => number): number => list.reduce((sum, s) => sum + pick(s), 0) / list.length;
  const intervals: StageResult['intervals'] = {};
  const note = (pointer: string, pick: (s: StageResult) => number | null): void => {
    const values = list.map(pick);
    if (values.some((v) => v === null)) return;
    const found = meanInterval(values as number[], LEVEL);
    if (found !== null)
      intervals[pointer] = {
        low: found.low,
        high: found.high,
        level: LEVEL,
        method: `Student t over ${list.length} replications`,
      };
  };
  for (const key of ['mean', 'p50', 'p90', 'p95', 'p99', 'p999'] as const)
    note(`/latencyMs/${key}`, (s) => s.latencyMs[key]);
  note('/goodputPerSecond', (s) => s.goodputPerSecond);
  note('/availability', (s) => s.availability);
  const merged = first.thresholds.map((_, i) => mergeThreshold(list, i, thresholds[i], LEVEL));
  const components = mergeComponents(list.map((s) => s.components));
  return {
    ...first,
    events: list.reduce((sum, s) => sum + s.events, 0),
    requests: sumCounts(list.map((s) => s.requests)),
    attempts: list.reduce((sum, s) => sum + s.attempts, 0),
    offeredPerSecond: mean((s) => s.offeredPerSecond),
    goodputPerSecond: mean((s) => s.goodputPerSecond),
    demandPerSecond: mean((s) => s.demandPerSecond),
    availability: meanIfKnown(list.map((s) => s.availability)),
    latencyMs: meanLatency(list.map((s) => s.latencyMs)),
    latencyAllMs: meanLatency(list.map((s) => s.latencyAllMs)),
    operations: Object.fromEntries(
      Object.keys(first.operations).map((name) => [name, mergeOperation(list.map((s) => s.operations[name]))]),
    ),
    components,
    hotspots: mergeHotspots(list.map((s) => s.hotspots)),
    costPerMonth: mean((s) => s.costPerMonth),
    series: first.series.map((_, i) => meanPoint(list.flatMap((s) => s.series[i] ?? []))),
    minutes: first.minutes.map((minute, i) => ({
      ...minute,
      availability: meanIfKnown(list.map((s) => s.minutes[i]?.availability ?? null)),
    })),
    journeys: first.journeys.map((it, i) => ({
      ...it,
      trips: list.reduce((sum, s) => sum + s.journeys[i].trips, 0),
      sentAway: list.reduce((sum, s) => sum + s.journeys[i].sentAway, 0),
    })),
    thresholds: merged.map(({ result }) => result),
    verdict: { ...mergeVerdict(list, merged), hottest: hottestOf(components) },
    partial: list.some((s) => s.partial),
    intervals,
  };
}

/** Nothing broke as long as nothing fails over all of them, whatever single ones say. */
function mergeVerdict(list: readonly StageResult[], merged: readonly Doubtful[]): Verdict {
  const results = merged.map(({ result }) => result);
  const ok = results.every((t) => t.ok);
  const { verdict } = list[0];
  if (ok) return { ...verdict, ok, broke: '' };
  const failed = results.find((t) => t.verdict === 'fail');
  if (failed === undefined) return { ...verdict, ok, broke: unsureOf(merged) };
  return { ...verdict, ok, broke: sentenceAbout(results, list) ?? `${failed.threshold} is ${failed.observedText}.` };
}

/** What one says in which nothing failed but what fails over all of them. */
function sentenceAbout(results: readonly ThresholdResult[], list: readonly StageResult[]): string | undefined {
  const isAlike = ({ thresholds }: StageResult): boolean =>
    thresholds.some((t) => t.verdict === 'fail') &&
    thresholds.every((t, i) => t.verdict !== 'fail' || results[i].verdict === 'fail');
  return list.find(isAlike)?.verdict.broke;
}

/** A percentile of a second is the mean of those that are known: in some there may have been no answer. */
function meanPoint(points: readonly SeriesPoint[]): SeriesPoint {
  const mean = (pick: (point: SeriesPoint) => number | null): number | null => {
    const known = points.map(pick).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
  };
  return {
    atSeconds: points[0].atSeconds,
    offeredPerSecond: mean((p) => p.offeredPerSecond)!,
    goodputPerSecond: mean((p) => p.goodputPerSecond)!,
    errorsPerSecond: mean((p) => p.errorsPerSecond)!,
    p50Ms: mean((p) => p.p50Ms),
    p99Ms: mean((p) => p.p99Ms),
  };
}

function sumCounts(list: readonly RequestCounts[]): RequestCounts {
  const sum = (key: keyof RequestCounts): number => list.reduce((total, r) => total + r[key], 0);
  return {
    offered: sum('offered'),
    completed: sum('completed'),
    failed: sum('failed'),
    timedOut: sum('timedOut'),
    rejected: sum('rejected'),
    inFlight: sum('inFlight'),
  };
}

function mergeOperation(list: readonly OperationResult[]): OperationResult {
  return { ...sumCounts(list), latencyMs: meanLatency(list.map(({ latencyMs }) => latencyMs)) };
}
