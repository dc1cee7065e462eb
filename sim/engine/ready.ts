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
    const tail = cells[Cell.ReadyTail];
    this.ring[tail] = row;
    cells[Cell.ReadyTail] = (tail + 1) & cells[Cell.ReadyMask];
    if (cells[Cell.ReadyTail] === cells[Cell.ReadyHead]) this.grow();
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

  /** The ring is full: twice as much room. */
  grow(): void {
    const { cells } = this;
    const old = this.ring;
    const ring = this.makeRing(old.length * 2);
    for (let i = 0; i < old.length; i++) ring[i] = old[(cells[Cell.ReadyHead] + i) & (old.length - 1)];
    cells[Cell.ReadyHead] = 0;
    cells[Cell.ReadyTail] = old.length;
    this.ring = ring;
  }

  private makeRing(length: number): Int32Array {
    this.cells[Cell.ReadyMask] = length - 1;
    return this.tables.i32(Slot.Ready, length);
  }
}
