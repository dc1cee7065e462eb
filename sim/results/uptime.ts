/** How long instances existed in the window: what they cost, and what capacity there was. */
import type { World } from '../engine/world.ts';

/** Share of the window that the node was in use (paid for), 0…1. */
export function upShare(world: World, node: number, windowNs: number): number {
  return world.nodes.usedNs(node) / windowNs;
}
