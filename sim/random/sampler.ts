/**
 * Draws from the distributions of a scenario, each draw a pure function of (identity, step).
 *
 * Distributions become rows of flat arrays and are drawn by an integer switch; no draw allocates. Results go to
 * `out[0]` instead of being returned, since V8 boxes a double that crosses a call it does not inline.
 */
import ln from '@stdlib/math-base-special-ln';
import { Deviates } from './deviates.ts';
import { describe, meanOf, simplify } from './distribution-facts.ts';
import type { Distribution } from './distribution.ts';
import { exponentiate } from './exp.ts';
import type { Stream } from './keys.ts';

/** Values of an enum are inlined by the bundler; constants of a module would be loads in the hot switch. */
const enum Kind {
  Constant,
  Exponential,
  Uniform,
  Lognormal,
  Pareto,
  Gamma,
  Hyperexponential,
  Empirical,
  Mixture,
  Shifted,
}

export class Sampler {
  /** Every draw is written to out[0]. Draws are not rounded, never negative, and at most 2⁵³ − 1. */
  readonly out: Float64Array;

  /** Told when a distribution has come: the tables are new ones. */
  onChange: () => void = () => {};

  private readonly deviates = new Deviates();
  private readonly ids = new Map<string, number>();
  private readonly means: number[] = [];
  kinds = new Int32Array(0);
  /** Four numbers per distribution; what they are, `compile` says. */
  parameters = new Float64Array(0);
  /** Tables of the distributions that have one, one after another: `count` thresholds, then `count` values. */
  private table = new Float64Array(0);

  constructor() {
    this.out = this.deviates.out;
  }

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
    this.onChange();
    return id;
  }

  /** Draws from distribution `id` for step `step` of identity (a, b), all int32, into out[0]. */
  sample(id: number, a: number, b: number, step: number): void {
    switch (this.kinds[id]) {
      case Kind.Constant:
        this.out[0] = this.parameters[id * 4];
        return;
      case Kind.Exponential:
        this.deviates.start(a, b, step);
        this.deviates.exponential();
        this.out[0] *= this.parameters[id * 4];
        return;
      default:
        this.deviates.start(a, b, step);
        this.draw(id);
        this.clamp();
    }
  }

  /** Draws from distribution `id` into out[0], taking two numbers of the stream as the identity. */
  sampleFrom(id: number, stream: Stream): void {
    const a = stream.nextInt32();
    this.sample(id, a, stream.nextInt32(), 0);
  }

  /** Writes a uniform number in [0, 1) with 53 random bits to out[0]. */
  uniform(a: number, b: number, step: number): void {
    this.deviates.start(a, b, step);
    this.deviates.uniform();
  }

  /** The exact mean, in the unit of the distribution; Infinity for a Pareto shape of 1 or less. */
  mean(id: number): number {
    return this.means[id];
  }

  isConstant(id: number): boolean {
    return this.kinds[id] === Kind.Constant;
  }

  /** Memoryless: what is left of a draw is distributed as the draw. */
  isExponential(id: number): boolean {
    return this.kinds[id] === Kind.Exponential;
  }

  /** The value of a distribution for which `isConstant` holds. */
  constant(id: number): number {
    return this.parameters[id * 4];
  }

  /** The row [kind, parameter, parameter, parameter] of a distribution. */
  private compile(d: Distribution): number[] {
    switch (d.kind) {
      case 'constant':
        return [Kind.Constant, within(d.value)];
      case 'exponential':
        return [Kind.Exponential, d.mean];
      case 'uniform':
        return [Kind.Uniform, d.low, d.high - d.low];
      case 'lognormal':
        return [Kind.Lognormal, d.mu, d.sigma];
      case 'pareto':
        return [Kind.Pareto, d.scale, 1 / d.shape];
      case 'gamma':
        return gammaRow(d.shape, d.scale);
      case 'hyperexponential':
        return this.tableRow(
          Kind.Hyperexponential,
          cumulative(d.branches),
          d.branches.map((branch) => branch.mean),
        );
      case 'empirical':
        return this.tableRow(
          Kind.Empirical,
          ascending(d.points),
          d.points.map((point) => point.value),
        );
      case 'mixture':
        return this.tableRow(
          Kind.Mixture,
          cumulative(d.branches),
          d.branches.map((branch) => this.add(branch.of)),
        );
      case 'shifted':
        return [Kind.Shifted, d.by, this.add(d.of)];
    }
  }

  private tableRow(kind: number, thresholds: number[], values: number[]): number[] {
    const first = this.table.length;
    this.table = Float64Array.from([...this.table, ...thresholds, ...values]);
    return [kind, first, thresholds.length];
  }

  /** Draws into out[0] from the counter's current block, which nobody has used, and further ones. */
  private draw(id: number): void {
    const out = this.out;
    const at = id * 4;
    const p = this.parameters;
    switch (this.kinds[id]) {
      case Kind.Constant:
        out[0] = p[at];
        return;
      case Kind.Exponential:
        this.deviates.exponential();
        out[0] *= p[at];
        return;
      case Kind.Uniform:
        this.deviates.uniform();
        out[0] = p[at] + p[at + 1] * out[0];
        return;
      case Kind.Lognormal:
        this.deviates.normal();
        out[0] = p[at] + p[at + 1] * out[0];
        exponentiate(out);
        return;
      case Kind.Pareto:
        // −ln U is exponential, so U^(−1/shape) = e^(E/shape).
        this.deviates.exponential();
        out[0] *= p[at + 1];
        exponentiate(out);
        out[0] *= p[at];
        return;
      case Kind.Gamma:
        this.gamma(at);
        return;
      case Kind.Shifted:
        this.draw(p[at + 1] | 0);
        out[0] += p[at];
        return;
      default:
        this.drawFromTable(id);
    }
  }

  private drawFromTable(id: number): void {
    const out = this.out;
    const table = this.table;
    const first = this.parameters[id * 4] | 0;
    const count = this.parameters[id * 4 + 1] | 0;
    this.deviates.uniform();
    const at = first + this.locate(first, count);
    switch (this.kinds[id]) {
      case Kind.Empirical: {
        const share = (out[0] - table[at - 1]) / (table[at] - table[at - 1]);
        const below = table[at + count - 1];
        out[0] = below + (table[at + count] - below) * share;
        return;
      }
      case Kind.Mixture:
        this.deviates.nextBlock();
        this.draw(table[at + count] | 0);
        return;
      default:
        this.deviates.nextBlock();
        this.deviates.exponential();
        out[0] *= table[at + count];
    }
  }

  /** The first of `count` ascending thresholds from table[first] that is above out[0]; the last one always is. */
  private locate(first: number, count: number): number {
    const u = this.out[0];
    const table = this.table;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (table[first + middle] > u) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /**
   * Gamma by squeeze and rejection from a normal (Marsaglia, Tsang: "A simple method for generating gamma variables",
   * ACM TOMS 2000). Shapes below 1 take shape + 1 and a factor U^(1/shape).
   */
  private gamma(at: number): void {
    const out = this.out;
    const parameters = this.parameters;
    const d = parameters[at];
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      this.deviates.normal();
      const x = out[0];
      const root = 1 + c * x;
      const v = root * root * root;
      this.deviates.nextBlock();
      if (root <= 0) continue;
      this.deviates.uniform();
      const u = out[0];
      if (u < 1 - 0.0331 * (x * x) * (x * x) || ln(u) < 0.5 * x * x + d * (1 - v + ln(v))) {
        out[0] = d * v * parameters[at + 1];
        break;
      }
      this.deviates.nextBlock();
    }
    if (parameters[at + 2] > 0) this.boost(parameters[at + 2]);
  }

  /** Multiplies out[0] by U^inverse. */
  private boost(inverse: number): void {
    const out = this.out;
    const value = out[0];
    this.deviates.nextBlock();
    this.deviates.exponential();
    out[0] *= -inverse;
    exponentiate(out);
    out[0] *= value;
  }

  private clamp(): void {
    const value = this.out[0];
    if (!(value > 0)) this.out[0] = 0;
    else if (value > 9007199254740991) this.out[0] = 9007199254740991;
  }
}

/** What `clamp` makes of a value. */
function within(value: number): number {
  return value > 0 ? Math.min(value, Number.MAX_SAFE_INTEGER) : 0;
}

/** d = shape − 1/3, scale, and 1/shape where the shape is below 1 (else 0). */
function gammaRow(shape: number, scale: number): number[] {
  return shape >= 1 ? [Kind.Gamma, shape - 1 / 3, scale, 0] : [Kind.Gamma, shape + 2 / 3, scale, 1 / shape];
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
