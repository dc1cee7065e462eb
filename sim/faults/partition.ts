/**
 * Network partitions: nothing passes between nodes on different sides; nodes on no side reach everybody. A region on a
 * side is what stands in it, not its users, who come by other ways.
 */
import type { World } from '../engine/world.ts';
import { Id } from '../engine/rows.ts';
import { placesIn, targetIn } from './target.ts';
import type { Unit } from './unit.ts';

/** @param sides names of components, instances, populations, regions or zones that stay together */
export function partitionUnit(world: World, sides: readonly (readonly string[])[]): Unit {
  const side = new Uint8Array(world.nodes.count);
  // A component that is named stands on the side it is named on, wherever its region is.
  for (const places of [true, false])
    sides.forEach((names, i) => {
      for (const name of names)
        if (placesIn(world, name).length > 0 === places)
          for (const node of targetIn(world, name).nodes) side[node] = i + 1;
    });
  return {
    name: 'network',
    component: Id.None,
    node: Id.None,
    begins: `the network is split: ${sides.map((names) => names.join(', ')).join(' | ')}`,
    ends: 'the network is whole again',
    begin() {
      world.network.cut(side);
      return true;
    },
    end() {
      world.network.heal(side);
    },
  };
}
