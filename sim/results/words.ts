/** Numbers in the few sentences that a result contains. Deterministic, no locale. */

/** Three significant digits with a unit that fits: 312 ms, 1.4 s. */
export function milliseconds(ms: number): string {
  if (ms >= 60_000) return `${digits(ms / 60_000)} min`;
  if (ms >= 1_000) return `${digits(ms / 1_000)} s`;
  if (ms >= 1) return `${digits(ms)} ms`;
  return `${digits(ms * 1_000)} µs`;
}

export function percent(ratio: number): string {
  return `${digits(ratio * 100)} %`;
}

/** Three significant digits, no trailing zeros. */
export function digits(x: number): string {
  if (!Number.isFinite(x)) return String(x);
  if (Math.abs(x) >= 100) return String(Math.round(x));
  return String(Number(x.toPrecision(3)));
}
