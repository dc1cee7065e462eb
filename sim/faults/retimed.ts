/** Faults that change how fast work in progress goes on: their machines must be able to re-time it. */
import type { Builder } from '../compile/builder.ts';
import type { FaultSettings } from '../scenario/settings.ts';
import { isWithin } from '../scenario/places.ts';
import { splitTarget } from './target.ts';

/** Marks the machines of what is slowed or paused. To be called when all nodes are known, before the machines are made. */
export function markRetimed(builder: Builder, faults: readonly FaultSettings[]): void {
  for (const fault of faults) {
    if (fault.kind !== 'slow' && !(fault.kind === 'crash' && fault.how === 'pause')) continue;
    const retime = (node: number): void => {
      builder.machines[builder.nodes[node].machine].retimed = true;
    };
    const { names, ofNode } = builder.places;
    ofNode.forEach((place, node) => place > 0 && isWithin(names[place], fault.target) && retime(node));
    if (names.some((place) => isWithin(place, fault.target))) continue;
    const { name, instance } = splitTarget(fault.target);
    const { firstNode, nodes } = builder.component(name);
    for (let i = 0; i < nodes; i++) {
      if (instance === null || instance === i + 1) retime(firstNode + i);
    }
  }
}
