/**
 * The yardstick: a fixed M/M/1 simulator in plain JavaScript, as a textbook would write it, with a heap of event
 * objects. Timed beside every slice, it says how fast the machine was at that moment, so ratios to it compare across
 * machines and across noisy minutes. Never make it faster: old ratios would mean something else.
 */

interface Event {
  time: number;
  isArrival: boolean;
}

const ARRIVALS_PER_SECOND = 80;
const SERVICES_PER_SECOND = 100;

/** Simulates `customers` from arrival to departure: two events each. Answers their mean sojourn time in seconds. */
export function yardstick(customers: number): number {
  let state = 1;
  const exponential = (rate: number): number => {
    state = (state * 48271) % 2147483647;
    return -Math.log(state / 2147483647) / rate;
  };
  const heap: Event[] = [];
  const waiting: number[] = [];
  let served = 0;
  let sojourn = 0;
  push(heap, { time: exponential(ARRIVALS_PER_SECOND), isArrival: true });
  while (served < customers) {
    const { time, isArrival } = pop(heap);
    if (isArrival) {
      waiting.push(time);
      push(heap, { time: time + exponential(ARRIVALS_PER_SECOND), isArrival: true });
      if (waiting.length > 1) continue;
    } else {
      sojourn += time - waiting.shift()!;
      served++;
      if (waiting.length === 0) continue;
    }
    push(heap, { time: time + exponential(SERVICES_PER_SECOND), isArrival: false });
  }
  return sojourn / served;
}

function push(heap: Event[], event: Event): void {
  let i = heap.push(event) - 1;
  while (i > 0) {
    const up = (i - 1) >> 1;
    if (heap[up].time <= event.time) break;
    heap[i] = heap[up];
    i = up;
  }
  heap[i] = event;
}

function pop(heap: Event[]): Event {
  const first = heap[0];
  const last = heap.pop()!;
  if (heap.length === 0) return first;
  let i = 0;
  for (;;) {
    let down = 2 * i + 1;
    if (down >= heap.length) break;
    if (down + 1 < heap.length && heap[down + 1].time < heap[down].time) down++;
    if (heap[down].time >= last.time) break;
    heap[i] = heap[down];
    i = down;
  }
  heap[i] = last;
  return first;
}
