/**
 * Takes out the height that a layered layout keeps for links on their way through a layer. Cards keep their columns and
 * their order; each moves towards the middle of those it is linked to, as near as its neighbours above and beneath allow.
 */
import type { LayoutLink } from './layout.ts';
import { type Place, reachOf } from './place.ts';

interface Extent {
  left: number;
  right: number;
}

/** What keeps cards apart: pixels between two of them, and between a card and the box of a region that it is not in. */
export interface Apart {
  cards: number;
  regions: number;
}

/** How far the second of two indices has to stay beneath the first. */
interface Rule {
  upper: number;
  lower: number;
  distance: number;
}

const SWEEPS = 60;

/** The same places, closer together. `regions` are those of the places, null for none. */
export function packed(
  places: readonly Place[],
  regions: readonly (string | null)[],
  links: readonly LayoutLink[],
  apart: Apart,
): Place[] {
  const rules = rulesOf(places, regions, apart);
  const order = places.map((_, index) => index).sort((a, b) => places[a].y - places[b].y);
  const y = topmost(order, rules, places.length);
  const neighbours = neighboursOf(places, links);
  const height = Math.max(...y);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    // Downwards and upwards in turn, so that a whole column can follow.
    for (const index of sweep % 2 === 0 ? order : [...order].reverse()) {
      const near = neighbours[index];
      const wanted = near.length > 0 ? near.reduce((sum, it) => sum + y[it], 0) / near.length : y[index];
      y[index] = Math.max(lowest(index, rules, y), Math.min(highest(index, rules, y, height), wanted));
    }
  }
  return places.map((place, index) => ({ ...place, y: y[index] }));
}

/** Two cards that share a part of their breadth stay above each other; so do a card and the box of another's region. */
function rulesOf(places: readonly Place[], regions: readonly (string | null)[], apart: Apart): Rule[] {
  const boxes = boxesOf(places, regions);
  return places.flatMap((a, i) =>
    places.flatMap((b, j): Rule[] => {
      if (a.y > b.y || (a.y === b.y && i >= j)) return [];
      const isSameRegion = regions[i] === regions[j];
      const [one, other] = isSameRegion ? [extentOf(a), extentOf(b)] : [boxes[i], boxes[j]];
      if (one.left >= other.right || other.left >= one.right) return [];
      const distance = reachOf(a).down + reachOf(b).up + (isSameRegion ? apart.cards : apart.regions);
      return [{ upper: i, lower: j, distance }];
    }),
  );
}

/** As far up as the rules allow, from those on top down. */
function topmost(order: readonly number[], rules: readonly Rule[], count: number): number[] {
  const y = Array.from({ length: count }, () => 0);
  for (const index of order) y[index] = lowest(index, rules, y);
  return y;
}

/** The least y that a card may have, because of those above it. */
function lowest(index: number, rules: readonly Rule[], y: readonly number[]): number {
  let least = 0;
  for (const { upper, lower, distance } of rules) if (lower === index) least = Math.max(least, y[upper] + distance);
  return least;
}

function highest(index: number, rules: readonly Rule[], y: readonly number[], height: number): number {
  let most = height;
  for (const { upper, lower, distance } of rules) if (upper === index) most = Math.min(most, y[lower] - distance);
  return most;
}

function neighboursOf(places: readonly Place[], links: readonly LayoutLink[]): number[][] {
  const indexOf = new Map(places.map(({ id }, index) => [id, index]));
  const near: number[][] = places.map(() => []);
  for (const { from, to } of links) {
    const [a, b] = [indexOf.get(from), indexOf.get(to)];
    if (a === undefined || b === undefined || a === b) continue;
    near[a].push(b);
    near[b].push(a);
  }
  return near;
}

/** The breadth of each card's region, or its own where it stands in none. */
function boxesOf(places: readonly Place[], regions: readonly (string | null)[]): Extent[] {
  const wide = new Map<string, Extent>();
  places.forEach((place, index) => {
    const region = regions[index];
    if (region === null) return;
    const { left, right } = extentOf(place);
    const known = wide.get(region) ?? { left, right };
    wide.set(region, { left: Math.min(known.left, left), right: Math.max(known.right, right) });
  });
  return places.map((place, index) => {
    const region = regions[index];
    return (region === null ? undefined : wide.get(region)) ?? extentOf(place);
  });
}

const extentOf = ({ x, width }: Place): Extent => ({ left: x - width / 2, right: x + width / 2 });
