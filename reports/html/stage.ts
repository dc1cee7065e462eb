/** One stage of the page: what was expected, what happened, where the time went, and how it failed over. */
import type { ComponentResult, Failover, Hotspot, StageResult } from '../../sim/result.ts';
import { metastableText, momentsOf, price, whenText } from '../failover-story.ts';
import { journeysText, minutesText } from '../window-story.ts';
import { duration, money, named, percentColumn, plain, rate, secondsText, short, whole } from '../format.ts';
import { OUTCOME_WORDS, outcomeOf, reasonOf, type Outcome } from '../outcome.ts';
import { prose } from '../safe.ts';
import { chart } from './chart.ts';
import { h, type Child, type Html } from './element.ts';
import { table } from './table.ts';

const LOOKS: Readonly<Record<Outcome, string>> = {
  pass: 'good',
  fail: 'bad',
  inconclusive: 'unsure',
  partial: 'unsure',
  unjudged: 'soft',
  breaks: 'unsure',
  held: 'bad',
};

/** A verdict: its word says all, the colour helps. */
export function verdictWord(outcome: Outcome): Html {
  return h('span', { class: LOOKS[outcome] }, OUTCOME_WORDS[outcome]);
}

const paragraph = (text: string, look: Record<string, string> = {}): Child =>
  text === '' ? [] : h('p', look, prose(text));

export function stageSection(stage: StageResult, number: number): Html {
  const { change } = stage.verdict;
  return h(
    'section',
    { id: `stage-${number}` },
    h('h2', {}, `${number}. ${stage.name}: `, verdictWord(outcomeOf(stage))),
    paragraph(stage.teaches),
    paragraph(reasonOf(stage), { class: 'lead' }),
    change === '' ? [] : paragraph(`Changed: ${change}`, { class: 'soft' }),
    stage.partial ? paragraph('Ended early by a limit or an interrupt: these are the figures so far.') : [],
    charts(stage),
    thresholds(stage),
    traffic(stage),
    [...minutesText(stage), ...journeysText(stage)].map((text) => paragraph(`${prose(text)}.`)),
    operations(stage),
    components(stage.components),
    hotspots(stage.hotspots),
    stage.failovers.map(failover),
    stage.warnings.map((warning) => paragraph(`Warning: ${warning}`)),
  );
}

function charts({ series, failovers }: StageResult): Child {
  if (series.length < 2) return [];
  const times = series.map(({ atSeconds }) => atSeconds);
  const marks = failovers.map(({ atSeconds }) => atSeconds);
  const perSecond = (value: number): string => `${short(value)}/s`;
  const goodput = { name: 'goodput', values: series.map((it) => it.goodputPerSecond) };
  const offered = { name: 'offered', values: series.map((it) => it.offeredPerSecond) };
  const errors = { name: 'errors', values: series.map((it) => it.errorsPerSecond) };
  const p99 = { name: 'p99', values: series.map((it) => it.p99Ms) };
  const p50 = { name: 'p50', values: series.map((it) => it.p50Ms) };
  return h(
    'div',
    { class: 'charts' },
    chart('Requests', [goodput, offered], times, marks, perSecond),
    chart('Latency', [p99, p50], times, marks, duration),
    series.some((it) => it.errorsPerSecond > 0) ? chart('Failures', [errors], times, marks, perSecond) : [],
  );
}

function thresholds({ thresholds: all }: StageResult): Child {
  if (all.length === 0) return paragraph('No thresholds: nothing was expected of this stage.');
  return table(
    'Thresholds',
    [{ head: 'Threshold' }, { head: 'Observed', kind: 'number' }, { head: 'Verdict' }],
    all.map((it) => [
      it.threshold,
      it.observed === null ? 'no data' : it.observedText,
      verdictWord(it.verdict === 'pass' ? 'pass' : it.verdict),
    ]),
  );
}

function traffic({ requests, attempts, demandPerSecond }: StageResult): Child {
  const { offered, completed, failed, timedOut, rejected, inFlight } = requests;
  return paragraph(
    `Requests: ${whole(offered)} offered, ${whole(completed)} completed, ${whole(failed)} failed, ${whole(timedOut)} timed out, ` +
      `${whole(rejected)} rejected, ${whole(inFlight)} in flight; ${whole(attempts)} attempts; demand ${rate(demandPerSecond)}/s.`,
  );
}

const numbers = (...heads: string[]) => heads.map((head) => ({ head, kind: 'number' as const }));

function operations(stage: StageResult): Child {
  const entries = Object.entries(stage.operations);
  if (entries.length < 2) return [];
  return table(
    'Operations',
    [{ head: 'Operation' }, ...numbers('Offered', 'Completed', 'Failed', 'Timed out', 'Rejected', 'p50', 'p95', 'p99')],
    entries.map(([name, it]) => [
      name,
      ...[it.offered, it.completed, it.failed, it.timedOut, it.rejected].map(whole),
      ...[it.latencyMs.p50, it.latencyMs.p95, it.latencyMs.p99].map(duration),
    ]),
  );
}

function components(all: readonly ComponentResult[]): Child {
  if (all.length === 0) return [];
  const heads = [
    { head: 'Component' },
    { head: 'Type' },
    ...numbers('Up', 'Busy %', 'Busiest %'),
    { head: 'Bottleneck' },
    ...numbers('Queue mean', 'Queue max', 'Wait ms', 'Service ms', 'p99 ms', 'Errors', 'Cost /month'),
    { head: 'Also', kind: 'prose' as const },
  ];
  const rows = all.map((it) => [
    it.name,
    it.type,
    plain(it.instances),
    percentColumn(it.utilization),
    percentColumn(it.utilizationBusiest),
    it.bottleneck,
    ...[it.queueMean, it.queueMax, it.waitMs, it.serviceMs, it.sojournMs.p99].map(plain),
    whole(it.errors),
    money(it.costPerMonth),
    Object.entries(it.extra)
      .map(([name, value]) => named(name, value))
      .join(', '),
  ]);
  return [h('h3', {}, 'Components'), table('Components', heads, rows)];
}

function hotspots(all: readonly Hotspot[]): Child {
  if (all.length === 0) return [];
  const title = 'Where the slowest 1 % spent their time';
  const heads = [
    { head: 'Component' },
    { head: 'Resource' },
    { head: 'Kind' },
    ...numbers('Of p99 %', 'Of p50 %', 'Busy %'),
    { head: 'Why', kind: 'prose' as const },
  ];
  const rows = all.map((it) => [
    it.component,
    it.resource,
    it.kind,
    percentColumn(it.shareOfP99),
    percentColumn(it.shareOfP50),
    it.utilization > 0 ? percentColumn(it.utilization) : '',
    it.why,
  ]);
  return [h('h3', {}, title), table(title, heads, rows)];
}

function failover(it: Failover): Child {
  const where = it.component === '' ? '' : `: ${it.component}`;
  const moments = momentsOf(it).map((moment) => {
    const text = prose(moment.what);
    return h('li', {}, `${whenText(moment, secondsText)} `, moment.milestone ? h('strong', {}, text) : text);
  });
  return [
    h('h3', {}, `Fault ${it.fault}${where} at ${secondsText(it.atSeconds)}`),
    moments.length === 0 ? [] : h('ul', {}, moments),
    paragraph(`${price(it)}.`),
    it.metastable === null ? [] : h('p', {}, h('strong', {}, prose(`${metastableText(it)}.`))),
  ];
}
