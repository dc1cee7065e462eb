/**
 * What became of a stage and of the run, in one word and one sentence. All reports say the same because all ask here.
 */
import type { RunResult, StageResult, ThresholdResult } from '../sim/result.ts';
import { plural } from './format.ts';

/**
 * partial: ended early (a limit, an interrupt), so it neither passes nor fails. unjudged: nothing was expected of it.
 * breaks: it fails, as its author expects of it. held: it passes although it was expected to break.
 */
export type Outcome = 'pass' | 'fail' | 'inconclusive' | 'partial' | 'unjudged' | 'breaks' | 'held';

export function outcomeOf(stage: StageResult): Outcome {
  if (stage.partial) return 'partial';
  const fails = stage.thresholds.some((threshold) => threshold.verdict === 'fail');
  if (stage.expected === 'break') return fails ? 'breaks' : 'held';
  if (fails) return 'fail';
  if (stage.thresholds.some((threshold) => threshold.verdict === 'inconclusive')) return 'inconclusive';
  if (!stage.verdict.ok) return 'fail';
  return stage.thresholds.length === 0 ? 'unjudged' : 'pass';
}

/** The verdict as a word that needs no colour: a failure is in capitals. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  pass: 'pass',
  fail: 'FAIL',
  inconclusive: 'inconclusive',
  partial: 'PARTIAL',
  unjudged: 'no threshold',
  breaks: 'breaks',
  held: 'HELD',
};

export interface RunOutcome {
  outcome: Outcome;
  /** "FAILED", "PASSED", "INCONCLUSIVE", "PARTIAL", "DONE". */
  word: string;
  /** "1 of 3 stages failed, 1 inconclusive". */
  sentence: string;
  /** The first stage that did not hold, null when all did. */
  firstBroken: StageResult | null;
}

export function runOutcome(result: RunResult): RunOutcome {
  const outcomes = result.stages.map(outcomeOf);
  const count = (wanted: Outcome): number => outcomes.filter((outcome) => outcome === wanted).length;
  const broken = outcomes.findIndex((outcome) => outcome === 'fail' || outcome === 'held' || outcome === 'partial');
  const outcome = worstOf(result, count);
  return {
    outcome,
    word: wordOf(outcome),
    sentence: sentenceOf(outcomes.length, count),
    firstBroken: broken < 0 ? null : result.stages[broken]!,
  };
}

function worstOf(result: RunResult, count: (wanted: Outcome) => number): Outcome {
  if (count('fail') + count('held') > 0) return 'fail';
  if (count('partial') > 0) return 'partial';
  if (count('inconclusive') > 0 && !result.ok) return 'inconclusive';
  if (!result.ok) return 'fail';
  return count('unjudged') === result.stages.length ? 'unjudged' : 'pass';
}

function wordOf(outcome: Outcome): string {
  switch (outcome) {
    case 'pass':
      return 'PASSED';
    case 'fail':
      return 'FAILED';
    case 'inconclusive':
      return 'INCONCLUSIVE';
    case 'partial':
      return 'PARTIAL';
    case 'unjudged':
      return 'DONE';
    case 'breaks':
      return 'PASSED';
    case 'held':
      return 'FAILED';
  }
}

function sentenceOf(total: number, count: (wanted: Outcome) => number): string {
  const parts: string[] = [];
  if (count('fail') > 0) parts.push(`${count('fail')} of ${plural(total, 'stage')} failed`);
  else if (count('pass') > 0) parts.push(`${count('pass')} of ${plural(total, 'stage')} passed`);
  if (count('breaks') > 0) parts.push(`${count('breaks')} ${count('breaks') === 1 ? 'breaks' : 'break'} as expected`);
  if (count('held') > 0) parts.push(`${count('held')} held though expected to break`);
  if (count('inconclusive') > 0) parts.push(`${count('inconclusive')} inconclusive`);
  if (count('partial') > 0) parts.push(`${count('partial')} ended early`);
  if (count('unjudged') > 0) parts.push(`${count('unjudged')} without thresholds`);
  return parts.length === 0 ? 'no stages' : parts.join(', ');
}

/** What broke and why, in one sentence; empty for a stage that held. Not yet safe for any output. */
export function reasonOf(stage: StageResult): string {
  if (stage.verdict.broke !== '') return stage.verdict.broke;
  const unmet = stage.thresholds.filter((threshold) => threshold.verdict !== 'pass');
  const list = unmet
    .map((it) => `${it.threshold} (observed ${it.observed === null ? 'no data' : it.observedText})`)
    .join('; ');
  switch (outcomeOf(stage)) {
    case 'held':
      return 'held, though it was expected to break';
    case 'partial':
      return 'ended early: a limit was hit or the run was interrupted';
    case 'inconclusive':
      return `too uncertain to judge: ${list}`;
    case 'fail':
      return list === '' ? '' : `did not meet ${list}`;
    default:
      return '';
  }
}

/** Why an expectation was not met, for a line of its own. */
export function thresholdSentence(threshold: ThresholdResult): string {
  if (threshold.observed === null) return `${threshold.threshold}: no data, which never passes`;
  const verb = threshold.verdict === 'inconclusive' ? 'observed about' : 'observed';
  const tail = threshold.verdict === 'inconclusive' ? ', too uncertain to judge' : '';
  return `${threshold.threshold}: ${verb} ${threshold.observedText}${tail}`;
}
