/** Which components a fault is about. */
import type { Happening } from '../engine/history.ts';
import type { World } from '../engine/world.ts';
import { targetIn } from '../faults/target.ts';
import type { FaultSettings } from '../scenario/settings.ts';

/** @returns the components that a fault that began with this strikes, by number */
export function struckBy(world: World, settings: readonly FaultSettings[], start: Happening): readonly number[] {
  const fault = settings[start.fault];
  if (start.kind !== 'fault' || fault === undefined) return [start.component];
  const nodes = namesIn(fault).flatMap((name) => targetIn(world, name).nodes);
  return [...new Set((isPower(fault) ? standingWith(world, nodes) : nodes).map((node) => world.nodes.component[node]))];
}

function namesIn(fault: FaultSettings): readonly string[] {
  switch (fault.kind) {
    case 'crash':
    case 'slow':
      return [fault.target];
    case 'delay':
    case 'lose':
      return [fault.from, fault.to];
    case 'partition':
      return fault.sides.flat();
  }
}

const isPower = (fault: FaultSettings): boolean => fault.kind === 'crash' && fault.how === 'power';

/** Machines without power take everything down that stands on them. */
function standingWith({ nodes }: World, struck: readonly number[]): number[] {
  const machines = new Set(struck.map((node) => nodes.machine[node]));
  return Array.from({ length: nodes.count }, (_, node) => node).filter((node) => machines.has(nodes.machine[node]));
}
