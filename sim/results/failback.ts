/**
 * What giving the lead back cost: a planned switch from the copy that took over to the one that had led, from its first
 * refused write to the first that is taken again. Of several (one for each shard) from the first until the last.
 */
import type { Happening } from '../engine/history.ts';
import type { Failover } from '../result.ts';
import type { Outcomes } from '../workload/outcomes.ts';

const S = 1_000_000_000;

/** @param during what happened from the fault at `faultNs` until the next one */
export function failbackOf(during: readonly Happening[], outcomes: Outcomes, faultNs: number): Failover['failback'] {
  const switches = during.filter((h) => h.kind === 'handover');
  if (switches.length === 0) return null;
  const firstNs = switches[0].atNs;
  const ends = switches.map((it) => during.find((h) => isEndOf(it, h)) ?? null);
  const lastNs = ends.reduce((most: number | null, end) => later(most, end), firstNs);
  const isDone = ends.every((end) => end?.kind === 'promoted');
  const lost = during.filter((h) => h.kind === 'lost-writes' && h.atNs >= firstNs);
  return {
    beganAfterSeconds: (firstNs - faultNs) / S,
    doneAfterSeconds: lastNs === null || !isDone ? null : (lastNs - faultNs) / S,
    unavailableSeconds: lastNs === null ? null : (lastNs - firstNs) / S,
    requestsFailed: failed(outcomes, firstNs, lastNs ?? firstNs),
    acknowledgedWritesLost: lost.reduce((sum, h) => sum + h.value, 0),
  };
}

/** The copy that was to lead does, or the one that led goes on. */
function isEndOf(it: Happening, h: Happening): boolean {
  if (h.atNs < it.atNs) return false;
  return h.kind === 'promoted' ? h.node === it.value : h.kind === 'handover-ends' && h.node === it.node;
}

function later(most: number | null, end: Happening | null): number | null {
  return most === null || end === null ? null : Math.max(most, end.atNs);
}

/** Requests that failed in the seconds of the switch, and in the one after: news travel. */
function failed(outcomes: Outcomes, fromNs: number, toNs: number): number {
  let count = 0;
  for (let s = Math.floor(fromNs / S); s <= Math.floor(toNs / S) + 1; s++) count += outcomes.erredBySecond[s] ?? 0;
  return count;
}
