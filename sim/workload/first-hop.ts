/** Populations whose requests the core begins when they arrive, not when they are sent: see engine/core/first-hop.ts. */
import { Id } from '../engine/rows.ts';
import { Cell } from '../engine/slots.ts';
import { KeyFrom } from '../engine/sites.ts';
import { Route, type World } from '../engine/world.ts';
import type { PopulationSpec } from './population.ts';

/** How long the first hop takes of a population's requests, ns; 0: they must begin when they are sent. */
export function firstHopOf(world: World, { sites }: PopulationSpec): number {
  const { cells } = world.memory;
  if (cells[Cell.IsCalm] === 0 || cells[Cell.Recorded] === 1 || sites.length === 0) return 0;
  const hop = world.network.quick[world.sites.path[sites[0]]];
  return hop > 0 && sites.every((site) => isStraight(world, site, hop)) ? hop : 0;
}

/** Does a call come after this time to a node that depends on the user alone, and can it do nothing else meanwhile? */
function isStraight({ sites, network, components, lanes }: World, site: number, hop: number): boolean {
  const target = sites.target[site];
  const lane = sites.firstLane[site];
  return (
    sites.isPlain(site) &&
    sites.pool[site] === Id.None &&
    sites.key[site] === KeyFrom.Request &&
    network.quick[sites.path[site]] === hop &&
    (components.route[target] === Route.Single || components.actor[target]!.hasDoors) &&
    (lane === Id.None || lanes[lane].delayNs > hop)
  );
}
