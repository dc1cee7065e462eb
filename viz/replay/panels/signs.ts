/** Small signs with a shape for each meaning, so that no meaning hangs on colour alone. */
import { s } from '../dom.ts';

export type Sign = 'ok' | 'bad' | 'busy' | 'none';

const SHAPES: Record<Sign, string> = {
  ok: 'M2,6.5L5,9.5L10,3',
  bad: 'M2.5,2.5L9.5,9.5M9.5,2.5L2.5,9.5',
  busy: 'M6,1.5L11,10.5H1Z',
  none: 'M2,6H10',
};

/** A sign of 12 × 12; what it means has to stand beside it in words. */
export function signOf(sign: Sign): SVGSVGElement {
  return s(
    'svg',
    { width: 12, height: 12, viewBox: '0 0 12 12', 'aria-hidden': true, class: `mark-${sign}` },
    s('path', {
      d: SHAPES[sign],
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 1.9,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    }),
  );
}
