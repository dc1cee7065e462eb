/**
 * Is a series still on its way somewhere? Asked of the window after a warm-up: if its beginning differs from its end
 * by more than noise explains, the warm-up was too short, or the system never settles.
 *
 * Compares the means of the first and the last third (as Geweke 1992 compares the ends of a chain), with a standard
 * error that allows for neighbouring seconds being alike.
 */

/** Standard errors between the thirds that count as movement; chance gives as much in about 1 of 400 settled runs. */
const SCORE_LIMIT = 3;

/** Movement smaller than this share of the mean is not worth a warning, however certain. */
const SHARE_LIMIT = 0.05;

/** Shorter series say nothing. */
const MIN_POINTS = 15;

export interface Drift {
  moving: boolean;
  /** Mean of the first third. */
  first: number;
  /** Mean of the last third. */
  last: number;
  /** Difference in standard errors. */
  score: number;
}

/** null when the series (one value per second, gaps as NaN left out) has fewer than 15 values. */
export function drift(series: readonly number[]): Drift | null {
  const values = series.filter((value) => Number.isFinite(value));
  if (values.length < MIN_POINTS) return null;
  const third = Math.floor(values.length / 3);
  const head = values.slice(0, third);
  const tail = values.slice(values.length - third);
  const first = meanOf(head);
  const last = meanOf(tail);
  const change = Math.abs(last - first);
  const error = Math.sqrt(squaredError(head, first) + squaredError(tail, last));
  const scale = Math.max(Math.abs(first), Math.abs(last));
  const score = change === 0 ? 0 : change / error;
  return { moving: score > SCORE_LIMIT && change > SHARE_LIMIT * scale, first, last, score };
}

function meanOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/**
 * Squared standard error of the mean of a stretch. Neighbours that correlate by r carry (1 + r)/(1 − r) times less
 * information (first-order autoregression); r is bounded, since a short stretch can't tell a trend from persistence.
 */
function squaredError(values: readonly number[], mean: number): number {
  let squares = 0;
  let products = 0;
  for (let i = 0; i < values.length; i++) {
    squares += (values[i] - mean) * (values[i] - mean);
    if (i > 0) products += (values[i] - mean) * (values[i - 1] - mean);
  }
  const r = squares > 0 ? Math.min(0.9, Math.max(0, products / squares)) : 0;
  return (squares / (values.length - 1) / values.length) * ((1 + r) / (1 - r));
}
