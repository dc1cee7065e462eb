/**
 * How users were served, second by second: what it was like before a fault, and from when on it was as good again. Sums are
 * made once, so that very many faults can be judged.
 */
import type { Outcomes } from '../workload/outcomes.ts';

/** Seconds before a fault that it is compared with; fewer than the least say nothing. */
const BEFORE = 30;
const LEAST = 3;
/** Seconds of good service that count as recovered. */
export const WINDOW = 10;

/** How much worse is no chance. */
const WORSE = 1.1;

/** Of some seconds. */
interface Sample {
  seconds: number;
  completed: number;
  /** ns; NaN: none was completed. */
  p99: number;
}

export class Service {
  private readonly completed: Float64Array;
  private readonly erred: Float64Array;
  /** p99 of the window that begins with a second, by that second: many faults ask for the same. */
  private readonly p99s = new Map<number, number>();
  /** Whole seconds of the run. */
  readonly end: number;

  constructor(
    private readonly outcomes: Outcomes,
    endSeconds: number,
  ) {
    this.end = Math.floor(endSeconds);
    this.completed = sumsOf(outcomes.completedBySecond, this.end + 1);
    this.erred = sumsOf(outcomes.erredBySecond, this.end + 1);
  }

  /** Is there enough of the run before a time, in seconds of it, to compare with? */
  isKnownBefore(seconds: number): boolean {
    return Math.floor(seconds) >= LEAST;
  }

  /** Second of the run in which the first window begins that is as good as what was before a time; null: none does. */
  recovery(fromSeconds: number): number | null {
    const fault = Math.floor(fromSeconds);
    if (!this.isKnownBefore(fault)) return null;
    const before = this.sample(Math.max(0, fault - BEFORE), fault);
    for (let s = fault; s + WINDOW <= this.end; s++) if (this.isAsGood(s, s + WINDOW, before)) return s;
    return null;
  }

  /** Requests that ended badly in the seconds from one until and with another. */
  failures(from: number, to: number): number {
    return this.erredIn(from, Math.min(to, this.end) + 1);
  }

  /**
   * Did more requests fail, fewer succeed or take longer from a time on, in seconds of the run, than from `begin` until then? Where too
   * little is known of before, or nothing of after: it may be.
   */
  isWorseFrom(begin: number, seconds: number): boolean {
    const [from, until] = [Math.floor(begin), Math.floor(seconds)];
    if (until - from < LEAST || until >= this.end) return true;
    if (this.erredShare(until, this.end) > WORSE * this.erredShare(from, until)) return true;
    const perSecond = (a: number, b: number): number => this.completedIn(a, b) / (b - a);
    if (perSecond(until, this.end) * WORSE < perSecond(from, until)) return true;
    const p99 = (a: number, b: number): number => this.outcomes.latencyBetween(a, b, 0.99);
    return p99(until, this.end) > WORSE * p99(from, until);
  }

  private erredShare(from: number, to: number): number {
    const erred = this.erredIn(from, to);
    return erred === 0 ? 0 : erred / (erred + this.completedIn(from, to));
  }

  private sample(from: number, to: number): Sample {
    return {
      seconds: to - from,
      completed: this.completedIn(from, to),
      p99: this.outcomes.latencyBetween(from, to, 0.99),
    };
  }

  /** Goodput first: the p99 takes longer to tell. */
  private isAsGood(from: number, to: number, before: Sample): boolean {
    if (this.completedIn(from, to) < (0.95 * before.completed * (to - from)) / before.seconds) return false;
    return !(this.p99Of(from, to) > 2 * before.p99);
  }

  private p99Of(from: number, to: number): number {
    const known = this.p99s.get(from);
    if (known !== undefined) return known;
    const p99 = this.outcomes.latencyBetween(from, to, 0.99);
    this.p99s.set(from, p99);
    return p99;
  }

  private completedIn(from: number, to: number): number {
    return this.completed[to] - this.completed[from];
  }

  private erredIn(from: number, to: number): number {
    return this.erred[to] - this.erred[from];
  }
}

/** Sum of what is before each second. */
function sumsOf(series: Float64Array, length: number): Float64Array {
  const sums = new Float64Array(length + 1);
  for (let s = 0; s < length; s++) sums[s + 1] = sums[s] + (series[s] ?? 0);
  return sums;
}
