/**
 * The report for a terminal: the table of stages first, details of each stage after it, the verdict and the command
 * that reproduces it last, where the eye rests when the scrolling stops.
 */
import type { RunResult } from '../../sim/result.ts';
import { plural } from '../format.ts';
import type { ReportOptions } from '../options.ts';
import { outcomeOf, runOutcome } from '../outcome.ts';
import { replicationsText } from '../replications.ts';
import { prose, terminal, withoutCommands } from '../safe.ts';
import { columnsOf, cut } from './columns.ts';
import { paintOf } from './ink.ts';
import { overview } from './overview.ts';
import { type Page, edges, labelled, pageOf, paragraph, rule } from './page.ts';
import { stageDetail } from './stage.ts';

/** The report as text that ends in a line break. No line is wider than the page, save those a word forces. */
export function renderText(result: RunResult, options: ReportOptions): string {
  const page = pageOf(options);
  const lines = [
    ...heading(result, page),
    '',
    ...overview(result, page),
    ...(page.verbosity === 'brief'
      ? []
      : result.stages.flatMap((stage, index) => ['', '', ...stageDetail(stage, index + 1, page)])),
    '',
    ...(page.verbosity === 'brief' ? [] : [rule(page, '━')]),
    ...ending(result, options, page),
  ];
  return withoutCommands(`${lines.map((line) => line.trimEnd()).join('\n')}\n`);
}

function heading(result: RunResult, page: Page): string[] {
  const runs = result.replications > 1 ? ` · ${plural(result.replications, 'replication')}` : '';
  const right = `seed ${terminal(result.seed)}${runs} · ${plural(result.stages.length, 'stage')}`;
  const origin = `${terminal(result.scenario.file)} · ${terminal(result.scenario.hash)} · tenfold ${terminal(result.tenfold)}`;
  return [
    edges(
      terminal(prose(result.scenario.name)),
      cut(right, Math.floor(page.width / 2)),
      page,
      page.ink.strong,
      page.ink.faint,
    ),
    ...paragraph(origin, page, 0, page.ink.faint),
    ...paragraph(replicationsText(result), page, 0, page.ink.faint),
  ];
}

function ending(result: RunResult, options: ReportOptions, page: Page): string[] {
  const run = runOutcome(result);
  const lines: string[] = [];
  if (options.violation !== null) {
    lines.push(
      ...labelled(
        'bug',
        `an invariant broke in ${terminal(options.violation.stage)}: ${terminal(prose(options.violation.message))}. ` +
          'This is a fault of Tenfold; none of these figures can be trusted.',
        page,
        page.ink.bad,
      ),
    );
  }
  lines.push(`${paintOf(page.ink, run.outcome)(run.word)}  ${run.sentence}`);
  if (run.firstBroken !== null && result.stages.length > 1) {
    const verb = outcomeOf(run.firstBroken) === 'partial' ? 'first to end early' : 'first to break';
    lines.push(page.ink.faint(`${verb}: `) + cut(terminal(run.firstBroken.name), page.width - columnsOf(verb) - 2));
  }
  // Not wrapped: a command is to be copied whole.
  lines.push(page.ink.faint('reproduce: ') + terminal(result.replay));
  return lines;
}
