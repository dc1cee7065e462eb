/**
 * The pool of rows: everything that moves.
 *
 * A row is 128 bytes, two cache lines, seen through a Float64Array `F` (16 columns) and an Int32Array `I` (32 columns)
 * over one buffer. It is at once the event record, the message on the wire, the frame that runs a program on a node,
 * and the link in a station's queue; a user and an open request are rows too. Rows that have not been used yet follow
 * those that have; a row that comes free is the next to be taken.
 *
 * In the memory of a run the number of a row is its address, in rows, so that the core finds a column near that, in less code
 * than it takes far off: the first row is not 0.
 */
import { ICol, Id, Kind, Stride } from './layout.ts';
import { LooseTables, type Memory } from './memory.ts';
import { Cell, Place } from './slots.ts';

export { FCol, Flag, ICol, Id, Kind, Status, Stride } from './layout.ts';

/** Simultaneous events: completions, then replies, then arrivals, then clocks. Indexed by `Kind`. */
export const ORDER = new Uint8Array([9, 9, 3, 2, 2, 0, 0, 4, 4, 4, 5, 0, 5, 6, 3, 1, 1, 1, 1, 1, 9, 9, 9, 3, 0, 5, 3]);

export class RowPoolExhausted extends Error {}

export class Rows {
  readonly F: Float64Array;
  readonly I: Int32Array;
  /** The number of the first row. */
  readonly first: number;
  private readonly cells: Int32Array;

  /** @param memory where the rows are to stand; null: in a place of their own */
  constructor(
    capacity: number,
    private readonly maximum: number,
    memory: Memory | null = null,
  ) {
    this.cells = (memory ?? new LooseTables()).cells;
    this.maximum = memory === null ? maximum : Math.min(maximum, memory.mostRows);
    const buffer = memory === null ? new ArrayBuffer(maximum * Stride.F * 8) : memory.buffer;
    this.first = memory === null ? 0 : Place.Rows / (Stride.F * 8);
    this.F = new Float64Array(buffer, 0, (this.first + this.maximum) * Stride.F);
    this.I = new Int32Array(buffer, 0, (this.first + this.maximum) * Stride.I);
    this.cells[Cell.RowsHead] = Id.None;
    this.cells[Cell.RowsFresh] = this.first;
    this.cells[Cell.RowsCapacity] = Math.min(capacity, this.maximum);
  }

  /** Rows in use. */
  get live(): number {
    return this.cells[Cell.RowsLive];
  }

  /** Rows that can be in use before more must be asked for (`reserve`). */
  get capacity(): number {
    return this.cells[Cell.RowsCapacity];
  }

  /** The first row that has never been in use: nobody needs to look beyond the one before it. */
  get end(): number {
    return this.cells[Cell.RowsFresh];
  }

  /** Makes room for at least `count` more rows. False: over the memory budget. */
  reserve(count: number): boolean {
    let { capacity } = this;
    if (capacity - this.live >= count) return true;
    while (capacity - this.live < count) capacity *= 2;
    if (capacity > this.maximum) return false;
    this.cells[Cell.RowsCapacity] = capacity;
    return true;
  }

  /** Takes a row. Its columns hold what the last life left, except `Gen`, which is new, and `Flags`, none of which is set. */
  take(): number {
    const { cells } = this;
    let row = cells[Cell.RowsHead];
    if (row === Id.None) {
      row = cells[Cell.RowsFresh];
      if (row === this.first + cells[Cell.RowsCapacity])
        throw new RowPoolExhausted('more rows taken in one event than were reserved');
      cells[Cell.RowsFresh] = row + 1;
    } else cells[Cell.RowsHead] = this.I[row * Stride.I + ICol.Next];
    cells[Cell.RowsLive]++;
    return row;
  }

  free(row: number): void {
    const { cells, I } = this;
    const at = row * Stride.I;
    I[at + ICol.Kind] = Kind.Free;
    // Whoever looks at all rows must not take a timer for the request that this row was before.
    I[at + ICol.Flags] = 0;
    I[at + ICol.Gen] = (I[at + ICol.Gen] + 1) | 0;
    I[at + ICol.Next] = cells[Cell.RowsHead];
    cells[Cell.RowsHead] = row;
    cells[Cell.RowsLive]--;
  }
}
