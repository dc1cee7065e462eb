/**
 * Where the rates of links stand: each beside its own link, where it is freest of cards, of rates that stand already, of
 * people in line and of other links. Chosen when the picture is laid out; the same picture gives the same places.
 */
import type { Lane } from './lane.ts';

/** A rectangle by its middle, pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A link that gets a rate. `gap` is how far from the middle of the link the nearest edge of its rate stands, pixels. */
export interface Labelled {
  lane: Lane;
  gap: number;
}

/** What a rate should keep off. What it stands on of `solid` hides it, or is hidden; `light` can be read beneath it. */
export interface Ground {
  width: number;
  height: number;
  solid: readonly Box[];
  light: readonly Box[];
  lanes: readonly Lane[];
}

/** Shares of the way along a link at which its rate may stand, the best first. */
const SHARES = [24, 20, 28, 16, 32, 12, 36, 8, 40];
/** A link leans so much that there is more room beside it than beneath. */
const STEEP = 0.35;
/** What it costs to cover a square pixel, and to move by one share or to the other side. */
const COST = { solid: 10, light: 2, lane: 8, share: 4, side: 12 };

/** The boxes of the rates, `size` large, in the order of their links. */
export function placesOfLabels(links: readonly Labelled[], size: Pick<Box, 'width' | 'height'>, ground: Ground): Box[] {
  const placed: Box[] = [];
  for (const link of links) {
    let best = { cost: Infinity, box: { x: 0, y: 0, ...size } };
    for (const [rank, sample] of SHARES.entries()) {
      for (const side of [1, -1]) {
        const box = besideAt(link, sample, side, size);
        const moved = rank * COST.share + (side < 0 ? COST.side : 0);
        const cost = moved + costOf(box, link.lane, placed, ground);
        if (cost < best.cost) best = { cost, box };
      }
    }
    placed.push(best.box);
  }
  return placed;
}

/** The box beside a point of a link. Its first side is beneath, or to the right of a steep one: people stand in line above. */
function besideAt({ lane, gap }: Labelled, sample: number, side: number, size: Pick<Box, 'width' | 'height'>): Box {
  const [x, y, nx, ny] = lane.points.subarray(4 * sample, 4 * sample + 4);
  const first = Math.sign(Math.abs(nx) > STEEP ? nx : ny) || 1;
  const away = (gap + (Math.abs(nx) * size.width + Math.abs(ny) * size.height) / 2) * first * side;
  return { x: x + nx * away, y: y + ny * away, ...size };
}

function costOf(box: Box, own: Lane, placed: readonly Box[], ground: Ground): number {
  const area = (boxes: readonly Box[]) => boxes.reduce((sum, it) => sum + shared(box, it), 0);
  const inside = shared(box, { ...ground, x: ground.width / 2, y: ground.height / 2 });
  const beyond = box.width * box.height - inside;
  const crossed = ground.lanes.reduce((sum, lane) => sum + (lane === own ? 0 : pointsIn(box, lane)), 0);
  return (
    COST.solid * (area(ground.solid) + area(placed) + beyond) + COST.light * area(ground.light) + COST.lane * crossed
  );
}

/** Square pixels that two boxes share. */
export function shared(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width / 2, b.x + b.width / 2) - Math.max(a.x - a.width / 2, b.x - b.width / 2);
  const height = Math.min(a.y + a.height / 2, b.y + b.height / 2) - Math.max(a.y - a.height / 2, b.y - b.height / 2);
  return Math.max(0, width) * Math.max(0, height);
}

/** How many points of a link are in a box, or nearer to it than half a link's breadth. */
function pointsIn({ x, y, width, height }: Box, { points }: Lane): number {
  let count = 0;
  for (let at = 0; at < points.length; at += 4) {
    if (Math.abs(points[at] - x) < width / 2 + 8 && Math.abs(points[at + 1] - y) < height / 2 + 8) count++;
  }
  return count;
}
