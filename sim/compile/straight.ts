/**
 * Calls to a component that only tells where to call (a name): each gets a copy for every component that it may be told
 * of, so that a call goes there, and its answer comes back, over the path between the two that talk.
 */
import type { Builder } from './builder.ts';

/** Adds the copies. To be called when all call sites are known, before paths are settled. */
export function addStraightSites(builder: Builder): void {
  const stated = builder.sites.length;
  for (let i = 0; i < stated; i++) {
    const site = builder.sites[i];
    const told = builder.components[site.target].straightTo;
    if (told.length === 0) continue;
    const { from } = builder.paths[site.path];
    // What it tells comes back as a datagram of its own.
    builder.path(site.target, from);
    site.straight = builder.sites.length;
    for (const target of told) {
      const cell = builder.cell(target, 'network', 'network');
      const path = builder.path(from, target);
      builder.sites.push({ ...site, straight: undefined, target, path, thereCell: cell, backCell: cell });
    }
  }
}
