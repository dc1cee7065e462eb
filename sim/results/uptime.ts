/** How long instances existed and served in the window: what they cost, what capacity there was, and how many were up. */
import type { World } from '../engine/world.ts';

/** Share of the window that the node was in use (paid for), 0…1. */
export function upShare(world: World, node: number, windowNs: number): number {
  return world.nodes.usedNs(node) / windowNs;
}

/** Share of the window that the node served, 0…1: neither dead, nor paused, nor booting. */
export function servedShare(world: World, node: number, windowNs: number): number {
  return world.nodes.servedNs(node) / windowNs;
}
