/** What a stage's verdict is called: the chapter's sign, its words, and the sentence of why. Pure. */
import type { StageRecording } from '../../../sim/recording/format.ts';
import type { Sign } from './signs.ts';

export interface Judgement {
  sign: Sign;
  /** "holds", "breaks, as its author expects" … */
  words: string;
}

/** A stage in a word. A stage that is meant to break and does is right, and still shown as broken. */
export function judgementOf(result: StageRecording['result']): Judgement {
  if (result.partial) return { sign: 'busy', words: 'ended early' };
  const failed = result.thresholds.filter(({ verdict }) => verdict === 'fail').length;
  const unsure = result.thresholds.filter(({ verdict }) => verdict === 'inconclusive').length;
  if (result.thresholds.length === 0) return { sign: 'none', words: 'nothing expected' };
  if (failed > 0) return { sign: 'bad', words: result.expected === 'break' ? 'breaks, as it should' : 'breaks' };
  if (unsure > 0) return { sign: 'busy', words: 'inconclusive' };
  return result.expected === 'break' ? { sign: 'busy', words: 'was meant to break' } : { sign: 'ok', words: 'holds' };
}

/** The name of a chapter in a narrow bar: the users where they change, else a number. */
export function shortName(stages: readonly StageRecording[], index: number): string {
  const users = (at: number) => stages[at]?.result.users ?? 0;
  if (users(index) > 0 && users(index) !== users(index - 1)) return usersText(users(index));
  return String(index + 1);
}

function usersText(users: number): string {
  if (users >= 1e6) return `${Number((users / 1e6).toPrecision(3))}M`;
  if (users >= 1e3) return `${Number((users / 1e3).toPrecision(3))}K`;
  return String(users);
}
