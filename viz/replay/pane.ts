/**
 * One stage on the page: its heading, its picture, the side panel and the charts. Two of them side by side are a
 * comparison. A pane holds no clock; it is told the time, and touches only what that time changes.
 */
import type { StageRecording } from '../../sim/recording/format.ts';
import { type Chart, chart, type Reach, reachOf } from './charts/chart.ts';
import { heatMap, heatReach } from './charts/heat-map.ts';
import { mergedHeat } from './charts/series.ts';
import { chartsOf } from './charts/specs.ts';
import { h } from './dom.ts';
import { headline, type Standing } from './panels/chapters.ts';
import { type ComponentAction, componentPanel } from './panels/component.ts';
import { figureTable } from './panels/figures.ts';
import { momentOf } from './panels/moment.ts';
import { stagePicture } from './picture/stage-picture.ts';
import { paletteOf } from './theme.ts';
import { clockOf } from './time/moments.ts';
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

/** Builds the pane of a stage. */
export function pane(options: PaneOptions, events: PaneEvents): Pane {
  const { stage } = options;
  const picture = stagePicture(stage, (component) => events.select(component), options.still);
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
  const over = h(
    'p',
    { class: 'over', hidden: true },
    `This stage ends at ${clockOf(stage.slices)(endOf(stage.slices))}.`,
  );
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
      const opener = element.querySelector<SVGElement>('.node.selected .hit');
      const leavesPanel =
        component === null && side.element.contains(document.activeElement?.closest('.component-panel') ?? null);
      picture.select(component);
      side.select(component);
      // The button that closes the panel goes with it; the keyboard goes back to what was opened.
      if (leavesPanel) (opener ?? side.element).focus();
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
