/**
 * The calendar queue (R. Brown, "Calendar queues", CACM 31(10), 1988): a year of days, each a sorted list. The year is
 * resized to keep about one event a day; the length of a day follows the gaps between the next events.
 */
import type { Queue } from './queue.ts';

const NONE = -1;
const SAMPLE = 25;
/** Days in the first year. */
const LEAST = 2;

export class CalendarQueue implements Queue {
  private readonly next: Int32Array;
  private readonly times: Float64Array;
  private days = new Int32Array(LEAST).fill(NONE);
  private width = 1;
  private size = 0;
  /** Number of the day, counted from the beginning of time, that is looked at. */
  private today = 0;

  constructor(capacity: number) {
    this.next = new Int32Array(capacity);
    this.times = new Float64Array(capacity);
  }

  push(event: number, time: number): void {
    this.times[event] = time;
    this.insert(event);
    if (++this.size > 2 * this.days.length) this.resize(2 * this.days.length);
  }

  pop(): number {
    const event = this.take();
    if (--this.size < this.days.length / 2 && this.days.length > LEAST) this.resize(this.days.length / 2);
    return event;
  }

  private isBefore(a: number, b: number): boolean {
    return this.times[a] < this.times[b] || (this.times[a] === this.times[b] && a < b);
  }

  private insert(event: number): void {
    const { days, next } = this;
    const day = Math.floor(this.times[event] / this.width);
    if (day < this.today) this.today = day;
    const i = day % days.length;
    if (days[i] === NONE || this.isBefore(event, days[i])) {
      next[event] = days[i];
      days[i] = event;
      return;
    }
    let before = days[i];
    while (next[before] !== NONE && this.isBefore(next[before], event)) before = next[before];
    next[event] = next[before];
    next[before] = event;
  }

  private take(): number {
    const { days, next, times } = this;
    for (let k = 0; k < days.length; k++, this.today++) {
      const i = this.today % days.length;
      const first = days[i];
      if (first === NONE || Math.floor(times[first] / this.width) > this.today) continue;
      days[i] = next[first];
      return first;
    }
    // Nothing within a year: straight to the earliest of all.
    let earliest = NONE;
    for (const first of days)
      if (first !== NONE && (earliest === NONE || this.isBefore(first, earliest))) earliest = first;
    this.today = Math.floor(times[earliest] / this.width);
    days[this.today % days.length] = next[earliest];
    return earliest;
  }

  private resize(count: number): void {
    const all = this.all();
    this.width = this.newWidth(all);
    this.days = new Int32Array(count).fill(NONE);
    this.today = Infinity;
    for (const event of all) this.insert(event);
  }

  private all(): number[] {
    const all: number[] = [];
    for (const first of this.days) for (let event = first; event !== NONE; event = this.next[event]) all.push(event);
    return all;
  }

  /** Three times the mean gap of the next few events, without gaps of more than twice the mean, as Brown has it. */
  private newWidth(all: readonly number[]): number {
    const soon = Float64Array.from(all, (event) => this.times[event])
      .sort()
      .subarray(0, SAMPLE);
    const gaps = Array.from(soon.subarray(1), (time, i) => time - soon[i]);
    const mean = (list: readonly number[]): number => list.reduce((sum, gap) => sum + gap, 0) / list.length;
    const all3 = 3 * mean(gaps.filter((gap) => gap <= 2 * mean(gaps)));
    return all3 > 0 ? all3 : this.width;
  }
}
