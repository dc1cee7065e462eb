/**
 * A source text and its places: where in the file (or on the command line) a value was written.
 */

/** One text that values come from: the scenario file, or an option such as `--set`. */
export interface Source {
  /** File name, or the option's name. */
  name: string;
  text: string;
  /** Offset at which each line begins. */
  lineStarts: number[];
}

/** A place in a source, as an offset in UTF-16 code units. */
export interface Place {
  source: Source;
  offset: number;
}

/** Lines end with LF, CR LF or CR. */
export function makeSource(name: string, text: string): Source {
  const lineStarts = [0];
  for (const end of text.matchAll(/\r\n?|\n/g)) lineStarts.push(end.index + end[0].length);
  return { name, text, lineStarts };
}

/** Line and column of a place, both from 1; the column counts characters (code points). */
export function position({ source, offset }: Place): { line: number; column: number } {
  const { lineStarts } = source;
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lineStarts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  // A column far into a huge line is not worth counting exactly.
  const before = source.text.slice(lineStarts[low], Math.min(offset, lineStarts[low] + 10_000));
  return { line: low + 1, column: [...before].length + 1 };
}

/** The text of a line (from 1) without its end, shortened when it is very long. */
export function lineText(source: Source, line: number): string {
  const start = source.lineStarts[line - 1];
  const end = line < source.lineStarts.length ? source.lineStarts[line] : source.text.length;
  return source.text.slice(start, Math.min(end, start + 10_000)).replace(/[\r\n]+$/, '');
}
