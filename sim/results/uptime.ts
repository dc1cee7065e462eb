/** How long instances existed in the window: what they cost, and what capacity there was. */
import type { World } from '../engine/world.ts';

/** Share of the window that the node was not off, 0…1. */
export function upShare(world: World, node: number, windowNs: number): number {
  return Math.min(1, world.nodes.usedNs(node) / windowNs);
}
