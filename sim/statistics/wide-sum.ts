/**
 * Exact sums of integers beyond 2⁵³, as two doubles: low + high·2⁵², with 0 ≤ low < 2⁵².
 *
 * A million users waiting for ten seconds are 10¹⁶ user-nanoseconds, more than a double counts. Little's law is
 * checked to the last unit, so these sums must not round. Terms are non-negative integers up to 2⁵³ − 1; sums up to
 * 2¹⁰⁴ are exact.
 */

/** Enum values are inlined by the bundler; constants of a module would be loads in the hot path. */
const enum Constant {
  /** 2⁵², what one unit of the high limb stands for. */
  Limb = 4503599627370496,
  /** 2²⁶ */
  Half = 67108864,
}

/** Adds x to the sum whose limbs are cells[at] (low) and cells[at + 1] (high). */
export function addTo(cells: Float64Array, at: number, x: number): void {
  let low = cells[at];
  if (x < Constant.Limb) {
    low += x;
  } else {
    low += x - Constant.Limb;
    cells[at + 1] += 1;
  }
  if (low >= Constant.Limb) {
    low -= Constant.Limb;
    cells[at + 1] += 1;
  }
  cells[at] = low;
}

/** Adds n·dt, exactly, to the sum at cells[at]. */
export function addProductTo(cells: Float64Array, at: number, n: number, dt: number): void {
  const product = n * dt;
  // Below 2⁵² a product of integers is exact, and nearly all are.
  if (product < Constant.Limb) addTo(cells, at, product);
  else addLargeProduct(cells, at, n, dt);
}

/** Schoolbook multiplication in halves of 26 bits. */
function addLargeProduct(cells: Float64Array, at: number, n: number, dt: number): void {
  const nHigh = Math.floor(n / Constant.Half);
  const nLow = n - nHigh * Constant.Half;
  const dtHigh = Math.floor(dt / Constant.Half);
  const dtLow = dt - dtHigh * Constant.Half;
  addTo(cells, at, nLow * dtLow);
  addMiddle(cells, at, nLow * dtHigh);
  addMiddle(cells, at, nHigh * dtLow);
  cells[at + 1] += nHigh * dtHigh;
}

/** Adds x·2²⁶. */
function addMiddle(cells: Float64Array, at: number, x: number): void {
  const high = Math.floor(x / Constant.Half);
  cells[at + 1] += high;
  addTo(cells, at, (x - high * Constant.Half) * Constant.Half);
}

/** The sum at cells[at] as the nearest double. */
export function numberAt(cells: Float64Array, at: number): number {
  return cells[at + 1] * Constant.Limb + cells[at];
}

/** Many exact sums in one table. */
export class WideSums {
  private cells: Float64Array;

  constructor(size = 0) {
    this.cells = new Float64Array(size * 2);
  }

  /** Makes room for `size` sums; new ones are 0. Never shrinks. */
  grow(size: number): void {
    if (size * 2 <= this.cells.length) return;
    const cells = new Float64Array(size * 2);
    cells.set(this.cells);
    this.cells = cells;
  }

  /** Adds x, an integer from 0 to 2⁵³ − 1, to sum i. */
  add(i: number, x: number): void {
    addTo(this.cells, i * 2, x);
  }

  /** Adds n·dt without rounding to sum i; both are integers from 0 to 2⁵³ − 1. */
  addProduct(i: number, n: number, dt: number): void {
    addProductTo(this.cells, i * 2, n, dt);
  }

  /** Sum i as the nearest double. */
  toNumber(i: number): number {
    return numberAt(this.cells, i * 2);
  }

  /** Adds sum i to another. */
  addInto(i: number, other: WideSum): void {
    other.addLimbs(this.cells[i * 2], this.cells[i * 2 + 1]);
  }

  /** Sets all sums to 0. */
  reset(): void {
    this.cells.fill(0);
  }
}

/** One exact sum. */
export class WideSum {
  /** @param cells its limbs, where others see them, too; zeros */
  constructor(private readonly cells = new Float64Array(2)) {}

  /** Adds x, an integer from 0 to 2⁵³ − 1. */
  add(x: number): void {
    addTo(this.cells, 0, x);
  }

  /** Adds n·dt without rounding; both are integers from 0 to 2⁵³ − 1. */
  addProduct(n: number, dt: number): void {
    addProductTo(this.cells, 0, n, dt);
  }

  /** Adds another sum. */
  addSum(other: WideSum): void {
    this.addLimbs(other.cells[0], other.cells[1]);
  }

  /** Adds low + high·2⁵². */
  addLimbs(low: number, high: number): void {
    addTo(this.cells, 0, low);
    this.cells[1] += high;
  }

  equals(other: WideSum): boolean {
    return this.cells[0] === other.cells[0] && this.cells[1] === other.cells[1];
  }

  /** The nearest double. */
  toNumber(): number {
    return numberAt(this.cells, 0);
  }

  /** The exact value, for messages and checks. */
  toBigInt(): bigint {
    return BigInt(this.cells[1]) * BigInt(Constant.Limb) + BigInt(this.cells[0]);
  }

  reset(): void {
    this.cells.fill(0);
  }
}
