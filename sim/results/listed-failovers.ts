/** Which faults a result lists where there are very many. */
import type { Failover } from '../result.ts';

/** Faults that a result lists whatever they did. */
const FIRST_LISTED = 100;

type Figure = (it: Failover) => number | null;

/** Figures of which the worst is listed in any case; null: it never came, which is worse than any. */
const FIGURES: readonly Figure[] = [
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

/** As many as these of those that are equally bad, the last ones: what was long before the harm had less to do with it. */
const MOST_ALIKE = 10;

/** The first, whoever takes a mean of them, and of the others those that are worse than these in some figure; in order of time. */
export function listed(all: readonly Failover[]): Failover[] {
  const first = all.slice(0, FIRST_LISTED);
  const others = all.slice(FIRST_LISTED);
  const chosen = new Set(FIGURES.flatMap((of) => worseIn(of, first, others)));
  const lasting = others.find((it) => it.metastable !== null);
  if (lasting !== undefined) chosen.add(lasting);
  return [...first, ...others.filter((it) => chosen.has(it))];
}

/** Those of the others that are worst in a figure, if that is worse than any of the first. */
function worseIn(of: Figure, first: readonly Failover[], others: readonly Failover[]): Failover[] {
  const figure = (it: Failover): number => of(it) ?? Infinity;
  const worst = (list: readonly Failover[]): number => list.reduce((most, it) => Math.max(most, figure(it)), -Infinity);
  const most = worst(others);
  return most > worst(first) ? others.filter((it) => figure(it) === most).slice(-MOST_ALIKE) : [];
}
