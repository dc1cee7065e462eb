/** Heaps: the textbook's, of objects, and one with four branches in typed arrays. */
import type { Queue } from './queue.ts';

interface Item {
  event: number;
  time: number;
}

const isBefore = (a: Item, b: Item): boolean => a.time < b.time || (a.time === b.time && a.event < b.event);

/** Binary, of objects (Williams 1964). */
export class ObjectHeap implements Queue {
  private readonly heap: Item[] = [];

  push(event: number, time: number): void {
    const { heap } = this;
    const item = { event, time };
    let i = heap.push(item) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (isBefore(heap[up], item)) break;
      heap[i] = heap[up];
      i = up;
    }
    heap[i] = item;
  }

  pop(): number {
    const { heap } = this;
    const first = heap[0].event;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && isBefore(heap[down + 1], heap[down])) down++;
      if (isBefore(last, heap[down])) break;
      heap[i] = heap[down];
      i = down;
    }
    heap[i] = last;
    return first;
  }
}

/** Four branches: half the levels, and the children of a node lie side by side (Johnson 1975). */
export class FourHeap implements Queue {
  private readonly events: Int32Array;
  private readonly times: Float64Array;
  private size = 0;

  constructor(capacity: number) {
    this.events = new Int32Array(capacity);
    this.times = new Float64Array(capacity);
  }

  push(event: number, time: number): void {
    const { events, times } = this;
    let i = this.size++;
    while (i > 0) {
      const up = (i - 1) >> 2;
      if (times[up] < time || (times[up] === time && events[up] < event)) break;
      events[i] = events[up];
      times[i] = times[up];
      i = up;
    }
    events[i] = event;
    times[i] = time;
  }

  pop(): number {
    const { events, times } = this;
    const first = events[0];
    const size = --this.size;
    const event = events[size];
    const time = times[size];
    let i = 0;
    for (;;) {
      let down = 4 * i + 1;
      if (down >= size) break;
      const end = Math.min(down + 4, size);
      for (let k = down + 1; k < end; k++) {
        if (times[k] < times[down] || (times[k] === times[down] && events[k] < events[down])) down = k;
      }
      if (time < times[down] || (time === times[down] && event < events[down])) break;
      events[i] = events[down];
      times[i] = times[down];
      i = down;
    }
    events[i] = event;
    times[i] = time;
    return first;
  }
}
