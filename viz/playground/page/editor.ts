/**
 * The text of the scenario, to be changed: a plain text area with line numbers, and each problem with its place, which
 * a click goes to. While a text has errors the last good one stays on show.
 */
import type { Problem } from '../../../sim/index.ts';
import { h, put, write } from '../../replay/dom.ts';
import type { State } from './state.ts';

/** More are only counted. */
const mostProblems = 20;

export function editor(edit: (text: string) => void) {
  const area = h('textarea', {
    id: 'yaml',
    'aria-label': 'Scenario as YAML',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    wrap: 'off',
    rows: 20,
  });
  const gutter = h('pre', { class: 'gutter', 'aria-hidden': 'true' });
  const list = h('ol', { class: 'problems', id: 'problems', 'aria-live': 'polite' });
  const element = h('div', { class: 'editor' }, h('div', { class: 'sheet' }, gutter, area), list);

  area.addEventListener('input', () => edit(area.value));
  area.addEventListener('scroll', () => (gutter.scrollTop = area.scrollTop));
  area.addEventListener('keydown', (event) => indent(event, area, edit));

  const draw = (state: State) => {
    if (area.value !== state.text) area.value = state.text;
    const errors = state.problems.filter(({ severity }) => severity === 'error');
    drawGutter(gutter, state.text, state.problems);
    gutter.scrollTop = area.scrollTop;
    put(area, 'aria-invalid', String(errors.length > 0));
    put(area, 'aria-describedby', 'problems');
    const shown = state.problems.slice(0, mostProblems).map((problem) => problemItem(problem, area));
    if (state.problems.length > mostProblems)
      shown.push(h('li', {}, `… and ${state.problems.length - mostProblems} more`));
    list.replaceChildren(...shown);
  };
  return { element, draw, area };
}

/** Numbers of the lines, with a mark at those that have a problem. */
function drawGutter(gutter: HTMLElement, text: string, problems: readonly Problem[]): void {
  const lines = text.split(/\r\n|\r|\n/).length;
  const bad = new Set(problems.map(({ line }) => line));
  const numbers = Array.from(
    { length: lines },
    (_, index) => `${bad.has(index + 1) ? '!' : ' '}${String(index + 1).padStart(4)}`,
  );
  write(gutter, numbers.join('\n'));
}

function problemItem({ severity, line, column, message, hint }: Problem, area: HTMLTextAreaElement): HTMLElement {
  const place = h('button', { type: 'button', class: 'quiet place' }, `line ${line}, column ${column}`);
  place.addEventListener('click', () => goTo(area, line, column));
  const text = h('span', { class: 'message' }, message);
  return h('li', { class: severity }, place, text, hint ? h('span', { class: 'hint' }, hint) : null);
}

/** Puts the caret at a place (columns count characters, from one) and scrolls there. */
function goTo(area: HTMLTextAreaElement, line: number, column: number): void {
  const lines = area.value.split('\n');
  const before = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  const offset = [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
  area.focus();
  area.setSelectionRange(before + offset, before + offset + 1);
  area.scrollTop = Math.max(0, (line - 6) * Number.parseFloat(getComputedStyle(area).lineHeight));
}

/** Tab indents by two spaces (shift takes them away); after Escape it leaves the field, for those without a mouse. */
let isLeaving = false;
function indent(event: KeyboardEvent, area: HTMLTextAreaElement, edit: (text: string) => void): void {
  if (event.key === 'Escape') {
    isLeaving = true;
    return;
  }
  const leaves = isLeaving;
  isLeaving = false;
  if (event.key !== 'Tab' || leaves || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const start = area.selectionStart;
  const lineStart = area.value.lastIndexOf('\n', start - 1) + 1;
  if (!event.shiftKey) area.setRangeText('  ', start, area.selectionEnd, 'end');
  else if (area.value.startsWith('  ', lineStart)) {
    area.setRangeText('', lineStart, lineStart + 2, 'preserve');
  }
  edit(area.value);
}
