/**
 * The window over time in two small charts with one cursor: what was asked for and what was answered, and how long it
 * took. The cursor is the moment at which a click on an instance takes its power away.
 */
import { area, line, max, scaleLinear, scaleLog } from 'd3';
import { duration, rate, secondsText } from '../../../reports/format.ts';
import type { SeriesPoint } from '../../../sim/index.ts';
import { h, put, s, write } from '../../replay/dom.ts';
import type { State } from './state.ts';

const width = 640;
const height = 96;
/** Room for the figures of the axis. */
const left = 46;

interface Actions {
  moveTo(seconds: number): void;
}

export function timeline(actions: Actions) {
  const input = h('input', { type: 'range', min: 0, max: 1, step: 1, 'aria-label': 'Moment of the next crash' });
  const caption = h('p', { class: 'small soft moment-text' });
  const plots = h('div', { class: 'plots' });
  const now = h('div', { class: 'now', 'aria-hidden': 'true' });
  const stack = h('div', { class: 'stack' }, plots, now, input);
  const element = h(
    'section',
    { class: 'card timeline', 'aria-label': 'Over time' },
    h('h2', {}, 'Over time'),
    stack,
    caption,
  );
  let drawn: unknown = null;
  input.addEventListener('input', () => actions.moveTo(Number(input.value)));

  const draw = (state: State) => {
    element.hidden = state.shown === null;
    if (!state.shown) return;
    const { stage } = state.shown;
    const seconds = stage.simulatedSeconds;
    if (drawn !== state.shown) {
      drawn = state.shown;
      const faults = stage.failovers.map(({ atSeconds, fault }) => ({ atSeconds, fault }));
      plots.replaceChildren(traffic(stage.series, seconds, faults), latency(stage.series, seconds, faults));
      put(input, 'max', String(seconds));
      put(input, 'step', String(seconds > 20 ? 1 : 0.1));
    }
    input.value = String(state.moment);
    put(input, 'aria-valuetext', secondsText(state.moment));
    now.style.setProperty('--at', String(Math.min(1, state.moment / seconds)));
    write(caption, captionAt(stage.series, state.moment));
  };
  return { element, draw };
}

function captionAt(series: readonly SeriesPoint[], moment: number): string {
  const point = series.findLast(({ atSeconds }) => atSeconds <= moment);
  if (!point) return '';
  const errors = point.errorsPerSecond > 0 ? `, ${rate(point.errorsPerSecond)}/s failed` : '';
  return `At ${secondsText(moment)}: ${rate(point.offeredPerSecond)}/s asked, ${rate(point.goodputPerSecond)}/s answered${errors}, p99 ${duration(point.p99Ms)}.`;
}

interface Mark {
  atSeconds: number;
  fault: string;
}

function frame(title: string, marks: readonly Mark[], x: (seconds: number) => number): SVGSVGElement {
  const svg = s('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': title,
    preserveAspectRatio: 'none',
  });
  svg.append(s('title', {}, title));
  for (const { atSeconds, fault } of marks) {
    svg.append(
      s('line', { class: 'event', x1: x(atSeconds), x2: x(atSeconds), y1: 0, y2: height }, s('title', {}, fault)),
    );
  }
  return svg;
}

function figure(title: string, top: string, svg: SVGSVGElement, keys: [string, string][]): HTMLElement {
  const legend = keys.map(([name, className]) => h('li', {}, h('i', { class: `key ${className}` }), name));
  return h(
    'figure',
    {},
    h('figcaption', {}, h('span', {}, title), h('ul', {}, ...legend)),
    h('span', { class: 'top small soft' }, top),
    svg,
  );
}

function traffic(series: readonly SeriesPoint[], seconds: number, marks: readonly Mark[]): HTMLElement {
  const x = scaleLinear([0, seconds], [left, width]);
  const most = max(series, (point) => Math.max(point.offeredPerSecond, point.goodputPerSecond)) ?? 1;
  const y = scaleLinear([0, most * 1.08 || 1], [height, 0]);
  const path = (value: (point: SeriesPoint) => number) =>
    line<SeriesPoint>(
      (p) => x(p.atSeconds),
      (p) => y(value(p)),
    )([...series]);
  const lost = area<SeriesPoint>(
    (p) => x(p.atSeconds),
    (p) => y(p.goodputPerSecond),
    (p) => y(Math.max(p.offeredPerSecond, p.goodputPerSecond)),
  );
  const svg = frame('Requests a second: asked for, and answered', marks, x);
  svg.append(
    s('path', { class: 'lost', d: lost([...series]) }),
    s('path', { class: 'series offered', d: path((p) => p.offeredPerSecond) }),
    s('path', { class: 'series good', d: path((p) => p.goodputPerSecond) }),
  );
  return figure('Requests a second', rate(most), svg, [
    ['asked', 'offered'],
    ['answered', 'good'],
  ]);
}

function latency(series: readonly SeriesPoint[], seconds: number, marks: readonly Mark[]): HTMLElement {
  const x = scaleLinear([0, seconds], [left, width]);
  const values = series
    .flatMap(({ p50Ms, p99Ms }) => [p50Ms, p99Ms])
    .filter((value) => value !== null && value > 0) as number[];
  const [least, most] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [1, 10];
  const y = scaleLog([least / 1.3, Math.max(most, least * 2) * 1.3], [height, 0]);
  const path = (value: (point: SeriesPoint) => number | null) =>
    line<SeriesPoint>(
      (p) => x(p.atSeconds),
      (p) => y(value(p) ?? 1),
    ).defined((p) => (value(p) ?? 0) > 0)([...series]);
  const svg = frame('Latency: median and p99, logarithmic', marks, x);
  svg.append(
    s('path', { class: 'series p99', d: path((p) => p.p99Ms) }),
    s('path', { class: 'series p50', d: path((p) => p.p50Ms) }),
  );
  return figure('Latency', values.length > 0 ? duration(most) : '', svg, [
    ['p99', 'p99'],
    ['median', 'p50'],
  ]);
}
