/**
 * Lookups under way, at most one for each caller: which try it is, and the requests that wait for the answer.
 *
 * A request that waits may be gone by then, with its caller or because that gave up: it is known by its row and the
 * life of that.
 */
import { ICol, Id, type Rows, Stride } from '../../../engine/rows.ts';
import { KeyTable } from '../../../engine/key-table.ts';
import { longer, longerDoubles } from '../../storage/cache/eviction.ts';

export class Lookups {
  /** By lookup: a number that no other question of this name ever has, tries so far, node that asks. */
  serial: Float64Array<ArrayBuffer>;
  tries: Int32Array<ArrayBuffer>;
  node: Int32Array<ArrayBuffer>;
  private readonly table = new KeyTable();
  /** By lookup: first and last place in its line. */
  private head: Int32Array<ArrayBuffer>;
  private tail: Int32Array<ArrayBuffer>;
  // Places in lines: the row, its life, the place behind it.
  private row = new Int32Array(0);
  private life = new Int32Array(0);
  private next = new Int32Array(0);
  private free: number = Id.None;

  constructor(private readonly rows: Rows) {
    const n = this.table.capacity;
    this.serial = new Float64Array(n);
    this.tries = new Int32Array(n);
    this.node = new Int32Array(n);
    this.head = new Int32Array(n);
    this.tail = new Int32Array(n);
  }

  /** The lookup of a slot, Id.None: none is under way. */
  find(slot: number): number {
    return this.table.find(slot);
  }

  open(slot: number, node: number): number {
    const lookup = this.table.add(slot);
    if (this.serial.length < this.table.capacity) this.grow();
    this.tries[lookup] = 0;
    this.node[lookup] = node;
    this.head[lookup] = Id.None;
    return lookup;
  }

  /** Puts a row at the end of the line. */
  wait(lookup: number, row: number): void {
    if (this.free === Id.None) this.makePlaces();
    const place = this.free;
    this.free = this.next[place];
    this.row[place] = row;
    this.life[place] = this.rows.I[row * Stride.I + ICol.Gen];
    this.next[place] = Id.None;
    if (this.head[lookup] === Id.None) this.head[lookup] = place;
    else this.next[this.tail[lookup]] = place;
    this.tail[lookup] = place;
  }

  /** Ends the lookup. Returns the first place of its line, Id.None: nobody waits. */
  close(lookup: number): number {
    const line = this.head[lookup];
    this.table.remove(lookup);
    return line;
  }

  /** The row at a place in a line, Id.None: it is gone. */
  rowAt(place: number): number {
    const row = this.row[place];
    return this.rows.I[row * Stride.I + ICol.Gen] === this.life[place] ? row : Id.None;
  }

  /** Gives a place back; returns the one behind it, Id.None: it was the last. */
  leave(place: number): number {
    const behind = this.next[place];
    this.next[place] = this.free;
    this.free = place;
    return behind;
  }

  private grow(): void {
    const n = this.table.capacity;
    this.serial = longerDoubles(this.serial, n);
    this.tries = longer(this.tries, n);
    this.node = longer(this.node, n);
    this.head = longer(this.head, n);
    this.tail = longer(this.tail, n);
  }

  private makePlaces(): void {
    const from = this.row.length;
    const n = Math.max(256, from * 2);
    this.row = longer(this.row, n);
    this.life = longer(this.life, n);
    this.next = longer(this.next, n);
    for (let place = n - 1; place >= from; place--) {
      this.next[place] = this.free;
      this.free = place;
    }
  }
}
