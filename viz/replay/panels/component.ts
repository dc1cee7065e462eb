/** The panel of one component: how it does now and on the whole, its queue over time, and its share of slow requests. */
import type { ComponentRecording, StageRecording } from '../../../sim/recording/format.ts';
import { duration, named, percent, plain, rate, short, whole } from '../../../reports/format.ts';
import { button, h, s, write } from '../dom.ts';
import { healthOf, stateAt } from '../picture/health.ts';
import { widthOf } from '../time/slices.ts';
import { failureShare } from './moment.ts';
import { signOf } from './signs.ts';

/** Something that can be done to a component from its panel, where the page runs the simulator itself. */
export interface ComponentAction {
  label: string;
  run(): void;
}

interface Row {
  name: string;
  at(slice: number): string;
  stage: string;
}

/** Rows of a component's panel: now, and of the stage as in the report. */
export function componentRows(stage: StageRecording, component: ComponentRecording): Row[] {
  const result = stage.result.components.find(({ name }) => name === component.name);
  const { slices } = stage;
  const seconds = Math.max(1e-9, stage.result.simulatedSeconds);
  const rows: Row[] = [
    { name: 'instances up', at: (slice) => whole(component.up[slice]), stage: plain(result?.instances) },
    {
      name: 'arrivals per second',
      at: (slice) => rate(component.arrivals[slice] / widthOf(slices, slice)),
      stage: rate(result && result.arrivals / seconds),
    },
    ...component.resources.map((it): Row => {
      const whole_ = result?.resources.find(({ resource }) => resource === it.resource);
      return {
        name: `${it.resource}, %`,
        at: (slice) => percent(it.utilization[slice]),
        stage: percent(whole_?.utilization),
      };
    }),
    {
      name: 'busiest instance, %',
      at: (slice) => percent(component.utilizationBusiest[slice]),
      stage: percent(result?.utilizationBusiest),
    },
    { name: 'waiting', at: (slice) => plain(component.queueMean[slice]), stage: plain(result?.queueMean) },
    { name: 'time waiting', at: (slice) => duration(component.waitMs[slice]), stage: duration(result?.waitMs) },
    { name: 'time served', at: (slice) => duration(component.serviceMs[slice]), stage: duration(result?.serviceMs) },
    { name: 'p99 inside', at: (slice) => duration(component.p99Ms[slice]), stage: duration(result?.sojournMs.p99) },
    {
      name: 'failing, %',
      at: (slice) => percent(failureShare(component, slice)),
      stage: percent(
        result && result.errors + result.completed > 0 ? result.errors / (result.errors + result.completed) : null,
      ),
    },
  ];
  return rows;
}

/** Where the p99 of the stage was spent, at this component. */
export function shareRows(stage: StageRecording, component: string): { what: string; share: number }[] {
  return stage.result.hotspots
    .filter((it) => it.component === component && it.shareOfP99 > 0.0005)
    .map(({ why, shareOfP99 }) => ({ what: why, share: shareOfP99 }));
}

/** The panel. `actions` adds buttons. */
export function componentPanel(
  stage: StageRecording,
  component: ComponentRecording,
  onClose: () => void,
  actions: readonly ComponentAction[],
): { element: HTMLElement; showSlice(slice: number): void } {
  const health = h('p', { class: 'small' });
  const rows = componentRows(stage, component).map((row) => ({ row, now: h('td', { class: 'value now' }) }));
  const instances = component.instances.map((it) => ({ it, cells: [0, 1, 2].map(() => h('td', { class: 'value' })) }));
  const spark = sparkline(stage, component);
  const shares = shareRows(stage, component.name);
  const element = h(
    'section',
    { class: 'component-panel', 'aria-label': component.name },
    h(
      'div',
      { class: 'bar' },
      h('h2', { class: 'title grow' }, component.name),
      button('Close', onClose, { class: 'quiet' }, 'Close'),
    ),
    h(
      'p',
      { class: 'soft small' },
      [component.type, ...component.facts.map(({ name, value }) => `${name} ${value}`)].join(' · '),
    ),
    health,
    actions.length > 0 && h('div', { class: 'bar' }, ...actions.map(({ label, run }) => button(label, run))),
    h('h3', {}, 'Waiting, over the stage'),
    spark.element,
    h('h3', {}, 'Its share of the p99'),
    shares.length === 0 && h('p', { class: 'soft small' }, 'The slowest requests lose no time here.'),
    shares.length > 0 && h('ul', { class: 'shares' }, ...shares.map(({ what, share }) => shareRow(what, share))),
    figuresOf(component, rows),
    instances.length > 1 && instanceTable(component, instances),
    readingList(stage, component),
  );
  return {
    element,
    showSlice(slice) {
      const { health: word, why } = healthOf(component, slice);
      const sign = word === 'ok' ? 'ok' : word === 'busy' ? 'busy' : 'bad';
      health.replaceChildren(h('span', { class: `chip ${sign}` }, signOf(sign), word === 'ok' ? 'well' : why));
      for (const { row, now } of rows) write(now, row.at(slice));
      spark.showSlice(slice);
      for (const { it, cells } of instances) {
        const { state, role } = stateAt(it.states, slice);
        write(cells[0], role ? `${state}, ${role}` : state);
        write(cells[1], percent(it.utilization[slice]));
        write(cells[2], plain(it.queueMean[slice]));
      }
    },
  };
}

function figuresOf(component: ComponentRecording, rows: readonly { row: Row; now: HTMLElement }[]): HTMLElement {
  const head = ['now', 'stage'].map((text) => h('th', { scope: 'col', class: 'value' }, text));
  return h(
    'table',
    { class: 'now-table', 'aria-label': `Figures of ${component.name}` },
    h('thead', {}, h('tr', {}, h('td'), ...head)),
    h(
      'tbody',
      {},
      ...rows.map(({ row, now }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, row.name),
          now,
          h('td', { class: 'value', 'data-figure': row.name }, row.stage),
        ),
      ),
    ),
  );
}

function shareRow(what: string, share: number): HTMLElement {
  const bar = s(
    'svg',
    { width: 60, height: 8, 'aria-hidden': true },
    s('rect', { width: 60, height: 8, rx: 3, class: 'cell' }),
    s('rect', { width: Math.max(1, 60 * share), height: 8, rx: 3, class: 'share' }),
  );
  return h('li', {}, bar, h('b', { class: 'num' }, `${percent(share)} %`), h('span', { class: 'soft' }, what));
}

function instanceTable(
  component: ComponentRecording,
  instances: readonly { it: ComponentRecording['instances'][number]; cells: HTMLElement[] }[],
): HTMLElement {
  const head = ['', 'state', 'busy, %', 'waiting'].map((text, index) =>
    h(index === 0 ? 'td' : 'th', index === 0 ? {} : { scope: 'col', class: 'value' }, text),
  );
  const more = component.instanceCount - instances.length;
  return h(
    'details',
    { open: instances.length <= 6 },
    h('summary', {}, 'Instances'),
    h(
      'table',
      { 'aria-label': `Instances of ${component.name}` },
      h('thead', {}, h('tr', {}, ...head)),
      h(
        'tbody',
        {},
        ...instances.map(({ it, cells }) =>
          h('tr', {}, h('th', { scope: 'row' }, it.place ? `${it.name} in ${it.place}` : it.name), ...cells),
        ),
      ),
    ),
    more > 0 && h('p', { class: 'soft small' }, `and ${whole(more)} more, not recorded one by one`),
  );
}

function readingList(stage: StageRecording, component: ComponentRecording): HTMLElement | null {
  const result = stage.result.components.find(({ name }) => name === component.name);
  const extra = Object.entries(result?.extra ?? {});
  if (extra.length === 0) return null;
  return h(
    'details',
    { open: true },
    h('summary', {}, 'Of the whole stage'),
    h('ul', { class: 'small' }, ...extra.map(([name, value]) => h('li', {}, named(name, value)))),
  );
}

/** The queue over time as a small filled line. */
function sparkline(stage: StageRecording, component: ComponentRecording) {
  const [width, height] = [270, 40];
  const { count } = stage.slices;
  const most = component.queueMean.reduce((top, value) => Math.max(top, value || 0), 1);
  const x = (slice: number) => (count > 1 ? (slice / (count - 1)) * width : 0);
  let path = `M0,${height}`;
  for (let slice = 0; slice < count; slice++) {
    path += `L${x(slice).toFixed(1)},${(height - ((component.queueMean[slice] || 0) / most) * (height - 4)).toFixed(1)}`;
  }
  const cursor = s('line', { class: 'spark-cursor', y1: 0, y2: height });
  const element = s(
    'svg',
    {
      class: 'spark',
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': `Requests waiting over the stage; most of them ${short(most)}`,
    },
    s('path', { d: `${path}L${width},${height}Z`, class: 'spark-area' }),
    cursor,
  );
  return {
    element,
    showSlice(slice: number) {
      cursor.setAttribute('x1', x(slice).toFixed(1));
      cursor.setAttribute('x2', x(slice).toFixed(1));
    },
  };
}
