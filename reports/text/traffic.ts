/** What was asked of a stage and what it gave: rates, latency over time, and the end that requests met. */
import type { StageResult } from '../../sim/result.ts';
import { availabilityText, duration, NO_DATA, percent, plain, rate, short, whole } from '../format.ts';
import { terminal } from '../safe.ts';
import { journeysText, minutesText } from '../window-story.ts';
import { columnsOf, cut, listed } from './columns.ts';
import { type Page, labelled } from './page.ts';
import { barOf, sparkline } from './sparkline.ts';
import { type Row, table } from './table.ts';

const LABEL = 12;
const FIGURE = 14;

export function traffic(stage: StageResult, page: Page): string[] {
  const { requests: counts } = stage;
  const ends = [
    `${whole(counts.offered)} offered`,
    `${whole(counts.completed)} completed`,
    `${whole(counts.failed)} failed`,
    `${whole(counts.timedOut)} timed out`,
    `${whole(counts.rejected)} rejected`,
    `${whole(counts.inFlight)} in flight`,
  ];
  return [
    ...labelled('load', listed(load(stage)), page),
    ...drawn(stage, page),
    ...labelled('latency', listed(percentiles(stage)), page),
    ...labelled('requests', listed([...ends, ...attempts(stage)]), page),
    ...labelled('by minute', listed(minutesText(stage)), page),
    ...labelled('journeys', listed(journeysText(stage).map(terminal)), page),
    ...labelled('intervals', listed(intervals(stage)), page),
  ];
}

/** Goodput and p99 as lines of bars, with a mark under the moment of each fault. */
function drawn(stage: StageResult, page: Page): string[] {
  const bars = Math.max(20, Math.min(60, page.width - LABEL - FIGURE - 24));
  const goodput = sparkline(
    stage.series.map((it) => it.goodputPerSecond),
    bars,
    'mean',
  );
  const p99 = sparkline(
    stage.series.map((it) => it.p99Ms),
    bars,
    'peak',
  );
  const row = (label: string, figure: string, line: string, range: string): string =>
    (
      `  ${page.ink.faint(label.padEnd(LABEL - 2))}${figure.padEnd(FIGURE)}${page.ink.accent(line)}${' '.repeat(Math.max(0, bars - columnsOf(line)))}` +
      `  ${page.ink.faint(range)}`
    ).trimEnd();
  const good = stage.series.map((it) => it.goodputPerSecond);
  const slow = stage.series.flatMap((it) => (it.p99Ms === null ? [] : [it.p99Ms]));
  return [
    row(
      'goodput',
      `${rate(stage.goodputPerSecond)}/s`,
      goodput,
      good.length > 0 ? `${rate(Math.min(...good))} … ${rate(Math.max(...good))}/s` : '',
    ),
    row(
      'p99',
      duration(stage.latencyMs.p99),
      p99,
      slow.length > 0 ? `${duration(Math.min(...slow))} … ${duration(Math.max(...slow))}` : '',
    ),
    ...faultMarks(stage, page, bars),
  ];
}

function faultMarks(stage: StageResult, page: Page, bars: number): string[] {
  if (stage.series.length === 0) return [];
  return stage.failovers.slice(0, 3).map((it) => {
    const index = stage.series.findLastIndex((point) => point.atSeconds <= it.atSeconds);
    const bar = barOf(Math.max(0, index), stage.series.length, bars);
    const left = LABEL + FIGURE + bar;
    return (
      ' '.repeat(left) +
      page.ink.unsure('▲') +
      ` ${page.ink.faint(cut(terminal(it.fault), Math.max(8, page.width - left - 2)))}`
    );
  });
}

function percentiles(stage: StageResult): string[] {
  const { mean, p50, p90, p95, p99, p999, max } = stage.latencyMs;
  const named: [string, number | null][] = [
    ['mean', mean],
    ['p50', p50],
    ['p90', p90],
    ['p95', p95],
    ['p99', p99],
    ['p99.9', p999],
    ['max', max],
  ];
  const items = named.map(([name, value]) => `${name} ${duration(value)}`);
  return named.some(([, value]) => value === null) ? [...items, `(${NO_DATA} ${missing(stage)})`] : items;
}

/** Why a percentile is not known: those that wait could still move it. */
function missing({ latencyMs, requests: { inFlight } }: StageResult): string {
  if (latencyMs.count === 0) return 'no request succeeded';
  return inFlight > 0 ? 'too many requests are still waiting' : 'no data';
}

/** Retries show as more than one attempt a request; exactly one is not news. */
function attempts(stage: StageResult): string[] {
  const each = short(stage.attempts / stage.requests.offered);
  return each === '1' || stage.requests.offered === 0 ? [] : [`${each} attempts each`];
}

function load(stage: StageResult): string[] {
  return [
    `${rate(stage.demandPerSecond)}/s wanted`,
    `${rate(stage.offeredPerSecond)}/s offered`,
    `${rate(stage.goodputPerSecond)}/s good`,
    `availability ${availabilityText(stage.availability)}`,
  ];
}

const INTERVAL_NAMES: Readonly<Record<string, (value: number) => string>> = {
  '/goodputPerSecond': (value) => `${rate(value)}/s`,
  '/availability': (value) => availabilityText(value),
};

/** The confidence intervals of the headline figures; the rest are in the JSON report. */
function intervals(stage: StageResult): string[] {
  return Object.entries(stage.intervals).flatMap(([pointer, it]) => {
    const write = INTERVAL_NAMES[pointer] ?? (/^\/latencyMs\/\w+$/.test(pointer) ? duration : null);
    if (write === null) return [];
    const name = pointer === '/goodputPerSecond' ? 'goodput' : pointer.slice(pointer.lastIndexOf('/') + 1);
    return [`${terminal(name)} ${write(it.low)} to ${write(it.high)} (${percent(it.level)} %)`];
  });
}

/** One row an operation; nothing when there is only one, since the stage has said it all. */
export function operations(stage: StageResult, page: Page): string[] {
  const entries = Object.entries(stage.operations);
  if (entries.length < 2 && page.verbosity !== 'full') return [];
  if (entries.length === 0) return [];
  const rows: Row[] = entries.map(([name, it]) => ({
    cells: [
      terminal(name),
      whole(it.offered),
      whole(it.completed),
      whole(it.failed),
      whole(it.timedOut),
      whole(it.rejected),
      plain(it.latencyMs.p50),
      plain(it.latencyMs.p95),
      plain(it.latencyMs.p99),
    ],
  }));
  const right = (head: string, dispensable?: number, unit?: string) => ({
    head,
    unit,
    align: 'right' as const,
    dispensable,
  });
  return table(
    [
      { head: 'operation', shrinkTo: 12 },
      right('offered'),
      right('completed', 4),
      right('failed'),
      right('timed out'),
      right('rejected', 3),
      right('p50', 1, 'ms'),
      right('p95', 2, 'ms'),
      right('p99', undefined, 'ms'),
    ],
    rows,
    { width: page.width, ink: page.ink },
  );
}
