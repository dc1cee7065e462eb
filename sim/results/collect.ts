/** A finished (or interrupted) stage → its result, after the laws that every run must keep were checked. */
import type { Compiled } from '../compile/stage.ts';
import { FCol, Flag, ICol, Kind, Stride } from '../engine/rows.ts';
import type { LatencySummary, OperationResult, RequestCounts, SeriesPoint, StageResult } from '../result.ts';
import type { StageSettings } from '../scenario/settings.ts';
import { Histogram } from '../statistics/histogram.ts';
import type { OperationOutcomes } from '../workload/outcomes.ts';
import { componentResults } from './components.ts';
import { demandPerSecond } from './demand.ts';
import { failoversOf } from './failovers.ts';
import { hotspotsOf, sharesOf } from './hotspots.ts';
import { checkLaws } from './laws.ts';
import { latencySummary } from './latency.ts';
import { listed } from './listed-failovers.ts';
import { minutesOf } from './minutes.ts';
import { availability, evaluate, type Measured } from './thresholds.ts';
import { verdictOf } from './verdict.ts';

const S = 1_000_000_000;
const MS = 1_000_000;
/** Points of the series in a result. */
const MOST_POINTS = 240;

export function collectStage(stage: StageSettings, compiled: Compiled, partial: boolean): StageResult {
  const { kernel, builder } = compiled;
  const { world, outcomes } = kernel;
  kernel.milestones.closeEarly();
  const windowNs = Math.max(1, world.clock[0] - world.windowStartNs);
  const seconds = windowNs / S;
  const underWay = underWayIn(compiled);
  checkLaws(kernel);
  const stageMeasured = measure(outcomes.operations, seconds, underWay);
  const operations = operationsOf(outcomes.operations, seconds, underWay);
  const components = componentResults(builder, world, windowNs);
  const latencyMs = latencySummary(stageMeasured.latency, stageMeasured.requests.inFlight);
  const { latency } = stageMeasured;
  // Where time went is asked of those that did succeed, even when too many are in flight to quote their p99.
  const shares = sharesOf(
    world,
    outcomes,
    latency.count === 0 ? null : latency.quantile(0.5),
    latency.count === 0 ? null : latency.quantile(0.99),
  );
  const failovers = failoversOf(compiled);
  const told = listed(failovers);
  const cost = components.reduce((sum, c) => sum + c.costPerMonth, 0);
  const minutes = minutesOf(world, outcomes);
  const evidence = { stage: stageMeasured, operations, components, world, failovers, minutes, cost };
  const judged = stage.thresholds.map((t) => evaluate(t, evidence));
  const requests = countsOf(stageMeasured.requests);
  const demand = demandPerSecond(compiled);
  const verdict = verdictOf(
    {
      judged,
      stage: stageMeasured,
      operations,
      demandPerSecond: demand,
      components,
      shares,
      world,
      outcomes,
    },
    stage.changes,
  );
  return {
    name: stage.name,
    teaches: stage.teaches,
    expected: stage.expect,
    users: stage.clients.reduce((sum, c) => sum + (c.users ?? 0), 0),
    simulatedSeconds: seconds,
    warmupSeconds: world.windowStartNs / S,
    events: kernel.events,
    requests,
    availability: availability(stageMeasured.requests),
    latencyMs,
    hotspots: hotspotsOf(world, shares, components),
    components,
    thresholds: judged.map(({ result }) => result),
    failovers: told,
    goodputPerSecond: requests.completed / seconds,
    attempts: outcomes.attempts,
    offeredPerSecond: requests.offered / seconds,
    demandPerSecond: demand,
    latencyAllMs: latencySummary(stageMeasured.latencyAll, stageMeasured.requests.inFlight),
    operations: Object.fromEntries([...operations].map(([name, m]) => [name, operationResult(m)])),
    costPerMonth: cost,
    series: seriesOf(compiled),
    minutes,
    journeys: world.populations.flatMap(({ spec, journeys }) =>
      journeys === null ? [] : [{ population: spec.name, trips: journeys.trips, sentAway: journeys.sentAway }],
    ),
    warnings: warningsOf(compiled, stageMeasured, failovers.length - told.length),
    verdict: partial ? { ...verdict, ok: false } : verdict,
    fingerprint: kernel.fingerprint.toString(),
    checkpoints: kernel.fingerprint.checkpoints,
    partial,
    intervals: {},
  };
}

/** Requests in flight that started in the window, by operation index. */
interface UnderWay {
  /** Older than their client's timeout. */
  overdue: Float64Array;
  /** How long they have been under way by now, ns: in all, and the oldest. */
  sumNs: Float64Array;
  maxNs: Float64Array;
}

function underWayIn({ kernel, builder }: Compiled): UnderWay {
  const { rows, clock, populations, windowStartNs } = kernel.world;
  const column = (): Float64Array => new Float64Array(kernel.outcomes.operations.length);
  const found: UnderWay = { overdue: column(), sumNs: column(), maxNs: column() };
  const timeouts = builder.stage.clients.map((c) => c.timeoutNs ?? Infinity);
  for (let row = rows.first; row < rows.end; row++) {
    const at = row * Stride.I;
    const kind = rows.I[at + ICol.Kind];
    if ((rows.I[at + ICol.Flags] & Flag.Request) === 0) continue;
    if (kind !== Kind.WaitCall && kind !== Kind.WaitJoin && kind !== Kind.Backoff && kind !== Kind.GrantPool) continue;
    const start = rows.F[row * Stride.F + FCol.Start];
    if (start < windowStartNs) continue;
    const population = rows.I[at + ICol.Op] >> 16;
    const operation = populations[population].spec.outcomes[rows.I[at + ICol.Join]];
    const age = clock[0] - start;
    if (age > timeouts[population]) found.overdue[operation]++;
    found.sumNs[operation] += age;
    found.maxNs[operation] = Math.max(found.maxNs[operation], age);
  }
  return found;
}

/** Adds up the outcomes of some operations. */
function measure(list: readonly OperationOutcomes[], seconds: number, underWay: UnderWay, only?: string): Measured {
  const latency = new Histogram();
  const latencyAll = new Histogram();
  const waiting = { sumNs: 0, maxNs: 0 };
  const requests = { offered: 0, completed: 0, failed: 0, timedOut: 0, rejected: 0, inFlight: 0, overdue: 0 };
  list.forEach((o, i) => {
    if (only !== undefined && o.name !== only) return;
    latency.merge(o.latency);
    latencyAll.merge(o.latency);
    latencyAll.merge(o.latencyFailed);
    requests.offered += o.offered;
    requests.completed += o.ended[0];
    requests.failed += o.ended[1];
    requests.timedOut += o.ended[2];
    requests.rejected += o.ended[3];
    requests.inFlight += o.inFlight;
    requests.overdue += underWay.overdue[i];
    waiting.sumNs += underWay.sumNs[i];
    waiting.maxNs = Math.max(waiting.maxNs, underWay.maxNs[i]);
  });
  return { requests, seconds, latency, latencyAll, waiting };
}

function operationsOf(list: readonly OperationOutcomes[], seconds: number, underWay: UnderWay): Map<string, Measured> {
  const names = [...new Set(list.map((o) => o.name))].sort(byCodeUnit);
  return new Map(names.map((name) => [name, measure(list, seconds, underWay, name)]));
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function countsOf(r: Measured['requests']): RequestCounts {
  const { offered, completed, failed, timedOut, rejected, inFlight } = r;
  return { offered, completed, failed, timedOut, rejected, inFlight };
}

function operationResult(m: Measured): OperationResult {
  return {
    ...countsOf(m.requests),
    latencyMs: latencySummary(m.latency, m.requests.inFlight) satisfies LatencySummary,
  };
}

function seriesOf({ kernel }: Compiled): SeriesPoint[] {
  const { outcomes, world } = kernel;
  const first = Math.ceil(world.windowStartNs / S);
  const last = Math.floor(world.clock[0] / S);
  const step = Math.max(1, Math.ceil((last - first) / MOST_POINTS));
  const points: SeriesPoint[] = [];
  for (let s = first; s + step <= last; s += step) {
    const sum = (series: Float64Array): number => {
      let total = 0;
      for (let i = s; i < s + step; i++) total += series[i] ?? 0;
      return total / step;
    };
    const quantile = (q: number): number | null => {
      const value = outcomes.latencyBetween(s, s + step, q);
      return Number.isNaN(value) ? null : value / MS;
    };
    points.push({
      atSeconds: s - world.windowStartNs / S,
      offeredPerSecond: sum(outcomes.offeredBySecond),
      goodputPerSecond: sum(outcomes.completedBySecond),
      errorsPerSecond: sum(outcomes.erredBySecond),
      p50Ms: quantile(0.5),
      p99Ms: quantile(0.99),
    });
  }
  return points;
}

/** @param untold faults of the window that are not listed */
function warningsOf({ kernel }: Compiled, m: Measured, untold: number): string[] {
  const warnings: string[] = [];
  if (m.requests.offered === 0) warnings.push('no request started in the window');
  if (kernel.world.history.dropped > 0)
    warnings.push(`${kernel.world.history.dropped} events are not in the timelines: there were too many`);
  if (untold > 0)
    warnings.push(`${untold} faults are not listed, of which none is worse in anything; thresholds judge all of them`);
  return warnings;
}
