/**
 * The report as a page: one file without scripts that asks nothing of anybody, for people who have no terminal. The same
 * story and the same numbers as everywhere else.
 */
import type { RunResult } from '../../sim/result.ts';
import { availability, duration, money, NO_DATA, percent, rate, people } from '../format.ts';
import type { ReportOptions } from '../options.ts';
import { outcomeOf, reasonOf, runOutcome } from '../outcome.ts';
import { replicationsText } from '../replications.ts';
import { prose } from '../safe.ts';
import { h, page, type Child, type Html } from './element.ts';
import { stageSection, verdictWord } from './stage.ts';
import { STYLE } from './style.ts';
import { table } from './table.ts';

export function renderHtml(result: RunResult, options: ReportOptions): string {
  const run = runOutcome(result);
  const name = prose(result.scenario.name) || 'Scenario';
  const { violation } = options;
  return page(`${name}: ${run.word.toLowerCase()}`, STYLE, [
    h(
      'main',
      {},
      h('h1', {}, name),
      h('p', { class: 'lead' }, h('strong', {}, run.word), `: ${run.sentence}.`),
      violation === null
        ? []
        : h('p', { class: 'bad' }, `A bug in Tenfold: an invariant broke in ${violation.stage}: ${violation.message}`),
      overview(result, options.verbosity === 'brief'),
      result.replications === 1 ? [] : h('p', { class: 'soft' }, replicationsText(result)),
      options.verbosity === 'brief' ? [] : result.stages.map((stage, i) => stageSection(stage, i + 1)),
      reproduce(result),
    ),
  ]);
}

/** The stages in one table; why each broke is said there only if nothing follows that says it. */
function overview(result: RunResult, isAll: boolean): Html {
  const heads = [
    { head: 'Stage', kind: 'prose' as const },
    ...['Users', 'Offered /s', 'Goodput /s', 'p50', 'p95', 'p99', 'Availability %'].map((head) => ({
      head,
      kind: 'number' as const,
    })),
    { head: 'Hottest' },
    { head: 'Cost /month', kind: 'number' as const },
    { head: 'Verdict' },
    ...(isAll ? [{ head: 'What broke', kind: 'prose' as const }] : []),
  ];
  const rows = result.stages.map((stage, i): Child[] => {
    const { hottest } = stage.verdict;
    return [
      h('a', { href: `#stage-${i + 1}` }, stage.name),
      people(stage.users),
      rate(stage.offeredPerSecond),
      rate(stage.goodputPerSecond),
      duration(stage.latencyMs.p50),
      duration(stage.latencyMs.p95),
      duration(stage.latencyMs.p99),
      availability(stage.availability),
      hottest === null ? NO_DATA : `${hottest.component} ${hottest.resource} ${percent(hottest.utilization)} %`,
      money(stage.costPerMonth),
      verdictWord(outcomeOf(stage)),
      ...(isAll ? [prose(reasonOf(stage))] : []),
    ];
  });
  return table('Stages', heads, rows);
}

function reproduce({ replay, scenario, seed, tenfold }: RunResult): Child {
  return [
    h('h2', {}, 'Reproduce'),
    h('pre', { tabindex: '0' }, prose(replay)),
    h(
      'p',
      { class: 'soft' },
      h('code', {}, scenario.file),
      ', scenario ',
      h('code', {}, scenario.hash),
      ', seed ',
      h('code', {}, seed),
      ', Tenfold ',
      h('code', {}, tenfold),
    ),
  ];
}
