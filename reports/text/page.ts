/** What every part of the terminal report is given: the space, the colours, how much to say; and its small pieces. */
import type { ReportOptions } from '../options.ts';
import { columnsOf, cut, wrap } from './columns.ts';
import { type Ink, type Paint, inkOf } from './ink.ts';

export interface Page {
  width: number;
  ink: Ink;
  verbosity: ReportOptions['verbosity'];
}

export function pageOf(options: ReportOptions): Page {
  return { width: options.width, ink: inkOf(options.color), verbosity: options.verbosity };
}

/** `text` wrapped to the page, each line behind `indent` spaces; further lines `hang` columns deeper. */
export function paragraph(text: string, page: Page, indent: number, paint: Paint = (it) => it, hang = 0): string[] {
  return wrap(text, page.width - indent - hang).map(
    (line, index) => ' '.repeat(indent + (index === 0 ? 0 : hang)) + paint(line),
  );
}

/** A label and what belongs to it, wrapped under itself: "  broke     p99 is …". */
export function labelled(label: string, text: string, page: Page, paint: Paint = (it) => it, column = 12): string[] {
  return wrap(text, page.width - column).map(
    (line, index) =>
      (index === 0
        ? `  ${page.ink.faint(label)}${' '.repeat(Math.max(1, column - 2 - label.length))}`
        : ' '.repeat(column)) + paint(line),
  );
}

/** One line with `left` and `right` at the two edges of the page; the left gives way. */
export function edges(left: string, right: string, page: Page, paintLeft: Paint, paintRight: Paint): string {
  const shown = cut(left, Math.max(10, page.width - columnsOf(right) - 2));
  const space = Math.max(1, page.width - columnsOf(shown) - columnsOf(right));
  return paintLeft(shown) + (right === '' ? '' : ' '.repeat(space) + paintRight(right));
}

export function rule(page: Page, character = '─'): string {
  return page.ink.faint(character.repeat(page.width));
}
