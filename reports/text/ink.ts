/** Colours by what they mean. Without colour each is the text itself, so nothing may depend on them. */
import pc from 'picocolors';
import type { Outcome } from '../outcome.ts';

export type Paint = (text: string) => string;

export interface Ink {
  strong: Paint;
  faint: Paint;
  good: Paint;
  bad: Paint;
  unsure: Paint;
  accent: Paint;
}

/** `color` is the caller's decision (terminal, NO_COLOR); the environment is not asked here. */
export function inkOf(color: boolean): Ink {
  const colors = pc.createColors(color);
  return {
    strong: colors.bold,
    faint: colors.dim,
    good: colors.green,
    bad: (text) => colors.bold(colors.red(text)),
    unsure: colors.yellow,
    accent: colors.cyan,
  };
}

export function paintOf(ink: Ink, outcome: Outcome): Paint {
  switch (outcome) {
    case 'pass':
      return ink.good;
    case 'fail':
    case 'held':
      return ink.bad;
    case 'breaks':
      return ink.unsure;
    case 'inconclusive':
    case 'partial':
      return ink.unsure;
    case 'unjudged':
      return ink.faint;
  }
}

const MARKS: Readonly<Record<Outcome, string>> = {
  pass: '✓',
  fail: '✗',
  inconclusive: '?',
  partial: '…',
  unjudged: '·',
  breaks: '✗',
  held: '!',
};

export function markOf(outcome: Outcome): string {
  return MARKS[outcome];
}
