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
  /** Per entry: last acknowledged, then one per copy. */
  private versions: Float64Array;
  private readonly width: number;
  private sweepAt = FEW;
  private last = 0;
  /**
   * Every key that is not in the table has, on every copy, a version at most this old; and no write under way is older.
   */
  private settled = 0;
  /** Writes that found the table full. */
  unrecorded = 0;

  /**
   * @param copies of each key
   * @param oldestUnderWay version of the oldest write some of whose messages are still under way, Infinity: none
   */
  constructor(
    copies: number,
    private readonly oldestUnderWay: () => number,
  ) {
    this.width = copies + 1;
    this.versions = new Float64Array(this.table.capacity * this.width);
  }

  /** A version for a write that begins now: later than all before it. */
  next(nowNs: number): number {
    this.last = Math.max(nowNs, this.last + 1);
    return this.last;
  }

  /** Last acknowledged version of the key, or one that is not older where that is settled. */
  acknowledged(key: number): number {
    const entry = this.table.find(key);
    return entry === Id.None ? this.settled : this.versions[entry * this.width];
  }

  acknowledge(key: number, version: number): void {
    this.raise(key, 0, version);
  }

  /** What a copy holds of the key. */
  at(key: number, copy: number): number {
    const entry = this.table.find(key);
    return entry === Id.None ? this.settled : this.versions[entry * this.width + 1 + copy];
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
      this.versions.fill(this.settled, entry * this.width, (entry + 1) * this.width);
    }
    const at = entry * this.width + column;
    if (version > this.versions[at]) this.versions[at] = version;
  }

  /** Now and then, keys of which every copy holds the last acknowledged version are forgotten. */
  private hasRoom(): boolean {
    const { table } = this;
    if (table.size < this.sweepAt) return true;
    const before = this.oldestUnderWay();
    table.each((entry) => {
      const version = this.versions[entry * this.width];
      if (version >= before || !this.isSettled(entry * this.width)) return;
      this.settled = Math.max(this.settled, version);
      table.remove(entry);
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
