/** Tables of the page: numbers to the right, the first column names the row. Only heads and prose go over several lines. */
import { h, type Child, type Html } from './element.ts';

export interface Column {
  head: string;
  /** Numbers stand to the right; prose gets room, and gives way before anything else does. */
  kind?: 'number' | 'prose';
}

export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Child[])[]): Html {
  const look = ({ kind }: Column): Record<string, string> =>
    kind === 'number' ? { class: 'n' } : kind === 'prose' ? { class: 'prose' } : {};
  const heads = columns.map((column) => h('th', { scope: 'col', ...look(column) }, column.head));
  const cell = (child: Child, i: number): Html =>
    i === 0 && columns[0].kind !== 'number'
      ? h('th', { scope: 'row', ...look(columns[i]) }, child)
      : h('td', look(columns[i]), child);
  // It scrolls sideways on a narrow screen, so it must be reached by keyboard.
  return h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, heads)),
      h(
        'tbody',
        {},
        rows.map((row) => h('tr', {}, row.map(cell))),
      ),
    ),
  );
}
