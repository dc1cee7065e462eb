/**
 * Leases that were taken away because their key was deleted: what their holders still bring may be older than the
 * deletion, and is refused. One entry for each holder and key, since a request may hold several leases, and its row may
 * have been that of other requests before.
 */
import { ICol, Id, type Rows, Stride } from '../../../engine/rows.ts';
import { KeyTable } from '../../../engine/key-table.ts';
import { longer } from './eviction.ts';

const FIRST_PURGE = 1024;

export class Revocations {
  private readonly table = new KeyTable();
  private holder: Int32Array<ArrayBuffer>;
  private life: Int32Array<ArrayBuffer>;
  private key: Int32Array<ArrayBuffer>;
  private purgeAt = FIRST_PURGE;

  constructor(private readonly rows: Rows) {
    const n = this.table.capacity;
    this.holder = new Int32Array(n);
    this.life = new Int32Array(n);
    this.key = new Int32Array(n);
  }

  get size(): number {
    return this.table.size;
  }

  /** The holder (a row in one of its lives) may not fill the key any more. */
  add(holder: number, life: number, key: number): void {
    if (this.table.size >= this.purgeAt) this.purge();
    const token = tokenOf(holder, life, key);
    let entry = this.table.find(token);
    if (entry === Id.None) entry = this.table.add(token);
    if (this.holder.length < this.table.capacity) this.grow();
    this.holder[entry] = holder;
    this.life[entry] = life;
    this.key[entry] = key;
  }

  /** Was this lease taken away? Answered once. */
  take(holder: number, life: number, key: number): boolean {
    const entry = this.table.find(tokenOf(holder, life, key));
    if (entry === Id.None) return false;
    if (this.holder[entry] !== holder || this.life[entry] !== life || this.key[entry] !== key) return false;
    this.table.remove(entry);
    return true;
  }

  clear(): void {
    this.table.clear();
  }

  /** Forgets holders that are gone and bring nothing any more. */
  private purge(): void {
    const { I } = this.rows;
    this.table.each((entry) => {
      if (I[this.holder[entry] * Stride.I + ICol.Gen] !== this.life[entry]) this.table.remove(entry);
    });
    this.purgeAt = Math.max(FIRST_PURGE, this.table.size * 2);
  }

  private grow(): void {
    const n = this.table.capacity;
    this.holder = longer(this.holder, n);
    this.life = longer(this.life, n);
    this.key = longer(this.key, n);
  }
}

/** One number for the three; that of another lease is the same with a chance of one in four billion. */
function tokenOf(holder: number, life: number, key: number): number {
  return Math.imul(Math.imul(holder ^ Math.imul(life, 0x9e3779b1), 0x85ebca6b) ^ key, 0xc2b2ae35);
}
