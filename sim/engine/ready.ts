/** Rows to be handled in this very instant, first in first out: hops without delay, grants of a freed token. */
import { LooseTables, type Tables } from './memory.ts';
import { Id } from './rows.ts';
import { Cell, Slot } from './slots.ts';

export class ReadyQueue {
  private ring: Int32Array;
  private readonly cells: Int32Array;

  constructor(private readonly tables: Tables = new LooseTables()) {
    this.cells = tables.cells;
    this.ring = this.makeRing(1024);
  }

  push(row: number): void {
    const { cells } = this;
    if (((cells[Cell.ReadyTail] + 1) & cells[Cell.ReadyMask]) === cells[Cell.ReadyHead]) this.grow(0);
    const tail = cells[Cell.ReadyTail];
    this.ring[tail] = row;
    cells[Cell.ReadyTail] = (tail + 1) & cells[Cell.ReadyMask];
  }

  shift(): number {
    const { cells } = this;
    const head = cells[Cell.ReadyHead];
    if (head === cells[Cell.ReadyTail]) return Id.None;
    cells[Cell.ReadyHead] = (head + 1) & cells[Cell.ReadyMask];
    return this.ring[head];
  }

  /** The rows that wait here. Cold: for outages, which must not free a row that will still come up. */
  waiting(): Set<number> {
    const { cells, ring } = this;
    const rows = new Set<number>();
    for (let i = cells[Cell.ReadyHead]; i !== cells[Cell.ReadyTail]; i = (i + 1) & cells[Cell.ReadyMask])
      rows.add(ring[i]);
    return rows;
  }

  /** Makes room for so many rows, of which none waits here twice. The core takes no more before it asks again. */
  reserve(rows: number): void {
    if (this.ring.length <= rows) this.grow(rows);
  }

  /** At least twice as much room, and enough for so many rows. */
  private grow(rows: number): void {
    const { cells } = this;
    const old = this.ring;
    const head = cells[Cell.ReadyHead];
    const waiting = (cells[Cell.ReadyTail] - head) & (old.length - 1);
    let length = old.length * 2;
    while (length <= rows) length *= 2;
    const ring = this.makeRing(length);
    for (let i = 0; i < waiting; i++) ring[i] = old[(head + i) & (old.length - 1)];
    cells[Cell.ReadyHead] = 0;
    cells[Cell.ReadyTail] = waiting;
    this.ring = ring;
  }

  private makeRing(length: number): Int32Array {
    this.cells[Cell.ReadyMask] = length - 1;
    return this.tables.i32(Slot.Ready, length);
  }
}
