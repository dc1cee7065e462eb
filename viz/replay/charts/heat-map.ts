/** The latency heat map: time to the right, latency upwards, and how many requests took so long as depth of colour. */
import { scaleLog } from 'd3';
import type { Heat, Slices } from '../../../sim/recording/format.ts';
import { duration, whole } from '../../../reports/format.ts';
import { h, s, write } from '../dom.ts';
import {
  type Chart,
  type ChartEvents,
  type ChartFrame,
  grid,
  lateTable,
  listen,
  PLOT,
  type Reach,
  timeAxis,
  timeScale,
} from './chart.ts';
import { clockOf } from '../time/moments.ts';

/** First and last bucket that hold anything; null when none does. */
export function usedBuckets(heat: Heat): { first: number; last: number } | null {
  let [first, last] = [heat.buckets, -1];
  for (let index = 0; index < heat.counts.length; index++) {
    if (heat.counts[index] === 0) continue;
    const bucket = index % heat.buckets;
    first = Math.min(first, bucket);
    last = Math.max(last, bucket);
  }
  return last < 0 ? null : { first, last };
}

/** Depth 0…1 of a cell: a logarithm, since a slow request among thousands of fast ones is what one looks for. */
export function depthOf(count: number, most: number): number {
  return count <= 0 ? 0 : 0.16 + 0.84 * (Math.log1p(count) / Math.log1p(Math.max(1, most)));
}

/** The latencies that a map has to show, ms; null for none. */
export function heatReach(heat: Heat): Reach | null {
  const used = usedBuckets(heat);
  return used && { low: heat.edgesMs[used.first], top: heat.edgesMs[used.last + 1] };
}

/** The chart, with an axis of this reach; `colour` is asked for the ink when it is drawn, since it follows the theme. */
export function heatMap(
  heat: Heat,
  frame: ChartFrame,
  reach: Reach,
  events: ChartEvents,
  colour: () => string,
): Chart & { repaint(): void } {
  const { slices, span } = frame;
  const canvas = h('canvas', { 'aria-hidden': true });
  const svg = s('svg', { 'aria-hidden': true, preserveAspectRatio: 'xMinYMid' });
  const cursor = h('div', { class: 'cursor-line', 'aria-hidden': true });
  const plot = h('div', { class: 'plot' }, canvas, svg, cursor);
  const key = h('b', {});
  const element = h(
    'figure',
    { class: 'chart card', 'data-chart': 'heat' },
    h('h3', {}, 'Latency of every request'),
    h('ul', { class: 'keys' }, h('li', {}, 'darker: more requests; slowest now', key)),
    plot,
    lateTable('Table of latencies', ['from', 'requests', 'fastest', 'slowest'], slices.count, (slice) =>
      rowOf(heat, slices, slice),
    ),
  );
  listen(plot, span, events);
  let width = 0;
  const draw = () => {
    const y = scaleLog()
      .domain([reach.low, reach.top])
      .range([PLOT.height - PLOT.bottom, PLOT.top]);
    svg.setAttribute('viewBox', `0 0 ${width} ${PLOT.height}`);
    svg.replaceChildren(...grid(y, 'ms', width), ...timeAxis(span, width));
    paintCells(canvas, heat, frame, width, y, colour());
  };
  return {
    element,
    fit(room) {
      if (room === width || room <= 0) return;
      width = room;
      draw();
    },
    repaint() {
      if (width > 0) draw();
    },
    showSlice(slice) {
      write(key, extremes(heat, slice).slowest);
    },
    showTime(time) {
      if (width > 0) cursor.style.transform = `translateX(${timeScale(span, width)(time).toFixed(1)}px)`;
    },
  };
}

function paintCells(
  canvas: HTMLCanvasElement,
  heat: Heat,
  { slices, span }: ChartFrame,
  width: number,
  y: (value: number) => number,
  colour: string,
): void {
  const density = Math.min(2, globalThis.devicePixelRatio || 1);
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(PLOT.height * density);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(density, density);
  context.fillStyle = colour;
  const x = timeScale(span, width);
  const most = heat.counts.reduce((top, count) => Math.max(top, count), 0);
  for (let slice = 0; slice < slices.count; slice++) {
    const [left, right] = [x(slices.edges[slice]), x(slices.edges[slice + 1])];
    for (let bucket = 0; bucket < heat.buckets; bucket++) {
      const count = heat.counts[slice * heat.buckets + bucket];
      if (count === 0) continue;
      const [top, bottom] = [y(heat.edgesMs[bucket + 1]), y(heat.edgesMs[bucket])];
      context.globalAlpha = depthOf(count, most);
      context.fillRect(left, top, Math.max(1, right - left + 0.3), Math.max(1.5, bottom - top));
    }
  }
}

function extremes(heat: Heat, slice: number): { total: number; fastest: string; slowest: string } {
  let [total, fastest, slowest] = [0, '–', '–'];
  for (let bucket = 0; bucket < heat.buckets; bucket++) {
    const count = heat.counts[slice * heat.buckets + bucket];
    if (count === 0) continue;
    if (total === 0) fastest = `> ${duration(heat.edgesMs[bucket])}`;
    slowest = `< ${duration(heat.edgesMs[bucket + 1])}`;
    total += count;
  }
  return { total, fastest, slowest };
}

function rowOf(heat: Heat, slices: Slices, slice: number): string[] {
  const { total, fastest, slowest } = extremes(heat, slice);
  return [clockOf(slices)(slices.edges[slice]), whole(total), fastest, slowest];
}
