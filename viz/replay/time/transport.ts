/**
 * The bar that steers time: play, step, speed, and the scrubber with real times, the traffic behind it, faults and
 * crossed thresholds on it. Dragging moves the time and changes nothing else: what played goes on playing.
 */
import type { StageRecording } from '../../../sim/recording/format.ts';
import { duration, rate, whole } from '../../../reports/format.ts';
import { latenciesOf, lostPerSlice, totalOf } from '../charts/series.ts';
import { button, h, put, s, write } from '../dom.ts';
import { type Mark, marksOf } from './marks.ts';
import { clockOf, lengthOf, momentText, runningText, timeTicks } from './moments.ts';
import type { Playback } from './playback.ts';
import { sliceAt, type Span, widthOf } from './slices.ts';

export interface TransportEvents {
  toggle(): void;
  step(direction: 1 | -1, far: boolean): void;
  seek(time: number): void;
  hover(time: number | null): void;
  speed(direction: 1 | -1): void;
}

export interface Transport {
  element: HTMLElement;
  /** Another stage, and the time that can be gone to: that of the longer one where two are compared. */
  open(stage: StageRecording, span: Span): void;
  fit(): void;
  show(playback: Playback): void;
  /** A moment in words: `12.5 s of 60 s`. */
  moment(time: number): string;
  /** Shows a preview of a moment, or none. */
  preview(time: number | null): void;
}

const HEIGHT = 50;
const RAIL = { y: 26, height: 6 };

const icons = {
  play: 'M5,3L16,9.5L5,16Z',
  pause: 'M4.5,3H8V16H4.5ZM11,3H14.5V16H11Z',
  back: 'M4,3H6V16H4ZM16,3V16L7,9.5Z',
  forward: 'M13,3H15V16H13ZM3,3V16L12,9.5Z',
};

function icon(path: string): SVGSVGElement {
  return s(
    'svg',
    { width: 19, height: 19, viewBox: '0 0 19 19', 'aria-hidden': true },
    s('path', { d: path, fill: 'currentColor' }),
  );
}

/** The speed as a person says it. */
export function speedText(speed: number): string {
  return speed === 1 ? 'real time' : speed < 1 ? `${whole(1 / speed)}× slower` : `${whole(speed)}× faster`;
}

/** The bar. */
export function transport(events: TransportEvents): Transport {
  const play = button('Play', events.toggle, { class: 'play', 'aria-keyshortcuts': 'Space' }, icon(icons.play));
  const speed = h('output', { class: 'speed small', 'aria-label': 'Speed' });
  const now = h('span', {});
  const ofLength = h('span', { class: 'soft' });
  const scrub = scrubber(events);
  const element = h(
    'div',
    { class: 'transport', role: 'group', 'aria-label': 'Time' },
    h(
      'div',
      { class: 'buttons' },
      button('Step back', () => events.step(-1, false), { class: 'quiet' }, icon(icons.back)),
      play,
      button('Step forward', () => events.step(1, false), { class: 'quiet' }, icon(icons.forward)),
      h('div', { class: 'clock' }, now, ofLength),
    ),
    scrub.element,
    h(
      'div',
      { class: 'buttons' },
      button('Slower', () => events.speed(-1), { class: 'quiet' }, '−'),
      speed,
      button('Faster', () => events.speed(1), { class: 'quiet' }, '+'),
    ),
  );
  let end = 0;
  let length = 0;
  let isPlaying: boolean | null = null;
  const ofWhole = () => `of ${momentText(end, length)}`;
  return {
    element,
    open(stage, span) {
      end = span.to;
      length = lengthOf(span);
      write(ofLength, ofWhole());
      scrub.open(stage, span);
    },
    fit: scrub.fit,
    preview: scrub.preview,
    moment: (time) => `${runningText(time, length)} ${ofWhole()}`,
    show(playback) {
      write(now, runningText(playback.time, length));
      write(speed, speedText(playback.speed));
      scrub.show(playback.time);
      if (playback.playing === isPlaying) return;
      isPlaying = playback.playing;
      put(play, 'aria-label', isPlaying ? 'Pause' : 'Play');
      put(play, 'title', isPlaying ? 'Pause' : 'Play');
      play.replaceChildren(icon(isPlaying ? icons.pause : icons.play));
    },
  };
}

function scrubber(events: TransportEvents) {
  const svg = s('svg', { 'aria-hidden': true });
  const done = s('rect', { class: 'done', y: RAIL.y, height: RAIL.height, rx: 3 });
  const handle = s('circle', { class: 'handle', cy: RAIL.y + RAIL.height / 2, r: 8 });
  const range = h('input', { type: 'range', 'aria-label': 'Moment of the stage', step: 'any' });
  const tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': true });
  const element = h('div', { class: 'scrub' }, svg, range, tip);
  let stage: StageRecording | null = null;
  let span: Span = { from: 0, to: 0 };
  let marks: Mark[] = [];
  let width = 0;
  const x = (time: number) => (span.to > span.from ? ((time - span.from) / (span.to - span.from)) * width : 0);
  const timeAt = (event: PointerEvent) => {
    const box = element.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / Math.max(1, box.width)));
    return span.from + share * (span.to - span.from);
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    range.focus({ preventScroll: true });
    events.seek(timeAt(event));
  });
  element.addEventListener('pointermove', (event) => {
    if (element.hasPointerCapture(event.pointerId)) events.seek(timeAt(event));
    events.hover(timeAt(event));
  });
  element.addEventListener('pointerleave', () => events.hover(null));
  range.addEventListener('input', () => events.seek(Number(range.value)));
  const draw = () => {
    if (!stage || width === 0) return;
    svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    svg.replaceChildren(
      ...scene(stage, span, width, x),
      ...marks.flatMap((mark) => markSpan(mark, x)),
      done,
      ...marks.flatMap((mark) => markShape(mark, x)),
      handle,
    );
  };
  const fit = () => {
    const room = element.clientWidth;
    if (room === width || room === 0) return;
    width = room;
    draw();
  };
  return {
    element,
    fit,
    open(it: StageRecording, within: Span) {
      stage = it;
      span = within;
      marks = marksOf(it);
      set(range, span.from, span.to);
      fit();
      draw();
    },
    show(time: number) {
      const place = x(time).toFixed(1);
      put(handle, 'cx', place);
      put(done, 'width', place);
      if (document.activeElement === range)
        put(range, 'aria-valuetext', `${runningText(time, lengthOf(span))} of ${momentText(span.to, lengthOf(span))}`);
      range.value = String(time);
    },
    preview(time: number | null) {
      tip.hidden = time === null || stage === null;
      if (time === null || stage === null) return;
      write(tip, previewOf(stage, marks, time, ((span.to - span.from) / Math.max(1, width)) * 6));
      tip.style.left = `${Math.max(90, Math.min(width - 90, x(time)))}px`;
      tip.style.bottom = '54px';
    },
  };
}

function set(range: HTMLInputElement, from: number, to: number): void {
  range.min = String(from);
  range.max = String(to);
}

/** What a preview says: the moment, what goes on, and what is marked near it. */
export function previewOf(stage: StageRecording, marks: readonly Mark[], time: number, near: number): string {
  const slice = sliceAt(stage.slices, time);
  const width = widthOf(stage.slices, slice);
  const completed = totalOf(stage, (it) => it.completed)[slice] / width;
  const lost = lostPerSlice(stage)[slice] / width;
  const here = marks.filter((it) => it.at - near <= time && time <= it.end + near).slice(0, 4);
  return [
    `${clockOf(stage.slices)(time)}${time < 0 ? ', warm-up' : ''}`,
    `${rate(completed)}/s answered, ${rate(lost)}/s lost, p99 ${duration(latenciesOf(stage).p99[slice])}`,
    ...here.map(({ what }) => what),
  ].join('\n');
}

/** Rail, warm-up, traffic and times of the scrubber. */
function scene(stage: StageRecording, span: Span, width: number, x: (time: number) => number): SVGElement[] {
  const { slices } = stage;
  const parts: SVGElement[] = [s('rect', { class: 'rail', x: 0, y: RAIL.y, width, height: RAIL.height, rx: 3 })];
  if (span.from < 0) parts.push(s('rect', { class: 'warm', x: 0, y: RAIL.y, width: x(0), height: RAIL.height, rx: 3 }));
  const ended = perSecond(
    totalOf(stage, (it) => it.completed),
    stage,
  );
  const lost = perSecond(lostPerSlice(stage), stage);
  const most = Math.max(1e-9, ...ended.map((value, slice) => value + lost[slice]));
  const heightOf = (value: number) => (value / most) * 20;
  const shape = (low: (slice: number) => number, high: (slice: number) => number) => {
    let path = '';
    for (let slice = 0; slice < slices.count; slice++) {
      const [left, right] = [x(slices.edges[slice]).toFixed(1), x(slices.edges[slice + 1]).toFixed(1)];
      const [bottom, top] = [(RAIL.y - 2 - low(slice)).toFixed(1), (RAIL.y - 2 - high(slice)).toFixed(1)];
      if (bottom !== top) path += `M${left},${bottom}V${top}H${right}V${bottom}Z`;
    }
    return path;
  };
  parts.push(
    s('path', {
      class: 'spark',
      d: shape(
        () => 0,
        (slice) => heightOf(ended[slice]),
      ),
    }),
  );
  parts.push(
    s('path', {
      class: 'spark-bad',
      d: shape(
        (slice) => heightOf(ended[slice]),
        (slice) => heightOf(ended[slice] + lost[slice]),
      ),
    }),
  );
  for (const { time, text } of timeTicks(span, Math.max(2, Math.min(10, width / 80)))) {
    parts.push(
      s(
        'text',
        { class: 'tick', x: Math.max(8, Math.min(width - 12, x(time))), y: HEIGHT - 3, 'text-anchor': 'middle' },
        text,
      ),
    );
  }
  return parts;
}

/** How long a fault lasts, on the rail. */
function markSpan(mark: Mark, x: (time: number) => number): SVGElement[] {
  if (mark.kind !== 'fault') return [];
  const width = Math.max(2, x(mark.end) - x(mark.at));
  return [s('rect', { class: 'faulty', x: x(mark.at), y: RAIL.y, width, height: RAIL.height })];
}

function markShape(mark: Mark, x: (time: number) => number): SVGElement[] {
  const at = x(mark.at);
  const y = RAIL.y + RAIL.height / 2;
  if (mark.kind === 'threshold') {
    return [
      s('rect', { class: 'over', x: at, y: RAIL.y + RAIL.height, width: Math.max(2, x(mark.end) - at), height: 3.5 }),
    ];
  }
  if (mark.kind === 'fault')
    return [s('path', { class: 'fault-mark', d: `M${at},${y - 8}L${at + 7},${y}L${at},${y + 8}L${at - 7},${y}Z` })];
  return [s('circle', { class: 'told-mark', cx: at, cy: y, r: 3.5 })];
}

function perSecond(counts: Float64Array, stage: StageRecording): number[] {
  return Array.from(counts, (count, slice) => count / widthOf(stage.slices, slice));
}
