/** What a stage's verdict is called: its sign, its words, and the sentence of why. Pure. */
import type { StageRecording } from '../../../sim/recording/format.ts';
import type { StageResult } from '../../../sim/result.ts';
import { type Outcome, outcomeOf, reasonOf } from '../../../reports/outcome.ts';
import type { Sign } from './signs.ts';

export interface Judgement {
  sign: Sign;
  /** "holds", "breaks, as it should" … */
  words: string;
  /** A label and the sentence of the report about why; empty when there is nothing to explain. */
  reason: { label: string; text: string };
}

const WORDS: Record<Outcome, { sign: Sign; words: string; label: string }> = {
  pass: { sign: 'ok', words: 'holds', label: '' },
  fail: { sign: 'bad', words: 'breaks', label: 'Why it breaks' },
  breaks: { sign: 'bad', words: 'breaks, as it should', label: 'Why it breaks' },
  held: { sign: 'busy', words: 'holds, and should not', label: 'Against expectation' },
  inconclusive: { sign: 'busy', words: 'too close to call', label: 'Not decided' },
  partial: { sign: 'busy', words: 'ended early', label: 'Ended early' },
  unjudged: { sign: 'none', words: 'nothing expected', label: '' },
};

/** A stage in a word, as every report judges it. */
export function judgementOf(result: StageRecording['result']): Judgement {
  const stage = result as StageResult; // series and checkpoints, which a recording leaves out, say nothing about it
  const { sign, words, label } = WORDS[outcomeOf(stage)];
  return { sign, words, reason: { label, text: label === '' ? '' : reasonOf(stage) } };
}
