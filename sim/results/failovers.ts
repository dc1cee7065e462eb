/**
 * Each fault's timeline: when it struck, when somebody noticed, when a new leader served, when service was as good as
 * before. RTO as defined in docs/definitions.md: the start of the first 10 s with at least 95 % of the goodput and at
 * most twice the p99 of the 30 s before the fault.
 */
import type { Happening, History } from '../engine/history.ts';
import type { World } from '../engine/world.ts';
import type { Failover } from '../result.ts';
import type { Outcomes } from '../workload/outcomes.ts';

const S = 1_000_000_000;
const BEFORE = 30;
const WINDOW = 10;
const MOST = 100;

const STARTS = new Set<Happening['kind']>(['fault', 'out-of-memory']);

export function failoversOf(world: World, outcomes: Outcomes): Failover[] {
  const history: History = world.history;
  const starts = history.list.filter((h) => STARTS.has(h.kind) && h.atNs >= world.windowStartNs).slice(0, MOST);
  return starts.map((start, i) => failoverOf(world, outcomes, start, starts[i + 1]?.atNs ?? world.clock[0]));
}

function failoverOf(world: World, outcomes: Outcomes, start: Happening, untilNs: number): Failover {
  const during = world.history.list.filter((h) => h.atNs >= start.atNs && h.atNs <= Math.max(untilNs, start.atNs));
  const after = (kind: Happening['kind']): number | null => {
    const found = during.find((h) => h.kind === kind);
    return found === undefined ? null : (found.atNs - start.atNs) / S;
  };
  const recovered = recovery(world, outcomes, start.atNs);
  const failed = failures(outcomes, start.atNs, recovered === null ? world.clock[0] : start.atNs + recovered * S);
  const lost = during.filter((h) => h.kind === 'lost-writes');
  return {
    fault: start.what,
    component: world.components.name[start.component] ?? '',
    atSeconds: (start.atNs - world.windowStartNs) / S,
    firstFailureAfterSeconds: failed.first,
    detectedAfterSeconds: after('detected'),
    promotedAfterSeconds: after('promoted'),
    recoveredAfterSeconds: recovered,
    rpoSeconds: lost.reduce((most, h) => Math.max(most, h.data ?? 0), 0),
    requestsFailed: failed.count,
    acknowledgedWritesLost: lost.reduce((sum, h) => sum + h.value, 0),
    staleReads: world.history.tallied('staleReads', start.atNs, untilNs),
    timeline: during.slice(0, 60).map((h) => ({ atSeconds: (h.atNs - world.windowStartNs) / S, what: h.what })),
  };
}

/** Seconds from the fault until service is as good as before; null: not in this run. */
function recovery(world: World, outcomes: Outcomes, atNs: number): number | null {
  const fault = Math.floor(atNs / S);
  const end = Math.floor(world.clock[0] / S);
  const from = Math.max(0, fault - BEFORE);
  if (fault - from < 3) return null;
  const goodput = mean(outcomes.completedBySecond, from, fault);
  const p99 = outcomes.latencyBetween(from, fault, 0.99);
  for (let s = fault; s + WINDOW <= end; s++) {
    if (mean(outcomes.completedBySecond, s, s + WINDOW) < 0.95 * goodput) continue;
    if (outcomes.latencyBetween(s, s + WINDOW, 0.99) > 2 * p99) continue;
    return Math.max(0, s - atNs / S);
  }
  return null;
}

function mean(series: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let s = from; s < to; s++) sum += series[s] ?? 0;
  return sum / (to - from);
}

function failures(outcomes: Outcomes, fromNs: number, toNs: number): { first: number | null; count: number } {
  let first: number | null = null;
  let count = 0;
  for (let s = Math.floor(fromNs / S); s <= Math.floor(toNs / S); s++) {
    const n = outcomes.erredBySecond[s] ?? 0;
    if (n > 0 && first === null) first = Math.max(0, s - fromNs / S);
    count += n;
  }
  return { first, count };
}
