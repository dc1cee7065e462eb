/**
 * Why a threshold failed: what died, and what the time of the requests it is about went to. Time is known of all requests
 * together, so a threshold of one operation among several, of a component or of the cost gets no such cause: none is better
 * than a wrong one.
 */
import { OTHER, type World } from '../engine/world.ts';
import type { StageResult } from '../result.ts';
import type { ThresholdSettings } from '../scenario/settings.ts';
import { BANDS, bandOf, type Outcomes } from '../workload/outcomes.ts';
import { blameOf } from './blame.ts';
import { hottestOf } from './components.ts';
import { sharesOfBands, type Shares, why } from './hotspots.ts';
import type { Judged, Measured } from './thresholds.ts';
import { digits, percent } from './words.ts';

export interface Findings {
  judged: readonly Judged[];
  stage: Measured;
  operations: ReadonlyMap<string, Measured>;
  demandPerSecond: number;
  components: StageResult['components'];
  shares: Shares;
  world: World;
  outcomes: Outcomes;
}

/** Requests, and how their time is shared among the cells. */
interface Time {
  whose: string;
  shares: Float64Array;
}

/** Which way is worse: a threshold that asks for something bad and does not get it has no cause in slow requests. */
const WORSE: Readonly<Record<string, 'more' | 'less'>> = {
  latency: 'more',
  errors: 'more',
  availability: 'less',
  availabilityByMinute: 'less',
  goodput: 'less',
};

/** Part of the requests that must fail before their failing is what users noticed. */
const NOTICED = 0.01;

/** A clause, or nothing when no cause is known; a death that explains it comes first. */
export function causeOf(judged: Judged, findings: Findings): string {
  return clausesOf(judged, timeOf(judged, findings), findings);
}

/** The same where what users noticed is that requests fail. */
export function causeOfFailures(judged: Judged, findings: Findings): string {
  return clausesOf(judged, { whose: 'their', shares: findings.shares.failed }, findings);
}

function clausesOf(judged: Judged, time: Time | null, findings: Findings): string {
  const causes = [blameOf(judged.asked, findings), time === null ? '' : leading(time, findings)];
  return causes.filter((each) => each !== '').join('; ');
}

/** Whether a threshold is about all requests: of a single operation is known what is known of the stage. */
export function isOfAll({ scope }: ThresholdSettings, { operations }: Findings): boolean {
  return scope.kind === 'stage' || (scope.kind === 'operation' && operations.size === 1);
}

function erredOf({ requests }: Measured): number {
  return requests.failed + requests.timedOut + requests.rejected;
}

/** Whether so many fail that it is what users noticed. */
export function isFailing({ stage }: Findings): boolean {
  return erredOf(stage) > NOTICED * stage.requests.offered;
}

export function isWorse({ asked, result: { observed } }: Judged): boolean {
  const direction = WORSE[asked.metric];
  if (direction === undefined) return false;
  if (observed === null) return true;
  return direction === 'more' ? observed > asked.limit : observed < asked.limit;
}

/** The time that a threshold is about; null: not known, or not the reason. */
function timeOf(judged: Judged, findings: Findings): Time | null {
  const { asked } = judged;
  if (!isWorse(judged)) return null;
  if (!isOfAll(asked, findings)) return timeOfFailuresOfOne(asked, findings);
  return asked.metric === 'latency' ? timeOfLatency(asked.aggregate, findings) : timeOfMissing(asked, findings);
}

const failedOnes = ({ shares }: Findings): Time => ({ whose: 'the failed ones’', shares: shares.failed });

/** Where only one operation fails, the time of all that fail is its own. */
function timeOfFailuresOfOne({ scope, metric }: ThresholdSettings, findings: Findings): Time | null {
  if (scope.kind !== 'operation' || metric === 'latency') return null;
  const own = findings.operations.get(scope.name);
  const erred = own === undefined ? 0 : erredOf(own);
  return erred > 0 && erred === erredOf(findings.stage) ? failedOnes(findings) : null;
}

/** For availability, goodput and errors while few fail. */
function timeOfMissing({ metric, limit }: ThresholdSettings, findings: Findings): Time | null {
  const { stage, demandPerSecond } = findings;
  // Few users ask for little: that is no fault of the system.
  if (metric === 'goodput') return demandPerSecond < limit ? null : timeOfSlowest(99, findings);
  // What is overdue has not ended, so its time is not known; the slowest that did end met the same.
  return erredOf(stage) > stage.requests.overdue ? failedOnes(findings) : timeOfSlowest(99, findings);
}

function timeOfLatency(aggregate: ThresholdSettings['aggregate'], findings: Findings): Time | null {
  const { stage, outcomes } = findings;
  if (stage.latency.count === 0) return failedOnes(findings);
  switch (aggregate?.kind) {
    case 'p':
      return timeOfSlowest((aggregate as { percent: number }).percent, findings);
    case 'mean':
      return { whose: 'the', shares: sharesOfBands(outcomes, 0, BANDS - 1) };
    case 'max':
      return { whose: 'the slowest ones’', shares: sharesOfBands(outcomes, bandOf(stage.latency.max), BANDS - 1) };
    default:
      return null;
  }
}

/** Asked of those that did succeed, even when too many are in flight to quote the percentile. */
function timeOfSlowest(percentile: number, { stage, outcomes }: Findings): Time | null {
  if (stage.latency.count === 0) return null;
  return {
    whose: `the slowest ${digits(100 - percentile)} %’s`,
    shares: sharesOfBands(outcomes, bandOf(stage.latency.quantile(percentile / 100)), BANDS - 1),
  };
}

function leading({ whose, shares }: Time, { world, components }: Findings): string {
  const best = largest(shares, world);
  if (best < 0) {
    const hottest = hottestOf(components);
    return hottest !== null && hottest.utilization > 0.5
      ? `${hottest.resource} of ${hottest.component} ${percent(hottest.utilization)} busy`
      : '';
  }
  const cell = world.cells[best];
  const name = cell.component < 0 ? OTHER : world.components.name[cell.component];
  const component = components.find((c) => c.name === name);
  const busy = component?.resources.find((r) => r.resource === cell.resource)?.utilizationBusiest ?? 0;
  const behind =
    component !== undefined && component.bottleneck !== cell.resource && component.utilizationBusiest > 0.8
      ? ` (${component.bottleneck} ${percent(component.utilizationBusiest)} busy)`
      : '';
  return `${percent(shares[best])} of ${whose} time goes to ${why(cell.kind, cell.resource, name, busy)}${behind}`;
}

/** The cell with the largest share; the time between tries explains nothing as long as there is another. */
function largest(shares: Float64Array, { cells }: World): number {
  let best = -1;
  const isRetry = (i: number): boolean => cells[i].kind === 'retry';
  shares.forEach((share, i) => {
    if (share === 0 || (best >= 0 && isRetry(i))) return;
    if (best < 0 || isRetry(best) || share > shares[best]) best = i;
  });
  return best;
}
