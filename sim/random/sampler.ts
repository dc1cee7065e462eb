/**
 * Draws from the distributions of a scenario, each draw a pure function of (identity, step).
 *
 * Distributions become rows of flat arrays and are drawn by an integer switch; no draw allocates. Results go to
 * `out[0]` instead of being returned, since V8 boxes a double that crosses a call it does not inline.
 */
import ln from '@stdlib/math-base-special-ln';
import { Counter } from './counter.ts';
import { describe, meanOf, simplify, type Distribution } from './distribution-facts.ts';
import { exponentiate } from './exp.ts';
import type { Stream } from './keys.ts';
import {
  EXPONENTIAL_TAIL, NORMAL_TAIL, exponentialDensity, exponentialEdges, normalDensity, normalEdges,
} from './ziggurat.ts';

const CONSTANT = 0;
const EXPONENTIAL = 1;
const UNIFORM = 2;
const LOGNORMAL = 3;
const PARETO = 4;
const GAMMA = 5;
const HYPEREXPONENTIAL = 6;
const EMPIRICAL = 7;
const MIXTURE = 8;
const SHIFTED = 9;

/** Numbers in `parameters` per distribution. */
const STRIDE = 4;

/** Words of a block to a double in [0, 1): see `uniformHere`. */
const TWO_26 = 67108864;
const TWO_32 = 4294967296;
const TWO_MINUS_53 = 1 / 9007199254740992;

export class Sampler {
  /** Every draw is written to out[0]. Draws are not rounded, never negative, and at most 2⁵³ − 1. */
  readonly out = new Float64Array(1);

  private readonly counter = new Counter();
  private readonly ids = new Map<string, number>();
  private readonly means: number[] = [];
  private kinds = new Int32Array(0);
  private parameters = new Float64Array(0);
  /** Tables of the distributions that have one, one after another: `count` thresholds, then `count` values. */
  private table = new Float64Array(0);

  /**
   * Takes a distribution in and gives its id, the same for distributions of the same value.
   *
   * @throws RangeError if an empirical table does not ascend from p = 0 to p = 1, or branches weigh nothing
   */
  add(distribution: Distribution): number {
    const simple = simplify(distribution);
    const text = describe(simple);
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const row = this.compile(simple);
    // Taken only now: parts of a mixture have come first.
    const id = this.kinds.length;
    this.kinds = Int32Array.from([...this.kinds, row[0]]);
    this.parameters = Float64Array.from([...this.parameters, row[1] ?? 0, row[2] ?? 0, row[3] ?? 0, 0]);
    this.means.push(meanOf(simple));
    this.ids.set(text, id);
    return id;
  }

  /** Draws from distribution `id` for step `step` of identity (a, b), all int32, into out[0]. */
  sample(id: number, a: number, b: number, step: number): void {
    if (this.kinds[id] === CONSTANT) {
      this.out[0] = this.parameters[id * STRIDE];
      return;
    }
    this.counter.start(a, b, step);
    this.draw(id);
    const value = this.out[0];
    if (!(value > 0)) this.out[0] = 0;
    else if (value > Number.MAX_SAFE_INTEGER) this.out[0] = Number.MAX_SAFE_INTEGER;
  }

  /** Draws from distribution `id` into out[0], taking two numbers of the stream as the identity. */
  sampleFrom(id: number, stream: Stream): void {
    const a = stream.nextInt32();
    this.sample(id, a, stream.nextInt32(), 0);
  }

  /** Writes a uniform number in [0, 1) with 53 random bits to out[0]. */
  uniform(a: number, b: number, step: number): void {
    this.counter.start(a, b, step);
    this.uniformHere();
  }

  /** The exact mean, in the unit of the distribution; Infinity for a Pareto shape of 1 or less. */
  mean(id: number): number {
    return this.means[id];
  }

  isConstant(id: number): boolean {
    return this.kinds[id] === CONSTANT;
  }

  /** The value of a distribution for which `isConstant` holds. */
  constant(id: number): number {
    return this.parameters[id * STRIDE];
  }

  /** The row [kind, parameter, parameter, parameter] of a distribution. */
  private compile(d: Distribution): number[] {
    switch (d.kind) {
      case 'constant': return [CONSTANT, d.value];
      case 'exponential': return [EXPONENTIAL, d.mean];
      case 'uniform': return [UNIFORM, d.low, d.high - d.low];
      case 'lognormal': return [LOGNORMAL, d.mu, d.sigma];
      case 'pareto': return [PARETO, d.scale, 1 / d.shape];
      case 'gamma': return gammaRow(d.shape, d.scale);
      case 'hyperexponential':
        return this.tableRow(HYPEREXPONENTIAL, cumulative(d.branches), d.branches.map((branch) => branch.mean));
      case 'empirical':
        return this.tableRow(EMPIRICAL, ascending(d.points), d.points.map((point) => point.value));
      case 'mixture':
        return this.tableRow(MIXTURE, cumulative(d.branches), d.branches.map((branch) => this.add(branch.of)));
      case 'shifted': return [SHIFTED, d.by, this.add(d.of)];
    }
  }

  private tableRow(kind: number, thresholds: number[], values: number[]): number[] {
    const first = this.table.length;
    this.table = Float64Array.from([...this.table, ...thresholds, ...values]);
    return [kind, first, thresholds.length];
  }

  /**
   * Draws into out[0] from the counter's current block, which nobody has used, and as many further ones as it takes.
   * Afterwards the current block is used.
   */
  private draw(id: number): void {
    const out = this.out;
    const at = id * STRIDE;
    const p = this.parameters;
    switch (this.kinds[id]) {
      case EXPONENTIAL: this.exponential(); out[0] *= p[at]; return;
      case UNIFORM: this.uniformHere(); out[0] = p[at] + p[at + 1] * out[0]; return;
      case LOGNORMAL: this.normal(); out[0] = p[at] + p[at + 1] * out[0]; exponentiate(out); return;
      // −ln U is exponential, so U^(−1/shape) = e^(E/shape).
      case PARETO: this.exponential(); out[0] *= p[at + 1]; exponentiate(out); out[0] *= p[at]; return;
      case GAMMA: this.gamma(at); return;
      case SHIFTED: this.draw(p[at + 1]); out[0] += p[at]; return;
      case CONSTANT: out[0] = p[at]; return;
      default: this.drawFromTable(this.kinds[id], p[at], p[at + 1]);
    }
  }

  private drawFromTable(kind: number, first: number, count: number): void {
    const out = this.out;
    const table = this.table;
    this.uniformHere();
    const index = this.locate(first, count);
    const value = table[first + count + index];
    if (kind === EMPIRICAL) {
      const p = table[first + index - 1];
      const below = table[first + count + index - 1];
      out[0] = below + (value - below) * ((out[0] - p) / (table[first + index] - p));
      return;
    }
    this.counter.nextBlock();
    if (kind === MIXTURE) {
      this.draw(value);
      return;
    }
    this.exponential();
    out[0] *= value;
  }

  /** The first of `count` ascending thresholds from table[first] that is above out[0]; the last one always is. */
  private locate(first: number, count: number): number {
    const u = this.out[0];
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.table[first + middle] > u) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private uniformHere(): void {
    const { word0, word1 } = this.counter;
    this.out[0] = ((word0 >>> 5) * TWO_26 + (word1 >>> 6)) * TWO_MINUS_53;
  }

  /** Exponential with mean 1. The layer and the place in it come from different bits of the block. */
  private exponential(): void {
    const counter = this.counter;
    const out = this.out;
    let shift = 0;
    for (;;) {
      const layer = counter.word0 & 255;
      const x = ((counter.word0 >>> 11) * TWO_32 + (counter.word1 >>> 0)) * TWO_MINUS_53 * exponentialEdges[layer];
      if (x < exponentialEdges[layer + 1]) {
        out[0] = shift + x;
        return;
      }
      counter.nextBlock();
      if (layer === 0) {
        // Memoryless: beyond the tail's start the distribution begins anew.
        shift += EXPONENTIAL_TAIL;
        continue;
      }
      this.uniformHere();
      const floor = exponentialDensity[layer];
      const height = floor + out[0] * (exponentialDensity[layer + 1] - floor);
      out[0] = -x;
      exponentiate(out);
      if (height < out[0]) {
        out[0] = shift + x;
        return;
      }
      counter.nextBlock();
    }
  }

  /** Standard normal. */
  private normal(): void {
    const counter = this.counter;
    const out = this.out;
    for (;;) {
      const layer = counter.word0 & 255;
      const negative = (counter.word0 & 256) !== 0;
      const x = ((counter.word0 >>> 11) * TWO_32 + (counter.word1 >>> 0)) * TWO_MINUS_53 * normalEdges[layer];
      if (x < normalEdges[layer + 1]) {
        out[0] = negative ? -x : x;
        return;
      }
      counter.nextBlock();
      if (layer === 0) {
        this.normalTail();
        if (negative) out[0] = -out[0];
        return;
      }
      this.uniformHere();
      const floor = normalDensity[layer];
      const height = floor + out[0] * (normalDensity[layer + 1] - floor);
      out[0] = -0.5 * x * x;
      exponentiate(out);
      if (height < out[0]) {
        out[0] = negative ? -x : x;
        return;
      }
      counter.nextBlock();
    }
  }

  /** A normal beyond NORMAL_TAIL (Marsaglia: "Generating a variable from the tail of the normal distribution", 1964). */
  private normalTail(): void {
    const out = this.out;
    for (;;) {
      this.exponential();
      const x = out[0] / NORMAL_TAIL;
      this.counter.nextBlock();
      this.exponential();
      if (2 * out[0] > x * x) {
        out[0] = NORMAL_TAIL + x;
        return;
      }
      this.counter.nextBlock();
    }
  }

  /**
   * Gamma by squeeze and rejection from a normal (Marsaglia, Tsang: "A simple method for generating gamma variables",
   * ACM TOMS 2000). Shapes below 1 take shape + 1 and a factor U^(1/shape).
   */
  private gamma(at: number): void {
    const out = this.out;
    const counter = this.counter;
    const d = this.parameters[at];
    const c = 1 / Math.sqrt(9 * d);
    let v: number;
    for (;;) {
      this.normal();
      const x = out[0];
      const root = 1 + c * x;
      v = root * root * root;
      counter.nextBlock();
      if (root <= 0) continue;
      this.uniformHere();
      const u = out[0];
      if (u < 1 - 0.0331 * (x * x) * (x * x)) break;
      if (ln(u) < 0.5 * x * x + d * (1 - v + ln(v))) break;
      counter.nextBlock();
    }
    const value = d * v * this.parameters[at + 1];
    const inverse = this.parameters[at + 2];
    if (inverse === 0) {
      out[0] = value;
      return;
    }
    counter.nextBlock();
    this.exponential();
    out[0] *= -inverse;
    exponentiate(out);
    out[0] *= value;
  }
}

/** d = shape − 1/3, scale, and 1/shape where the shape is below 1 (else 0). */
function gammaRow(shape: number, scale: number): number[] {
  return shape >= 1 ? [GAMMA, shape - 1 / 3, scale, 0] : [GAMMA, shape + 2 / 3, scale, 1 / shape];
}

/** Running shares of the weights, the last exactly 1. */
function cumulative(branches: readonly { weight: number }[]): number[] {
  const total = branches.reduce((sum, branch) => sum + branch.weight, 0);
  if (!(total > 0)) throw new RangeError('branches of a distribution must have a positive total weight');
  let sum = 0;
  const shares = branches.map((branch) => (sum += branch.weight) / total);
  shares[shares.length - 1] = 1;
  return shares;
}

function ascending(points: readonly { p: number }[]): number[] {
  const shares = points.map((point) => point.p);
  const ordered = shares.every((p, index) => index === 0 || p >= shares[index - 1]);
  if (shares.length < 2 || !ordered || shares[0] !== 0 || shares[shares.length - 1] !== 1) {
    throw new RangeError('an empirical table must ascend from p = 0 to p = 1');
  }
  return shares;
}
