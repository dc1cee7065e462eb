/**
 * LFU with a memory: keeps the keys that were asked for most often, ties in favour of the more recent.
 *
 * Counts outlive eviction ("perfect LFU": Breslau et al., INFOCOM 1999), and a new key enters a full store only when it
 * was asked for at least as often as the entry it would replace (the admission of TinyLFU: Einziger et al., ACM TOS
 * 2017, with exact counts). Under independent requests its hit ratio therefore approaches the best that any fixed
 * contents reach. LFU that forgets at eviction does not: whatever came first stays, and newcomers evict each other.
 */
import { Id } from '../../../engine/rows.ts';
import { KeyTable } from '../../../engine/key-table.ts';
import { type Eviction, longer } from './eviction.ts';

/** Keys outside the store whose counts are kept at least. When they are too many all counts are halved, as in TinyLFU. */
const LEAST_REMEMBERED = 1 << 18;

/** Entries in levels, one for each number of times asked for; within a level the least recently used first. */
export class Frequency implements Eviction {
  /** By entry: its level, and its neighbours there. */
  private levels = new Int32Array(0);
  private next = new Int32Array(0);
  private previous = new Int32Array(0);
  /** By level: times asked for, its first and last entry, the levels below and above. Unused ones are linked by `above`. */
  private counts = new Int32Array(0);
  private first = new Int32Array(0);
  private last = new Int32Array(0);
  private below = new Int32Array(0);
  private above = new Int32Array(0);
  private lowest: number = Id.None;
  private highest: number = Id.None;
  private freeLevel: number = Id.None;
  /** Counts of keys that are not in the store. */
  private readonly outside: KeyTable;
  private outsideCounts: Int32Array<ArrayBuffer>;

  /** @param capacity of the store when it is full */
  constructor(
    private readonly table: KeyTable,
    capacity: number,
  ) {
    this.outside = new KeyTable(Math.max(LEAST_REMEMBERED, 8 * capacity));
    this.outsideCounts = new Int32Array(this.outside.capacity);
  }

  resize(capacity: number): void {
    this.levels = longer(this.levels, capacity);
    this.next = longer(this.next, capacity);
    this.previous = longer(this.previous, capacity);
    const from = this.counts.length;
    // One more than entries: a new level is made before the old one of its entry is given back.
    const to = capacity + 1;
    this.counts = longer(this.counts, to);
    this.first = longer(this.first, to);
    this.last = longer(this.last, to);
    this.below = longer(this.below, to);
    this.above = longer(this.above, to);
    this.freeLevels(from, to);
  }

  added(entry: number): void {
    const known = this.outside.find(this.table.keyOf(entry));
    const count = known === Id.None ? 0 : this.outsideCounts[known];
    if (known !== Id.None) this.outside.remove(known);
    this.append(entry, this.levelFor(count));
  }

  read(entry: number): void {
    const level = this.levels[entry];
    const count = this.counts[level] + 1;
    const up = this.above[level];
    const exists = up !== Id.None && this.counts[up] === count;
    if (!exists && this.first[level] === this.last[level]) {
      // Alone on its level: the level rises with it.
      this.counts[level] = count;
      return;
    }
    const to = exists ? up : this.insertLevel(count, level, up);
    this.unlink(entry);
    this.append(entry, to);
  }

  overwritten(entry: number): void {
    const level = this.levels[entry];
    if (this.last[level] === entry) return;
    this.unlink(entry);
    this.append(entry, level);
  }

  removed(entry: number): void {
    this.remember(this.table.keyOf(entry), this.counts[this.levels[entry]]);
    this.unlink(entry);
  }

  missed(key: number): void {
    const known = this.outside.find(key);
    if (known === Id.None) this.remember(key, 1);
    else this.outsideCounts[known]++;
  }

  victimFor(key: number): number {
    const known = this.outside.find(key);
    const count = known === Id.None ? 0 : this.outsideCounts[known];
    return count < this.counts[this.lowest] ? Id.None : this.first[this.lowest];
  }

  clear(): void {
    this.lowest = Id.None;
    this.highest = Id.None;
    this.freeLevel = Id.None;
    this.freeLevels(0, this.counts.length);
    this.outside.clear();
  }

  private remember(key: number, count: number): void {
    if (count === 0) return;
    if (this.outside.size === this.outside.most) this.halve();
    const known = this.outside.add(key);
    if (this.outsideCounts.length < this.outside.capacity) {
      this.outsideCounts = longer(this.outsideCounts, this.outside.capacity);
    }
    this.outsideCounts[known] = count;
  }

  private halve(): void {
    this.outside.each((known) => {
      this.outsideCounts[known] >>= 1;
      if (this.outsideCounts[known] === 0) this.outside.remove(known);
    });
    // Where everything was asked for many times, halving frees nothing: then the past is forgotten.
    if (this.outside.size === this.outside.most) this.outside.clear();
    for (let level: number = this.lowest; level !== Id.None; level = this.above[level]) {
      this.counts[level] >>= 1;
      const low = this.below[level];
      if (low !== Id.None && this.counts[low] === this.counts[level]) this.mergeDown(level, low);
    }
  }

  /** The entries of a level join those of the one below, which becomes empty and goes. */
  private mergeDown(level: number, low: number): void {
    for (let entry = this.first[low]; entry !== Id.None; entry = this.next[entry]) this.levels[entry] = level;
    this.next[this.last[low]] = this.first[level];
    this.previous[this.first[level]] = this.last[low];
    this.first[level] = this.first[low];
    this.removeLevel(low);
  }

  /** The level of a count; looked for from both ends, since newcomers are rare guests or old favourites. */
  private levelFor(count: number): number {
    let low = this.lowest;
    let high = this.highest;
    while (low !== Id.None && this.counts[low] < count && this.counts[high] > count) {
      low = this.above[low];
      high = this.below[high];
    }
    if (low === Id.None) return this.insertLevel(count, Id.None, Id.None);
    if (this.counts[low] === count) return low;
    if (this.counts[high] === count) return high;
    return this.counts[low] > count
      ? this.insertLevel(count, this.below[low], low)
      : this.insertLevel(count, high, this.above[high]);
  }

  private insertLevel(count: number, low: number, high: number): number {
    const level = this.freeLevel;
    this.freeLevel = this.above[level];
    this.counts[level] = count;
    this.first[level] = Id.None;
    this.last[level] = Id.None;
    this.below[level] = low;
    this.above[level] = high;
    if (low === Id.None) this.lowest = level;
    else this.above[low] = level;
    if (high === Id.None) this.highest = level;
    else this.below[high] = level;
    return level;
  }

  private removeLevel(level: number): void {
    const low = this.below[level];
    const high = this.above[level];
    if (low === Id.None) this.lowest = high;
    else this.above[low] = high;
    if (high === Id.None) this.highest = low;
    else this.below[high] = low;
    this.above[level] = this.freeLevel;
    this.freeLevel = level;
  }

  private freeLevels(from: number, to: number): void {
    for (let level = to - 1; level >= from; level--) {
      this.above[level] = this.freeLevel;
      this.freeLevel = level;
    }
  }

  private append(entry: number, level: number): void {
    const last = this.last[level];
    this.levels[entry] = level;
    this.previous[entry] = last;
    this.next[entry] = Id.None;
    if (last === Id.None) this.first[level] = entry;
    else this.next[last] = entry;
    this.last[level] = entry;
  }

  private unlink(entry: number): void {
    const level = this.levels[entry];
    const before = this.previous[entry];
    const after = this.next[entry];
    if (before === Id.None) this.first[level] = after;
    else this.next[before] = after;
    if (after === Id.None) this.last[level] = before;
    else this.previous[after] = before;
    if (this.first[level] === Id.None) this.removeLevel(level);
  }
}
