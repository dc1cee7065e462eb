/**
 * Names of places: `eu` and `eu/a`. What each means, for checks and for the compiler alike.
 */
import type { RegionSettings } from './settings.ts';

/** The smallest places there are, sorted by name: zones, and regions without zones. */
export function placeNames(regions: readonly RegionSettings[]): string[] {
  return regions
    .flatMap(({ name, zones }) => (zones.length === 0 ? [name] : zones.map((zone) => `${name}/${zone}`)))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The smallest places that a name means: all zones of a region, in the order of the file, or the one it names; []: unknown. */
export function placesNamed(regions: readonly RegionSettings[], name: string): string[] {
  for (const region of regions) {
    if (region.name === name)
      return region.zones.length === 0 ? [name] : region.zones.map((zone) => `${region.name}/${zone}`);
    if (region.zones.some((zone) => `${region.name}/${zone}` === name)) return [name];
  }
  return [];
}

/**
 * Where each instance stands that takes its turn in a list of places: round by round through the list, each time one
 * zone further in the regions that have zones. `[eu, us]` is eu/a, us/a, eu/b, us/b, …
 */
export function turnIn(regions: readonly RegionSettings[], list: readonly string[], turn: number): string {
  const at = turn % list.length;
  const name = list[at];
  const zones = placesNamed(regions, name);
  const perRound = list.filter((each) => each === name).length;
  const before = list.slice(0, at).filter((each) => each === name).length;
  return zones[(Math.floor(turn / list.length) * perRound + before) % zones.length];
}

/** The region of a place. */
export function regionOf(place: string): string {
  const slash = place.indexOf('/');
  return slash < 0 ? place : place.slice(0, slash);
}

/** Is a place the region or the zone of that name? */
export function isWithin(place: string, name: string): boolean {
  return place === name || place.startsWith(`${name}/`);
}
