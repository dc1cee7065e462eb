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

/** A share in per cent, rounded down, with as many nines as it has and two digits beyond: what every report says of availability. */
export function nines(ratio: number, precision = USUAL): string {
  const missing = Number(((1 - ratio) * 100).toPrecision(10));
  if (missing <= 0) return '100';
  let decimals = 1 + precision - USUAL;
  for (let edge = 1; missing < edge && decimals < 12; edge /= 10) decimals++;
  const scale = Number(`1e${decimals}`);
  const up = Math.ceil(Number((missing * scale).toPrecision(10)));
  return String(Number(((100 * scale - up) / scale).toFixed(decimals)));
}
