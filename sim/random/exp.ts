/**
 * e^x in place, for samplers: a third of the time of the library's function, without the number that a call which is
 * not inlined must allocate for its result.
 *
 * x = (128·k + i)·ln2/128 + r, so e^x = 2^k · 2^(i/128) · e^r with |r| < 0.0028, where six terms of the series are
 * exact to the last bit or two (Tang: "Table-driven implementation of the exponential function", ACM TOMS 1989). Only
 * additions, multiplications and floor: every engine gives the same bits.
 */
import exp from '@stdlib/math-base-special-exp';

/** ln 2 in two parts; the first has enough trailing zeros that its product with k is exact. */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;

const STEPS_PER_UNIT = 184.6649652337873;
const STEP_HIGH = LN2_HIGH / 128;
const STEP_LOW = LN2_LOW / 128;

/** e^x is a normal double between these. */
const LOWEST = -708;
const HIGHEST = 709;

/** 2^(i/128). */
const fractions = Float64Array.from({ length: 128 }, (_, i) => exp(i * STEP_HIGH + i * STEP_LOW));

/** 2^(i − 1022). */
const powers = new Float64Array(2046);
powers[1022] = 1;
for (let i = 1023; i < powers.length; i++) powers[i] = powers[i - 1] * 2;
for (let i = 1021; i >= 0; i--) powers[i] = powers[i + 1] / 2;

/** Replaces cell[0] by e^cell[0]: 0 below −708, Infinity above 709, relative error below 5·10⁻¹⁶ between. */
export function exponentiate(cell: Float64Array): void {
  const x = cell[0];
  if (!(x >= LOWEST)) {
    cell[0] = 0;
    return;
  }
  if (x > HIGHEST) {
    cell[0] = Infinity;
    return;
  }
  const k = Math.floor(x * STEPS_PER_UNIT + 0.5) | 0;
  const r = x - k * STEP_HIGH - k * STEP_LOW;
  const series = r + r * r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120))));
  const fraction = fractions[k & 127];
  cell[0] = (fraction + fraction * series) * powers[(k >> 7) + 1022];
}
