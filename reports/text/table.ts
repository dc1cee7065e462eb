/**
 * Tables that stay calm: no boxes, one rule under the head, numbers to the right, and when the terminal is narrow first
 * the columns that matter least go, then long names are cut.
 */
import { columnsOf, cut, padEnd, padStart } from './columns.ts';
import type { Ink, Paint } from './ink.ts';

export interface Column {
  /** Heading, and under it the unit; the unit line is left out when no column has one. */
  head: string;
  unit?: string;
  align?: 'left' | 'right';
  /** May be cut to this many columns when space is short. */
  shrinkTo?: number;
  /** May be left out when space is short; the highest goes first. Without it the column always stays. */
  dispensable?: number;
}

export interface Cell {
  text: string;
  paint?: Paint;
}

export interface Row {
  cells: (Cell | string)[];
  /** Lines under the row, ready made. */
  notes?: string[];
}

export interface TableLayout {
  width: number;
  indent?: number;
  ink: Ink;
}

const GAP = 2;

/** Indices of the columns that fit, with the width of each. */
function fit(columns: readonly Column[], natural: readonly number[], available: number): Map<number, number> {
  const kept = new Map(natural.map((width, index) => [index, width]));
  const total = (): number => [...kept.values()].reduce((sum, width) => sum + width, 0) + GAP * (kept.size - 1);
  const shrinkable = (index: number): number => {
    const limit = columns[index]!.shrinkTo;
    return limit === undefined ? 0 : Math.max(0, kept.get(index)! - limit);
  };
  for (;;) {
    const excess = total() - available;
    const slack = [...kept.keys()].reduce((sum, index) => sum + shrinkable(index), 0);
    if (excess <= slack) break;
    const victim = [...kept.keys()]
      .filter((index) => columns[index]!.dispensable !== undefined)
      .sort((a, b) => columns[b]!.dispensable! - columns[a]!.dispensable!)[0];
    if (victim === undefined) break;
    kept.delete(victim);
  }
  for (let excess = total() - available; excess > 0; excess--) {
    const widest = [...kept.keys()].sort((a, b) => shrinkable(b) - shrinkable(a))[0];
    if (widest === undefined || shrinkable(widest) === 0) break;
    kept.set(widest, kept.get(widest)! - 1);
  }
  return kept;
}

/** Columns that the table takes when nothing is cut or left out, indent included. */
export function naturalWidth(columns: readonly Column[], rows: readonly Row[], indent: number): number {
  return widthsOf(columns, rows).reduce((sum, width) => sum + width, indent) + GAP * (columns.length - 1);
}

function cellAt(row: Row, index: number): Cell {
  const cell = row.cells[index] ?? '';
  return typeof cell === 'string' ? { text: cell } : cell;
}

function widthsOf(columns: readonly Column[], rows: readonly Row[]): number[] {
  return columns.map((column, index) =>
    Math.max(
      columnsOf(column.head),
      columnsOf(column.unit ?? ''),
      ...rows.map((row) => columnsOf(cellAt(row, index).text)),
    ),
  );
}

/** The table as lines. Cells hold no colour codes; `paint` colours after padding. */
export function table(columns: readonly Column[], rows: readonly Row[], layout: TableLayout): string[] {
  const { ink } = layout;
  const indent = ' '.repeat(layout.indent ?? 2);
  const widths = fit(columns, widthsOf(columns, rows), layout.width - indent.length);
  const line = (cells: (index: number) => Cell): string => {
    const parts = [...widths].map(([index, width]) => {
      const { text, paint } = cells(index);
      const shown = cut(text, width);
      const padded = columns[index]!.align === 'right' ? padStart(shown, width) : padEnd(shown, width);
      return paint === undefined || shown === '' ? padded : padded.replace(shown, () => paint(shown));
    });
    return (indent + parts.join(' '.repeat(GAP))).trimEnd();
  };
  const heads = [line((index) => ({ text: columns[index]!.head, paint: ink.faint }))];
  if (columns.some((column) => column.unit)) {
    heads.push(line((index) => ({ text: columns[index]!.unit ?? '', paint: ink.faint })));
  }
  const length = [...widths.values()].reduce((sum, width) => sum + width, 0) + GAP * (widths.size - 1);
  heads.push(indent + ink.faint('─'.repeat(length)));
  return [...heads, ...rows.flatMap((row) => [line((index) => cellAt(row, index)), ...(row.notes ?? [])])];
}
