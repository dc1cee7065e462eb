/**
 * Time cut into slices: of a round width, at most 400 in the window, aligned with its start so that the end of the
 * warm-up is an edge. And how figures of several slices become one, where a recording has to be smaller.
 */
import type { Counts, Levels, Slices } from './format.ts';

const S = 1_000_000_000;
const MOST_SLICES = 400;
const LEAST_NS = 1_000_000;

/** The least width of 1, 2 or 5 times a power of ten, from a millisecond up, that makes at most 400 slices of a window. */
export function sliceWidthNs(windowNs: number): number {
  for (let power = LEAST_NS; ; power *= 10)
    for (const digit of [1, 2, 5]) if (windowNs / (digit * power) <= MOST_SLICES) return digit * power;
}

/** How two slices become one: the sum, what was last, the largest, or the mean over time. */
export type Fold = 'sum' | 'last' | 'max' | 'mean';

/** One figure per slice. */
export class Series {
  readonly values: number[] = [];

  constructor(readonly fold: Fold) {}

  push(value: number): void {
    this.values.push(value);
  }
}

/** One figure per slice, from a counter that only grows. */
export class Meter extends Series {
  private before = 0;

  constructor() {
    super('sum');
  }

  /** The counter stands at `now`. */
  read(now: number): void {
    this.push(now - this.before);
    this.before = now;
  }

  /** The counter begins again at 0. */
  reset(): void {
    this.before = 0;
  }
}

/** Slices as they were recorded, joined by `factor`. */
export class Folding {
  /** Group g is made of slices starts[g] to starts[g + 1]. */
  readonly starts: readonly number[];
  private readonly warmup: number;

  /** @param edgesNs of the slices as recorded, from the end of the warm-up */
  constructor(
    private readonly edgesNs: readonly number[],
    private readonly widthNs: number,
    readonly factor: number,
  ) {
    const slices = edgesNs.length - 1;
    const border = Math.max(
      0,
      edgesNs.findIndex((edge) => edge >= 0),
    );
    const starts: number[] = [];
    for (let i = 0; i < slices; i++) if (i === 0 || (i - border) % factor === 0) starts.push(i);
    this.warmup = starts.findIndex((start) => start >= border);
    if (this.warmup < 0) this.warmup = starts.length;
    this.starts = [...starts, slices];
  }

  get count(): number {
    return this.starts.length - 1;
  }

  get slices(): Slices {
    return {
      count: this.count,
      warmup: this.warmup,
      seconds: (this.widthNs * this.factor) / S,
      edges: Float64Array.from(this.starts, (i) => this.edgesNs[i] / S),
    };
  }

  /** Width of a group, ns. */
  width(group: number): number {
    return this.edgesNs[this.starts[group + 1]] - this.edgesNs[this.starts[group]];
  }

  /** Group in which a slice is. */
  groupOf(slice: number): number {
    let group = 0;
    while (group + 1 < this.count && this.starts[group + 1] <= slice) group++;
    return group;
  }

  counts(series: Series): Counts {
    return Uint32Array.from({ length: this.count }, (_, g) => Math.max(0, Math.round(this.value(series, g))));
  }

  levels(series: Series): Levels {
    return Float32Array.from({ length: this.count }, (_, g) => this.value(series, g));
  }

  /** The quotient of two sums; `none` where there is nothing to divide by. */
  ratios(part: Series, whole: Series, none = 0): Levels {
    return Float32Array.from({ length: this.count }, (_, g) => {
      const by = this.value(whole, g);
      return by > 0 ? this.value(part, g) / by : none;
    });
  }

  /** An area over time ÷ the time. */
  means(area: Series): Levels {
    return Float32Array.from({ length: this.count }, (_, g) => this.value(area, g) / Math.max(1, this.width(g)));
  }

  private value({ values, fold }: Series, group: number): number {
    const from = this.starts[group];
    const to = this.starts[group + 1];
    if (to === from + 1 || fold === 'last') return values[to - 1];
    let result = fold === 'max' ? values[from] : 0;
    for (let i = from; i < to; i++) {
      if (fold === 'sum') result += values[i];
      else if (fold === 'max') result = Math.max(result, values[i]);
      else result += (values[i] * (this.edgesNs[i + 1] - this.edgesNs[i])) / Math.max(1, this.width(group));
    }
    return result;
  }
}
