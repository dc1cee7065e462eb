/** Two stages in one table: their figures at the moment and of the whole, and by how much the second differs. */
import type { StageRecording } from '../../../sim/recording/format.ts';
import { money } from '../../../reports/format.ts';
import { h, write } from '../dom.ts';
import { sliceAt } from '../time/slices.ts';
import { type FigureRow, figureRows } from './figures.ts';

/** Within this share two figures are called the same: their digits would be. */
const SAME = 0.005;

/** "×2.4", "÷3", "+12 %", "same"; of a share in per cent the difference in points. */
export function changeText(row: Pick<FigureRow, 'unit'>, from: number | null, to: number | null): string {
  if (from === null || to === null || !Number.isFinite(from) || !Number.isFinite(to)) return '–';
  if (row.unit === 'share') {
    const points = Number((100 * (to - from)).toFixed(2));
    return points === 0 ? 'same' : `${signed(points)} points`;
  }
  if (from === to) return 'same';
  if (from === 0 || to === 0) return from === 0 ? 'from none' : 'to none';
  const ratio = to / from;
  if (Math.abs(ratio - 1) < SAME) return 'same';
  if (ratio >= 2) return `×${digits(ratio)}`;
  if (ratio <= 0.5) return `÷${digits(1 / ratio)}`;
  return `${signed(Math.round(100 * (ratio - 1)))} %`;
}

const digits = (value: number) => String(Number(value.toPrecision(value < 10 ? 2 : 3)));

const signed = (value: number) => `${value > 0 ? '+' : '−'}${Math.abs(value)}`;

/** What each of two stages is called in the table and above its picture. */
export const LETTERS = ['A', 'B'] as const;

/** The table of two stages; it is told the time, since their slices need not be the same. */
export function differenceTable(first: StageRecording, second: StageRecording) {
  const stages = [first, second];
  const [left, right] = stages.map(figureRows);
  const rows = left.map((row, index) => ({
    pair: [row, right[index]] as const,
    now: [0, 1].map(() => h('td', { class: 'value now' })),
  }));
  const element = h(
    'section',
    { class: 'difference card', 'aria-label': 'Side by side', tabindex: 0 },
    h(
      'table',
      { class: 'now-table', 'aria-label': 'Figures of both' },
      h('thead', {}, ...heading()),
      h('tbody', {}, ...rows.map(({ pair, now }) => rowElement(pair, now)), costRow(first, second)),
    ),
  );
  let shown = '';
  return {
    element,
    show(time: number) {
      const slices = stages.map((stage) => sliceAt(stage.slices, time));
      if (slices.join() === shown) return;
      shown = slices.join();
      for (const { pair, now } of rows) pair.forEach((row, side) => write(now[side], row.at(slices[side])));
    },
  };
}

function heading(): HTMLElement[] {
  const over = (text: string) => h('th', { scope: 'colgroup', colspan: 2, class: 'value' }, text);
  const letters = () =>
    LETTERS.map((letter) => h('th', { scope: 'col', class: 'value' }, h('span', { class: 'letter' }, letter)));
  return [
    h('tr', {}, h('td'), over('now'), over('whole stage'), h('td')),
    h('tr', {}, h('td'), ...letters(), ...letters(), h('th', { scope: 'col', class: 'value' }, 'A to B')),
  ];
}

/** What both cost; there is no such figure of a moment. */
function costRow(first: StageRecording, second: StageRecording): HTMLElement | null {
  const [a, b] = [first, second].map(({ result }) => result.costPerMonth);
  if (!(a > 0) && !(b > 0)) return null;
  const none = () => h('td', { class: 'value now' }, '');
  const cost = (value: number) => h('td', { class: 'value' }, money(value));
  const change = h('td', { class: 'value change' }, changeText({ unit: 'amount' }, a, b));
  return h('tr', {}, h('th', { scope: 'row' }, 'cost per month'), none(), none(), cost(a), cost(b), change);
}

function rowElement(pair: readonly [FigureRow, FigureRow], now: readonly HTMLElement[]): HTMLElement {
  const [a, b] = pair;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, a.name),
    ...now,
    h('td', { class: 'value' }, a.stage),
    h('td', { class: 'value' }, b.stage),
    h('td', { class: 'value change' }, changeText(a, a.whole, b.whole)),
  );
}
