/**
 * Which key a request asks for: rank k of n with a probability in proportion to 1/k^s (Zipf), or all alike.
 *
 * A draw is one uniform number and one look into an alias table (Walker 1977), whatever n. The table is built in one
 * sweep over light and heavy ranks (Hübschle-Schneider, Sanders: "Parallel weighted random sampling", ACM TOMS 2022).
 */
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import { Counter } from './counter.ts';

/** Most keys of one population: 2²⁴. A table takes 8 bytes a key. */
export const MAX_KEYS = 16777216;

export interface AliasTable {
  /** How much of column k is k's own, 0…1; the rest is its alias's. */
  own: Float32Array;
  alias: Uint32Array;
}

export class KeyPopularity {
  readonly count: number;
  private readonly counter = new Counter();
  /** null: all keys alike. */
  readonly table: AliasTable | null;

  /**
   * @param exponent s ≥ 0; 0 is uniform, 0.99 is YCSB's default
   * @param count n, an integer from 1 to MAX_KEYS
   * @throws RangeError beyond these ranges
   */
  constructor(exponent: number, count: number) {
    if (!(exponent >= 0) || exponent === Infinity)
      throw new RangeError(`a Zipf exponent must be 0 or more, not ${exponent}`);
    if (!Number.isInteger(count) || count < 1 || count > MAX_KEYS) {
      throw new RangeError(`the number of keys must be an integer from 1 to ${MAX_KEYS}, not ${count}`);
    }
    this.count = count;
    this.table = exponent === 0 || count === 1 ? null : aliasTable(exponent, count);
  }

  /** The rank, 0 (most popular) to count − 1, for step `step` of identity (a, b): a pure function of the three. */
  pick(a: number, b: number, step: number): number {
    const counter = this.counter;
    counter.start(a, b, step);
    const place = ((counter.word0 >>> 5) * 67108864 + (counter.word1 >>> 6)) * 1.1102230246251565e-16 * this.count;
    const column = place >>> 0;
    const table = this.table;
    // With at most 2²⁴ columns the fraction of the place has 29 random bits left for the choice.
    if (table === null || place - column < table.own[column]) return column;
    return table.alias[column];
  }
}

/** Recent tables by "exponent count": replications and stages of one scenario share them. */
const recent = new Map<string, AliasTable>();

/** Columns kept at most; older tables go first. */
const MAX_KEPT = 2 * MAX_KEYS;

function aliasTable(exponent: number, count: number): AliasTable {
  const name = `${exponent} ${count}`;
  const known = recent.get(name);
  if (known !== undefined) return known;
  const table = buildAliasTable(zipfWeights(exponent, count));
  recent.set(name, table);
  let kept = 0;
  for (const { own } of recent.values()) kept += own.length;
  for (const [oldest, { own }] of recent) {
    if (kept <= MAX_KEPT || oldest === name) break;
    recent.delete(oldest);
    kept -= own.length;
  }
  return table;
}

/** k^−s for k = 1 … n. */
export function zipfWeights(exponent: number, count: number): Float64Array {
  const weights = new Float64Array(count);
  for (let k = 0; k < count; k++) weights[k] = exp(-exponent * ln(k + 1));
  return weights;
}

/** The table for weights in descending order: heavy columns first, light ones after. */
function buildAliasTable(weights: Float64Array): AliasTable {
  const count = weights.length;
  // From the smallest, so that a million small weights are not lost in the rounding.
  let total = 0;
  for (let k = count - 1; k >= 0; k--) total += weights[k];
  const mean = total / count;
  const own = new Float32Array(count).fill(1);
  const alias = new Uint32Array(count);
  for (let k = 0; k < count; k++) alias[k] = k;
  let light = 0;
  while (light < count && weights[light] > mean) light++;
  const heavies = light;
  let heavy = 0;
  let rest = weights[0];
  // Every column holds `mean`. A heavy rank fills up light columns until its rest fits its own column.
  while (heavy < heavies) {
    if (rest > mean && light < count) {
      own[light] = weights[light] / mean;
      alias[light] = heavy;
      rest -= mean - weights[light];
      light++;
    } else if (heavy + 1 < heavies) {
      own[heavy] = rest / mean;
      alias[heavy] = heavy + 1;
      rest = weights[heavy + 1] - (mean - rest);
      heavy++;
    } else {
      break;
    }
  }
  return { own, alias };
}
