/** How long instances existed in the window: what they cost, and what capacity there was. */
import { NodeState } from '../engine/nodes.ts';
import type { World } from '../engine/world.ts';

/** Share of the window that the node was not off, 0…1. */
export function upShare(world: World, node: number, _windowNs: number): number {
  return world.nodes.state[node] === NodeState.Off ? 0 : 1;
}
