/** The components of a stage: how busy, how long their queues, what they cost; and where the slow requests spent time. */
import type { ComponentResult, Hotspot, StageResult } from '../../sim/result.ts';
import { bytes, money, named, percent, percentColumn, plain, short } from '../format.ts';
import { prose, terminal } from '../safe.ts';
import { listed, padEnd, wrap } from './columns.ts';
import { type Paint } from './ink.ts';
import type { Page } from './page.ts';
import { type Cell, type Column, type Row, naturalWidth, table } from './table.ts';

/** Above the first a resource is worth a look; above the second its queue explodes. */
const WARM = 0.8;
const HOT = 0.95;

function heat(utilization: number, page: Page): Paint | undefined {
  if (utilization >= HOT) return page.ink.bad;
  return utilization >= WARM ? page.ink.unsure : undefined;
}

const right = (head: string, unit?: string, dispensable?: number): Column => ({
  head,
  unit,
  align: 'right',
  dispensable,
});

export function components(stage: StageResult, page: Page): string[] {
  if (stage.components.length === 0) return [];
  const columns: Column[] = [
    { head: 'component', shrinkTo: 12 },
    { head: 'type', dispensable: 6 },
    right('up'),
    { head: 'resource', shrinkTo: 8 },
    right('busy', '%'),
    right('busiest', '%'),
    right('queue', 'mean'),
    right('queue', 'max', 3),
    right('wait', 'ms'),
    right('service', 'ms'),
    right('p99', 'ms', 4),
    right('errors'),
    right('cost', '/month', 5),
  ];
  return table(
    columns,
    stage.components.map((it) => componentRow(it, page)),
    { width: page.width, ink: page.ink },
  );
}

function componentRow(it: ComponentResult, page: Page): Row {
  const cells: (Cell | string)[] = [
    { text: terminal(it.name), paint: page.ink.strong },
    terminal(it.type),
    plain(it.instances),
    terminal(it.bottleneck),
    { text: percentColumn(it.utilization), paint: heat(it.utilization, page) },
    { text: percentColumn(it.utilizationBusiest), paint: heat(it.utilizationBusiest, page) },
    plain(it.queueMean),
    plain(it.queueMax),
    plain(it.waitMs),
    plain(it.serviceMs),
    plain(it.sojournMs.p99),
    short(it.errors),
    money(it.costPerMonth),
  ];
  return { cells, notes: [...extras(it, page), ...resources(it, page)] };
}

function extras(it: ComponentResult, page: Page): string[] {
  const text = listed(Object.entries(it.extra).map(([name, value]) => terminal(named(name, value))));
  return wrap(text, page.width - 6).map((line) => `    ${page.ink.faint(line)}`);
}

function resources(it: ComponentResult, page: Page): string[] {
  if (page.verbosity !== 'full') return [];
  const text = it.resources.map(
    (each) =>
      `${terminal(each.resource)} ${percent(each.utilization)} % (busiest ${percent(each.utilizationBusiest)} %) of ${each.resource === 'memory' ? bytes(each.capacity) : short(each.capacity)}`,
  );
  return text.map((line) => `    ${page.ink.faint(line)}`);
}

const INDENT = 2;
const BAR = 12;
/** Hotspots shown before the rest is summed up. */
const SHOWN = 5;

export function hotspots(stage: StageResult, page: Page): string[] {
  if (stage.hotspots.length === 0) return [];
  const shown = page.verbosity === 'full' ? stage.hotspots : stage.hotspots.slice(0, SHOWN);
  const rest = stage.hotspots.slice(shown.length);
  const restShare = rest.reduce((sum, it) => sum + it.shareOfP99, 0);
  const columns: Column[] = [
    { head: 'share of p99' },
    right('', '%'),
    right('of p50', '%', 2),
    { head: 'component', shrinkTo: 12 },
    { head: 'resource', shrinkTo: 8 },
    { head: 'kind' },
    right('busy', '%', 1),
    { head: 'why' },
  ];
  const wide = shown.map((it) => hotspotRow(it, page, true));
  const inColumn = naturalWidth(columns, wide, INDENT) <= page.width;
  const rows = inColumn ? wide : shown.map((it) => hotspotRow(it, page, false));
  const lines = table(inColumn ? columns : columns.slice(0, -1), rows, {
    width: page.width,
    indent: INDENT,
    ink: page.ink,
  });
  if (rest.length > 0) lines.push(page.ink.faint(`  and ${rest.length} more, together ${percentColumn(restShare)} %`));
  return lines;
}

function hotspotRow(it: Hotspot, page: Page, inColumn: boolean): Row {
  const filled = Math.max(0, Math.min(BAR, Math.round(it.shareOfP99 * BAR)));
  const why = terminal(prose(it.why));
  return {
    cells: [
      { text: padEnd('█'.repeat(filled), BAR), paint: page.ink.accent },
      percentColumn(it.shareOfP99),
      percentColumn(it.shareOfP50),
      terminal(it.component),
      terminal(it.resource),
      it.kind,
      it.utilization > 0 ? percentColumn(it.utilization) : '',
      ...(inColumn ? [why] : []),
    ],
    notes:
      inColumn || why === ''
        ? []
        : wrap(why, page.width - BAR - 6).map((line) => ' '.repeat(BAR + 4) + page.ink.faint(line)),
  };
}
