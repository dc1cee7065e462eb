/** The figures of a stage: at the moment, and of the whole stage as the report gives them. */
import type { StageRecording } from '../../../sim/recording/format.ts';
import { availability, duration, NO_DATA, rate, whole } from '../../../reports/format.ts';
import { latenciesOf, lostPerSlice, totalOf } from '../charts/series.ts';
import { h, write } from '../dom.ts';
import { widthOf } from '../time/slices.ts';

export interface FigureRow {
  name: string;
  /** What the report says of the whole stage. */
  stage: string;
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
    { name: 'offered per second', stage: rate(result.offeredPerSecond), at: perSecond(offered) },
    { name: 'goodput per second', stage: rate(result.goodputPerSecond), at: perSecond(completed) },
    { name: 'lost per second', stage: rate((failed + timedOut + rejected) / seconds), at: perSecond(lost) },
    { name: 'latency p50', stage: duration(result.latencyMs.p50), at: ms(latencies.p50) },
    { name: 'latency p95', stage: duration(result.latencyMs.p95), at: ms(latencies.p95) },
    { name: 'latency p99', stage: duration(result.latencyMs.p99), at: ms(latencies.p99) },
    { name: 'under way', stage: whole(result.requests.inFlight), at: (slice) => whole(inFlight[slice]) },
    {
      name: 'availability, %',
      stage: availability(result.availability),
      at: (slice) => availabilityAt(completed[slice], lost[slice]),
    },
  ];
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
