/** One stage in detail: what it teaches, what it did, where its time went, what failed and how it recovered. */
import type { StageResult, ThresholdResult } from '../../sim/result.ts';
import { secondsText, short } from '../format.ts';
import { type Outcome, OUTCOME_WORDS, outcomeOf } from '../outcome.ts';
import { prose, terminal } from '../safe.ts';
import { components, hotspots } from './components.ts';
import { failovers } from './failovers.ts';
import { markOf, paintOf } from './ink.ts';
import { type Page, edges, labelled, paragraph, rule } from './page.ts';
import { type Row, table } from './table.ts';
import { operations, traffic } from './traffic.ts';

export function stageDetail(stage: StageResult, number: number, page: Page): string[] {
  const outcome = outcomeOf(stage);
  const title = `${number} · ${terminal(stage.name)}`;
  return [
    edges(title, OUTCOME_WORDS[outcome], page, page.ink.strong, paintOf(page.ink, outcome)),
    rule(page),
    ...introduction(stage, page),
    ...section(traffic(stage, page)),
    ...section(operations(stage, page)),
    ...section(components(stage, page)),
    ...section(hotspots(stage, page), '  Where the slowest 1 % spent their time'),
    ...section(failovers(stage, page)),
    ...section(thresholds(stage, page)),
    ...section(stage.warnings.flatMap((text) => labelled('warning', terminal(prose(text)), page, page.ink.unsure))),
    ...(page.verbosity === 'full' ? section(provenance(stage, page)) : []),
  ];
}

/** A blank line, a heading if there is one, and the lines; nothing when there are none. */
function section(lines: string[], heading?: string): string[] {
  if (lines.length === 0) return [];
  return heading === undefined ? ['', ...lines] : ['', heading, ...lines];
}

function introduction(stage: StageResult, page: Page): string[] {
  const { teaches, verdict } = stage;
  const label = outcomeOf(stage) === 'inconclusive' ? 'unsure' : 'broke';
  return [
    ...(teaches === '' ? [] : paragraph(terminal(prose(teaches)), page, 2, page.ink.faint)),
    ...(verdict.change === '' ? [] : labelled('changed', terminal(prose(verdict.change)), page)),
    ...(stage.partial
      ? labelled(
          'partial',
          'ended early by a limit or an interrupt: these are the figures so far',
          page,
          page.ink.unsure,
        )
      : []),
    ...(verdict.broke === '' ? [] : labelled(label, terminal(prose(verdict.broke)), page, page.ink.strong)),
  ];
}

function thresholds(stage: StageResult, page: Page): string[] {
  if (stage.thresholds.length === 0)
    return labelled('thresholds', 'none: nothing was expected of this stage', page, page.ink.faint);
  const rows = stage.thresholds.map((it): Row => {
    const outcome: Outcome = it.verdict;
    const paint = paintOf(page.ink, outcome);
    return {
      cells: [
        { text: markOf(outcome), paint },
        terminal(it.threshold),
        observed(it),
        { text: OUTCOME_WORDS[outcome], paint },
      ],
    };
  });
  return table(
    [
      { head: '' },
      { head: 'threshold', shrinkTo: 20 },
      { head: 'observed', align: 'right', shrinkTo: 12 },
      { head: 'verdict' },
    ],
    rows,
    { width: page.width, ink: page.ink },
  );
}

function observed(it: ThresholdResult): string {
  return it.observed === null ? 'no data' : terminal(it.observedText);
}

function provenance(stage: StageResult, page: Page): string[] {
  return labelled(
    'run',
    `${secondsText(stage.simulatedSeconds)} after ${secondsText(stage.warmupSeconds)} of warm-up · ` +
      `${short(stage.events)} events · fingerprint ${terminal(stage.fingerprint)}`,
    page,
    page.ink.faint,
  );
}
