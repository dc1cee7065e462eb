/**
 * How fast the Kubernetes HorizontalPodAutoscaler follows its wishes: scaling down only to the highest wish of the
 * stabilisation window, and no more instances per period than the policies allow (the policy that allows most counts).
 *
 * Source: kubernetes/kubernetes, pkg/controller/podautoscaler/horizontal.go (`stabilizeRecommendationWithBehaviors`,
 * `convertDesiredReplicasWithBehaviorRate`).
 */

/** At most `pods` instances, or a share `percent` of those at the start of the period; null: no such policy. */
export interface Policies {
  pods: number | null;
  percent: number | null;
  periodNs: number;
}

export interface BehaviorSettings {
  min: number;
  max: number;
  stabilizationNs: number;
  scaleUp: Policies;
  scaleDown: Policies;
}

interface Moment {
  atNs: number;
  /** A wish, or by how many instances the number changed. */
  value: number;
}

export class Behavior {
  private wishes: Moment[] = [];
  private ups: Moment[] = [];
  private downs: Moment[] = [];

  constructor(private readonly settings: BehaviorSettings) {}

  /** The number of instances to have from now on; the wish itself is remembered. */
  follow(nowNs: number, current: number, wish: number): number {
    const steady = this.stabilized(nowNs, current, wish);
    const { min, max } = this.settings;
    if (steady > current) return Math.min(steady, max, this.highest(nowNs, current));
    if (steady < current) return Math.max(steady, min, this.lowest(nowNs, current));
    return steady;
  }

  /** The number of instances has changed. */
  changed(nowNs: number, from: number, to: number): void {
    if (to > from) this.ups.push({ atNs: nowNs, value: to - from });
    else this.downs.push({ atNs: nowNs, value: from - to });
    const longest = Math.max(this.settings.scaleUp.periodNs, this.settings.scaleDown.periodNs);
    const isRecent = ({ atNs }: Moment): boolean => atNs > nowNs - longest;
    this.ups = this.ups.filter(isRecent);
    this.downs = this.downs.filter(isRecent);
  }

  private stabilized(nowNs: number, current: number, wish: number): number {
    // What there is when the autoscaler starts counts as its first wish.
    if (this.wishes.length === 0) this.wishes.push({ atNs: nowNs, value: current });
    const cutoff = nowNs - this.settings.stabilizationNs;
    const recent = this.wishes.filter(({ atNs }) => atNs > cutoff);
    const highest = recent.reduce((most, { value }) => Math.max(most, value), wish);
    this.wishes = [...recent, { atNs: nowNs, value: wish }];
    return Math.min(Math.max(current, wish), highest);
  }

  private highest(nowNs: number, current: number): number {
    const { pods, percent, periodNs } = this.settings.scaleUp;
    if (pods === null && percent === null) return Infinity;
    const atStart = this.atStart(nowNs, current, periodNs);
    const byPods = pods === null ? -Infinity : atStart + pods;
    // Rounded up: a small share of few instances would never grow.
    const byPercent = percent === null ? -Infinity : Math.ceil(atStart * (1 + percent));
    return Math.max(byPods, byPercent, current);
  }

  private lowest(nowNs: number, current: number): number {
    const { pods, percent, periodNs } = this.settings.scaleDown;
    if (pods === null && percent === null) return 0;
    const atStart = this.atStart(nowNs, current, periodNs);
    const byPods = pods === null ? Infinity : atStart - pods;
    const byPercent = percent === null ? Infinity : Math.trunc(atStart * (1 - percent));
    return Math.min(byPods, byPercent, current);
  }

  /** Instances at the start of the period. */
  private atStart(nowNs: number, current: number, periodNs: number): number {
    const within = (list: readonly Moment[]): number =>
      list.reduce((sum, m) => (m.atNs > nowNs - periodNs ? sum + m.value : sum), 0);
    return current - within(this.ups) + within(this.downs);
  }
}
