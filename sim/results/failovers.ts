/**
 * Each fault's timeline: when it struck, when somebody noticed, when a new leader served, when service was as good as
 * before. RTO as defined in docs/definitions.md: the start of the first 10 s with at least 95 % of the goodput and at
 * most twice the p99 of the 30 s before the fault.
 */
import type { Compiled } from '../compile/stage.ts';
import type { Happening, History } from '../engine/history.ts';
import type { World } from '../engine/world.ts';
import type { Failover } from '../result.ts';
import type { Outcomes } from '../workload/outcomes.ts';
import { failbackOf } from './failback.ts';
import { type Story, storiesOf } from './fault-stories.ts';
import { mendsOf } from './mended.ts';
import { metastability } from './metastable.ts';

const S = 1_000_000_000;
const BEFORE = 30;
const WINDOW = 10;

/** Of every fault in the window, in order of time: thresholds are about the worst of them, whatever a report has room for. */
export function failoversOf(compiled: Compiled): Failover[] {
  const { world, outcomes } = compiled.kernel;
  const mends = mendsOf(world.history);
  const stories = storiesOf(world, compiled.faults.settings);
  const isStruck = stories.some(({ start }) => !mends.has(start) && recovery(world, outcomes, start.atNs) === null);
  const returns = returnsOf(world.history);
  return stories.map((story) =>
    failoverOf(compiled, { ...story, goneNs: mends.get(story.start) ?? null, isStruck, returns }),
  );
}

interface Known extends Story {
  /** When the fault was mended, ns; null: not in this run. */
  goneNs: number | null;
  /** A fault that was never mended keeps the system down: whatever else is over, a trigger is there. */
  isStruck: boolean;
  /** See `returnsOf`. */
  returns: ReadonlyMap<number, number>;
}

function failoverOf(compiled: Compiled, { start, during, untilNs, goneNs, isStruck, returns }: Known): Failover {
  const { world, outcomes } = compiled.kernel;
  const after = (kind: Happening['kind']): number | null => {
    const found = during.find((h) => h.kind === kind);
    return found === undefined ? null : (found.atNs - start.atNs) / S;
  };
  const recovered = recovery(world, outcomes, start.atNs);
  const failed = failures(outcomes, start.atNs, lastFailureNs(world, start.atNs, recovered, goneNs));
  const lost = during.filter((h) => h.kind === 'lost-writes' || isStranded(h, returns));
  const tallied = (name: string): number => world.history.tallied(name, start.atNs, untilNs);
  return {
    fault: start.what,
    component: world.components.name[start.component] ?? '',
    atSeconds: (start.atNs - world.windowStartNs) / S,
    firstFailureAfterSeconds: failed.first,
    firstGoodAfterSeconds: firstGood(outcomes, start.atNs, world.clock[0]),
    detectedAfterSeconds: after('detected'),
    decidedAfterSeconds: after('election'),
    promotedAfterSeconds: after('promoted'),
    recoveredAfterSeconds: recovered,
    rpoSeconds: lost.reduce((most, h) => Math.max(most, h.data ?? 0), 0),
    requestsFailed: failed.count,
    acknowledgedWritesLost: lost.reduce((sum, h) => sum + h.value, 0),
    staleReads: tallied('staleReads'),
    conflicts: tallied('conflicts'),
    duplicates: tallied('duplicates'),
    rejoinedAfterSeconds: after('rejoined'),
    writesDiscarded: during.reduce((sum, h) => sum + (h.kind === 'discarded' ? h.value : 0), 0),
    failback: failbackOf(during, outcomes, start.atNs),
    metastable:
      goneNs === null || recovered !== null || isStruck
        ? null
        : metastability(compiled, start.atNs, goneNs, start.fault),
    timeline: during.slice(0, 60).map((h) => ({ atSeconds: (h.atNs - world.windowStartNs) / S, what: h.what })),
  };
}

/** Writes that only a node that went away had, and that it never brought back. */
function isStranded({ kind, node, atNs }: Happening, returns: ReadonlyMap<number, number>): boolean {
  return kind === 'stranded' && (returns.get(node) ?? -1) < atNs;
}

/** When each node last brought back writes that only it had, ns, by node. */
function returnsOf(history: History): ReadonlyMap<number, number> {
  return new Map(history.list.flatMap((h) => (h.kind === 'returned' ? [[h.node, h.atNs]] : [])));
}

/** Seconds from the fault to the first second with an answer after one without any. */
function firstGood(outcomes: Outcomes, fromNs: number, toNs: number): number | null {
  let stopped = false;
  for (let s = Math.ceil(fromNs / S); s < Math.floor(toNs / S); s++) {
    if ((outcomes.completedBySecond[s] ?? 0) === 0) stopped = true;
    else if (stopped) return s - fromNs / S;
  }
  return null;
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

/**
 * Until when a failed request is put down to a fault: until service has been as good as before for so long that it counts
 * as recovered, and the fault is over. Most of who is hit may get through at once, and some fail as long as it lasts.
 */
function lastFailureNs({ clock }: World, atNs: number, recovered: number | null, goneNs: number | null): number {
  if (recovered === null) return clock[0];
  return Math.min(clock[0], Math.max(atNs + (recovered + WINDOW) * S, goneNs ?? clock[0]));
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
