/** How load varies over the run: a piecewise linear factor on the rate, times the spikes that are on. */
export interface Spike {
  atNs: number;
  forNs: number;
  times: number;
}

export class LoadShape {
  readonly isFlat: boolean;
  /** No factor is above this. */
  readonly highest: number;
  /** Between its bends the factor is linear: where each such piece begins, and the factor and its slope there. */
  private readonly pieces: readonly { fromNs: number; factor: number; slope: number }[];

  constructor(
    private readonly curve: readonly { atNs: number; times: number }[],
    private readonly spikes: readonly Spike[],
  ) {
    this.isFlat = curve.length === 0 && spikes.length === 0;
    const top = curve.reduce((most, p) => Math.max(most, p.times), curve.length === 0 ? 1 : 0);
    // Spikes may overlap: the product of all that exceed 1 bounds them.
    this.highest = spikes.reduce((most, s) => most * Math.max(1, s.times), top);
    this.pieces = this.piecesOf();
  }

  /** Factor at a time that counts from the end of the warm-up, ns (negative: within it). */
  factor(atNs: number): number {
    let factor = this.onCurve(atNs);
    for (const spike of this.spikes) {
      if (atNs >= spike.atNs && atNs < spike.atNs + spike.forNs) factor *= spike.times;
    }
    return factor;
  }

  /** Times between which the factor is linear, of those after one time and before another, in order. */
  bends(fromNs: number, toNs: number): number[] {
    const all = [
      ...this.curve.map(({ atNs }) => atNs),
      ...this.spikes.flatMap(({ atNs, forNs }) => [atNs, atNs + forNs]),
    ];
    return all.filter((at) => at > fromNs && at < toNs).sort((a, b) => a - b);
  }

  /** Mean factor from one time to another. Exact: between its bends the factor is linear, and its mean the middle. */
  mean(fromNs: number, toNs: number): number {
    if (this.isFlat || toNs <= fromNs) return this.factor(fromNs);
    let sum = 0;
    let before = fromNs;
    for (const at of [...this.bends(fromNs, toNs), toNs]) {
      sum += this.factor((before + at) / 2) * (at - before);
      before = at;
    }
    return sum / (toNs - fromNs);
  }

  /**
   * The earliest time after `fromNs` by which the factor has summed up to `sumNs` (its integral: at factor 1, the time that
   * passes). Infinity: it never does, since the factor stays 0.
   */
  after(fromNs: number, sumNs: number): number {
    const { pieces } = this;
    let i = 0;
    while (i + 1 < pieces.length && pieces[i + 1].fromNs <= fromNs) i++;
    let at = fromNs;
    let left = sumNs;
    for (; ; i++) {
      const { fromNs: start, factor, slope } = pieces[i];
      const here = slope === 0 ? factor : Math.max(0, factor + slope * (at - start));
      if (i + 1 === pieces.length) return here === 0 ? Infinity : at + left / here;
      const length = pieces[i + 1].fromNs - at;
      const sum = Math.max(0, (here + (slope * length) / 2) * length);
      if (left <= sum && sum > 0) return at + Math.min(length, reaching(left, here, slope));
      left -= sum;
      at = pieces[i + 1].fromNs;
    }
  }

  private piecesOf(): { fromNs: number; factor: number; slope: number }[] {
    const starts = [-Infinity, ...new Set(this.bends(-Infinity, Infinity))];
    return starts.map((fromNs, i) => {
      // Nothing changes before the first bend and after the last.
      if (i === 0) return { fromNs, factor: this.factor(starts.length > 1 ? starts[1] - 1 : 0), slope: 0 };
      const factor = this.factor(fromNs);
      if (i + 1 === starts.length) return { fromNs, factor, slope: 0 };
      const half = (starts[i + 1] - fromNs) / 2;
      return { fromNs, factor, slope: (this.factor(fromNs + half) - factor) / half };
    });
  }

  private onCurve(atNs: number): number {
    const curve = this.curve;
    if (curve.length === 0) return 1;
    if (atNs <= curve[0].atNs) return curve[0].times;
    for (let i = 1; i < curve.length; i++) {
      const to = curve[i];
      if (atNs >= to.atNs) continue;
      const from = curve[i - 1];
      return from.times + ((to.times - from.times) * (atNs - from.atNs)) / (to.atNs - from.atNs);
    }
    return curve[curve.length - 1].times;
  }
}

/** How long it takes a factor that is linear from now on to sum up to `sum`: the root of here·x + slope·x²/2 = sum, without cancellation. */
function reaching(sum: number, here: number, slope: number): number {
  if (slope === 0) return sum / here;
  if (sum === 0) return 0;
  return (2 * sum) / (here + Math.sqrt(Math.max(0, here * here + 2 * slope * sum)));
}
