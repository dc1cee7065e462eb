/** Expectations against what was measured. "No data" never passes; too few samples is inconclusive. */
import type { World } from '../engine/world.ts';
import type { ComponentResult, Failover, MinuteResult, RequestCounts, ThresholdResult } from '../result.ts';
import type { ThresholdSettings } from '../scenario/settings.ts';
import type { Histogram } from '../statistics/histogram.ts';
import { aggregateMinutes } from './minutes.ts';
import { digits, milliseconds, nines, percent } from './words.ts';

const MS = 1_000_000;
/** Samples that must lie beyond a percentile for a verdict. */
export const LEAST_BEYOND = 20;

/** What one scope measured. */
export interface Measured {
  requests: RequestCounts & { overdue: number };
  seconds: number;
  latency: Histogram;
  latencyAll: Histogram;
  /** Of those in flight: how long they have been under way by now, in all and the oldest, ns. */
  waiting: { sumNs: number; maxNs: number };
}

export interface Evidence {
  stage: Measured;
  operations: Map<string, Measured>;
  components: readonly ComponentResult[];
  world: World;
  failovers: readonly Failover[];
  minutes: readonly MinuteResult[];
  cost: number;
}

/** A threshold, what came of it, and what is missing where there is no figure. */
export interface Judged {
  asked: ThresholdSettings;
  result: ThresholdResult;
  /** A clause: "no request succeeded". */
  missing: string;
}

export type Unit = 'ms' | 'ratio' | 'availability' | 'perSecond' | 'count' | 'money';

interface Observation {
  value: number | null;
  unit: Unit;
  inconclusive: boolean;
  /** Of a percentile: what enough samples lie beyond for a verdict; absent: there are not so many. */
  exceeded?: number;
  missing: string;
}

const NO_FIGURE = 'there is no such figure';
const NONE_ENDED = 'no request ended';

const sure = (value: number | null, unit: Observation['unit'], missing = NO_FIGURE): Observation => ({
  value,
  unit,
  inconclusive: false,
  missing,
});
const none = (unit: Observation['unit'], missing = NO_FIGURE): Observation => sure(null, unit, missing);

export function evaluate(threshold: ThresholdSettings, evidence: Evidence): Judged {
  const seen = observe(threshold, evidence);
  const holds = seen.value !== null && compare(seen.value, threshold.operator, threshold.limit);
  const verdict = verdictOf(seen, threshold, holds);
  return {
    asked: threshold,
    result: {
      threshold: threshold.text,
      observed: seen.value,
      observedText: seen.value === null ? 'no data' : textBeside(seen.value, threshold.limit, seen.unit),
      ok: verdict === 'pass',
      verdict,
    },
    missing: seen.missing,
  };
}

/** Too few samples beyond a percentile say nothing of it; but so many beyond the limit that they would do do. */
function verdictOf(
  seen: Observation,
  { operator, limit }: ThresholdSettings,
  holds: boolean,
): ThresholdResult['verdict'] {
  if (seen.value === null) return 'fail';
  if (!seen.inconclusive) return holds ? 'pass' : 'fail';
  const isMissed = seen.exceeded !== undefined && !compare(seen.exceeded, operator, limit);
  return !holds && isMissed ? 'fail' : 'inconclusive';
}

export function compare(a: number, operator: ThresholdSettings['operator'], b: number): boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '==':
      return a === b;
    default:
      return a !== b;
  }
}

function observe(threshold: ThresholdSettings, evidence: Evidence): Observation {
  const { scope } = threshold;
  if (scope.kind === 'component') return ofComponent(threshold, scope.name, evidence);
  if (scope.kind === 'failover') return ofFailovers(threshold.metric, evidence);
  const measured = scope.kind === 'stage' ? evidence.stage : evidence.operations.get(scope.name);
  if (measured === undefined) return none('count');
  return ofRequests(threshold, measured, evidence);
}

function ofRequests(threshold: ThresholdSettings, m: Measured, evidence: Evidence): Observation {
  const { requests } = m;
  switch (threshold.metric) {
    case 'latency':
      return aggregate(m.latency, m, threshold.aggregate, 'no request succeeded');
    case 'latencyAll':
      return aggregate(m.latencyAll, m, threshold.aggregate, NONE_ENDED);
    case 'availability':
      return sure(availability(requests), 'availability', NONE_ENDED);
    case 'availabilityByMinute':
      return sure(
        threshold.aggregate && aggregateMinutes(evidence.minutes, threshold.aggregate),
        'availability',
        NONE_ENDED,
      );
    case 'goodput':
      return sure(requests.completed / m.seconds, 'perSecond');
    case 'offered':
      return sure(requests.offered / m.seconds, 'perSecond');
    case 'errors':
      return sure(requests.failed + requests.timedOut + requests.rejected, 'count');
    default:
      return sure(evidence.cost, 'money');
  }
}

/** Completed ÷ (offered − in flight and not yet overdue); null when nothing was due. */
export function availability(r: RequestCounts & { overdue: number }): number | null {
  const due = r.offered - (r.inFlight - r.overdue);
  return due === 0 ? null : r.completed / due;
}

type Waiting = Pick<Measured, 'waiting'> & { requests: Pick<RequestCounts, 'inFlight'> };

const NONE_WAITS: Waiting = { requests: { inFlight: 0 }, waiting: { sumNs: 0, maxNs: 0 } };
const TOO_MANY_WAIT = 'too many requests are still waiting';
/** A mean that rises by more than this part if all who wait were answered now says nothing. */
const MEAN_MAY_RISE = 0.05;

/**
 * What is still under way has taken as long as it has: the oldest counts for the maximum.
 *
 * @param empty what to say when there is no sample
 */
function aggregate(
  h: Histogram,
  { requests: { inFlight }, waiting }: Waiting,
  how: ThresholdSettings['aggregate'],
  empty: string,
): Observation {
  const n = h.count;
  if (n === 0 || how === null) return none('ms', empty);
  if (how.kind === 'mean') {
    const atLeast = (h.mean * n + waiting.sumNs) / (n + inFlight);
    if (atLeast > (1 + MEAN_MAY_RISE) * h.mean) return none('ms', TOO_MANY_WAIT);
    return { ...sure(h.mean / MS, 'ms'), inconclusive: n < LEAST_BEYOND };
  }
  if (how.kind === 'max') return sure(Math.max(h.max, waiting.maxNs) / MS, 'ms');
  if (how.kind === 'min') return sure(h.min / MS, 'ms');
  const q = (how as { percent: number }).percent / 100;
  if (inFlight > (1 - q) * (n + inFlight)) return none('ms', TOO_MANY_WAIT);
  const exceeded = n > LEAST_BEYOND ? { exceeded: h.quantile(1 - LEAST_BEYOND / n) / MS } : {};
  return { ...sure(h.quantile(q) / MS, 'ms'), inconclusive: (1 - q) * n < LEAST_BEYOND, ...exceeded };
}

function ofComponent(threshold: ThresholdSettings, name: string, evidence: Evidence): Observation {
  const c = evidence.components.find((x) => x.name === name);
  if (c === undefined) return none('count');
  switch (threshold.metric) {
    case 'utilization':
      return sure(c.utilization, 'ratio');
    case 'utilizationBusiest':
      return sure(c.utilizationBusiest, 'ratio');
    case 'sojourn': {
      const id = evidence.world.components.name.indexOf(name);
      return aggregate(evidence.world.ledger.sojourn[id], NONE_WAITS, threshold.aggregate, 'nothing was served');
    }
    case 'waitMs':
    case 'serviceMs':
      return sure(c[threshold.metric], 'ms', 'nothing was served');
    case 'cost':
      return sure(c.costPerMonth, 'money');
    case 'queueMean':
    case 'queueMax':
    case 'arrivals':
    case 'completed':
    case 'errors':
      return sure(c[threshold.metric], 'count');
    default: {
      const value = c.extra[threshold.metric];
      return value === undefined
        ? none('count')
        : sure(value, /atio|hare$/.test(threshold.metric) ? 'ratio' : threshold.metric.endsWith('Ms') ? 'ms' : 'count');
    }
  }
}

/** Metrics of a fault: where they stand in its figures. Times are in seconds there. */
const FAILOVER: Record<string, { unit: 'ms' | 'count'; of: (f: Failover) => number | null }> = {
  rto: { unit: 'ms', of: (f) => f.recoveredAfterSeconds },
  rpo: { unit: 'ms', of: (f) => f.rpoSeconds },
  detected: { unit: 'ms', of: (f) => f.detectedAfterSeconds },
  decided: { unit: 'ms', of: (f) => f.decidedAfterSeconds },
  promoted: { unit: 'ms', of: (f) => f.promotedAfterSeconds },
  rejoined: { unit: 'ms', of: (f) => f.rejoinedAfterSeconds },
  failback: { unit: 'ms', of: (f) => f.failback?.doneAfterSeconds ?? null },
  failbackUnavailable: { unit: 'ms', of: (f) => f.failback?.unavailableSeconds ?? null },
  failbackFailed: { unit: 'count', of: (f) => f.failback?.requestsFailed ?? null },
  requestsFailed: { unit: 'count', of: (f) => f.requestsFailed },
  acknowledgedWritesLost: { unit: 'count', of: (f) => f.acknowledgedWritesLost },
  writesDiscarded: { unit: 'count', of: (f) => f.writesDiscarded },
  staleReads: { unit: 'count', of: (f) => f.staleReads },
  conflicts: { unit: 'count', of: (f) => f.conflicts },
  duplicates: { unit: 'count', of: (f) => f.duplicates },
};

/** The worst of several faults; a recovery that never came is no data. */
function ofFailovers(metric: string, { failovers }: Evidence): Observation {
  const { unit, of } = FAILOVER[metric];
  if (failovers.length === 0) return none(unit, 'there was no fault');
  let worst: number | null = -Infinity;
  for (const failover of failovers) {
    const value = of(failover);
    worst = value === null || worst === null ? null : Math.max(worst, value);
  }
  const isUnknown = metric === 'rto' && failovers.every((it) => it.recoveredAfterSeconds !== null || !it.hasBaseline);
  const missing = isUnknown ? 'too little of the run was before a fault' : 'it did not come in this run';
  return sure(worst === null ? null : unit === 'ms' ? worst * 1000 : worst, unit, missing);
}

/** A value as a person reads it, with as many digits as it takes to be told from a limit: what fails must not look as if it met it. */
export function textBeside(value: number, limit: number, unit: Observation['unit']): string {
  let precision = 3;
  while (value !== limit && precision < 12 && text(value, unit, precision) === text(limit, unit, precision))
    precision++;
  return text(value, unit, precision);
}

function text(value: number, unit: Observation['unit'], precision: number): string {
  switch (unit) {
    case 'ms':
      return milliseconds(value, precision);
    case 'ratio':
      // Never round up into a pass: 99.95 % must not read 100 %.
      return value > 0.99 && value < 1 ? `${floored(value * 100, precision)} %` : percent(value, precision);
    case 'availability':
      return `${nines(value, precision)} %`;
    case 'perSecond':
      return `${digits(value, precision)}/s`;
    case 'money':
      return `$${digits(value, precision)}/month`;
    default:
      return digits(value, precision);
  }
}

/** With three decimals at the usual precision. */
function floored(x: number, precision: number): string {
  const scale = Number(`1e${precision}`);
  return String(Math.floor(x * scale) / scale);
}
