/** The report as GitHub-flavoured Markdown, for pull requests and job summaries: the same story as in the terminal. */
import type { ComponentResult, Failover, Hotspot, RunResult, StageResult } from '../sim/result.ts';
import { metastableText, momentsOf, price, whenText } from './failover-story.ts';
import { journeysText, minutesText } from './window-story.ts';
import {
  availability,
  duration,
  money,
  named,
  NO_DATA,
  percent,
  percentColumn,
  people,
  plain,
  rate,
  secondsText,
  whole,
} from './format.ts';
import type { ReportOptions } from './options.ts';
import { OUTCOME_WORDS, outcomeOf, reasonOf, runOutcome } from './outcome.ts';
import { replicationsText } from './replications.ts';
import { markdown, markdownCell, markdownName, prose, withoutCommands } from './safe.ts';

export function renderMarkdown(result: RunResult, options: ReportOptions): string {
  const run = runOutcome(result);
  const blocks = [
    `# ${markdown(result.scenario.name) || 'Scenario'}`,
    `**${run.word}**: ${run.sentence}.`,
    ...(options.violation === null
      ? []
      : [
          `**A bug in Tenfold**: an invariant broke in ${markdownName(options.violation.stage)}: ${markdown(options.violation.message)}`,
        ]),
    overview(result),
    markdown(replicationsText(result)),
    ...(options.verbosity === 'brief' ? [] : result.stages.map((stage, index) => stageBlock(stage, index + 1))),
    '## Reproduce',
    fenced(result.replay),
    `${markdownName(result.scenario.file)}, scenario ${markdownName(result.scenario.hash)}, seed ${markdownName(result.seed)}, ` +
      `Tenfold ${markdownName(result.tenfold)}.`,
  ];
  return withoutCommands(`${blocks.filter((block) => block !== '').join('\n\n')}\n`);
}

/** A pipe table. Cells are Markdown already; `right` says which columns are numbers. */
function table(heads: readonly string[], right: readonly boolean[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(' | ')} |`;
  return [line(heads), line(right.map((it) => (it ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

function overview(result: RunResult): string {
  const heads = [
    'Stage',
    'Users',
    'Offered /s',
    'Goodput /s',
    'p50',
    'p95',
    'p99',
    'Availability %',
    'Hottest',
    'Cost /month',
    'Verdict',
    'What broke',
  ];
  const numbers = heads.map((_, index) => (index >= 1 && index <= 7) || index === 9);
  return table(
    heads,
    numbers,
    result.stages.map((stage) => {
      const { hottest } = stage.verdict;
      const outcome = outcomeOf(stage);
      const word = OUTCOME_WORDS[outcome];
      return [
        markdownName(stage.name),
        people(stage.users),
        rate(stage.offeredPerSecond),
        rate(stage.goodputPerSecond),
        duration(stage.latencyMs.p50),
        duration(stage.latencyMs.p95),
        duration(stage.latencyMs.p99),
        availability(stage.availability),
        hottest === null
          ? NO_DATA
          : `${markdownName(`${hottest.component} ${hottest.resource}`)} ${percent(hottest.utilization)} %`,
        money(stage.costPerMonth),
        outcome === 'pass' || outcome === 'unjudged' ? word : `**${word}**`,
        markdown(reasonOf(stage)),
      ];
    }),
  );
}

function stageBlock(stage: StageResult, number: number): string {
  const { change } = stage.verdict;
  return [
    `## ${number}. ${markdownName(stage.name)}: ${OUTCOME_WORDS[outcomeOf(stage)]}`,
    markdown(stage.teaches),
    change === '' ? '' : `Changed: ${markdown(change)}`,
    stage.partial ? 'Ended early by a limit or an interrupt: these are the figures so far.' : '',
    thresholds(stage),
    traffic(stage),
    [...minutesText(stage), ...journeysText(stage)].map((text) => `- ${markdown(text)}`).join('\n'),
    operations(stage),
    components(stage.components),
    hotspots(stage.hotspots),
    ...stage.failovers.map(failover),
    stage.warnings.map((warning) => `- Warning: ${markdown(warning)}`).join('\n'),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function thresholds(stage: StageResult): string {
  if (stage.thresholds.length === 0) return 'No thresholds: nothing was expected of this stage.';
  return table(
    ['Threshold', 'Observed', 'Verdict'],
    [false, true, false],
    stage.thresholds.map((it) => [
      markdownName(it.threshold),
      it.observed === null ? 'no data' : markdown(it.observedText),
      it.verdict === 'pass' ? 'pass' : `**${OUTCOME_WORDS[it.verdict]}**`,
    ]),
  );
}

function traffic(stage: StageResult): string {
  const { offered, completed, failed, timedOut, rejected, inFlight } = stage.requests;
  return (
    `Requests: ${whole(offered)} offered, ${whole(completed)} completed, ${whole(failed)} failed, ${whole(timedOut)} timed out, ` +
    `${whole(rejected)} rejected, ${whole(inFlight)} in flight; ${whole(stage.attempts)} attempts; demand ${rate(stage.demandPerSecond)}/s.`
  );
}

function operations(stage: StageResult): string {
  const entries = Object.entries(stage.operations);
  if (entries.length < 2) return '';
  const heads = ['Operation', 'Offered', 'Completed', 'Failed', 'Timed out', 'Rejected', 'p50', 'p95', 'p99'];
  return table(
    heads,
    heads.map((_, index) => index > 0),
    entries.map(([name, it]) => [
      markdownName(name),
      whole(it.offered),
      whole(it.completed),
      whole(it.failed),
      whole(it.timedOut),
      whole(it.rejected),
      duration(it.latencyMs.p50),
      duration(it.latencyMs.p95),
      duration(it.latencyMs.p99),
    ]),
  );
}

function components(all: ComponentResult[]): string {
  if (all.length === 0) return '';
  const heads = [
    'Component',
    'Type',
    'Up',
    'Busy %',
    'Busiest %',
    'Bottleneck',
    'Queue mean',
    'Queue max',
    'Wait ms',
    'Service ms',
    'p99 ms',
    'Errors',
    'Cost /month',
    'Also',
  ];
  const left = new Set([0, 1, 5, 13]);
  return `### Components\n\n${table(
    heads,
    heads.map((_, index) => !left.has(index)),
    all.map((it) => [
      markdownName(it.name),
      markdown(it.type),
      plain(it.instances),
      percentColumn(it.utilization),
      percentColumn(it.utilizationBusiest),
      markdownName(it.bottleneck),
      plain(it.queueMean),
      plain(it.queueMax),
      plain(it.waitMs),
      plain(it.serviceMs),
      plain(it.sojournMs.p99),
      whole(it.errors),
      money(it.costPerMonth),
      markdown(
        Object.entries(it.extra)
          .map(([name, value]) => named(name, value))
          .join(', '),
      ),
    ]),
  )}`;
}

function hotspots(all: Hotspot[]): string {
  if (all.length === 0) return '';
  return `### Where the slowest 1 % spent their time\n\n${table(
    ['Of p99 %', 'Of p50 %', 'Component', 'Resource', 'Kind', 'Busy %', 'Why'],
    [true, true, false, false, false, true, false],
    all.map((it) => [
      percentColumn(it.shareOfP99),
      percentColumn(it.shareOfP50),
      markdownName(it.component),
      markdownName(it.resource),
      it.kind,
      it.utilization > 0 ? percentColumn(it.utilization) : '',
      markdown(it.why),
    ]),
  )}`;
}

function failover(it: Failover): string {
  const moments = momentsOf(it).map((moment) => {
    const what = markdown(moment.what);
    return `- ${whenText(moment, secondsText)} ${moment.milestone ? `**${what}**` : what}`;
  });
  return [
    `### Fault ${markdownName(it.fault)}${it.component === '' ? '' : `: ${markdownName(it.component)}`} at ${secondsText(it.atSeconds)}`,
    moments.join('\n'),
    `${price(it)}.`,
    ...(it.metastable === null ? [] : [`**${markdown(metastableText(it))}.**`]),
  ].join('\n\n');
}

/** A command in a fence that nothing inside can close. */
function fenced(command: string): string {
  const text = prose(command);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}
