/**
 * Leases of one cache node: the first who misses a key gets leave to fill it, the others wait for that.
 *
 * After Nishtala et al., "Scaling Memcache at Facebook" (NSDI 2013), with one difference: there the others are told to
 * come back a little later, here they wait at the cache. A lease ends when the key is stored, when it is deleted (what
 * the holder brings afterwards is refused, since it may be older than the deletion), or when its time is over (what the
 * holder brings later is still stored, so that an origin slower than leases cannot keep the cache empty). Then the next
 * in line gets it. The holder is known by its request, as a token would identify it.
 */
import { Id, ICol, type Rows, Stride } from '../../../engine/rows.ts';
import { KeyTable } from '../../../engine/key-table.ts';
import { longer, longerDoubles } from './eviction.ts';
import { Revocations } from './revocations.ts';

const FIRST_PURGE = 1024;

export class Leases {
  /** By lease: the end of its time, ns, and a number that no other lease of the node ever has. */
  until: Float64Array<ArrayBuffer>;
  serial: Float64Array<ArrayBuffer>;
  private readonly table = new KeyTable();
  /** Row and life of the holder; first and last row in line, linked through `QNext` and `QPrev`. */
  private holder: Int32Array<ArrayBuffer>;
  private holderGen: Int32Array<ArrayBuffer>;
  private head: Int32Array<ArrayBuffer>;
  private tail: Int32Array<ArrayBuffer>;
  private granted = 0;
  private purgeAt = FIRST_PURGE;
  private readonly revoked: Revocations;

  constructor(
    private readonly rows: Rows,
    private readonly clock: Float64Array,
    private readonly leaseNs: number,
  ) {
    this.revoked = new Revocations(rows);
    const n = this.table.capacity;
    this.until = new Float64Array(n);
    this.serial = new Float64Array(n);
    this.holder = new Int32Array(n);
    this.holderGen = new Int32Array(n);
    this.head = new Int32Array(n);
    this.tail = new Int32Array(n);
  }

  /** The lease of a key, Id.None: nobody fills it. */
  find(key: number): number {
    return this.table.find(key);
  }

  /** May the caller of `row` fill the key of this lease: is it the holder already, or is the lease over? */
  isOpenTo(lease: number, row: number): boolean {
    const I = this.rows.I;
    const at = row * Stride.I;
    const same = this.holder[lease] === I[at + ICol.Parent] && this.holderGen[lease] === I[at + ICol.ParentGen];
    return same || (this.head[lease] === Id.None && this.clock[0] >= this.until[lease]);
  }

  /** Makes a lease for a key that has none. */
  open(key: number): number {
    if (this.table.size >= this.purgeAt) this.purge();
    const lease = this.table.add(key);
    if (this.until.length < this.table.capacity) this.grow();
    this.head[lease] = Id.None;
    this.tail[lease] = Id.None;
    return lease;
  }

  /** From now on the caller of `row` is the one who fills the key. */
  grant(lease: number, row: number): void {
    const I = this.rows.I;
    this.holder[lease] = I[row * Stride.I + ICol.Parent];
    this.holderGen[lease] = I[row * Stride.I + ICol.ParentGen];
    this.until[lease] = this.clock[0] + this.leaseNs;
    this.serial[lease] = ++this.granted;
  }

  close(lease: number): void {
    this.table.remove(lease);
  }

  isContended(lease: number): boolean {
    return this.head[lease] !== Id.None;
  }

  /** Puts the row at the end of the line. */
  wait(lease: number, row: number): void {
    const I = this.rows.I;
    const last = this.tail[lease];
    I[row * Stride.I + ICol.QPrev] = last;
    I[row * Stride.I + ICol.QNext] = Id.None;
    if (last === Id.None) this.head[lease] = row;
    else I[last * Stride.I + ICol.QNext] = row;
    this.tail[lease] = row;
  }

  /** Takes the first row out of the line, Id.None: nobody waits. */
  shift(lease: number): number {
    const row = this.head[lease];
    if (row !== Id.None) this.unlink(lease, row);
    return row;
  }

  /** A row that waits is gone. */
  leave(row: number): void {
    const lease = this.table.find(this.rows.I[row * Stride.I + ICol.Key]);
    if (lease !== Id.None) this.unlink(lease, row);
  }

  private unlink(lease: number, row: number): void {
    const I = this.rows.I;
    const before = I[row * Stride.I + ICol.QPrev];
    const after = I[row * Stride.I + ICol.QNext];
    if (before === Id.None) this.head[lease] = after;
    else I[before * Stride.I + ICol.QNext] = after;
    if (after === Id.None) this.tail[lease] = before;
    else I[after * Stride.I + ICol.QPrev] = before;
  }

  /** The holder may not fill the key any more. */
  revoke(lease: number): void {
    this.revoked.add(this.holder[lease], this.holderGen[lease], this.table.keyOf(lease));
  }

  /** Does `row` bring the value of a lease that was taken away from its caller? Asked once. */
  refuses(row: number): boolean {
    if (this.revoked.size === 0) return false;
    const I = this.rows.I;
    const at = row * Stride.I;
    return this.revoked.take(I[at + ICol.Parent], I[at + ICol.ParentGen], I[at + ICol.Key]);
  }

  clear(): void {
    this.table.clear();
    this.revoked.clear();
  }

  /** Forgets leases whose holders never came back and that nobody waits for. */
  private purge(): void {
    this.table.each((lease) => {
      if (this.head[lease] === Id.None && this.clock[0] >= this.until[lease]) this.table.remove(lease);
    });
    this.purgeAt = Math.max(FIRST_PURGE, this.table.size * 2);
  }

  private grow(): void {
    const n = this.table.capacity;
    this.until = longerDoubles(this.until, n);
    this.serial = longerDoubles(this.serial, n);
    this.holder = longer(this.holder, n);
    this.holderGen = longer(this.holderGen, n);
    this.head = longer(this.head, n);
    this.tail = longer(this.tail, n);
  }
}
