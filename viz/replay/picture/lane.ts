/**
 * The way a dot takes along a link, looked up instead of computed: a curve sampled once into points of equal distance,
 * so that drawing thousands of dots a frame is two multiplications each.
 */
import type { Layout, Place } from './layout.ts';

export interface Lane {
  /** SVG path of the middle of the link. */
  path: string;
  /** x, y, and the unit normal (nx, ny), of SAMPLES + 1 points at equal distances. */
  points: Float32Array;
  /** Length, pixels. */
  length: number;
}

const SAMPLES = 48;

interface Point {
  x: number;
  y: number;
}

/** A smooth curve between the sides of two cards; a link that runs back leaves and enters at the same sides. */
export function laneBetween(from: Place, to: Place, direction: Layout['direction'], shift = { from: 0, to: 0 }): Lane {
  const right = direction === 'right';
  const start = right
    ? { x: from.x + from.width / 2, y: from.y + shift.from }
    : { x: from.x + shift.from, y: from.y + from.height / 2 };
  const end = right ? { x: to.x - to.width / 2, y: to.y + shift.to } : { x: to.x + shift.to, y: to.y - to.height / 2 };
  const reach = right ? Math.max(36, (end.x - start.x) / 2) : Math.max(36, (end.y - start.y) / 2);
  const first = right ? { x: start.x + reach, y: start.y } : { x: start.x, y: start.y + reach };
  const second = right ? { x: end.x - reach, y: end.y } : { x: end.x, y: end.y - reach };
  return sampled(start, first, second, end);
}

/** A loop below a card, for what its own instances send each other (replication). */
export function loopOf(place: Place): Lane {
  const bottom = place.y + place.height / 2;
  const reach = Math.min(place.width * 0.3, 48);
  return sampled(
    { x: place.x + reach, y: bottom },
    { x: place.x + reach * 1.4, y: bottom + 34 },
    { x: place.x - reach * 1.4, y: bottom + 34 },
    { x: place.x - reach, y: bottom },
  );
}

function sampled(start: Point, first: Point, second: Point, end: Point): Lane {
  const fine = 4 * SAMPLES;
  const xs = new Float64Array(fine + 1);
  const ys = new Float64Array(fine + 1);
  const along = new Float64Array(fine + 1);
  for (let index = 0; index <= fine; index++) {
    const t = index / fine;
    const u = 1 - t;
    xs[index] = u * u * u * start.x + 3 * u * u * t * first.x + 3 * u * t * t * second.x + t * t * t * end.x;
    ys[index] = u * u * u * start.y + 3 * u * u * t * first.y + 3 * u * t * t * second.y + t * t * t * end.y;
    if (index > 0) along[index] = along[index - 1] + Math.hypot(xs[index] - xs[index - 1], ys[index] - ys[index - 1]);
  }
  const length = along[fine];
  const points = new Float32Array(4 * (SAMPLES + 1));
  for (let sample = 0, near = 1; sample <= SAMPLES; sample++) {
    const wanted = (length * sample) / SAMPLES;
    while (near < fine && along[near] < wanted) near++;
    const span = along[near] - along[near - 1] || 1;
    const share = Math.max(0, Math.min(1, (wanted - along[near - 1]) / span));
    const dx = xs[near] - xs[near - 1];
    const dy = ys[near] - ys[near - 1];
    const size = Math.hypot(dx, dy) || 1;
    points.set([xs[near - 1] + dx * share, ys[near - 1] + dy * share, -dy / size, dx / size], 4 * sample);
  }
  const at = (point: Point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`;
  return { path: `M${at(start)}C${at(first)} ${at(second)} ${at(end)}`, points, length };
}

/** The point a share of the way along, moved `aside` pixels to the right of the direction of travel. */
export function pointOn(lane: Lane, progress: number, aside: number, into: Point): Point {
  const place = Math.max(0, Math.min(1, progress)) * SAMPLES;
  const index = Math.min(SAMPLES - 1, Math.floor(place));
  const share = place - index;
  const { points } = lane;
  const here = 4 * index;
  into.x = points[here] + (points[here + 4] - points[here]) * share + points[here + 2] * aside;
  into.y = points[here + 1] + (points[here + 5] - points[here + 1]) * share + points[here + 3] * aside;
  return into;
}
