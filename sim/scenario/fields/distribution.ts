/**
 * The one notation for a duration that varies: a constant (`5ms`) or a map of one word (`{ exponential: 5ms }`).
 */
import lnPure from '@stdlib/math-base-special-ln';
import * as z from 'zod';
import type { Distribution } from '../../random/distribution.ts';
import { parseDuration } from '../units.ts';
import { complain, count, duration, number, positiveDuration, quantity, ratio } from './scalar.ts';

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;

const lognormal = z
  .strictObject({
    mean: positiveDuration('Mean.').optional(),
    cv: number('Coefficient of variation: deviation ÷ mean.', { above: 0 }).optional(),
    p50: positiveDuration('Median.').optional(),
    p99: positiveDuration('99th percentile.').optional(),
  })
  .transform(({ mean, cv, p50, p99 }, ctx): Distribution => {
    if (mean !== undefined && cv !== undefined && p50 === undefined && p99 === undefined) {
      const variance = lnPure(1 + cv * cv);
      return { kind: 'lognormal', mu: lnPure(mean) - variance / 2, sigma: Math.sqrt(variance) };
    }
    if (p50 !== undefined && p99 !== undefined && mean === undefined && cv === undefined) {
      if (p99 > p50) return { kind: 'lognormal', mu: lnPure(p50), sigma: (lnPure(p99) - lnPure(p50)) / Z99 };
      complain(ctx, 'the p99 of a lognormal must be above its p50', '', ['p99']);
      return z.NEVER;
    }
    complain(
      ctx,
      'a lognormal needs mean and cv, or p50 and p99',
      '{ lognormal: { mean: 5ms, cv: 2 } } or { lognormal: { p50: 3ms, p99: 20ms } }',
    );
    return z.NEVER;
  });

const uniform = z.tuple([duration('Least.'), duration('Most.')]).transform(([low, high], ctx): Distribution => {
  if (low > high)
    complain(ctx, 'the lower end of a uniform distribution is above its upper end', 'write the smaller value first');
  return { kind: 'uniform', low, high };
});

const pareto = z
  .strictObject({
    scale: positiveDuration('The least value.'),
    shape: number('Tail index: the smaller, the heavier; at or below 1 the mean is infinite.', { above: 0 }),
  })
  .transform(({ scale, shape }): Distribution => ({ kind: 'pareto', scale, shape }));

const gamma = z
  .strictObject({ mean: positiveDuration('Mean.'), shape: number('Shape; 1 is exponential.', { above: 0 }) })
  .transform(({ mean, shape }): Distribution => ({ kind: 'gamma', shape, scale: mean / shape }));

const erlang = z
  .strictObject({
    mean: positiveDuration('Mean of the sum.'),
    stages: count('Exponential stages in a row.', 1, 10_000),
  })
  .transform(({ mean, stages }): Distribution => ({ kind: 'gamma', shape: stages, scale: mean / stages }));

/** Weights must add up to the whole; floats of per cents need a little tolerance. */
export function addsUp(weights: number[]): boolean {
  return Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-9;
}

/** "95 %", without the noise of binary fractions. */
export const percentText = (weights: number[]): string =>
  `${Number((weights.reduce((sum, weight) => sum + weight, 0) * 100).toPrecision(10))}%`;

function checkWeights(weights: number[], ctx: z.RefinementCtx): void {
  if (!addsUp(weights)) complain(ctx, `weights add up to ${percentText(weights)}, not 100%`);
}

const hyperexponential = z
  .array(
    z.strictObject({ weight: ratio('Probability of this branch.'), mean: positiveDuration('Mean of this branch.') }),
  )
  .min(1)
  .transform((branches, ctx): Distribution => {
    checkWeights(
      branches.map((branch) => branch.weight),
      ctx,
    );
    return { kind: 'hyperexponential', branches };
  });

const empirical = z
  .record(
    z.string().regex(/^p(100|[1-9]?[0-9])(\.[0-9]+)?$/, { error: 'a percentile is written p0, p50, p99.9 … p100' }),
    duration('Value at this percentile.'),
  )
  .transform((table, ctx): Distribution => {
    const points = Object.entries(table)
      .map(([name, value]) => ({ p: Number(name.slice(1)) / 100, value }))
      .sort((a, b) => a.p - b.p);
    if (points.length < 2 || points[0].p !== 0 || points[points.length - 1].p !== 1) {
      complain(
        ctx,
        'a percentile table must begin with p0 and end with p100',
        '{ empirical: { p0: 1ms, p50: 3ms, p100: 20ms } }',
      );
    }
    if (
      points.some(
        (point, index) => index > 0 && (point.value < points[index - 1].value || point.p === points[index - 1].p),
      )
    ) {
      complain(ctx, 'the values of a percentile table must not fall from one percentile to the next');
    }
    return { kind: 'empirical', points };
  });

/** A list of weighted distributions; lazy because a mixture may hold mixtures. */
const mixture = z
  .array(
    z.strictObject({
      weight: ratio('Probability of this branch.'),
      of: z.lazy((): z.ZodType<Distribution> => distributionSchema),
    }),
  )
  .min(1)
  .transform((branches, ctx): Distribution => {
    checkWeights(
      branches.map((branch) => branch.weight),
      ctx,
    );
    return { kind: 'mixture', branches };
  });

const shifted = z
  .strictObject({
    by: duration('Added to every value.'),
    of: z.lazy((): z.ZodType<Distribution> => distributionSchema),
  })
  .transform(({ by, of }): Distribution => ({ kind: 'shifted', by, of }));

const constant = quantity<Distribution>(
  (input) => {
    const parsed = parseDuration(input);
    return parsed.ok ? { ok: true, value: { kind: 'constant', value: parsed.value } } : parsed;
  },
  {
    type: 'string',
    pattern: '^(0|[1-9][0-9]*)(\\.[0-9]+)?(ns|us|µs|ms|s|m|h|d)$',
    examples: ['5ms'],
    description: 'Always this long.',
  },
);

const varying = z
  .strictObject({
    exponential: positiveDuration('Exponential with this mean.')
      .transform((mean): Distribution => ({ kind: 'exponential', mean }))
      .optional(),
    uniform: uniform.optional(),
    lognormal: lognormal.optional(),
    pareto: pareto.optional(),
    gamma: gamma.optional(),
    erlang: erlang.optional(),
    hyperexponential: hyperexponential.optional(),
    empirical: empirical.optional(),
    mixture: mixture.optional(),
    shifted: shifted.optional(),
  })
  .meta({ minProperties: 1, maxProperties: 1 })
  .transform((map, ctx): Distribution => {
    const given = Object.values(map).filter((each) => each !== undefined);
    if (given.length === 1) return given[0];
    complain(
      ctx,
      given.length === 0 ? 'which distribution?' : 'only one distribution may be given',
      given.length === 0
        ? 'for example { exponential: 5ms }'
        : 'in a stage, null removes the other: { exponential: null, uniform: [1ms, 3ms] }',
    );
    return z.NEVER;
  });

const distributionSchema: z.ZodType<Distribution> = z.union([constant, varying]).meta({
  id: 'Distribution',
  description: 'A duration: constant (5ms) or drawn from a distribution ({ exponential: 5ms }).',
});

/** A duration that may vary, in nanoseconds. */
export const distribution = (description: string) => distributionSchema.meta({ description });
