/** What a log reports of itself. */
import { Id } from '../../../engine/rows.ts';
import type { Log } from './log.ts';

const MS = 1_000_000;
/** Pairs of a group and a partition that are listed one by one. */
const MOST_LISTED = 64;

export function figuresOf(log: Log): Record<string, number> {
  const { books, cluster } = log;
  const { groups } = cluster.own;
  const figures: Record<string, number> = {
    published: books.published,
    accepted: books.accepted,
    publishFailed: books.failed,
    acknowledgedWritesLost: books.acceptedLost,
    rpoSeconds: books.oldestLostNs / 1e9,
    appendedTwice: books.appendedTwice,
    underReplicated: underReplicated(log),
    leaderless: leaderless(log),
  };
  if (groups.length === 0) return figures;
  Object.assign(figures, total(log));
  if (groups.length > 1) groups.forEach((group, g) => Object.assign(figures, named(group.name, ofGroup(log, g))));
  if (groups.length * log.layout.internal <= MOST_LISTED) Object.assign(figures, byPartition(log));
  return figures;
}

function ofGroup(log: Log, g: number): Record<string, number> {
  const tally = log.books.tallies[g];
  const { lag } = log.books;
  const { endToEnd } = tally;
  return {
    processed: tally.processed,
    duplicates: tally.duplicates,
    missed: tally.missed,
    skipped: tally.skipped,
    expired: tally.expired,
    replayed: tally.replayed,
    rebalances: tally.rebalances,
    lag: lag.level(g),
    lagMean: lag.mean(g),
    lagMax: lag.max(g),
    // No time is known where nothing was processed.
    ...(endToEnd.count > 0 && {
      endToEndMs: endToEnd.mean / MS,
      endToEndP50Ms: endToEnd.quantile(0.5) / MS,
      endToEndP99Ms: endToEnd.quantile(0.99) / MS,
      endToEndMaxMs: endToEnd.max / MS,
    }),
  };
}

/** Of all groups: counts add up, times are the worst group's. */
function total(log: Log): Record<string, number> {
  const all = log.cluster.own.groups.map((_, g) => ofGroup(log, g));
  const figures: Record<string, number> = {};
  for (const name of new Set(all.flatMap((each) => Object.keys(each)))) {
    const values = all.flatMap((each) => (name in each ? [each[name]] : []));
    figures[name] = name.endsWith('Ms') ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
  }
  return figures;
}

/** `lag (savers)` */
const named = (group: string, figures: Record<string, number>): Record<string, number> =>
  Object.fromEntries(['processed', 'duplicates', 'lag', 'lagMax'].map((name) => [`${name} (${group})`, figures[name]]));

/** Lag of each partition, and which member has it (1, 2, …; 0: nobody). */
function byPartition(log: Log): Record<string, number> {
  const figures: Record<string, number> = {};
  const { members, layout, books, cluster } = log;
  cluster.own.groups.forEach((group, g) => {
    books.progress[g].forEach((progress, p) => {
      if (progress === null) return;
      const of = `${layout.nameOf(p)} (${group.name})`;
      const own = members.all.filter(({ spec }) => spec.group === g);
      figures[`lag ${of}`] = progress.lag;
      figures[`member ${of}`] = own.findIndex((member) => member.owned.includes(p)) + 1;
    });
  });
  return figures;
}

const latest = (log: Log, p: number) => log.controller.changes[p][log.controller.changes[p].length - 1];

function underReplicated(log: Log): number {
  let n = 0;
  for (let p = 0; p < log.layout.internal; p++) if (latest(log, p).set !== (1 << log.layout.copies[p]) - 1) n++;
  return n;
}

function leaderless(log: Log): number {
  let n = 0;
  for (let p = 0; p < log.layout.internal; p++) if (latest(log, p).leader === Id.None) n++;
  return n;
}
