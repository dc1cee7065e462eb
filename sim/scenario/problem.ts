/**
 * Problems: making one from a place, and writing it as `file:line:col`, message, the line with a caret, and a hint.
 */
import type { Problem } from './settings.ts';
import { lineText, type Place, position } from './source/text.ts';

/** More errors than this are only counted. */
export const MAX_PROBLEMS = 20;

const MAX_LINE = 120;

/** A problem at a place. */
export function problemAt(place: Place, message: string, hint = '', severity: Problem['severity'] = 'error'): Problem {
  const { line, column } = position(place);
  return { severity, file: place.source.name, line, column, message, hint, source: lineText(place.source, line) };
}

/** Characters that could move the cursor, hide or reorder text in a terminal or a log become visible escapes. */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** The part of a long line around the column, with the caret's offset in it. */
function excerpt(source: string, column: number): { text: string; caret: number } {
  const characters = [...source];
  const start = characters.length <= MAX_LINE ? 0 : Math.max(0, Math.min(column - 40, characters.length - MAX_LINE));
  const clean = (part: string[]) => visible(part.join('').replace(/\t/g, ' '));
  const before = clean(characters.slice(start, column - 1));
  const after = clean(characters.slice(Math.max(start, column - 1), start + MAX_LINE));
  const lead = start > 0 ? '… ' : '';
  const tail = start + MAX_LINE < characters.length ? ' …' : '';
  return { text: `${lead}${before}${after}${tail}`, caret: lead.length + [...before].length };
}

/** One problem as people read it. */
export function formatProblem(problem: Problem): string {
  const head = `${visible(problem.file)}:${problem.line}:${problem.column}: ${problem.severity}: ${visible(problem.message)}`;
  const lines = [head];
  if (problem.source.trim() !== '') {
    const { text, caret } = excerpt(problem.source, problem.column);
    const gutter = String(problem.line);
    lines.push(`  ${gutter} | ${text}`, `  ${' '.repeat(gutter.length)} | ${' '.repeat(caret)}^`);
  }
  if (problem.hint !== '') lines.push(`  ${visible(problem.hint)}`);
  return lines.join('\n');
}

/** All of them in the order of the file, at most 20 errors, then a count. */
export function formatProblems(problems: readonly Problem[]): string {
  const errors = problems.filter((problem) => problem.severity === 'error');
  const shown = problems.filter((problem) => problem.severity === 'warning' || errors.indexOf(problem) < MAX_PROBLEMS);
  const parts = shown.map(formatProblem);
  if (errors.length > MAX_PROBLEMS) parts.push(`… and ${errors.length - MAX_PROBLEMS} more errors`);
  return parts.join('\n\n');
}
