/** One expectation over all replications: by the interval of what it is about, where that is a mean, a percentile or a rate. */
import type { LatencySummary, StageResult, ThresholdResult } from '../result.ts';
import type { ThresholdSettings } from '../scenario/settings.ts';
import { type Interval, meanInterval } from '../statistics/interval.ts';
import { compare, LEAST_BEYOND, textBeside, type Unit } from './thresholds.ts';
import type { Doubt, Doubtful } from './verdict.ts';

type Verdict = ThresholdResult['verdict'];

/** What varies about a true value, from which more replications say more and more, and its unit. Of all else every replication must hold. */
const ESTIMATES: Readonly<Record<string, Unit>> = {
  latency: 'ms',
  latencyAll: 'ms',
  sojourn: 'ms',
  availability: 'availability',
  goodput: 'perSecond',
  offered: 'perSecond',
  utilization: 'ratio',
  utilizationBusiest: 'ratio',
  waitMs: 'ms',
  serviceMs: 'ms',
  queueMean: 'count',
  hitRatio: 'ratio',
};

/** @param threshold the i-th of the stage; undefined: nobody knows what it is about, and every replication must hold */
export function mergeThreshold(
  stages: readonly StageResult[],
  i: number,
  threshold: ThresholdSettings | undefined,
  level: number,
): Doubtful {
  const list = stages.map((stage) => stage.thresholds[i]);
  const values = list.map(({ observed }) => observed);
  const known = values.filter((value) => value !== null);
  const isJudged = threshold !== undefined && isEstimate(threshold) && known.length === values.length;
  const interval = isJudged ? meanInterval(known, level) : null;
  const { verdict, doubt } = interval === null ? agreed(list) : judged(interval, stages, threshold!);
  return {
    result: {
      ...list[0],
      observed: known.length < values.length ? null : known.reduce((a, b) => a + b, 0) / known.length,
      verdict,
      ok: verdict === 'pass',
      observedText: interval === null ? rangeOf(list) : textOf(interval, threshold!),
    },
    doubt,
  };
}

function isEstimate({ metric, aggregate, operator }: ThresholdSettings): boolean {
  const isExtreme = aggregate?.kind === 'max' || aggregate?.kind === 'min';
  return Object.hasOwn(ESTIMATES, metric) && !isExtreme && operator !== '==' && operator !== '!=';
}

interface Judgement {
  verdict: Verdict;
  doubt: Doubt;
}

/** All pass: pass. One fails: fail if all do, else nobody can tell. */
function agreed(list: readonly ThresholdResult[]): Judgement {
  const [{ verdict }] = list;
  if (list.some((each) => each.verdict !== verdict)) return { verdict: 'inconclusive', doubt: 'mixed' };
  return { verdict, doubt: 'few' };
}

/** Pass or fail, where the whole interval lies on one side of the limit and, to pass, enough samples beyond a percentile. */
function judged({ low, high }: Interval, stages: readonly StageResult[], threshold: ThresholdSettings): Judgement {
  const { operator, limit, aggregate } = threshold;
  const sides = [low, high].map((value) => compare(value, operator, limit));
  if (sides[0] !== sides[1]) return { verdict: 'inconclusive', doubt: 'straddles' };
  if (!sides[0]) return { verdict: 'fail', doubt: 'straddles' };
  const beyond = aggregate?.kind === 'p' ? 1 - aggregate.percent / 100 : 1;
  const samples = stages.map((stage) => latencyOf(stage, threshold)?.count ?? Infinity);
  const isFew = beyond * samples.reduce((a, b) => a + b, 0) < LEAST_BEYOND;
  return { verdict: isFew ? 'inconclusive' : 'pass', doubt: 'few' };
}

/** The interval that decides. */
function textOf({ low, high }: Interval, { metric, limit }: ThresholdSettings): string {
  const [least, most] = [low, high].map((value) => textBeside(value, limit, ESTIMATES[metric]));
  return least === most ? least : `${least} … ${most}`;
}

/** What a latency is measured by; null: the threshold is of something else. */
function latencyOf(stage: StageResult, { scope, metric }: ThresholdSettings): LatencySummary | null {
  if (metric === 'sojourn' && scope.kind === 'component')
    return stage.components.find(({ name }) => name === scope.name)?.sojournMs ?? null;
  if (metric !== 'latency' && metric !== 'latencyAll') return null;
  if (scope.kind === 'operation') return stage.operations[scope.name]?.latencyMs ?? null;
  return metric === 'latency' ? stage.latencyMs : stage.latencyAllMs;
}

/** The least and the most that a replication saw; those that saw nothing first. */
function rangeOf(list: readonly ThresholdResult[]): string {
  const sorted = list.toSorted((a, b) => (a.observed ?? -Infinity) - (b.observed ?? -Infinity));
  const [least, most] = [sorted[0].observedText, sorted.at(-1)!.observedText];
  return least === most ? least : `${least} … ${most}`;
}
