/** When each fault was over, by what says so: its own end at the same place, or the restart of a process that was killed for its memory. */
import type { Happening, History } from '../engine/history.ts';

/** @returns by the happening a fault began with, ns; what is not in it was not over by the end of the run */
export function mendsOf(history: History): ReadonlyMap<Happening, number> {
  const mends = new Map<Happening, number>();
  const open = new Map<string, Happening[]>();
  for (const h of history.list) {
    if (h.kind === 'fault' || h.kind === 'out-of-memory') {
      for (const place of placesOf(h)) open.set(place, [...(open.get(place) ?? []), h]);
    } else if (h.kind === 'heal' || h.kind === 'restart') {
      const place = h.kind === 'heal' ? placeOf(h.fault, h.node) : placeOf(-1, h.node);
      for (const start of open.get(place) ?? []) if (!mends.has(start)) mends.set(start, h.atNs);
      open.delete(place);
    }
  }
  return mends;
}

/** Faults at random times strike each instance by itself, so the end of one says nothing of the others. */
function placesOf({ kind, fault, node }: Happening): string[] {
  if (kind === 'fault') return [placeOf(fault, node)];
  // A process that is short of memory when a fault kills it stays down until that fault, maybe of all instances, is over.
  return fault < 0 ? [placeOf(fault, node)] : [placeOf(fault, node), placeOf(fault, -1)];
}

const placeOf = (fault: number, node: number): string => `${fault} ${node}`;
