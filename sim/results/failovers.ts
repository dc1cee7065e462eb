/**
 * Each fault's timeline: when it struck, when somebody noticed, when a new leader served, when service was as good as
 * before, and what it cost meanwhile. RTO as defined in docs/definitions.md.
 */
import type { Compiled } from '../compile/stage.ts';
import type { Happening, History } from '../engine/history.ts';
import type { Failover } from '../result.ts';
import type { Outcomes } from '../workload/outcomes.ts';
import { failbackOf } from './failback.ts';
import { type Story, storiesOf } from './fault-stories.ts';
import { mendsOf } from './mended.ts';
import { metastability } from './metastable.ts';
import { Service, WINDOW } from './service.ts';

const S = 1_000_000_000;

/** Of every fault in the window, in order of time: thresholds are about the worst of them, whatever a report has room for. */
export function failoversOf(compiled: Compiled): Failover[] {
  const { world, outcomes } = compiled.kernel;
  const mends = mendsOf(world.history);
  const service = new Service(outcomes, world.clock[0] / S);
  const stories = storiesOf(world, compiled.faults.settings);
  const isStruck = stories.some(
    ({ start }) =>
      !mends.has(start) && service.isKnownBefore(start.atNs / S) && service.recovery(start.atNs / S) === null,
  );
  const returns = returnsOf(world.history);
  return stories.map((story) =>
    failoverOf(compiled, { ...story, goneNs: mends.get(story.start) ?? null, isStruck, returns, service }),
  );
}

interface Known extends Story {
  /** When the fault was mended, ns; null: not in this run. */
  goneNs: number | null;
  /** A fault that was never mended keeps the system down: whatever else is over, a trigger is there. */
  isStruck: boolean;
  /** See `returnsOf`. */
  returns: ReadonlyMap<number, number>;
  service: Service;
}

function failoverOf(
  compiled: Compiled,
  { start, during, untilNs, goneNs, isStruck, returns, service }: Known,
): Failover {
  const { world, outcomes } = compiled.kernel;
  const after = (kind: Happening['kind']): number | null => {
    const found = during.find((h) => h.kind === kind);
    return found === undefined ? null : (found.atNs - start.atNs) / S;
  };
  const hasBaseline = service.isKnownBefore(start.atNs / S);
  const good = service.recovery(start.atNs / S);
  const recovered = good === null ? null : Math.max(0, good - start.atNs / S);
  const untilFailed = lastFailure(service, start.atNs / S, hasBaseline ? recovered : 0, goneNs);
  const first = firstFailure(outcomes, start.atNs / S, untilFailed);
  const lost = during.filter((h) => h.kind === 'lost-writes' || isStranded(h, returns));
  const tallied = (name: string): number => world.history.tallied(name, start.atNs, untilNs);
  return {
    fault: start.what,
    component: world.components.name[start.component] ?? '',
    atSeconds: (start.atNs - world.windowStartNs) / S,
    firstFailureAfterSeconds: first,
    firstGoodAfterSeconds: firstGood(outcomes, start.atNs / S, untilFailed),
    detectedAfterSeconds: after('detected'),
    decidedAfterSeconds: after('election'),
    promotedAfterSeconds: after('promoted'),
    hasBaseline,
    recoveredAfterSeconds: recovered,
    rpoSeconds: lost.reduce((most, h) => Math.max(most, h.data ?? 0), 0),
    requestsFailed: service.failures(Math.floor(start.atNs / S), Math.floor(untilFailed)),
    acknowledgedWritesLost: lost.reduce((sum, h) => sum + h.value, 0),
    staleReads: tallied('staleReads'),
    conflicts: tallied('conflicts'),
    duplicates: tallied('duplicates'),
    rejoinedAfterSeconds: after('rejoined'),
    writesDiscarded: during.reduce((sum, h) => sum + (h.kind === 'discarded' ? h.value : 0), 0),
    failback: failbackOf(during, outcomes, start.atNs),
    metastable:
      goneNs === null || recovered !== null || isStruck || !hasBaseline
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

/** Seconds from the fault, a time of the run, to the first second with an answer after one without any, until a later time. */
function firstGood({ completedBySecond }: Outcomes, fault: number, until: number): number | null {
  let stopped = false;
  for (let s = Math.ceil(fault); s < Math.floor(until); s++) {
    if ((completedBySecond[s] ?? 0) === 0) stopped = true;
    else if (stopped) return s - fault;
  }
  return null;
}

/** Seconds from the fault to the second in which the first request failed. */
function firstFailure({ erredBySecond }: Outcomes, fault: number, until: number): number | null {
  for (let s = Math.floor(fault); s <= Math.floor(until); s++)
    if ((erredBySecond[s] ?? 0) > 0) return Math.max(0, s - fault);
  return null;
}

/**
 * Until when, in seconds of the run, a failed request is put down to a fault: until service has been as good as before for so
 * long that it counts as recovered, and the fault is over. Most of who is hit may get through at once, and some fail as long as
 * it lasts.
 */
function lastFailure({ end }: Service, fault: number, recovered: number | null, goneNs: number | null): number {
  if (recovered === null || goneNs === null) return end;
  return Math.min(end, Math.max(fault + recovered + WINDOW, goneNs / S));
}
