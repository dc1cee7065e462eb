import exp from '@stdlib/math-base-special-exp';
import { describe, expect, it } from 'vitest';
import { exponentiate } from '../../sim/random/exp.ts';

function raised(x: number): number {
  const cell = Float64Array.of(x);
  exponentiate(cell);
  return cell[0];
}

describe('exponentiate', () => {
  it('agrees with the library to the last bits over the whole range', () => {
    let worst = 0;
    for (let i = 0; i < 200_000; i++) {
      const x = -708 + (1417 * i) / 200_000 + 1e-7 * i;
      if (x > 709) break;
      worst = Math.max(worst, Math.abs(raised(x) / exp(x) - 1));
    }
    expect(worst).toBeLessThan(7e-16);
  });

  it('is exact at 0 and ends in 0 and Infinity', () => {
    expect(raised(0)).toBe(1);
    expect(raised(-709)).toBe(0);
    expect(raised(-Infinity)).toBe(0);
    expect(raised(710)).toBe(Infinity);
  });
});
