/**
 * The way a dot takes along a link, looked up instead of computed: a curve sampled once into points of equal distance,
 * so that drawing thousands of dots a frame is two multiplications each.
 */
import type { Layout } from './layout.ts';
import type { Place } from './place.ts';

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

/** A smooth curve between the sides of two cards that face each other: a link may run against the others, or across. */
export function laneBetween(from: Place, to: Place, direction: Layout['direction'], aside = 0): Lane {
  const isAbove = Math.abs(to.x - from.x) < (from.width + to.width) / 2;
  const isBeside = Math.abs(to.y - from.y) < (from.height + to.height) / 2;
  if (direction === 'right' ? !isAbove || isBeside : isBeside && !isAbove) {
    const way = to.x < from.x ? -1 : 1;
    const start = { x: from.x + (way * from.width) / 2, y: from.y + aside };
    const end = { x: to.x - (way * to.width) / 2, y: to.y + aside };
    const reach = way * Math.max(30, Math.abs(end.x - start.x) / 2);
    return sampled(start, { x: start.x + reach, y: start.y }, { x: end.x - reach, y: end.y }, end);
  }
  const way = to.y < from.y ? -1 : 1;
  const start = { x: from.x + aside, y: from.y + (way * from.height) / 2 };
  const end = { x: to.x + aside, y: to.y - (way * to.height) / 2 };
  const reach = way * Math.max(30, Math.abs(end.y - start.y) / 2);
  return sampled(start, { x: start.x, y: start.y + reach }, { x: end.x, y: end.y - reach }, end);
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
