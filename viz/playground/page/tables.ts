/** The judgement in tables: what was expected, where the time went, and all stages side by side. */
import { availabilityText, duration, money, percent, rate, whole } from '../../../reports/format.ts';
import type { StageResult } from '../../../sim/index.ts';
import { h } from '../../replay/dom.ts';
import { signIcon, signOf } from './chapters.ts';
import { refill } from './refill.ts';
import { isChanged, isWhole, type Shown, type State } from './state.ts';

/** As in the report: what is below this share of the p99 explains nothing. */
const leastShare = 0.005;

export function tables(choose: (stage: number) => void) {
  const why = h('section', { class: 'card panel', 'aria-label': 'Why' });
  const thresholds = h('section', { class: 'card panel', 'aria-label': 'Thresholds' });
  const stages = h('section', { class: 'section', 'aria-label': 'All stages' });
  const same = h('footer', {});
  const element = h('div', {}, h('div', { class: 'pair' }, thresholds, why), stages, same);
  let drawn: unknown[] = [];

  const draw = (state: State) => {
    const seen = [state.shown, state.outline, state.stage, state.stages.size, isChanged(state)];
    if (seen.every((one, index) => one === drawn[index]) && drawn.length > 0) return;
    drawn = seen;
    const stage = state.shown?.stage ?? null;
    element.hidden = stage === null;
    refill(thresholds, ...(state.shown ? thresholdRows(state.shown) : []));
    refill(why, ...(stage ? hotspotRows(stage) : []));
    refill(stages, ...stageRows(state, choose));
    refill(same, ...sameRun(state));
  };
  return { element, draw };
}

/** How to get the same run elsewhere, where it is the one of a file: its command, and what to know it by. */
function sameRun(state: State): HTMLElement[] {
  const { shown, name, text, catalogue } = state;
  if (!shown || isChanged(state) || !isWhole(shown)) return [];
  if (catalogue[name] !== text) return [];
  const fingerprint = h(
    'p',
    {},
    'Fingerprint of its history, the same on every machine: ',
    h('code', {}, shown.stage.fingerprint),
  );
  return [h('p', {}, 'The same run on the command line: ', h('code', {}, shown.command)), fingerprint];
}

function table(heads: readonly string[], rows: readonly (Node | string)[][], firstValue: number): HTMLElement {
  const kind = (index: number) => ({ class: index >= firstValue ? 'value' : '' });
  const head = h('tr', {}, ...heads.map((text, index) => h('th', { scope: 'col', ...kind(index) }, text)));
  const body = rows.map((cells) => h('tr', {}, ...cells.map((cell, index) => h('td', kind(index), cell))));
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': heads.join(', ') },
    h('table', {}, h('thead', {}, head), h('tbody', {}, ...body)),
  );
}

function thresholdRows(shown: Shown): HTMLElement[] {
  const { thresholds } = shown.stage;
  const title = h('h2', {}, 'What was expected');
  if (thresholds.length === 0) return [title, h('p', { class: 'none' }, 'This stage states no thresholds.')];
  const rows = thresholds.map(({ threshold, observedText, verdict }) => {
    const judged = isWhole(shown) ? verdict : 'not judged yet';
    const sign = signIcon(judged === 'pass' ? 'good' : judged === 'fail' ? 'bad' : 'unknown');
    return [
      h('span', { class: 'with-sign' }, sign, h('span', { class: 'hidden-text' }, `${judged}: `), threshold),
      observedText,
    ];
  });
  return [title, table(['threshold', 'observed'], rows, 1)];
}

function hotspotRows({ hotspots }: StageResult): HTMLElement[] {
  const title = h('h2', {}, 'Where the slowest one per cent spent its time');
  const shown = hotspots.filter(({ shareOfP99 }) => shareOfP99 >= leastShare).slice(0, 6);
  const list = shown.length > 0 ? shown : hotspots.slice(0, 3);
  if (list.length === 0) return [title, h('p', { class: 'none' }, 'Nothing was measured.')];
  const items = list.map(({ why, shareOfP99 }) => {
    const bar = h('span', { class: 'share-bar', 'aria-hidden': 'true' });
    bar.style.setProperty('--share', String(shareOfP99));
    return h(
      'li',
      {},
      h('span', { class: 'share num' }, `${percent(shareOfP99)} %`),
      bar,
      h('span', { class: 'why' }, why),
    );
  });
  return [title, h('ol', { class: 'hotspots' }, ...items)];
}

function stageRows(state: State, choose: (stage: number) => void): HTMLElement[] {
  const all = state.outline?.stages ?? [];
  if (all.length < 2) return [];
  const rows = all.map(({ name }, index) => {
    const known = state.stages.get(index);
    const open = h(
      'button',
      { type: 'button', class: 'quiet inline with-sign', 'data-key': `row ${index}` },
      signIcon(signOf(known)),
      name,
    );
    if (index === state.stage) open.setAttribute('aria-current', 'true');
    open.addEventListener('click', () => choose(index));
    const it = known?.stage;
    if (!it) return [open, '', '', '', '', '', ''];
    const { hottest } = it.verdict;
    return [
      open,
      it.users > 0 ? whole(it.users) : '–',
      `${rate(it.goodputPerSecond)}/s`,
      duration(it.latencyMs.p99),
      availabilityText(it.availability),
      hottest ? `${hottest.component} ${hottest.resource} ${percent(hottest.utilization)} %` : '–',
      money(it.costPerMonth),
    ];
  });
  const heads = ['stage', 'users', 'goodput', 'p99', 'availability', 'busiest', 'cost a month'];
  return [
    h('h2', {}, 'All stages'),
    h('p', { class: 'small soft' }, 'As written in the file. A stage has figures once it was opened.'),
    table(heads, rows, 1),
  ];
}
