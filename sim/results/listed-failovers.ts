/** Which faults a result lists where there are very many. */
import type { Failover } from '../result.ts';

/** Faults that a result lists. */
export const MOST_LISTED = 100;

/** Figures of which the worst is listed in any case; null: it never came, which is worse than any. */
const FIGURES: readonly ((it: Failover) => number | null)[] = [
  (it) => it.requestsFailed,
  (it) => it.recoveredAfterSeconds,
  (it) => it.acknowledgedWritesLost,
  (it) => it.rpoSeconds,
  (it) => it.detectedAfterSeconds,
  (it) => it.decidedAfterSeconds,
  (it) => it.promotedAfterSeconds,
  (it) => it.rejoinedAfterSeconds,
  (it) => it.failback?.doneAfterSeconds ?? 0,
  (it) => it.failback?.unavailableSeconds ?? 0,
  (it) => it.failback?.requestsFailed ?? 0,
  (it) => it.writesDiscarded,
  (it) => it.staleReads,
  (it) => it.conflicts,
  (it) => it.duplicates,
];

/** Those that are worst in some figure, and of the others those that cost most, in order of time. */
export function listed(all: readonly Failover[]): Failover[] {
  if (all.length <= MOST_LISTED) return [...all];
  const chosen = new Set(FIGURES.map((of) => worst(all, of)));
  for (const it of all) if (it.metastable !== null && chosen.size < MOST_LISTED) chosen.add(it);
  // Sorting is stable: of those that cost the same the first.
  for (const it of [...all].sort(dearerFirst)) if (chosen.size < MOST_LISTED) chosen.add(it);
  return all.filter((it) => chosen.has(it));
}

/** The first of those that are worst. */
function worst(all: readonly Failover[], of: (it: Failover) => number | null): Failover {
  return all.reduce((most, it) => ((of(it) ?? Infinity) > (of(most) ?? Infinity) ? it : most));
}

function dearerFirst(a: Failover, b: Failover): number {
  if (a.requestsFailed !== b.requestsFailed) return b.requestsFailed - a.requestsFailed;
  const [x, y] = [a.recoveredAfterSeconds ?? Infinity, b.recoveredAfterSeconds ?? Infinity];
  return x === y ? 0 : y > x ? 1 : -1;
}
