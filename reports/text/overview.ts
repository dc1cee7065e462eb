/** The table of stages: what a person reads at a glance, and under each stage that broke, what broke and why. */
import type { RunResult, StageResult } from '../../sim/result.ts';
import { availability, duration, money, NO_DATA, percent, plain, rate, people } from '../format.ts';
import { OUTCOME_WORDS, outcomeOf, reasonOf } from '../outcome.ts';
import { prose, terminal } from '../safe.ts';
import { listed, wrap } from './columns.ts';
import { markOf, paintOf } from './ink.ts';
import type { Page } from './page.ts';
import { type Cell, type Column, type Row, naturalWidth, table } from './table.ts';

type Key =
  | 'mark'
  | 'stage'
  | 'users'
  | 'offered'
  | 'goodput'
  | 'p50'
  | 'p95'
  | 'p99'
  | 'available'
  | 'hottest'
  | 'cost'
  | 'verdict';

/** A stage's name may be cut to this many columns before figures move out of the table. */
const SHORTEST_NAME = 18;

const COLUMNS: Readonly<Record<Key, Column>> = {
  mark: { head: '' },
  stage: { head: 'stage', shrinkTo: 12 },
  users: { head: 'users', align: 'right' },
  offered: { head: 'offered', unit: 'req/s', align: 'right' },
  goodput: { head: 'goodput', unit: 'req/s', align: 'right' },
  p50: { head: 'p50', unit: 'ms', align: 'right' },
  p95: { head: 'p95', unit: 'ms', align: 'right' },
  p99: { head: 'p99', unit: 'ms', align: 'right' },
  available: { head: 'avail.', unit: '%', align: 'right' },
  hottest: { head: 'hottest', unit: 'busy %' },
  cost: { head: 'cost', unit: '/month', align: 'right' },
  verdict: { head: 'verdict' },
};

/** What moves from the table to a line under each stage when the terminal is narrow, from nothing to most. */
const MOVED: readonly (readonly Key[])[] = [[], ['hottest'], ['hottest', 'cost'], ['hottest', 'cost', 'p50', 'p95']];

const INDENT = 1;
/** Notes stand under the stage's name, behind the mark and its gap. */
const NOTE_INDENT = INDENT + 3;

export function overview(result: RunResult, page: Page): string[] {
  const layouts = MOVED.map((moved) => layoutOf(result, moved, page));
  const chosen = layouts.find(({ width }) => width <= page.width) ?? layouts.at(-1)!;
  return table(chosen.columns, chosen.rows, { width: page.width, indent: INDENT, ink: page.ink });
}

function layoutOf(
  result: RunResult,
  moved: readonly Key[],
  page: Page,
): { columns: Column[]; rows: Row[]; width: number } {
  const keys = (Object.keys(COLUMNS) as Key[]).filter((key) => !moved.includes(key));
  const columns = keys.map((key) => COLUMNS[key]);
  const rows = result.stages.map((stage): Row => {
    const cells = cellsOf(stage, page);
    const texts = [listed(moved.map((key) => underOf(stage, key))), terminal(prose(reasonOf(stage)))];
    return {
      cells: keys.map((key) => cells[key]),
      notes: notes(
        texts.filter((text) => text !== ''),
        page,
      ),
    };
  });
  const names = result.stages.map((stage) => terminal(stage.name));
  const longest = naturalWidth(
    [COLUMNS.stage],
    names.map((name) => ({ cells: [name] })),
    0,
  );
  return { columns, rows, width: naturalWidth(columns, rows, INDENT) - Math.max(0, longest - SHORTEST_NAME) };
}

function cellsOf(stage: StageResult, page: Page): Record<Key, Cell | string> {
  const outcome = outcomeOf(stage);
  const paint = paintOf(page.ink, outcome);
  return {
    mark: { text: markOf(outcome), paint },
    stage: { text: terminal(stage.name), paint: page.ink.strong },
    users: people(stage.users),
    offered: rate(stage.offeredPerSecond),
    goodput: rate(stage.goodputPerSecond),
    p50: plain(stage.latencyMs.p50),
    p95: plain(stage.latencyMs.p95),
    p99: plain(stage.latencyMs.p99),
    available: availability(stage.availability),
    hottest: hottest(stage),
    cost: money(stage.costPerMonth),
    verdict: { text: OUTCOME_WORDS[outcome], paint },
  };
}

/** The figure of a column that found no room, with the words that the heading would have given. */
function underOf(stage: StageResult, key: Key): string {
  switch (key) {
    case 'hottest':
      return stage.verdict.hottest === null ? 'nothing busy' : `hottest ${hottest(stage)} %`;
    case 'p50':
      return `p50 ${duration(stage.latencyMs.p50)}`;
    case 'p95':
      return `p95 ${duration(stage.latencyMs.p95)}`;
    case 'cost':
      return `${money(stage.costPerMonth)}/month`;
    default:
      return '';
  }
}

function hottest(stage: StageResult): string {
  const it = stage.verdict.hottest;
  return it === null ? NO_DATA : `${terminal(it.component)} ${terminal(it.resource)} ${percent(it.utilization)}`;
}

/** Each text on lines of its own under the row, hanging from it by a thin line. */
function notes(texts: string[], page: Page): string[] {
  return texts.flatMap((text, index) => {
    const last = index === texts.length - 1;
    return wrap(text, page.width - NOTE_INDENT - 2).map(
      (line, row) =>
        ' '.repeat(NOTE_INDENT) + page.ink.faint(row > 0 ? (last ? '  ' : '│ ') : last ? '└ ' : '├ ') + line,
    );
  });
}
