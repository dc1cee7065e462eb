/**
 * One chart over the time of a stage: lines on a shared axis, the figures of the moment in its key, and the same as a
 * table behind it. Drawn once per stage and width; afterwards only the cursor and the figures move.
 */
import {
  line as lines,
  area,
  max,
  min,
  scaleLinear,
  scaleLog,
  ticks as niceTicks,
  type ScaleContinuousNumeric,
} from 'd3';
import type { Slices } from '../../../sim/recording/format.ts';
import { duration, percent, plain, rate, short } from '../../../reports/format.ts';
import { h, s, write } from '../dom.ts';
import { clockOf, timeTicks } from '../time/moments.ts';
import type { Span } from '../time/slices.ts';
import type { ChartSpec, Unit } from './specs.ts';

export interface Chart {
  element: HTMLElement;
  fit(width: number): void;
  showSlice(slice: number): void;
  /** Moves the cursor; `isHover` is the pointer's, not the playback's. */
  showTime(time: number): void;
}

export interface ChartEvents {
  hover(time: number | null): void;
  seek(time: number): void;
}

/** Room around the plot, for the axes. */
export const PLOT = { height: 132, left: 46, right: 6, top: 10, bottom: 18 };

/** A figure with its unit: "312 ms", "1,240/s", "34 %". */
export function figure(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return '–';
  if (unit === 'ms') return duration(value);
  if (unit === 'ratio') return `${percent(value)} %`;
  return unit === 'perSecond' ? `${rate(value)}/s` : plain(value);
}

function tick(value: number, unit: Unit): string {
  if (unit === 'ms')
    return value >= 1000
      ? `${value / 1000} s`
      : value < 0.1
        ? `${Number((value * 1000).toPrecision(3))} µs`
        : `${value} ms`;
  if (unit === 'ratio') return `${Math.round(value * 100)} %`;
  return short(value);
}

type Scale = ScaleContinuousNumeric<number, number>;

/** From where to where an axis has to reach; two charts that are compared share it. */
export interface Reach {
  low: number;
  top: number;
}

/** What a chart needs of its axis. The low end only matters where the axis is logarithmic. */
export function reachOf(spec: ChartSpec): Reach {
  const low = min(spec.lines, (line) => min(Array.from(line.values).filter((value) => value > 0))) ?? 1;
  return { low, top: topOf(spec) };
}

/** What holds both; the first may be missing. */
export function union(a: Reach | undefined, b: Reach): Reach {
  return a === undefined ? b : { low: Math.min(a.low, b.low), top: Math.max(a.top, b.top) };
}

/** The value axis. */
export function valueScale(spec: ChartSpec, { low, top }: Reach): Scale {
  const range = [PLOT.height - PLOT.bottom, PLOT.top];
  if (spec.scale === 'linear')
    return scaleLinear()
      .domain([0, Math.max(top, spec.atLeast)])
      .range(range);
  return scaleLog()
    .domain([Math.min(low * 0.8, top / 10 || 1), Math.max(top * 1.15, low * 10, spec.atLeast)])
    .range(range);
}

/** The highest value that a chart has to show. */
function topOf(spec: ChartSpec): number {
  const most = max(spec.lines, (line) => max(Array.from(line.values).filter(Number.isFinite))) ?? 0;
  return Math.max(most, spec.limit && spec.limit.value < most * 20 ? spec.limit.value : 0);
}

/** Where in time a pointer is, over a plot of this width. */
export function timeAt(x: number, width: number, { from, to }: Span): number {
  const share = (x - PLOT.left) / Math.max(1, width - PLOT.left - PLOT.right);
  return from + Math.max(0, Math.min(1, share)) * (to - from);
}

/** Puts the events of a pointer over a plot in terms of time. */
export function listen(plot: HTMLElement, span: Span, events: ChartEvents): void {
  const at = (event: PointerEvent) => {
    const box = plot.getBoundingClientRect();
    return timeAt(event.clientX - box.left, box.width, span);
  };
  plot.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    if (event.pointerType === 'mouse') plot.setPointerCapture(event.pointerId);
    events.seek(at(event));
  });
  plot.addEventListener('pointermove', (event) => {
    if (event.buttons & 1 && event.pointerType === 'mouse') events.seek(at(event));
    else events.hover(at(event));
  });
  plot.addEventListener('pointerleave', () => events.hover(null));
}

/** Lines of the grid with what they stand for. */
export function grid(y: Scale, unit: Unit, width: number): SVGElement[] {
  return gridTicks(y).flatMap((value) => {
    const height = Math.round(y(value)) + 0.5;
    return [
      s('line', { class: 'grid', x1: PLOT.left, x2: width - PLOT.right, y1: height, y2: height }),
      s('text', { class: 'axis', x: PLOT.left - 6, y: height + 3.5, 'text-anchor': 'end' }, tick(value, unit)),
    ];
  });
}

/** At most five; on a logarithmic axis powers of ten, as long as there are two of them. All lie within the axis. */
function gridTicks(y: Scale): number[] {
  const ticks = y.ticks(4);
  const [low, high] = y.domain();
  if (!('base' in y)) return ticks;
  const beginsWith = (...digits: number[]) =>
    ticks.filter((value) => digits.includes(Number(value.toExponential(6).split('e')[0])));
  const powers = beginsWith(1);
  if (powers.length > 1) return powers.length > 5 ? powers.filter((_, index) => index % 2 === 0) : powers;
  const steps = beginsWith(1, 2, 5);
  return steps.length > 1 ? steps : niceTicks(low, high, 3);
}

/** The axis of time. */
export function timeAxis(span: Span, width: number): SVGElement[] {
  const x = timeScale(span, width);
  return timeTicks(span, Math.max(2, Math.min(6, width / 70))).map(({ time, text }) =>
    s('text', { class: 'axis', x: x(time), y: PLOT.height - 3, 'text-anchor': 'middle' }, text),
  );
}

export function timeScale({ from, to }: Span, width: number) {
  return scaleLinear()
    .domain([from, to])
    .range([PLOT.left, Math.max(PLOT.left + 1, width - PLOT.right)]);
}

/** What the charts of a stage share: its slices, the time on their axis, and moments to mark with a thin line. */
export interface ChartFrame {
  slices: Slices;
  span: Span;
  marks: readonly number[];
}

/** A chart of lines, whose axis has this reach. */
export function chart(spec: ChartSpec, frame: ChartFrame, reach: Reach, events: ChartEvents): Chart {
  const { slices, span } = frame;
  const svg = s('svg', { 'aria-hidden': true, preserveAspectRatio: 'xMinYMid' });
  const cursor = h('div', { class: 'cursor-line', 'aria-hidden': true });
  const plot = h('div', { class: 'plot' }, svg, cursor);
  const values = spec.lines.map(() => h('b', {}));
  const keys = spec.lines.map((line, index) => h('li', {}, sample(line.colour, line.dash), line.name, values[index]));
  const element = h(
    'figure',
    { class: 'chart card', 'data-chart': spec.id },
    h('h3', {}, spec.title),
    h('ul', { class: 'keys' }, ...keys),
    plot,
    tableBehind(spec, slices),
  );
  listen(plot, span, events);
  let width = 0;
  return {
    element,
    fit(room) {
      if (room === width || room <= 0) return;
      width = room;
      svg.setAttribute('viewBox', `0 0 ${width} ${PLOT.height}`);
      svg.replaceChildren(...drawing(spec, frame, width, valueScale(spec, reach)));
    },
    showSlice(slice) {
      values.forEach((value, index) => write(value, figure(spec.lines[index].values[slice], spec.unit)));
    },
    showTime(time) {
      if (width > 0) cursor.style.transform = `translateX(${timeScale(span, width)(time).toFixed(1)}px)`;
    },
  };
}

/** A piece of a line, as it is drawn, for the key. */
function sample(colour: number, dash: string): SVGElement {
  return s(
    'svg',
    { width: 18, height: 8, 'aria-hidden': true },
    s('line', {
      x1: 0,
      x2: 18,
      y1: 4,
      y2: 4,
      class: `stroke-${colour}`,
      'stroke-width': 2.25,
      'stroke-dasharray': dash,
    }),
  );
}

function drawing(spec: ChartSpec, { slices, span, marks }: ChartFrame, width: number, y: Scale): SVGElement[] {
  const x = timeScale(span, width);
  const middle = (slice: number) => x((slices.edges[slice] + slices.edges[slice + 1]) / 2);
  const isShown = (value: number) => Number.isFinite(value) && (spec.scale === 'linear' || value > 0);
  const at = (value: number) => y(Math.max(value, y.domain()[0]));
  const parts: SVGElement[] = [...grid(y, spec.unit, width), ...timeAxis(span, width)];
  const bottom = PLOT.height - PLOT.bottom;
  for (const time of marks) {
    parts.push(s('line', { class: 'event', x1: x(time), x2: x(time), y1: PLOT.top, y2: bottom }));
  }
  if (spec.gap) {
    const [upper, lower] = spec.lines.map(({ values }) => Array.from(values));
    const between = area<number>()
      .x((_, slice) => middle(slice))
      .y0((_, slice) => at(Math.min(lower[slice], upper[slice])))
      .y1((value) => at(value))
      .defined(isShown);
    parts.push(s('path', { class: 'lost', d: between(upper) }));
  }
  if (spec.limit && spec.limit.value <= y.domain()[1]) {
    const height = y(spec.limit.value);
    parts.push(s('line', { class: 'limit', x1: PLOT.left, x2: width - PLOT.right, y1: height, y2: height }));
  }
  const path = lines<number>()
    .x((_, slice) => middle(slice))
    .y(at)
    .defined(isShown);
  for (const { values, colour, dash } of spec.lines) {
    parts.push(s('path', { class: `series stroke-${colour}`, 'stroke-dasharray': dash, d: path(Array.from(values)) }));
  }
  return parts;
}

/** The figures of a chart as rows, made only when somebody opens them. */
function tableBehind(spec: ChartSpec, slices: Slices): HTMLElement {
  const at = clockOf(slices);
  return lateTable(
    `Table of ${spec.title.toLowerCase()}`,
    ['from', ...spec.lines.map(({ name }) => name)],
    slices.count,
    (slice) => [at(slices.edges[slice]), ...spec.lines.map(({ values }) => figure(values[slice], spec.unit))],
  );
}

/** A table behind a summary; its rows are made when it is first opened. */
export function lateTable(
  name: string,
  head: readonly string[],
  rows: number,
  rowOf: (index: number) => readonly string[],
): HTMLElement {
  const body = h('tbody');
  const table = h(
    'table',
    { 'aria-label': name },
    h('thead', {}, h('tr', {}, ...head.map((text) => h('th', { scope: 'col', class: 'value' }, text)))),
    body,
  );
  const details = h(
    'details',
    {},
    h('summary', {}, 'Table', h('span', { class: 'hidden-text' }, ` (${name})`)),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name }, table),
  );
  details.addEventListener('toggle', () => {
    if (!details.open || body.childElementCount > 0) return;
    for (let index = 0; index < rows; index++) {
      body.append(h('tr', {}, ...rowOf(index).map((text) => h('td', { class: 'value' }, text))));
    }
  });
  return details;
}
