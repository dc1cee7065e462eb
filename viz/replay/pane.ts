/**
 * One stage on the page: its heading, its picture, the side panel and the charts. Two of them side by side are a
 * comparison. A pane holds no clock; it is told the time, and touches only what that time changes.
 */
import type { StageRecording } from '../../sim/recording/format.ts';
import { short } from '../../reports/format.ts';
import { type Chart, chart, clock, type Reach, reachOf } from './charts/chart.ts';
import { heatMap, heatReach } from './charts/heat-map.ts';
import { mergedHeat } from './charts/series.ts';
import { chartsOf } from './charts/specs.ts';
import { h, s, write } from './dom.ts';
import { headline, type Standing } from './panels/chapters.ts';
import { type ComponentAction, componentPanel } from './panels/component.ts';
import { figureTable } from './panels/figures.ts';
import { momentOf } from './panels/moment.ts';
import { type Look, mark, type Palette } from './picture/dots.ts';
import { type DotScales, paint, type Surface } from './picture/motion.ts';
import { ratioOf, sceneOf } from './picture/scene.ts';
import { directionFor } from './picture/layout.ts';
import { type Drawing, topology } from './picture/topology.ts';
import { paletteOf } from './theme.ts';
import { clamped } from './time/playback.ts';
import { endOf, sliceAt, type Span, startOf } from './time/slices.ts';

export interface PaneEvents {
  seek(time: number): void;
  hover(time: number | null): void;
  select(component: string | null): void;
}

export interface PaneOptions {
  stage: StageRecording;
  standing: Standing;
  /** The time on its axes: that of the longer one where two are compared. */
  span: Span;
  actions(component: string): readonly ComponentAction[];
  /** No dots: for those who asked for less motion. */
  still: boolean;
}

export interface Pane {
  element: HTMLElement;
  /** What its charts need of their axes, by their ids. */
  reaches: ReadonlyMap<string, Reach>;
  /** Draws the charts, on axes of this reach; to be called once. */
  drawCharts(reaches: ReadonlyMap<string, Reach>): void;
  show(time: number, speed: number): void;
  /** A moment under the pointer, whose figures the keys of the charts show; null for none. */
  preview(time: number | null): void;
  select(component: string | null): void;
  fit(): void;
  repaint(): void;
}

/** A picture whose cards would be smaller than this takes more height, though one then has to scroll. */
const CROWDED = 0.75;
/** The least size at which cards can be read. */
const LEGIBLE = 0.72;

/** Wall seconds that a dot is on its way. */
const TRAVEL = 1.5;

/** Builds the pane of a stage. */
export function pane(options: PaneOptions, events: PaneEvents): Pane {
  const { stage } = options;
  const picture = pictureOf(stage, events, options.still);
  const side = sideOf(stage, options, events);
  const chartGrid = h('section', { class: 'charts', 'aria-label': 'Charts' });
  const element = h(
    'section',
    { class: 'pane', 'aria-label': `Stage ${stage.result.name}` },
    headline(stage, options.standing),
    h('div', { class: 'scene' }, picture.element, side.element),
    chartGrid,
  );
  const specs = chartsOf(stage);
  let charts: Chart[] = [];
  let repaintHeat = () => {};
  const over = h('p', { class: 'over', hidden: true }, `This stage ends at ${clock(endOf(stage.slices))}.`);
  picture.element.append(over);
  let shown = { slice: -1, time: startOf(stage.slices), speed: 1 };
  let hovered: number | null = null;
  const showKeys = () => {
    const slice = hovered === null ? shown.slice : sliceAt(stage.slices, hovered);
    if (slice >= 0) for (const it of charts) it.showSlice(slice);
  };
  const heat = mergedHeat(stage);
  const reaches = new Map(specs.map((spec) => [spec.id, reachOf(spec)]));
  reaches.set('heat', (heat && heatReach(heat)) ?? { low: 1, top: 1000 });
  return {
    element,
    reaches,
    drawCharts(shared) {
      const marks = stage.faults.flatMap(({ start, end }) => (end === null ? [start] : [start, end]));
      const reach = (id: string) => shared.get(id) ?? (reaches.get(id) as Reach);
      const frame = { slices: stage.slices, span: options.span, marks };
      const drawn = specs.map((spec) => chart(spec, frame, reach(spec.id), events));
      if (heat) {
        const map = heatMap(heat, frame, reach('heat'), events, () => paletteOf(element).looks.request);
        repaintHeat = map.repaint;
        drawn.splice(1, 0, map);
      }
      charts = drawn;
      chartGrid.replaceChildren(...charts.map((it) => it.element));
    },
    show(at, speed) {
      const time = clamped(at, startOf(stage.slices), endOf(stage.slices));
      const slice = sliceAt(stage.slices, time);
      const isNew = slice !== shown.slice;
      over.hidden = at <= time + 1e-6;
      shown = { slice, time, speed };
      picture.show(time, speed, slice, isNew);
      side.show(time, slice, isNew);
      for (const it of charts) it.showTime(time);
      if (isNew && hovered === null) showKeys();
    },
    preview(time) {
      hovered = time;
      showKeys();
    },
    select(component) {
      picture.select(component);
      side.select(component);
      if (shown.slice >= 0) side.show(shown.time, shown.slice, true);
    },
    fit() {
      picture.fit();
      const width = charts[0]?.element.querySelector('.plot')?.clientWidth ?? 0;
      for (const it of charts) it.fit(width);
      this.show(shown.time, shown.speed);
    },
    repaint() {
      picture.repaint();
      repaintHeat();
    },
  };
}

/** The picture: the architecture in SVG, the motion on a canvas above it, and how the dots are to be read. */
function pictureOf(stage: StageRecording, events: PaneEvents, still: boolean) {
  const scene = sceneOf(stage);
  const map = topology(stage, scene, (component) => events.select(component));
  const canvas = h('canvas', { 'aria-hidden': true });
  const scaleText = h('span', { class: 'ratio' });
  const legend = h('div', { class: 'legend' }, scaleText, ...legendOf(stage, still));
  const element = h('div', { class: 'picture card' }, h('div', { class: 'moving' }, map.svg, canvas), legend);
  let drawing: Drawing | null = null;
  let surface: Surface | null = null;
  let palette: Palette | null = null;
  let scales: DotScales = { requests: 1, messages: 1, travel: 1 };
  let speedNow = Number.NaN;
  let last = startOf(stage.slices);
  const rescale = (speed: number) => {
    if (speed === speedNow || !drawing) return;
    speedNow = speed;
    const travel = TRAVEL * speed;
    const lanes = drawing.lanes;
    scales = { requests: ratioOf(lanes, 'requests', travel), messages: ratioOf(lanes, 'messages', travel), travel };
    write(
      scaleText,
      scaleWords(
        scales,
        lanes.some(({ link }) => link.kind === 'messages'),
      ),
    );
  };
  const draw = () => {
    if (!drawing || !surface) return;
    palette ??= paletteOf(element);
    paint(surface, stage, scene, drawing, palette, scales, last, still);
  };
  /** Lays the picture out in its room, or in so many times its breadth. */
  const place = (times: number) => {
    const [shown, height] = [element.clientWidth, element.clientHeight - legend.offsetHeight - 14];
    const width = Math.round(shown * times);
    for (const { style } of [map.svg, canvas]) {
      style.width = `${width}px`;
      style.height = `${height}px`;
    }
    return { drawing: map.fit(width, height, directionFor(shown, height)), width, height };
  };
  return {
    element,
    fit() {
      if (element.clientWidth === 0 || element.clientHeight === 0) return;
      element.classList.remove('tall');
      let room = place(1);
      const low = room.drawing.layout.scale;
      if (low < CROWDED) {
        element.classList.add('tall');
        room = place(1);
        if (room.drawing.layout.scale < 1.1 * low) {
          element.classList.remove('tall'); // it is breadth that is wanting
          room = place(1);
        }
      }
      // On a telephone one moves about in a picture that would be too small to read.
      const { scale, direction } = room.drawing.layout;
      if (direction === 'down' && scale < LEGIBLE) room = place(LEGIBLE / scale);
      const { width, height } = room;
      drawing = room.drawing;
      const density = Math.min(2, globalThis.devicePixelRatio || 1);
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
      const context = canvas.getContext('2d');
      surface = context && { context, density, width, height };
      speedNow = Number.NaN;
      draw();
    },
    show(time: number, speed: number, slice: number, isNewSlice: boolean) {
      last = time;
      rescale(speed);
      if (isNewSlice) map.showSlice(slice);
      draw();
    },
    select: map.select,
    repaint() {
      palette = null;
      draw();
    },
  };
}

/** "1 dot = 50 requests; it crosses a link in 1.5 s of watching" */
function scaleWords(scales: DotScales, hasMessages: boolean): string {
  const dots = `1 dot = ${short(scales.requests)} request${scales.requests === 1 ? '' : 's'}`;
  return hasMessages
    ? `${dots}, 1 square = ${short(scales.messages)} message${scales.messages === 1 ? '' : 's'} among components`
    : dots;
}

function legendOf(stage: StageRecording, still: boolean): HTMLElement[] {
  if (still) return [h('span', {}, 'No dots, as you asked for less motion.')];
  const some = (pick: (it: StageRecording['populations'][number]) => ArrayLike<number>) =>
    stage.populations.some((it) => Array.from(pick(it)).some((count) => count > 0));
  const has = (pick: (it: StageRecording['components'][number]) => ArrayLike<number>) =>
    stage.components.some((it) => Array.from(pick(it)).some((count) => count > 0));
  const entries: [Look, string, boolean][] = [
    ['request', 'request', true],
    ['answer', 'answer', true],
    ['retry', 'retry', some((it) => it.retries)],
    ['failed', 'failed', has((it) => it.failed) || has((it) => it.killed)],
    ['rejected', 'turned away', has((it) => it.rejected)],
  ];
  return entries.filter(([, , isThere]) => isThere).map(([look, text]) => h('span', {}, swatch(look), text));
}

/** A dot of the legend, in the very shape that the canvas draws. */
function swatch(look: Look): SVGElement {
  const recorder = new PathText();
  mark(recorder as unknown as Path2D, look, 5, 5);
  return s(
    'svg',
    { width: 10, height: 10, 'aria-hidden': true, class: `look-${look}` },
    s('path', { d: recorder.text }),
  );
}

/** Takes the calls that a canvas path takes, and writes them as an SVG path: one description of a shape for both. */
class PathText {
  text = '';
  moveTo(x: number, y: number): void {
    this.text += `M${x},${y}`;
  }
  lineTo(x: number, y: number): void {
    this.text += `L${x},${y}`;
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.text += `M${x},${y}h${width}v${height}h${-width}Z`;
  }
  arc(x: number, y: number, radius: number): void {
    this.text += `M${x + radius},${y}a${radius},${radius} 0 1 0 ${-2 * radius},0a${radius},${radius} 0 1 0 ${2 * radius},0`;
  }
}

/** The side: what happens now, and the figures; or the component that is chosen. */
function sideOf(stage: StageRecording, options: PaneOptions, events: PaneEvents) {
  const moment = h('div', { class: 'moment' });
  const figures = figureTable(stage);
  const general = h(
    'section',
    { class: 'general', 'aria-label': 'Now' },
    h('h2', {}, 'What happens'),
    moment,
    options.standing.letter === null && figures.element, // two that are compared have one table
    expectations(stage),
  );
  const element = h('aside', { class: 'side card', tabindex: 0, 'aria-label': 'About this moment' }, general);
  let open: ReturnType<typeof componentPanel> | null = null;
  let said = '';
  return {
    element,
    show(time: number, slice: number, isNewSlice: boolean) {
      if (!isNewSlice) return;
      const text = momentOf(stage, time);
      if (text.join('\n') !== said) {
        said = text.join('\n');
        moment.replaceChildren(...text.map((it) => h('p', {}, it)));
      }
      figures.showSlice(slice);
      open?.showSlice(slice);
    },
    select(name: string | null) {
      const component = stage.components.find((it) => it.name === name);
      open = component
        ? componentPanel(stage, component, () => events.select(null), options.actions(component.name))
        : null;
      element.replaceChildren(open?.element ?? general);
      element.scrollTop = 0;
    },
  };
}

/** The thresholds of the stage, with what was observed. */
function expectations(stage: StageRecording): HTMLElement | null {
  const { thresholds } = stage.result;
  if (thresholds.length === 0) return null;
  const words = { pass: 'holds', fail: 'fails', inconclusive: 'cannot be decided' };
  return h(
    'table',
    { class: 'now-table', 'aria-label': 'Expectations' },
    h(
      'thead',
      {},
      h('tr', {}, h('th', { scope: 'col' }, 'expected'), h('th', { scope: 'col', class: 'value' }, 'observed')),
    ),
    h(
      'tbody',
      {},
      ...thresholds.map(({ threshold, observedText, verdict }) =>
        h(
          'tr',
          {},
          h('td', {}, threshold, h('span', { class: 'hidden-text' }, `: ${words[verdict]}`)),
          h('td', { class: `value verdict-${verdict}` }, observedText),
        ),
      ),
    ),
  );
}
