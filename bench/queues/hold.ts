/**
 * The hold model (Vaucher and Duval 1975): so many events wait; the earliest is taken and put back later by a random
 * time, again and again. The order in which they come out is summed up, and must be the same for every queue.
 */
import { CalendarQueue } from './calendar.ts';
import { FourHeap, ObjectHeap } from './heaps.ts';
import { LadderQueue } from './ladder.ts';
import type { Queue } from './queue.ts';
import { Wheel } from './wheel.ts';

export const queues: Record<string, (capacity: number) => Queue> = {
  'binary heap of objects': () => new ObjectHeap(),
  'typed 4-ary heap': (capacity) => new FourHeap(capacity),
  'calendar queue': (capacity) => new CalendarQueue(capacity),
  'ladder queue': (capacity) => new LadderQueue(capacity),
  'wheel of Tenfold': (capacity) => new Wheel(capacity),
};

/** Nanoseconds of simulated time between an event and its next, on average. */
const MEAN = 1e9;

export class Hold {
  private readonly times: Float64Array;
  private state = 1;
  /** A digest of the order so far. */
  order = 0;

  constructor(
    private readonly queue: Queue,
    pending: number,
  ) {
    this.times = new Float64Array(pending);
    for (let event = 0; event < pending; event++) {
      this.times[event] = this.draw();
      queue.push(event, this.times[event]);
    }
  }

  /** So many times: the earliest is taken, and put back. */
  run(times: number): void {
    for (let i = 0; i < times; i++) {
      const event = this.queue.pop();
      this.order = (Math.imul(this.order, 31) + event) | 0;
      this.times[event] += this.draw();
      this.queue.push(event, this.times[event]);
    }
  }

  /** Exponential: Park and Miller's generator. */
  private draw(): number {
    this.state = (this.state * 48271) % 2147483647;
    return -MEAN * Math.log(this.state / 2147483647);
  }
}
