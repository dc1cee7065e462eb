/**
 * Versions of a leaderless database: per key the last acknowledged one and the one each copy holds. Versions are unique
 * instants; of two the later one wins (last write wins).
 */
import { KeyTable } from '../../../engine/key-table.ts';
import { Id } from '../../../engine/rows.ts';

const MOST = 1 << 22;
/** Keys before the first look for those that can be forgotten. */
const FEW = 4096;

export class Versions {
  private readonly table = new KeyTable(MOST);
  /** Per entry: last acknowledged, then one per copy; 0: none. */
  private versions: Float64Array;
  private readonly width: number;
  private sweepAt = FEW;
  private last = 0;
  /** Writes that found the table full. */
  unrecorded = 0;

  /** @param copies of each key */
  constructor(copies: number) {
    this.width = copies + 1;
    this.versions = new Float64Array(this.table.capacity * this.width);
  }

  /** A version for a write that begins now: later than all before it. */
  next(nowNs: number): number {
    this.last = Math.max(nowNs, this.last + 1);
    return this.last;
  }

  /** Last acknowledged version of the key, 0: none. */
  acknowledged(key: number): number {
    const entry = this.table.find(key);
    return entry === Id.None ? 0 : this.versions[entry * this.width];
  }

  acknowledge(key: number, version: number): void {
    this.raise(key, 0, version);
  }

  /** What a copy holds of the key, 0: nothing. */
  at(key: number, copy: number): number {
    const entry = this.table.find(key);
    return entry === Id.None ? 0 : this.versions[entry * this.width + 1 + copy];
  }

  /** A copy takes a version, unless it holds a later one. */
  store(key: number, copy: number, version: number): void {
    this.raise(key, 1 + copy, version);
  }

  private raise(key: number, column: number, version: number): void {
    let entry = this.table.find(key);
    if (entry === Id.None) {
      if (!this.hasRoom()) {
        this.unrecorded++;
        return;
      }
      entry = this.table.add(key);
      if (this.versions.length < this.table.capacity * this.width) this.grow();
      this.versions.fill(0, entry * this.width, (entry + 1) * this.width);
    }
    const at = entry * this.width + column;
    if (version > this.versions[at]) this.versions[at] = version;
  }

  /** Now and then, keys of which every copy holds the last acknowledged version are forgotten. */
  private hasRoom(): boolean {
    const { table } = this;
    if (table.size < this.sweepAt) return true;
    table.each((entry) => {
      if (this.isSettled(entry * this.width)) table.remove(entry);
    });
    this.sweepAt = Math.min(MOST, Math.max(FEW, table.size * 2));
    return table.size < MOST;
  }

  private isSettled(at: number): boolean {
    for (let i = 1; i < this.width; i++) if (this.versions[at + i] !== this.versions[at]) return false;
    return true;
  }

  private grow(): void {
    const grown = new Float64Array(this.table.capacity * this.width);
    grown.set(this.versions);
    this.versions = grown;
  }
}
