/**
 * What one point of presence fetches at the moment, by key, and the requests that wait for it (request collapsing).
 *
 * One request fetches, the leader; those that come for the same key meanwhile wait in a line, linked through `QNext` and
 * `QPrev`. When it brings the answer all of them have it. When it fails the next in line fetches, as with the locks of
 * nginx and Varnish. Who has waited too long fetches for itself.
 */
import { KeyTable } from '../../../engine/key-table.ts';
import { FCol, ICol, Id, type Rows, Stride } from '../../../engine/rows.ts';
import { longer, longerDoubles } from '../../storage/cache/eviction.ts';

export class Fetches {
  /** Fetches under way, all keys together. */
  underWay = 0;
  /** Requests in lines. */
  waiting = 0;
  /** Fetches that were to be alone, and were not. */
  overlaps = 0;
  /** By key fetched: a number that no other ever has. */
  serial: Float64Array<ArrayBuffer>;
  private readonly table = new KeyTable();
  /** How many fetch it; whether it was purged since the first began; first and last row in line. */
  private count: Int32Array<ArrayBuffer>;
  private purged: Int32Array<ArrayBuffer>;
  private head: Int32Array<ArrayBuffer>;
  private tail: Int32Array<ArrayBuffer>;
  private opened = 0;

  constructor(private readonly rows: Rows) {
    const n = this.table.capacity;
    this.serial = new Float64Array(n);
    this.count = new Int32Array(n);
    this.purged = new Int32Array(n);
    this.head = new Int32Array(n);
    this.tail = new Int32Array(n);
  }

  /** The fetch of a key, Id.None: nobody fetches it. */
  find(key: number): number {
    return this.table.find(key);
  }

  /** One more request goes to fetch the key. `alone`: it may only if nobody else does. */
  begin(key: number, alone: boolean): void {
    let fetch = this.table.find(key);
    if (fetch === Id.None) fetch = this.open(key);
    if (this.count[fetch] === 0) this.purged[fetch] = 0;
    else if (alone) this.overlaps++;
    this.count[fetch]++;
    this.underWay++;
  }

  /** One of them is back. Followed by `close` once nobody waits. */
  end(fetch: number): void {
    this.count[fetch]--;
    this.underWay--;
  }

  /** Is nobody fetching it any more? */
  isOver(fetch: number): boolean {
    return this.count[fetch] === 0;
  }

  close(fetch: number): void {
    this.table.remove(fetch);
  }

  /** What is on its way may be older than the purge of this key: it is not kept. */
  purge(key: number): void {
    const fetch = this.table.find(key);
    if (fetch !== Id.None) this.purged[fetch] = 1;
  }

  purgeAll(): void {
    this.table.each((fetch) => {
      this.purged[fetch] = 1;
    });
  }

  isPurged(fetch: number): boolean {
    return this.purged[fetch] === 1;
  }

  /** Puts a row at the end of the line. True: it is the first. */
  wait(fetch: number, row: number): boolean {
    const { I } = this.rows;
    const last = this.tail[fetch];
    I[row * Stride.I + ICol.QPrev] = last;
    I[row * Stride.I + ICol.QNext] = Id.None;
    // A row that waits here calls nobody.
    I[row * Stride.I + ICol.Calling] = fetch;
    if (last === Id.None) this.head[fetch] = row;
    else I[last * Stride.I + ICol.QNext] = row;
    this.tail[fetch] = row;
    this.waiting++;
    return last === Id.None;
  }

  /** Takes the first row out of the line, Id.None: nobody waits. */
  shift(fetch: number): number {
    const row = this.head[fetch];
    if (row !== Id.None) this.unlink(fetch, row);
    return row;
  }

  /** Since when the first in line waits, ns; Infinity: nobody does. */
  waitsSince(fetch: number): number {
    const row = this.head[fetch];
    return row === Id.None ? Infinity : this.rows.F[row * Stride.F + FCol.Mark];
  }

  /** A row that waits is gone. */
  leave(row: number): void {
    this.unlink(this.rows.I[row * Stride.I + ICol.Calling], row);
  }

  /** The process is gone, and with it who fetched and who waited. */
  clear(): void {
    this.table.clear();
    this.underWay = 0;
    this.waiting = 0;
  }

  private open(key: number): number {
    const fetch = this.table.add(key);
    if (this.serial.length < this.table.capacity) this.grow();
    this.serial[fetch] = ++this.opened;
    this.count[fetch] = 0;
    this.purged[fetch] = 0;
    this.head[fetch] = Id.None;
    this.tail[fetch] = Id.None;
    return fetch;
  }

  private unlink(fetch: number, row: number): void {
    const { I } = this.rows;
    const before = I[row * Stride.I + ICol.QPrev];
    const after = I[row * Stride.I + ICol.QNext];
    if (before === Id.None) this.head[fetch] = after;
    else I[before * Stride.I + ICol.QNext] = after;
    if (after === Id.None) this.tail[fetch] = before;
    else I[after * Stride.I + ICol.QPrev] = before;
    I[row * Stride.I + ICol.Calling] = Id.None;
    this.waiting--;
  }

  private grow(): void {
    const n = this.table.capacity;
    this.serial = longerDoubles(this.serial, n);
    this.count = longer(this.count, n);
    this.purged = longer(this.purged, n);
    this.head = longer(this.head, n);
    this.tail = longer(this.tail, n);
  }
}
