/** The figures of a stage: at the moment, and of the whole stage as the report gives them. */
import type { StageRecording } from '../../../sim/recording/format.ts';
import { availability, duration, NO_DATA, rate, whole } from '../../../reports/format.ts';
import { latenciesOf, lostPerSlice, totalOf } from '../charts/series.ts';
import { h, write } from '../dom.ts';
import { widthOf } from '../time/slices.ts';

export interface FigureRow {
  name: string;
  /** What the report says of the whole stage, and the number behind it; null for none. */
  stage: string;
  whole: number | null;
  /** How two of them are compared: by their ratio, or as shares of a whole. */
  unit: 'amount' | 'share';
  at(slice: number): string;
}

/** Rows of figures, in the words and with the digits of the report. */
export function figureRows(stage: StageRecording): FigureRow[] {
  const { result, slices } = stage;
  const offered = totalOf(stage, (it) => it.offered);
  const completed = totalOf(stage, (it) => it.completed);
  const lost = lostPerSlice(stage);
  const inFlight = totalOf(stage, (it) => it.inFlight);
  const latencies = latenciesOf(stage);
  const perSecond = (counts: ArrayLike<number>) => (slice: number) => rate(counts[slice] / widthOf(slices, slice));
  const ms = (row: ArrayLike<number>) => (slice: number) => duration(row[slice]);
  const { failed, timedOut, rejected } = result.requests;
  const seconds = Math.max(1e-9, result.simulatedSeconds);
  return [
    amount('offered per second', result.offeredPerSecond, rate, perSecond(offered)),
    amount('goodput per second', result.goodputPerSecond, rate, perSecond(completed)),
    amount('lost per second', (failed + timedOut + rejected) / seconds, rate, perSecond(lost)),
    amount('latency p50', result.latencyMs.p50, duration, ms(latencies.p50)),
    amount('latency p95', result.latencyMs.p95, duration, ms(latencies.p95)),
    amount('latency p99', result.latencyMs.p99, duration, ms(latencies.p99)),
    amount('under way', result.requests.inFlight, whole, (slice) => whole(inFlight[slice])),
    {
      name: 'availability, %',
      stage: availability(result.availability),
      whole: result.availability,
      unit: 'share',
      at: (slice) => availabilityAt(completed[slice], lost[slice]),
    },
  ];
}

function amount(
  name: string,
  value: number | null,
  text: (value: number | null) => string,
  at: FigureRow['at'],
): FigureRow {
  return { name, stage: text(value), whole: value, unit: 'amount', at };
}

function availabilityAt(completed: number, lost: number): string {
  return completed + lost > 0 ? availability(completed / (completed + lost)) : NO_DATA;
}

/** The table of figures. */
export function figureTable(stage: StageRecording): { element: HTMLElement; showSlice(slice: number): void } {
  const rows = figureRows(stage).map((row) => ({ row, now: h('td', { class: 'value now' }) }));
  const head = ['', 'now', 'stage'].map((text, index) =>
    h(index === 0 ? 'td' : 'th', index === 0 ? {} : { scope: 'col', class: 'value' }, text),
  );
  const element = h(
    'table',
    { class: 'now-table', 'aria-label': 'Figures' },
    h('thead', {}, h('tr', {}, ...head)),
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
  return {
    element,
    showSlice(slice) {
      for (const { row, now } of rows) write(now, row.at(slice));
    },
  };
}
