/** The event list of the simulator itself, on rows of 128 bytes: what it sorts is the record of the event as well. */
import { EventList } from '../../sim/engine/event-list.ts';
import { FCol, Rows, Stride } from '../../sim/engine/rows.ts';
import type { Queue } from './queue.ts';

const NEVER = Float64Array.of(Infinity);

export class Wheel implements Queue {
  private readonly rows: Rows;
  private readonly list: EventList;

  constructor(capacity: number) {
    this.rows = new Rows(capacity, capacity);
    this.list = new EventList(this.rows);
  }

  push(event: number, time: number): void {
    this.rows.F[event * Stride.F + FCol.Time] = time;
    this.list.push(event);
  }

  pop(): number {
    return this.list.pop(NEVER);
  }
}
