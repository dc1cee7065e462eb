/**
 * The machine's report: the documented shape (docs/reading-a-report.md), keys always in the same order, so that equal
 * results are equal bytes. Fields are only ever added; a change of meaning raises `schema`.
 */
import type {
  ComponentResult,
  Failover,
  Hotspot,
  LatencySummary,
  OperationResult,
  RequestCounts,
  RunResult,
  StageResult,
} from '../sim/result.ts';
import { jsonSafe } from './safe.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The result as one JSON document, ending in a line break. */
export function renderJson(result: RunResult): string {
  const document = {
    schema: result.schema,
    tenfold: result.tenfold,
    scenario: { name: result.scenario.name, file: result.scenario.file, hash: result.scenario.hash },
    seed: result.seed,
    replications: result.replications,
    ok: result.ok,
    replay: result.replay,
    stages: result.stages.map(stage),
  } satisfies Record<keyof RunResult, Json>;
  return `${jsonSafe(write(document, ''))}\n`;
}

function stage(it: StageResult): Json {
  return {
    name: it.name,
    users: it.users,
    simulatedSeconds: it.simulatedSeconds,
    events: it.events,
    requests: requests(it.requests),
    offeredPerSecond: it.offeredPerSecond,
    goodputPerSecond: it.goodputPerSecond,
    availability: it.availability,
    latencyMs: latency(it.latencyMs),
    operations: sorted(it.operations, operation),
    components: it.components.map(component),
    hotspots: it.hotspots.map(hotspot),
    failovers: it.failovers.map(failover),
    costPerMonth: it.costPerMonth,
    thresholds: it.thresholds.map(({ threshold, observed, observedText, ok, verdict }) => ({
      threshold,
      observed,
      observedText,
      ok,
      verdict,
    })),
    intervals: sorted(it.intervals, ({ low, high, level, method }) => ({ low, high, level, method })),
    verdict: {
      ok: it.verdict.ok,
      hottest:
        it.verdict.hottest === null
          ? null
          : {
              component: it.verdict.hottest.component,
              resource: it.verdict.hottest.resource,
              utilization: it.verdict.hottest.utilization,
            },
      broke: it.verdict.broke,
      change: it.verdict.change,
    },
    teaches: it.teaches,
    warmupSeconds: it.warmupSeconds,
    attempts: it.attempts,
    demandPerSecond: it.demandPerSecond,
    latencyAllMs: latency(it.latencyAllMs),
    warnings: it.warnings,
    partial: it.partial,
    expected: it.expected,
    fingerprint: it.fingerprint,
    series: it.series.map(({ atSeconds, offeredPerSecond, goodputPerSecond, errorsPerSecond, p50Ms, p99Ms }) => ({
      atSeconds,
      offeredPerSecond,
      goodputPerSecond,
      errorsPerSecond,
      p50Ms,
      p99Ms,
    })),
    minutes: it.minutes.map(({ atSeconds, seconds, availability }) => ({ atSeconds, seconds, availability })),
    journeys: it.journeys.map(({ population, trips, sentAway }) => ({ population, trips, sentAway })),
    checkpoints: it.checkpoints,
  } satisfies Record<keyof StageResult, Json>;
}

function requests(it: RequestCounts): { [key in keyof RequestCounts]: number } {
  const { offered, completed, failed, timedOut, rejected, inFlight } = it;
  return { offered, completed, failed, timedOut, rejected, inFlight };
}

function latency(it: LatencySummary): Json {
  const { mean, p50, p90, p95, p99, p999, max, count } = it;
  return { mean, p50, p90, p95, p99, p999, max, count } satisfies Record<keyof LatencySummary, Json>;
}

function operation(it: OperationResult): Json {
  return { ...requests(it), latencyMs: latency(it.latencyMs) };
}

function component(it: ComponentResult): Json {
  const fields = {
    name: it.name,
    type: it.type,
    instances: it.instances,
    utilization: it.utilization,
    queueMean: it.queueMean,
    queueMax: it.queueMax,
    waitMs: it.waitMs,
    serviceMs: it.serviceMs,
    arrivals: it.arrivals,
    errors: it.errors,
    completed: it.completed,
    utilizationBusiest: it.utilizationBusiest,
    bottleneck: it.bottleneck,
    costPerMonth: it.costPerMonth,
    sojournMs: latency(it.sojournMs),
    resources: it.resources.map(({ resource, capacity, utilization, utilizationBusiest }) => ({
      resource,
      capacity,
      utilization,
      utilizationBusiest,
    })),
  } satisfies Record<Exclude<keyof ComponentResult, 'extra'>, Json>;
  // What the type adds stands beside the rest; a type can add a figure, never replace one.
  return Object.fromEntries(
    [...Object.entries(sorted(it.extra, (value) => value)), ...Object.entries(fields)].sort(
      ([a], [b]) => position(fields, a) - position(fields, b),
    ),
  );
}

function position(fields: object, key: string): number {
  const index = Object.keys(fields).indexOf(key);
  return index < 0 ? Number.MAX_SAFE_INTEGER : index; // sort is stable: what the type adds keeps its own order
}

function hotspot(it: Hotspot): Json {
  const { component, resource, utilization, shareOfP99, why, kind, shareOfP50 } = it;
  return { component, resource, utilization, shareOfP99, why, kind, shareOfP50 } satisfies Record<keyof Hotspot, Json>;
}

function failover(it: Failover): Json {
  return {
    fault: it.fault,
    component: it.component,
    atSeconds: it.atSeconds,
    detectedAfterSeconds: it.detectedAfterSeconds,
    decidedAfterSeconds: it.decidedAfterSeconds,
    promotedAfterSeconds: it.promotedAfterSeconds,
    hasBaseline: it.hasBaseline,
    recoveredAfterSeconds: it.recoveredAfterSeconds,
    requestsFailed: it.requestsFailed,
    acknowledgedWritesLost: it.acknowledgedWritesLost,
    staleReads: it.staleReads,
    firstFailureAfterSeconds: it.firstFailureAfterSeconds,
    firstGoodAfterSeconds: it.firstGoodAfterSeconds,
    rpoSeconds: it.rpoSeconds,
    conflicts: it.conflicts,
    duplicates: it.duplicates,
    rejoinedAfterSeconds: it.rejoinedAfterSeconds,
    writesDiscarded: it.writesDiscarded,
    failback: it.failback === null ? null : { ...it.failback },
    metastable:
      it.metastable === null
        ? null
        : {
            ...it.metastable,
            sustainedBy: it.metastable.sustainedBy.map(({ what, share, text }) => ({ what, share, text })),
          },
    timeline: it.timeline.map(({ atSeconds, what }) => ({ atSeconds, what })),
  } satisfies Record<keyof Failover, Json>;
}

/** A map with its keys by code unit. `fromEntries` makes own properties, so a key may even be "__proto__". */
function sorted<T>(map: Record<string, T>, value: (it: T) => Json): { [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(map)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, it]) => [key, value(it)]),
  );
}

/** Longest line of an object that stays on one line. */
const LINE = 140;

/** What fits on a line stays on it; the rest is indented by two. Figures that are not finite are null. */
function write(value: Json, indent: string): string {
  const oneLine = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || oneLine.length + indent.length <= LINE) return oneLine;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((it) => typeof it !== 'object')) return oneLine;
    return `[\n${value.map((it) => deeper + write(it, deeper)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).map(([key, it]) => `${deeper}${JSON.stringify(key)}: ${write(it, deeper)}`);
  return `{\n${entries.join(',\n')}\n${indent}}`;
}
