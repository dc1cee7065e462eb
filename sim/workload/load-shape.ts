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

  constructor(
    private readonly curve: readonly { atNs: number; times: number }[],
    private readonly spikes: readonly Spike[],
  ) {
    this.isFlat = curve.length === 0 && spikes.length === 0;
    const top = curve.reduce((most, p) => Math.max(most, p.times), curve.length === 0 ? 1 : 0);
    // Spikes may overlap: the product of all that exceed 1 bounds them.
    this.highest = spikes.reduce((most, s) => most * Math.max(1, s.times), top);
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
