/**
 * The ladder queue (W. T. Tang, R. S. M. Goh and I. L. J. Thng, ACM TOMACS 15(3), 2005), without its refinements: an
 * unsorted top for what is far, rungs of ever narrower buckets below it, and a sorted bottom for what is next. A bucket
 * that holds too many becomes a rung; one that does not is sorted into the bottom.
 */
import type { Queue } from './queue.ts';

/** Events that are sorted at once rather than spread over another rung. */
const THRESHOLD = 50;
const MOST_RUNGS = 8;

interface Rung {
  start: number;
  width: number;
  buckets: number[][];
  /** Bucket that is next to be emptied. */
  current: number;
}

export class LadderQueue implements Queue {
  private readonly times: Float64Array;
  private top: number[] = [];
  /** From here on events go to the top. */
  private topStart = 0;
  private readonly rungs: Rung[] = [];
  /** The latest first, so that the next is taken from the end. */
  private bottom: number[] = [];

  constructor(capacity: number) {
    this.times = new Float64Array(capacity);
  }

  push(event: number, time: number): void {
    this.times[event] = time;
    if (time >= this.topStart) {
      this.top.push(event);
      return;
    }
    for (const rung of this.rungs) {
      const i = bucketOf(rung, time);
      if (i >= rung.current) {
        rung.buckets[i].push(event);
        return;
      }
    }
    const { bottom } = this;
    let i = bottom.length;
    while (i > 0 && this.compare(bottom[i - 1], event) > 0) i--;
    bottom.splice(i, 0, event);
  }

  pop(): number {
    while (this.bottom.length === 0) this.refill();
    return this.bottom.pop()!;
  }

  /** Positive: `a` comes first. */
  private readonly compare = (a: number, b: number): number => this.times[b] - this.times[a] || b - a;

  private refill(): void {
    const rung = this.rungs.at(-1);
    if (rung === undefined) {
      const all = this.top;
      this.top = [];
      this.topStart = all.reduce((latest, event) => Math.max(latest, this.times[event]), 0);
      this.spread(all);
      return;
    }
    while (rung.current < rung.buckets.length && rung.buckets[rung.current].length === 0) rung.current++;
    if (rung.current === rung.buckets.length) {
      this.rungs.pop();
      return;
    }
    const bucket = rung.buckets[rung.current];
    rung.buckets[rung.current++] = [];
    this.spread(bucket);
  }

  /** Into the bottom when there are few, or all at one time; else into a rung of as many buckets as there are events. */
  private spread(all: number[]): void {
    let [least, most] = [Infinity, -Infinity];
    for (const event of all) {
      least = Math.min(least, this.times[event]);
      most = Math.max(most, this.times[event]);
    }
    if (all.length <= THRESHOLD || most === least || this.rungs.length === MOST_RUNGS) {
      this.bottom = all.sort(this.compare);
      return;
    }
    const rung: Rung = {
      start: least,
      width: (most - least) / all.length,
      buckets: Array.from({ length: all.length + 1 }, () => []),
      current: 0,
    };
    for (const event of all) rung.buckets[bucketOf(rung, this.times[event])].push(event);
    this.rungs.push(rung);
  }
}

/** Below zero: before the rung. What lies beyond its last bucket, which cannot be but by rounding, goes there. */
function bucketOf({ start, width, buckets }: Rung, time: number): number {
  return Math.min(buckets.length - 1, Math.floor((time - start) / width));
}
