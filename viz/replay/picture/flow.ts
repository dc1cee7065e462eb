/**
 * A counted flow over time (requests on a link, failures of a population) that can be asked both ways: how many until a
 * moment, and when the n-th came. Within a slice the flow is taken as even.
 */

export interface Flow {
  /** Slice i is from edges[i] to edges[i + 1], seconds. */
  edges: Float64Array;
  /** cumulative[i]: events before slice i; as long as `edges`. */
  cumulative: Float64Array;
}

/** A flow from counts per slice; what is not a positive number counts as none. */
export function flowOf(counts: ArrayLike<number>, edges: Float64Array): Flow {
  const cumulative = new Float64Array(edges.length);
  for (let slice = 0; slice < edges.length - 1; slice++) {
    const count = counts[slice];
    cumulative[slice + 1] = cumulative[slice] + (count > 0 ? count : 0);
  }
  return { edges, cumulative };
}

/** Events until `time`; before the first slice none, after the last one all. */
export function countUntil({ edges, cumulative }: Flow, time: number): number {
  return interpolated(edges, cumulative, time);
}

/** When the `n`-th event came (n may be fractional). Outside the flow: its start or its end. */
export function timeOf({ edges, cumulative }: Flow, n: number): number {
  return interpolated(cumulative, edges, n);
}

/** The most events within any `width` seconds that end at the edge of a slice. */
export function peakWithin(flow: Flow, width: number): number {
  let peak = 0;
  for (let slice = 1; slice < flow.cumulative.length; slice++) {
    peak = Math.max(peak, flow.cumulative[slice] - countUntil(flow, flow.edges[slice] - width));
  }
  return peak;
}

/** y at x of the line through (xs, ys), both ascending; outside it the y of the nearer end. */
function interpolated(xs: Float64Array, ys: Float64Array, x: number): number {
  const last = xs.length - 1;
  if (last < 0) return 0;
  if (!(x > xs[0])) return ys[0];
  if (x >= xs[last]) return ys[last];
  const here = lastAtMost(xs, x);
  const span = xs[here + 1] - xs[here];
  return ys[here] + (span > 0 ? ((ys[here + 1] - ys[here]) * (x - xs[here])) / span : 0);
}

/** Index of the last number of an ascending row that is at most `x`; −1 when none is. */
export function lastAtMost(row: Float64Array, x: number): number {
  let low = -1;
  let high = row.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (row[middle] <= x) low = middle;
    else high = middle;
  }
  return low;
}
