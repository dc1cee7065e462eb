/** What is due in the slot that the clock has reached: a binary heap of entries, the earliest first. */
import { Cell, Slot } from '../slots';
import { append, ENTRY, move, put, timeAt, whatAt, whoAt } from './entries';
import { isLess } from './event-order';
import * as host from './host';
import { cell, table } from './tables';

let size: i32 = 0;

@inline
export function isEmpty(): bool {
  return size == 0;
}

/** The address of the earliest entry. */
@inline
export function top(): usize {
  return table(Slot.Heap);
}

/** Adds an entry. There is room for one at all times. */
@inline
export function add(time: f64, what: i64, who: i64): void {
  if (size == 0) {
    size = 1;
    put(table(Slot.Heap), time, what, who);
  } else rise(time, what, who);
}

/** The same where there are some. */
function rise(time: f64, what: i64, who: i64): void {
  let i = size++;
  if (i == cell(Cell.HeapRoom)) host.growHeap();
  const heap = table(Slot.Heap);
  while (i > 0) {
    const up = (i - 1) >> 1;
    const above = heap + up * ENTRY;
    if (isLess(above, time, what, who)) break;
    move(heap + i * ENTRY, above);
    i = up;
  }
  put(heap + i * ENTRY, time, what, who);
}

/** Drops the earliest entry. */
@inline
export function drop(): void {
  const left = size - 1;
  size = left;
  if (left > 0) sink(table(Slot.Heap), left);
}

/** Moves all entries to a list. Returns the list with them. */
export function spill(list: usize): usize {
  let all = list;
  const heap = table(Slot.Heap);
  for (let at = heap; at < heap + size * ENTRY; at += ENTRY) all = append(all, timeAt(at), whatAt(at), whoAt(at));
  size = 0;
  return all;
}

/** Fills the gap at the top with the last entry, which is the `left`-th. */
function sink(heap: usize, left: i32): void {
  const last = heap + left * ENTRY;
  const time = timeAt(last);
  const what = whatAt(last);
  const who = whoAt(last);
  let i = 0;
  for (;;) {
    let down = 2 * i + 1;
    if (down >= left) break;
    let below = heap + down * ENTRY;
    if (down + 1 < left) {
      const other = below + ENTRY;
      if (isLess(other, timeAt(below), whatAt(below), whoAt(below))) {
        down++;
        below = other;
      }
    }
    if (!isLess(below, time, what, who)) break;
    move(heap + i * ENTRY, below);
    i = down;
  }
  put(heap + i * ENTRY, time, what, who);
}
