/** Lines over the time of a stage, as a drawing that needs no script. The tables beside it say the same in numbers. */
import { secondsText } from '../format.ts';
import { h, type Html } from './element.ts';

const WIDTH = 480;
const HEIGHT = 150;
const LEFT = 8;
const TOP = 18;
const BOTTOM = 20;

export interface Line {
  name: string;
  values: readonly (number | null)[];
}

/**
 * One or two lines on one scale from zero; the second is dashed, so that colour is not needed to tell them apart.
 *
 * @param times of the values, seconds, ascending
 * @param marks moments to mark, seconds
 */
export function chart(
  title: string,
  lines: readonly Line[],
  times: readonly number[],
  marks: readonly number[],
  format: (value: number) => string,
): Html {
  const top = Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const from = times[0] ?? 0;
  const to = Math.max(from + 1e-9, times[times.length - 1] ?? 1);
  const x = (time: number): number => LEFT + ((time - from) / (to - from)) * (WIDTH - 2 * LEFT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / (top || 1)) * (HEIGHT - BOTTOM - TOP);
  const names = lines.map(({ name }, i) => (i === 0 ? name : `${name} (dashed)`)).join(', ');
  const drawing = h(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${title}: ${names}; at most ${format(top)}` },
    h('line', { class: 'grid', x1: '0', y1: fixed(y(0)), x2: String(WIDTH), y2: fixed(y(0)) }),
    h('line', { class: 'grid', x1: '0', y1: fixed(y(top)), x2: String(WIDTH), y2: fixed(y(top)) }),
    marks
      .filter((time) => time >= from && time <= to)
      .map((time) =>
        h('line', { class: 'mark', x1: fixed(x(time)), y1: String(TOP), x2: fixed(x(time)), y2: fixed(y(0)) }),
      ),
    lines.flatMap(({ values }, i) =>
      pieces(values).map((piece) =>
        h('polyline', {
          class: i === 0 ? 'one' : 'two',
          points: piece.map((at) => `${fixed(x(times[at]))},${fixed(y(values[at]!))}`).join(' '),
        }),
      ),
    ),
    h('text', { x: String(LEFT), y: '12' }, format(top)),
    h('text', { x: String(LEFT), y: String(HEIGHT - 6) }, secondsText(from)),
    h('text', { x: String(WIDTH - LEFT), y: String(HEIGHT - 6), 'text-anchor': 'end' }, secondsText(to)),
  );
  return h('figure', {}, drawing, h('figcaption', {}, `${title}: ${names}`));
}

/** Indices of values that follow each other; a gap (null) ends a piece. */
function pieces(values: readonly (number | null)[]): number[][] {
  const found: number[][] = [[]];
  values.forEach((value, i) => {
    if (value !== null) found[found.length - 1].push(i);
    else if (found[found.length - 1].length > 0) found.push([]);
  });
  return found.filter(({ length }) => length > 0);
}

const fixed = (value: number): string => String(Math.round(value * 10) / 10);
