/** What broke and why, in one sentence, from what was measured. */
import type { ThresholdResult, Verdict } from '../result.ts';
import type { ThresholdSettings } from '../scenario/settings.ts';
import { causeOf, causeOfFailures, type Findings, isFailing, isOfAll, isWorse } from './causes.ts';
import { hottestOf } from './components.ts';
import type { Judged, Measured } from './thresholds.ts';
import { digits, percent } from './words.ts';

/** Metrics that requests which fail are the reason for. */
const OF_FAILURES = new Set(['availability', 'availabilityByMinute', 'goodput', 'errors']);

export function verdictOf(findings: Findings, changes: readonly string[]): Verdict {
  const results = findings.judged.map(({ result }) => result);
  return {
    ok: results.every((t) => t.ok),
    hottest: hottestOf(findings.components),
    broke: brokeOf(findings) || unsureOf(results.map((result) => ({ result, doubt: 'few' }))),
    change: changes.slice(0, 4).join('; '),
  };
}

/** What users noticed, of the thresholds that failed, and why; empty when none did. */
function brokeOf(findings: Findings): string {
  const failed = findings.judged.filter(({ result }) => result.verdict === 'fail');
  if (failed.length === 0) return '';
  const noticed = isFailing(findings) ? failed.find((each) => isByFailures(each, findings)) : undefined;
  if (noticed !== undefined) return sentence(failures(findings.stage), causeOfFailures(noticed, findings));
  const slow = failed.find(({ asked, result }) => isStageLatency(asked) && result.observed !== null);
  const first = slow ?? failed[0];
  return sentence(describe(first), causeOf(first, findings));
}

const sentence = (symptom: string, cause: string): string => (cause === '' ? `${symptom}.` : `${symptom}: ${cause}.`);

const isStageLatency = ({ scope, metric }: ThresholdSettings): boolean =>
  scope.kind === 'stage' && metric === 'latency';

/** Failures also explain why there is no latency to judge, where nothing is said of how many may fail. */
function isByFailures(judged: Judged, findings: Findings): boolean {
  const { asked, result } = judged;
  if (!isOfAll(asked, findings) || !isWorse(judged)) return false;
  if (OF_FAILURES.has(asked.metric)) return true;
  const isAsked = findings.judged.some((each) => OF_FAILURES.has(each.asked.metric) && isOfAll(each.asked, findings));
  return result.observed === null && !isAsked;
}

function failures({ requests }: Measured): string {
  const kinds: [number, string][] = [
    [requests.timedOut, 'time out'],
    [requests.rejected, 'are refused'],
    [requests.failed, 'fail'],
  ];
  const [count, verb] = kinds.reduce((most, kind) => (kind[0] > most[0] ? kind : most));
  return `${percent(count / requests.offered)} of requests ${verb}`;
}

function describe({ asked, result, missing }: Judged): string {
  if (result.observed === null) return `${result.threshold} can’t be told, ${missing}`;
  return `${isStageLatency(asked) ? figure(asked.aggregate) : result.threshold} is ${result.observedText}`;
}

/** The stage's latency needs no more than the name of the figure: "p99", "mean latency". */
function figure(aggregate: ThresholdSettings['aggregate']): string {
  if (aggregate?.kind !== 'p') return `${aggregate?.kind} latency`;
  return `p${digits((aggregate as { percent: number }).percent)}`;
}

/** Why an expectation cannot be judged: too few samples, an interval on both sides of the limit, or some replications for it and some against. */
export type Doubt = 'few' | 'straddles' | 'mixed';

export interface Doubtful {
  result: ThresholdResult;
  /** Of one that is inconclusive. */
  doubt: Doubt;
}

const DOUBTS: Readonly<Record<Doubt, string>> = {
  few: 'of too few samples to be sure',
  straddles: 'too uncertain to say on which side of the limit it is',
  mixed: 'which holds in some replications and not in others',
};

/** For a stage in which nothing failed and something cannot be judged; empty when all is. */
export function unsureOf(thresholds: readonly Doubtful[]): string {
  const unsure = thresholds.find(({ result }) => result.verdict === 'inconclusive');
  if (unsure === undefined) return '';
  const { threshold, observed, observedText } = unsure.result;
  return observed === null
    ? `${threshold} is not known of every replication.`
    : `${threshold} is about ${observedText}, ${DOUBTS[unsure.doubt]}.`;
}
