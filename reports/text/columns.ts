/**
 * How many columns a string takes in a terminal, and cutting, padding and wrapping by that measure. For text without
 * colour codes: colour is put on last.
 */

/** East Asian wide and fullwidth blocks, and emoji: two columns each. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
/** Combining marks, joiners and variation selectors: none of their own. */
const NARROW = /[\p{M}\u200c\u200d]/u;

const HARD_SPACE = '\u00a0';

function columnsOfCharacter(character: string): number {
  if (character < '\u0300') return 1; // nearly everything, without a regular expression
  if (NARROW.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Columns that `text` takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOfCharacter(character);
  return columns;
}

/** `text` cut to at most `columns`, the cut marked with "…". */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let used = 1; // the mark
  for (const character of text) {
    used += columnsOfCharacter(character);
    if (used > columns) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - columnsOf(text))) + text;
}

/** `text` as lines of at most `columns`, broken at spaces; a word that is too long is cut into pieces. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((it) => pieces(it, columns))) {
    if (line === '') line = word;
    else if (columnsOf(line) + 1 + columnsOf(word) <= columns) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== '') lines.push(line);
  return lines.map((it) => it.replaceAll(HARD_SPACE, ' '));
}

/** Items of a list with dots between, for `wrap`, which then breaks only between items. */
export function listed(items: readonly string[]): string {
  return items.map((item) => item.replaceAll(' ', HARD_SPACE)).join(`${HARD_SPACE}· `);
}

function pieces(word: string, columns: number): string[] {
  if (columnsOf(word) <= columns) return [word];
  const found: string[] = [''];
  for (const character of word) {
    const last = found.length - 1;
    if (columnsOf(found[last]!) + columnsOfCharacter(character) > columns) found.push(character);
    else found[last] += character;
  }
  return found;
}
