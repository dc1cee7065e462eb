/** What the history of a run tells: faults with their beginnings and ends, and everything else worth a line. */
import type { Happening as Entry, History } from '../engine/history.ts';
import type { World } from '../engine/world.ts';
import type { FaultSettings } from '../scenario/settings.ts';
import type { FaultRecording, Happening } from './format.ts';

const S = 1_000_000_000;

/** What struck, with its end where it had one. An end belongs to the latest beginning of the same fault at the same place. */
export function faultsOf(world: World, settings: readonly FaultSettings[]): FaultRecording[] {
  const open = new Map<string, FaultRecording>();
  const faults: FaultRecording[] = [];
  for (const entry of world.history.list) {
    const place = `${entry.fault} ${entry.component} ${entry.node}`;
    if (entry.kind === 'heal') {
      const fault = open.get(place);
      if (fault !== undefined) fault.end = secondsOf(world, entry.atNs);
      open.delete(place);
    }
    if (entry.kind !== 'fault' && entry.kind !== 'out-of-memory') continue;
    const fault: FaultRecording = {
      name: settings[entry.fault]?.name ?? '',
      what: entry.what,
      ...whereOf(world, entry),
      start: secondsOf(world, entry.atNs),
      // A process that is killed for its memory is gone at once; what follows is in the states of instances.
      end: entry.kind === 'fault' ? null : secondsOf(world, entry.atNs),
    };
    faults.push(fault);
    if (entry.kind === 'fault') open.set(place, fault);
  }
  return faults;
}

export function happeningsOf(world: World, history: History): Happening[] {
  return history.list.map((entry) => ({
    at: secondsOf(world, entry.atNs),
    kind: entry.kind,
    ...whereOf(world, entry),
    what: entry.what,
    value: entry.value,
  }));
}

function whereOf(world: World, { component, node }: Entry): { component: string; instance: number } {
  const { components } = world;
  const known = component >= 0 && component < components.count;
  return {
    component: known ? components.name[component] : '',
    instance: known && node >= 0 ? node - components.firstNode[component] : -1,
  };
}

const secondsOf = (world: World, ns: number): number => (ns - world.windowStartNs) / S;
