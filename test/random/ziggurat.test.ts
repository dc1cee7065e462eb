import { describe, expect, it } from 'vitest';
import { Deviates } from '../../sim/random/deviates.ts';
import {
  EXPONENTIAL_TAIL,
  LAYERS,
  NORMAL_TAIL,
  exponentialDensity,
  exponentialEdges,
  normalDensity,
  normalEdges,
} from '../../sim/random/ziggurat.ts';
import { ksScore, moments, normalCdf } from './checks.ts';

const N = 400_000;

function draws(kind: 'exponential' | 'normal'): Float64Array {
  const deviates = new Deviates();
  return Float64Array.from({ length: N }, (_, i) => {
    deviates.start(i, 77, 1);
    deviates[kind]();
    return deviates.out[0];
  });
}

describe('ziggurat tables', () => {
  for (const [name, edges, density, tailArea] of [
    ['exponential', exponentialEdges, exponentialDensity, Math.exp(-EXPONENTIAL_TAIL)],
    ['normal', normalEdges, normalDensity, Math.sqrt(2 * Math.PI) * (1 - normalCdf(NORMAL_TAIL))],
  ] as const) {
    it(`cut the ${name} density into layers of equal area`, () => {
      const base = edges[1] * density[1] + tailArea;
      expect((edges[0] * density[1]) / base).toBeCloseTo(1, 6);
      for (let layer = 1; layer < LAYERS; layer++) {
        expect((edges[layer] * (density[layer + 1] - density[layer])) / base).toBeCloseTo(1, 6);
        expect(edges[layer + 1]).toBeLessThan(edges[layer]);
      }
    });
  }
});

describe('ziggurat deviates', () => {
  it('are exponential, into the tail', () => {
    const values = draws('exponential');
    expect(ksScore(values, (x) => 1 - Math.exp(-x))).toBeLessThan(1.63);
    const { mean, variance } = moments(values);
    expect(mean).toBeCloseTo(1, 2);
    expect(variance).toBeCloseTo(1, 1);
    const tail = values.filter((x) => x > EXPONENTIAL_TAIL);
    const expected = N * Math.exp(-EXPONENTIAL_TAIL);
    expect(Math.abs(tail.length - expected) / Math.sqrt(expected)).toBeLessThan(3);
    expect(ksScore(tail, (x) => 1 - Math.exp(EXPONENTIAL_TAIL - x))).toBeLessThan(1.63);
  });

  it('are normal, into both tails', () => {
    const values = draws('normal');
    expect(ksScore(values, normalCdf)).toBeLessThan(1.63);
    const { mean, variance } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(0.005);
    expect(variance).toBeCloseTo(1, 2);
    const beyond = 1 - normalCdf(NORMAL_TAIL);
    for (const sign of [-1, 1]) {
      const tail = values.map((x) => sign * x).filter((x) => x > NORMAL_TAIL);
      expect(Math.abs(tail.length - N * beyond) / Math.sqrt(N * beyond)).toBeLessThan(3);
      expect(ksScore(tail, (x) => 1 - (1 - normalCdf(x)) / beyond)).toBeLessThan(1.63);
    }
  });
});
