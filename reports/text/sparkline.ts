/** A series as one line of small bars, and where on that line a moment lies. */

const BARS = '▁▂▃▄▅▆▇█';

/** How several points that share a column are drawn: their mean, or their peak where the peak is the news. */
export type Merge = 'mean' | 'peak';

/**
 * `values` in at most `columns` bars, scaled from zero to the largest; a gap (null) stays blank. Empty when there is
 * nothing to draw.
 */
export function sparkline(values: readonly (number | null)[], columns: number, merge: Merge): string {
  const merged = resample(values, columns, merge);
  const most = Math.max(0, ...merged.map((value) => value ?? 0));
  if (merged.every((value) => value === null)) return '';
  return merged
    .map((value) => {
      if (value === null) return ' ';
      const level = most === 0 ? 0 : Math.ceil((value / most) * BARS.length) - 1;
      return BARS[Math.max(0, Math.min(BARS.length - 1, level))]!;
    })
    .join('');
}

function resample(values: readonly (number | null)[], columns: number, merge: Merge): (number | null)[] {
  if (values.length <= columns) return [...values];
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.floor(((column + 1) * values.length) / columns);
    const here = values.slice(from, to).filter((value): value is number => value !== null);
    if (here.length === 0) return null;
    return merge === 'peak' ? Math.max(...here) : here.reduce((sum, value) => sum + value, 0) / here.length;
  });
}

/** Which bar of a sparkline of `points` values in at most `columns` bars holds the `index`-th value. */
export function barOf(index: number, points: number, columns: number): number {
  const bars = Math.min(points, columns);
  if (points <= columns) return Math.max(0, Math.min(bars - 1, index));
  return Math.max(0, Math.min(bars - 1, Math.floor((index * columns) / points)));
}
