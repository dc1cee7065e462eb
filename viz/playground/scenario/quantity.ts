/**
 * Quantities as scenario files write them (`10k`, `250ms`, `80/s`, `64KiB`, `99.9%`): read into a number to move a
 * slider by, and written back so that the parser takes them. What counts as valid is decided by the parser alone.
 */

export type QuantityKind = 'count' | 'duration' | 'rate' | 'ratio' | 'size' | 'number';

/** Value of one unit; the unit that text is written back in is the largest that leaves at least one. */
const units: Record<QuantityKind, Record<string, number>> = {
  count: { '': 1, k: 1e3, M: 1e6 },
  duration: { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 },
  rate: { '/s': 1, 'k/s': 1e3, 'M/s': 1e6 },
  ratio: { '%': 1 },
  size: { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 },
  number: { '': 1 },
};

/** Units that are read and never written. */
const alsoRead: Partial<Record<QuantityKind, Record<string, number>>> = {
  duration: { µs: 1e-6 },
  rate: { '/min': 1 / 60, '/h': 1 / 3600, '/d': 1 / 86_400, 'k/min': 1e3 / 60, 'k/h': 1e3 / 3600 },
  size: { kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 },
};

/** Counts below this are written out: 1500 users, not 1.5k. */
const writtenOut = 10_000;

/** The number that a value of a scenario stands for: seconds, bytes, per second, per cent. null: not one of its kind. */
export function readQuantity(kind: QuantityKind, value: unknown): number | null {
  if (typeof value === 'number')
    return (kind === 'count' || kind === 'number') && Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return null;
  const match = /^(\d{1,15}(?:\.\d{1,15})?)(.*)$/.exec(value);
  const unit = match && (units[kind][match[2]] ?? alsoRead[kind]?.[match[2]]);
  return match && unit !== undefined && unit !== null ? Number(match[1]) * unit : null;
}

/** The same number as text; counts and plain numbers that need no suffix stay numbers. */
export function writeQuantity(kind: QuantityKind, amount: number): string | number {
  if (kind === 'number') return tidy(amount);
  if (kind === 'count' && (amount < writtenOut || !isShort(amount / 1e3))) return Math.round(amount);
  const [unit, size] =
    Object.entries(units[kind]).findLast(([name, one]) => amount >= one * 0.9999 && isWhole(name, amount, one)) ??
    Object.entries(units[kind])[0];
  return `${tidy(amount / size)}${unit}`;
}

/** Minutes and hours only when there are no seconds left over; everything else when six digits say it exactly. */
function isWhole(unit: string, amount: number, size: number): boolean {
  if (unit === 'm' || unit === 'h' || unit === 'd') return amount % size === 0;
  return Math.abs(tidy(amount / size) * size - amount) <= amount * 1e-9;
}

/** At most one digit after the point: 12.5k is shorter to read than 12500, and 12.345k is not. */
function isShort(value: number): boolean {
  return Math.abs(value * 10 - Math.round(value * 10)) < 1e-9;
}

/** Without the last bits that binary fractions add. */
function tidy(value: number): number {
  return Number(value.toPrecision(6));
}

/** One to ten in steps of about a fifth: fine enough to aim, coarse enough for round numbers. */
const decade = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

const shares = [0, 0.1, 0.2, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 25, 30, 35, 40, 45, 50];

export interface Bounds {
  least?: number;
  most?: number;
}

/**
 * Where a slider stops: round numbers around the present value, which is always one of them. Counts up to two dozen go
 * one by one, shares from nothing to all, everything else by equal ratios over two decades each way.
 */
export function stopsAround(kind: QuantityKind, value: number, bounds: Bounds = {}): number[] {
  const least = bounds.least ?? 0;
  const most = Math.min(
    bounds.most ?? Number.POSITIVE_INFINITY,
    kind === 'count' ? 2_000_000 : Number.POSITIVE_INFINITY,
  );
  const stops = new Set<number>([value]);
  if (kind === 'ratio') for (const share of shares) stops.add(share).add(tidy(100 - share));
  else if (kind === 'count' && value <= 12) for (let n = least; n <= Math.max(16, value * 3); n++) stops.add(n);
  else for (const stop of ratios(kind, value)) stops.add(stop);
  const isApart = (stop: number) => stop === value || Math.abs(stop - value) > Math.abs(value) * 1e-9;
  return [...stops].filter((stop) => stop >= least && stop <= most && isApart(stop)).sort((a, b) => a - b);
}

function ratios(kind: QuantityKind, value: number): number[] {
  const centre = value > 0 ? value : 1;
  if (kind === 'size') return Array.from({ length: 17 }, (_, power) => centre * 2 ** (power - 8));
  const first = Math.floor(Math.log10(centre)) - 2;
  const all = Array.from({ length: 50 }, (_, index) =>
    tidy(decade[index % 10] * 10 ** (first + Math.floor(index / 10))),
  );
  const near = all.filter((stop) => stop >= centre / 60 && stop <= centre * 120);
  return kind === 'count' ? near.map(Math.round).filter((stop) => stop > 0) : near;
}
