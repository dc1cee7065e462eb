/** Numbers in the few sentences that a result contains. Deterministic, no locale. */

const USUAL = 3;

/** Three significant digits, or as many as are asked for, with a unit that fits: 312 ms, 1.4 s. */
export function milliseconds(ms: number, precision = USUAL): string {
  if (ms >= 60_000) return `${digits(ms / 60_000, precision)} min`;
  if (ms >= 1_000) return `${digits(ms / 1_000, precision)} s`;
  if (ms >= 1) return `${digits(ms, precision)} ms`;
  return `${digits(ms * 1_000, precision)} µs`;
}

export function percent(ratio: number, precision = USUAL): string {
  return `${digits(ratio * 100, precision)} %`;
}

/** Three significant digits, or as many as are asked for, no trailing zeros; never less than whole numbers. */
export function digits(x: number, precision = USUAL): string {
  if (!Number.isFinite(x)) return String(x);
  const whole = Math.trunc(Math.abs(x)).toString().length;
  return String(Number(x.toPrecision(Math.min(100, Math.max(precision, whole)))));
}
