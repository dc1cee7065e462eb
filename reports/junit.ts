/**
 * JUnit XML for CI servers: a suite for each stage, a case for each threshold, and one case that says the simulator
 * kept its own invariants. No times and no time stamps: nothing of the host is in it.
 */
import junit, { type TestSuite } from 'junit-report-builder';
import type { RunResult, StageResult, ThresholdResult } from '../sim/result.ts';
import { availabilityText, duration, money, percent, rate, whole } from './format.ts';
import type { ReportOptions } from './options.ts';
import { OUTCOME_WORDS, outcomeOf, reasonOf, thresholdSentence } from './outcome.ts';
import { withoutCommands, xmlText } from './safe.ts';

export const INVARIANT_CASE = 'runs without violated invariant';

export function renderJunit(result: RunResult, options: ReportOptions): string {
  const builder = junit.newBuilder().name(xmlText(result.scenario.name));
  for (const stage of result.stages) {
    const suite = builder.testSuite().name(xmlText(stage.name));
    properties(suite, result, stage);
    const className = `${xmlText(result.scenario.name)}.${xmlText(stage.name)}`;
    invariantCase(suite, stage, className, options);
    expectedBreak(suite, stage, className);
    for (const threshold of stage.thresholds) thresholdCase(suite, stage, threshold, className);
  }
  return `${withoutCommands(builder.build())}\n`;
}

function properties(suite: TestSuite, result: RunResult, stage: StageResult): void {
  const { hottest } = stage.verdict;
  const all: [string, string][] = [
    ['verdict', OUTCOME_WORDS[outcomeOf(stage)]],
    ['seed', result.seed],
    ['users', whole(stage.users)],
    ['offered', `${rate(stage.offeredPerSecond)}/s`],
    ['goodput', `${rate(stage.goodputPerSecond)}/s`],
    ['availability', availabilityText(stage.availability)],
    ['latency p50', duration(stage.latencyMs.p50)],
    ['latency p95', duration(stage.latencyMs.p95)],
    ['latency p99', duration(stage.latencyMs.p99)],
    ['hottest', hottest === null ? '' : `${hottest.component} ${hottest.resource} ${percent(hottest.utilization)} %`],
    ['broke', reasonOf(stage)],
    ['cost', `${money(stage.costPerMonth)}/month`],
    ['reproduce', result.replay],
  ];
  for (const [name, value] of all) if (value !== '') suite.property(name, xmlText(value));
}

function invariantCase(suite: TestSuite, stage: StageResult, className: string, { violation }: ReportOptions): void {
  const test = suite.testCase().name(INVARIANT_CASE).className(className);
  if (violation !== null && violation.stage === stage.name) test.error(xmlText(violation.message), 'invariant');
  else if (stage.partial)
    test.error('ended early by a limit or an interrupt; what holds only at the end was not checked', 'partial');
}

/** A stage that teaches by breaking passes when it breaks. */
function expectedBreak(suite: TestSuite, stage: StageResult, className: string): void {
  if (stage.expected !== 'break') return;
  const test = suite.testCase().name('breaks as expected').className(className);
  if (outcomeOf(stage) !== 'breaks') test.failure(xmlText(reasonOf(stage)), 'held');
}

function thresholdCase(suite: TestSuite, stage: StageResult, threshold: ThresholdResult, className: string): void {
  const test = suite.testCase().name(xmlText(threshold.threshold)).className(className);
  const sentence = xmlText(thresholdSentence(threshold));
  // A stage that is expected to break is judged as a whole, by the case for its verdict.
  if (stage.expected === 'break') {
    test.standardOutput(sentence);
  } else if (threshold.verdict !== 'pass') {
    // What is only uncertain did not break: its own sentence says it all.
    const isBroken = threshold.verdict === 'fail' && stage.verdict.broke !== '';
    const why = isBroken ? `. ${xmlText(stage.verdict.broke)}` : '';
    test.failure(sentence + why, threshold.observed === null ? 'no data' : threshold.verdict);
  } else if (stage.partial) {
    test.failure(`${sentence} so far, but the stage ended early`, 'partial');
  }
}
