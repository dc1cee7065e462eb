import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../sim/random/distribution.ts';
import { Stream } from '../../sim/random/keys.ts';
import { Sampler } from '../../sim/random/sampler.ts';
import { chiSquareScore, ksScore, moments, normalCdf } from './checks.ts';

const N = 100_000;

function drawMany(d: Distribution, n = N): Float64Array {
  const sampler = new Sampler();
  const id = sampler.add(d);
  return Float64Array.from({ length: n }, (_, i) => {
    sampler.sample(id, i, -99, 5);
    return sampler.out[0];
  });
}

const exponentialCdf = (mean: number) => (x: number) => 1 - Math.exp(-x / mean);

/** Gamma with a whole shape: Erlang. */
const erlangCdf = (stages: number, scale: number) => (x: number) => {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < stages; k++) {
    term *= x / scale / k;
    sum += term;
  }
  return 1 - Math.exp(-x / scale) * sum;
};

interface Case {
  name: string;
  of: Distribution;
  mean: number;
  variance: number;
  cdf: (x: number) => number;
}

const cases: Case[] = [
  { name: 'exponential', of: { kind: 'exponential', mean: 5e6 }, mean: 5e6, variance: 25e12, cdf: exponentialCdf(5e6) },
  {
    name: 'uniform',
    of: { kind: 'uniform', low: 10, high: 30 },
    mean: 20,
    variance: 400 / 12,
    cdf: (x) => (x - 10) / 20,
  },
  {
    name: 'lognormal',
    of: { kind: 'lognormal', mu: 2, sigma: 0.5 },
    mean: Math.exp(2.125),
    variance: (Math.exp(0.25) - 1) * Math.exp(4.25),
    cdf: (x) => normalCdf((Math.log(x) - 2) / 0.5),
  },
  {
    name: 'pareto',
    of: { kind: 'pareto', scale: 3, shape: 6 },
    mean: 3.6,
    variance: (9 * 6) / (25 * 4),
    cdf: (x) => 1 - (3 / x) ** 6,
  },
  {
    name: 'gamma of shape 1',
    of: { kind: 'gamma', shape: 1, scale: 4 },
    mean: 4,
    variance: 16,
    cdf: exponentialCdf(4),
  },
  { name: 'gamma of shape 4', of: { kind: 'gamma', shape: 4, scale: 2 }, mean: 8, variance: 16, cdf: erlangCdf(4, 2) },
  {
    // A squared standard normal, halved twice over: chi-square with one degree of freedom.
    name: 'gamma of shape 1/2',
    of: { kind: 'gamma', shape: 0.5, scale: 2 },
    mean: 1,
    variance: 2,
    cdf: (x) => 2 * normalCdf(Math.sqrt(x)) - 1,
  },
  {
    name: 'hyperexponential',
    of: {
      kind: 'hyperexponential',
      branches: [
        { weight: 0.9, mean: 1 },
        { weight: 0.1, mean: 20 },
      ],
    },
    mean: 2.9,
    variance: 2 * (0.9 + 0.1 * 400) - 2.9 ** 2,
    cdf: (x) => 0.9 * exponentialCdf(1)(x) + 0.1 * exponentialCdf(20)(x),
  },
  {
    name: 'empirical',
    of: {
      kind: 'empirical',
      points: [
        { p: 0, value: 1 },
        { p: 0.5, value: 3 },
        { p: 0.9, value: 3.5 },
        { p: 1, value: 20 },
      ],
    },
    mean: 0.5 * 2 + 0.4 * 3.25 + 0.1 * 11.75,
    variance:
      0.5 * (13 / 3) +
      0.4 * ((3 ** 2 + 3 * 3.5 + 3.5 ** 2) / 3) +
      0.1 * ((3.5 ** 2 + 3.5 * 20 + 20 ** 2) / 3) -
      (1 + 1.3 + 1.175) ** 2,
    cdf: (x) => (x < 3 ? 0.25 * (x - 1) : x < 3.5 ? 0.5 + 0.8 * (x - 3) : 0.9 + (0.1 / 16.5) * (x - 3.5)),
  },
  {
    name: 'mixture',
    of: {
      kind: 'mixture',
      branches: [
        { weight: 3, of: { kind: 'uniform', low: 0, high: 2 } },
        { weight: 1, of: { kind: 'shifted', by: 2, of: { kind: 'exponential', mean: 1 } } },
      ],
    },
    mean: 1.5,
    variance: 0.75 * (4 / 3) + 0.25 * (1 + 9) - 1.5 ** 2,
    cdf: (x) => (x < 2 ? 0.375 * x : 0.75 + 0.25 * exponentialCdf(1)(x - 2)),
  },
  {
    name: 'shifted',
    of: { kind: 'shifted', by: 200, of: { kind: 'exponential', mean: 50 } },
    mean: 250,
    variance: 2500,
    cdf: (x) => exponentialCdf(50)(x - 200),
  },
];

describe('sampler', () => {
  for (const { name, of, mean, variance, cdf } of cases) {
    it(`draws ${name} with its distribution, mean and variance`, () => {
      const values = drawMany(of);
      const sampler = new Sampler();
      expect(sampler.mean(sampler.add(of))).toBeCloseTo(mean, 9);
      const seen = moments(values);
      expect(Math.abs(seen.mean - mean) / Math.sqrt(variance / N)).toBeLessThan(3.5);
      expect(seen.variance / variance).toBeGreaterThan(0.95);
      expect(seen.variance / variance).toBeLessThan(1.05);
      expect(ksScore(values, cdf)).toBeLessThan(1.63);
    });
  }

  it('pins the first draws of each kind: the same on every engine and in every version', () => {
    const pinned = Object.fromEntries(cases.map(({ name, of }) => [name, [...drawMany(of, 3)]]));
    expect(pinned).toMatchInlineSnapshot(`
      {
        "empirical": [
          3.2985873680116127,
          2.2309193808060863,
          3.0617046619062607,
        ],
        "exponential": [
          3152451.3229525825,
          6565793.4132561,
          1254985.7066653103,
        ],
        "gamma of shape 1": [
          0.876627408082316,
          6.28501368962827,
          1.5967303721322106,
        ],
        "gamma of shape 1/2": [
          1.034150079418647,
          2.388537786868336,
          0.24676190387375316,
        ],
        "gamma of shape 4": [
          4.793857388516828,
          10.89479637441173,
          5.955776955239355,
        ],
        "hyperexponential": [
          1.0903679934863943,
          0.5816800516139847,
          0.5460936830771854,
        ],
        "lognormal": [
          5.055734154206277,
          11.080031247418976,
          6.095439299438832,
        ],
        "mixture": [
          1.047788432252714,
          0.6144122464540405,
          1.405349463861794,
        ],
        "pareto": [
          3.3324041132324407,
          3.733970217699108,
          3.1281605420692284,
        ],
        "shifted": [
          231.52451322952584,
          265.65793413256097,
          212.5498570666531,
        ],
        "uniform": [
          24.7773978881858,
          16.15459690403043,
          20.98727459050017,
        ],
      }
    `);
  });

  it('gives the same request the same demand, whatever else there is and in whatever order', () => {
    const demand: Distribution = { kind: 'gamma', shape: 0.7, scale: 3 };
    const alone = new Sampler();
    const only = alone.add(demand);
    const crowd = new Sampler();
    for (const { of } of cases) crowd.add(of);
    const among = crowd.add(demand);
    for (let i = 99; i >= 0; i--) {
      crowd.sample(i % 5, i, i, i);
      crowd.sample(among, i, 1, 2);
      const value = crowd.out[0];
      alone.sample(only, i, 1, 2);
      expect(alone.out[0]).toBe(value);
    }
  });

  it('scales with the mean, draw by draw, so that a faster machine serves the same work faster', () => {
    const slow = drawMany({ kind: 'exponential', mean: 8 }, 1000);
    const fast = drawMany({ kind: 'exponential', mean: 4 }, 1000);
    fast.forEach((value, i) => expect(value * 2).toBe(slow[i]));
  });

  it('gives equal distributions one id', () => {
    const sampler = new Sampler();
    const id = sampler.add({ kind: 'exponential', mean: 5 });
    expect(sampler.add({ mean: 5, kind: 'exponential' })).toBe(id);
    expect(sampler.add({ kind: 'exponential', mean: 6 })).not.toBe(id);
    expect(sampler.add({ kind: 'shifted', by: 0, of: { kind: 'exponential', mean: 5 } })).toBe(id);
  });

  it('sees through distributions that are constants', () => {
    const sampler = new Sampler();
    const constants: Distribution[] = [
      { kind: 'constant', value: 7 },
      { kind: 'uniform', low: 7, high: 7 },
      { kind: 'shifted', by: 2, of: { kind: 'constant', value: 5 } },
      { kind: 'mixture', branches: [{ weight: 1, of: { kind: 'constant', value: 7 } }] },
      {
        kind: 'empirical',
        points: [
          { p: 0, value: 7 },
          { p: 1, value: 7 },
        ],
      },
    ];
    for (const constant of constants) {
      const id = sampler.add(constant);
      expect(sampler.isConstant(id)).toBe(true);
      expect(sampler.constant(id)).toBe(7);
      sampler.sample(id, 1, 2, 3);
      expect(sampler.out[0]).toBe(7);
    }
    expect(sampler.isConstant(sampler.add({ kind: 'exponential', mean: 7 }))).toBe(false);
  });

  it('never goes below 0 nor beyond what a clock can count', () => {
    for (const value of drawMany({ kind: 'uniform', low: -5, high: 1 }, 1000)) expect(value).toBeGreaterThanOrEqual(0);
    for (const value of drawMany({ kind: 'shifted', by: -9, of: { kind: 'exponential', mean: 1 } }, 1000)) {
      expect(Object.is(value, 0) || value > 0).toBe(true);
    }
    const wild = drawMany({ kind: 'pareto', scale: 1, shape: 0.01 }, 1000);
    expect(Math.max(...wild)).toBe(Number.MAX_SAFE_INTEGER);
    expect(drawMany({ kind: 'constant', value: -3 }, 1)[0]).toBe(0);
  });

  it('knows that a Pareto of shape 1 has no mean', () => {
    const sampler = new Sampler();
    expect(sampler.mean(sampler.add({ kind: 'pareto', scale: 1, shape: 1 }))).toBe(Infinity);
  });

  it('jumps where a percentile table does', () => {
    const steps: Distribution = {
      kind: 'empirical',
      points: [
        { p: 0, value: 1 },
        { p: 0.5, value: 1 },
        { p: 0.5, value: 9 },
        { p: 1, value: 9 },
      ],
    };
    const values = drawMany(steps, 10_000);
    expect(new Set(values)).toEqual(new Set([1, 9]));
    expect(
      Math.abs(chiSquareScore([values.filter((x) => x === 1).length, values.filter((x) => x === 9).length])),
    ).toBeLessThan(4);
  });

  it('refuses tables that are none', () => {
    const sampler = new Sampler();
    const table = (points: [number, number][]): Distribution => ({
      kind: 'empirical',
      points: points.map(([p, value]) => ({ p, value })),
    });
    expect(() =>
      sampler.add(
        table([
          [0, 1],
          [0.5, 2],
        ]),
      ),
    ).toThrow(RangeError);
    expect(() =>
      sampler.add(
        table([
          [0, 1],
          [0.6, 2],
          [0.5, 3],
          [1, 4],
        ]),
      ),
    ).toThrow(RangeError);
    expect(() =>
      sampler.add({
        kind: 'hyperexponential',
        branches: [
          { weight: 0, mean: 1 },
          { weight: 0, mean: 2 },
        ],
      }),
    ).toThrow(RangeError);
  });

  it('draws from a stream by two of its numbers', () => {
    const sampler = new Sampler();
    const id = sampler.add({ kind: 'lognormal', mu: 0, sigma: 1 });
    const stream = new Stream('1', 'election');
    const twin = new Stream('1', 'election');
    for (let i = 0; i < 10; i++) {
      sampler.sampleFrom(id, stream);
      const value = sampler.out[0];
      const a = twin.nextInt32();
      const b = twin.nextInt32();
      sampler.sample(id, a, b, 0);
      expect(sampler.out[0]).toBe(value);
    }
  });

  it('draws uniform numbers of 53 bits from 0 up to but not including 1', () => {
    const sampler = new Sampler();
    const values = Float64Array.from({ length: N }, (_, i) => {
      sampler.uniform(i, 1, 2);
      return sampler.out[0];
    });
    expect(ksScore(values, (x) => x)).toBeLessThan(1.63);
    expect(values.every((x) => x >= 0 && x < 1 && Number.isInteger(x * 2 ** 53))).toBe(true);
    // The lowest of the 53 bits is alive.
    const odd = values.filter((x) => (x * 2 ** 53) % 2 === 1).length;
    expect(Math.abs(odd - N / 2) / Math.sqrt(N / 4)).toBeLessThan(4);
  });
});
