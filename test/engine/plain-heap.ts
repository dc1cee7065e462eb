/**
 * The future event list as the textbook has it: one binary heap, no wheel, no tuning. Slower, and too plain to be
 * wrong: the oracle of the real one, here and for whole runs.
 */
import { FCol, ICol, Id, ORDER, type Rows, Stride } from '../../sim/engine/rows.ts';

/** Content order of simultaneous events, as the design states it: class, node, identity, call, then the row. */
const TIES = [ICol.Node, ICol.IdA, ICol.IdB, ICol.Tag, ICol.Pc, ICol.Key];

/** Negative: row `a`, due at `timeA`, comes before row `b`, due at `timeB`. */
export function compareRows({ I }: Rows, a: number, timeA: number, b: number, timeB: number): number {
  if (timeA !== timeB) return timeA - timeB;
  const [x, y] = [a * Stride.I, b * Stride.I];
  const byClass = ORDER[I[x + ICol.Kind]] - ORDER[I[y + ICol.Kind]];
  if (byClass !== 0) return byClass;
  for (const column of TIES) if (I[x + column] !== I[y + column]) return I[x + column] - I[y + column];
  return a - b;
}

/** Has the interface of `EventList`. */
export class PlainHeap {
  pops = 0;
  private readonly heap: { row: number; time: number }[] = [];

  constructor(private readonly rows: Rows) {}

  get size(): number {
    return this.heap.length;
  }

  push(row: number): void {
    const { heap } = this;
    let i = heap.push({ row, time: this.rows.F[row * Stride.F + FCol.Time] }) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!this.isBefore(i, up)) break;
      this.swap(i, up);
      i = up;
    }
  }

  pop(limit: Float64Array): number {
    const { heap } = this;
    if (heap.length === 0 || heap[0].time > limit[0]) return Id.None;
    const { row } = heap[0];
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      this.sink();
    }
    this.pops++;
    return row;
  }

  private sink(): void {
    const { heap } = this;
    for (let i = 0; ; ) {
      let least = i;
      for (const down of [2 * i + 1, 2 * i + 2]) if (down < heap.length && this.isBefore(down, least)) least = down;
      if (least === i) return;
      this.swap(i, least);
      i = least;
    }
  }

  private isBefore(i: number, j: number): boolean {
    const [a, b] = [this.heap[i], this.heap[j]];
    return compareRows(this.rows, a.row, a.time, b.row, b.time) < 0;
  }

  private swap(i: number, j: number): void {
    const { heap } = this;
    [heap[i], heap[j]] = [heap[j], heap[i]];
  }
}
