/**
 * What is known of a distribution without drawing from it: its simplest form, a text that is equal for equal ones,
 * and its mean.
 */
import exp from '@stdlib/math-base-special-exp';
import type { Distribution } from './distribution.ts';

/** The same distribution, a constant where it is one: `uniform` from 5 to 5, a shifted constant, … */
export function simplify(d: Distribution): Distribution {
  switch (d.kind) {
    case 'exponential':
      return d.mean === 0 ? constant(0) : d;
    case 'uniform':
      return d.low === d.high ? constant(d.low) : d;
    case 'lognormal':
      return d.sigma === 0 ? constant(exp(d.mu)) : d;
    case 'empirical':
      return d.points.every((point) => point.value === d.points[0].value) ? constant(d.points[0].value) : d;
    case 'mixture':
      return d.branches.length === 1 ? simplify(d.branches[0].of) : d;
    case 'shifted': {
      const of = simplify(d.of);
      if (of.kind === 'constant') return constant(d.by + of.value);
      return d.by === 0 ? of : { kind: 'shifted', by: d.by, of };
    }
    default:
      return d;
  }
}

function constant(value: number): Distribution {
  return { kind: 'constant', value };
}

/** Equal exactly for distributions of the same kind with the same numbers. */
export function describe(d: Distribution): string {
  switch (d.kind) {
    case 'constant':
      return `constant ${d.value}`;
    case 'exponential':
      return `exponential ${d.mean}`;
    case 'uniform':
      return `uniform ${d.low} ${d.high}`;
    case 'lognormal':
      return `lognormal ${d.mu} ${d.sigma}`;
    case 'pareto':
      return `pareto ${d.scale} ${d.shape}`;
    case 'gamma':
      return `gamma ${d.shape} ${d.scale}`;
    case 'hyperexponential':
      return `hyperexponential ${d.branches.map((b) => `${b.weight}:${b.mean}`).join(' ')}`;
    case 'empirical':
      return `empirical ${d.points.map((point) => `${point.p}:${point.value}`).join(' ')}`;
    case 'mixture':
      return `mixture ${d.branches.map((b) => `${b.weight}:(${describe(b.of)})`).join(' ')}`;
    case 'shifted':
      return `shifted ${d.by} (${describe(d.of)})`;
  }
}

/** The exact mean; Infinity for a Pareto shape of 1 or less. */
export function meanOf(d: Distribution): number {
  switch (d.kind) {
    case 'constant':
      return d.value;
    case 'exponential':
      return d.mean;
    case 'uniform':
      return (d.low + d.high) / 2;
    case 'lognormal':
      return exp(d.mu + (d.sigma * d.sigma) / 2);
    case 'pareto':
      return d.shape > 1 ? (d.scale * d.shape) / (d.shape - 1) : Infinity;
    case 'gamma':
      return d.shape * d.scale;
    case 'hyperexponential':
      return weightedMean(d.branches.map((b) => ({ weight: b.weight, mean: b.mean })));
    case 'mixture':
      return weightedMean(d.branches.map((b) => ({ weight: b.weight, mean: meanOf(b.of) })));
    case 'shifted':
      return d.by + meanOf(d.of);
    case 'empirical': {
      let sum = 0;
      for (let i = 1; i < d.points.length; i++) {
        sum += ((d.points[i].p - d.points[i - 1].p) * (d.points[i].value + d.points[i - 1].value)) / 2;
      }
      return sum;
    }
  }
}

function weightedMean(branches: readonly { weight: number; mean: number }[]): number {
  let weight = 0;
  let sum = 0;
  for (const branch of branches) {
    // A branch that never happens must not turn an infinite mean into NaN.
    if (branch.weight === 0) continue;
    weight += branch.weight;
    sum += branch.weight * branch.mean;
  }
  return sum / weight;
}

/** Is every draw zero? */
export function takesNoTime(d: Distribution): boolean {
  return d.kind === 'constant' && d.value === 0;
}
