/** Where the time of one request went: its spans across the components, one row for each place, as in a trace viewer. */
import { type ScaleLinear, scaleLinear } from 'd3';
import type { RequestRecording, SpanRecording, StageRecording } from '../../../sim/recording/format.ts';
import type { TimeKind } from '../../../sim/result.ts';
import { duration, percent, plural } from '../../../reports/format.ts';
import { h, s } from '../dom.ts';
import { clockOf } from '../time/moments.ts';

const ENDS: Record<RequestRecording['outcome'], string> = {
  completed: 'completed',
  failed: 'failed',
  timedOut: 'timed out',
  rejected: 'rejected',
};

/** "completed", "timed out" … */
export const outcomeText = (request: RequestRecording): string => ENDS[request.outcome];

/** What a stretch of a request's time was spent on; `rest`, where that is not kept. */
type Kind = TimeKind | 'rest';

const KINDS: Record<Kind, string> = {
  waiting: 'waiting',
  service: 'being served',
  network: 'on the wire',
  pool: 'waiting for a connection',
  retry: 'between tries',
  lag: 'waiting for a copy',
  rest: 'in places that are not kept',
};

/** The name of the row of what is not kept. */
const REST_PLACE = 'not kept';

export interface SpanRow {
  name: string;
  spans: SpanRecording[];
}

/** The last span of a request that had more than are kept stands for all that came after, wherever that was. */
function isRest(request: RequestRecording, span: SpanRecording): boolean {
  return request.cut && span === request.spans.at(-1);
}

const kindOf = (request: RequestRecording, span: SpanRecording): Kind => (isRest(request, span) ? 'rest' : span.kind);

/** Spans grouped by where they were, in order of first appearance: one row each. What is not kept has one of its own. */
export function rowsOf(stage: StageRecording, request: RequestRecording): SpanRow[] {
  const rows = new Map<string, SpanRow>();
  for (const span of request.spans) {
    const name = isRest(request, span) ? REST_PLACE : placeOf(stage, span);
    const row = rows.get(name) ?? { name, spans: [] };
    row.spans.push(span);
    rows.set(name, row);
  }
  return [...rows.values()];
}

function placeOf(stage: StageRecording, span: SpanRecording): string {
  const component = stage.components.find(({ name }) => name === span.component);
  const instance = component?.instances[span.instance]?.name;
  const where = instance ?? (span.component || 'client');
  return span.instance >= 0 && instance === undefined && span.component ? `${where}#${span.instance + 1}` : where;
}

/** "web#2: being served (cpu)" */
export function spanText(stage: StageRecording, request: RequestRecording, span: SpanRecording): string {
  if (isRest(request, span)) return KINDS.rest;
  const resource = span.resource && span.resource !== span.kind ? ` (${span.resource})` : '';
  return `${placeOf(stage, span)}: ${KINDS[span.kind]}${resource}`;
}

const ROW = 26;
const LEFT = 118;
/** A table of more rows than this is opened only when asked for. */
const MANY_SPANS = 16;

/** The waterfall of a request in a room of `room` pixels, with its table. */
export function waterfall(stage: StageRecording, request: RequestRecording, room: number): HTMLElement {
  const width = Math.max(280, Math.min(1000, room));
  const rows = rowsOf(stage, request);
  const x = scaleLinear()
    .domain([0, Math.max(request.latencyMs, 1e-6)])
    .range([LEFT, width - 72]);
  const height = rows.length * ROW + 26;
  const ticks = axisTicks(x);
  const svg = s(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': `Waterfall of a request of ${duration(request.latencyMs)}; the table below says the same`,
    },
    ...ticks.flatMap((tick) => [
      s('line', { class: 'fall-grid', x1: x(tick), x2: x(tick), y1: 0, y2: height - 20 }),
      s('text', { class: 'axis soft', x: x(tick), y: height - 5, 'text-anchor': 'middle' }, duration(tick)),
    ]),
    ...rows.flatMap((row, index) => [
      s(
        'text',
        { class: 'axis', x: 0, y: index * ROW + 17 },
        row.name.length > 18 ? `${row.name.slice(0, 17)}…` : row.name,
      ),
      ...row.spans.map((span) => bar(stage, request, span, x, index)),
      timeOf(row, x, index, width),
    ]),
  );
  const used = [...new Set(request.spans.map((span) => kindOf(request, span)))];
  const title = `${request.operation} at ${clockOf(stage.slices)(request.start)}: ${outcomeText(request)} after ${duration(request.latencyMs)}`;
  return h(
    'div',
    {},
    h('h3', {}, title),
    h(
      'p',
      { class: 'soft small after' },
      `Request ${request.id} of user ${request.user} of ${request.population}, ${plural(request.attempts, 'attempt')}${request.cut ? `; of its spans the first ${request.spans.length - 1} are kept` : ''}.`,
    ),
    h('ul', { class: 'fall-keys' }, ...used.map((kind) => h('li', {}, swatch(kind), KINDS[kind]))),
    svg,
    table(stage, request),
  );
}

/** Breadth of the longest time on the axis, and some air, in pixels. */
const TICK_ROOM = 64;

/** What is written on the axis: as much as stands apart. */
export function axisTicks(x: ScaleLinear<number, number>): number[] {
  const [left, right] = x.range();
  const ticks = x.ticks(Math.max(2, Math.min(6, (right - left) / TICK_ROOM)));
  const apart = ticks.length > 1 ? x(ticks[1]) - x(ticks[0]) : TICK_ROOM;
  const step = Math.ceil(TICK_ROOM / apart);
  return ticks.filter((_, index) => index % step === 0);
}

/** The time that a row's spans take together, behind the last of them, or before the first where there is no room. */
function timeOf(row: SpanRow, x: (value: number) => number, index: number, width: number): SVGElement {
  const total = row.spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const right = x(Math.max(...row.spans.map(({ endMs }) => endMs)));
  const left = x(Math.min(...row.spans.map(({ startMs }) => startMs)));
  const isBehind = right < width - 64 || left < LEFT + 64;
  const at = { x: isBehind ? right + 6 : left - 6, y: index * ROW + 17, 'text-anchor': isBehind ? 'start' : 'end' };
  return s('text', { class: 'fall-time', ...at }, duration(total));
}

function bar(
  stage: StageRecording,
  request: RequestRecording,
  span: SpanRecording,
  x: (value: number) => number,
  row: number,
): SVGElement {
  const width = Math.max(1, x(span.endMs) - x(span.startMs));
  const kind = kindOf(request, span);
  // Waiting is drawn low, being served high: told apart without colour.
  const high = kind === 'service' ? 16 : kind === 'network' ? 4 : 9;
  const rect = s('rect', {
    class: `span ${kind}`,
    x: x(span.startMs),
    y: row * ROW + 13 - high / 2,
    width,
    height: high,
    rx: Math.min(3, high / 2),
  });
  rect.append(s('title', {}, `${spanText(stage, request, span)}, ${duration(span.endMs - span.startMs)}`));
  return rect;
}

function swatch(kind: Kind): SVGElement {
  const high = kind === 'service' ? 12 : kind === 'network' ? 4 : 8;
  return s(
    'svg',
    { width: 16, height: 12, 'aria-hidden': true },
    s('rect', { class: `span ${kind}`, width: 16, height: high, y: 6 - high / 2, rx: 2 }),
  );
}

function table(stage: StageRecording, request: RequestRecording): HTMLElement {
  return h(
    'details',
    { open: request.spans.length <= MANY_SPANS },
    h('summary', {}, 'Table'),
    h(
      'table',
      { 'aria-label': 'Spans of the request' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'where'),
          ...['from', 'for', 'share'].map((text) => h('th', { scope: 'col', class: 'value' }, text)),
        ),
      ),
      h(
        'tbody',
        {},
        ...request.spans.map((span) =>
          h(
            'tr',
            {},
            h('td', {}, spanText(stage, request, span)),
            h('td', { class: 'value' }, duration(span.startMs)),
            h('td', { class: 'value' }, duration(span.endMs - span.startMs)),
            h(
              'td',
              { class: 'value' },
              `${percent((span.endMs - span.startMs) / Math.max(request.latencyMs, 1e-9))} %`,
            ),
          ),
        ),
      ),
    ),
  );
}
