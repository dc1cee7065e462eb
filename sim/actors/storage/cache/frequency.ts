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
import { type Eviction, longer, longerDoubles } from './eviction.ts';

/** Keys outside the store whose counts are kept at least. When they are too many all counts are halved, as in TinyLFU. */
const LEAST_REMEMBERED = 1 << 18;

export class Frequency implements Eviction {
  /** Times asked for, by entry; and a clock of uses, for ties. */
  private counts = new Int32Array(0);
  private uses = new Float64Array(0);
  /** Binary heap of entries, the least used first, and where in it each entry stands. */
  private heap = new Int32Array(0);
  private places = new Int32Array(0);
  private size = 0;
  private clock = 0;
  /** Counts of keys that are not in the store. */
  private readonly outside: KeyTable;
  private outsideCounts = new Int32Array(0);

  /** @param capacity of the store when it is full */
  constructor(
    private readonly table: KeyTable,
    capacity: number,
  ) {
    this.outside = new KeyTable(Math.max(LEAST_REMEMBERED, 8 * capacity));
    this.outsideCounts = new Int32Array(this.outside.capacity);
  }

  resize(capacity: number): void {
    this.counts = longer(this.counts, capacity);
    this.uses = longerDoubles(this.uses, capacity);
    this.heap = longer(this.heap, capacity);
    this.places = longer(this.places, capacity);
  }

  added(entry: number): void {
    const known = this.outside.find(this.table.keys[entry]);
    this.counts[entry] = known === Id.None ? 0 : this.outsideCounts[known];
    if (known !== Id.None) this.outside.remove(known);
    this.uses[entry] = ++this.clock;
    this.rise(entry, this.size++);
  }

  read(entry: number): void {
    this.counts[entry]++;
    this.uses[entry] = ++this.clock;
    this.sink(entry, this.places[entry]);
  }

  overwritten(entry: number): void {
    this.uses[entry] = ++this.clock;
    this.sink(entry, this.places[entry]);
  }

  removed(entry: number): void {
    const hole = this.places[entry];
    const last = this.heap[--this.size];
    if (last !== entry) {
      this.sink(last, hole);
      this.rise(last, this.places[last]);
    }
    this.remember(this.table.keys[entry], this.counts[entry]);
  }

  missed(key: number): void {
    const known = this.outside.find(key);
    if (known === Id.None) this.remember(key, 1);
    else this.outsideCounts[known]++;
  }

  victimFor(key: number): number {
    const known = this.outside.find(key);
    const least = this.heap[0];
    return (known === Id.None ? 0 : this.outsideCounts[known]) < this.counts[least] ? Id.None : least;
  }

  clear(): void {
    this.size = 0;
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
    for (let i = 0; i < this.size; i++) this.counts[this.heap[i]] >>= 1;
    for (let i = (this.size >> 1) - 1; i >= 0; i--) this.sink(this.heap[i], i);
  }

  /** Puts the entry at place `i` or nearer to the root. */
  private rise(entry: number, i: number): void {
    const { heap, places } = this;
    let at = i;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!this.less(entry, heap[up])) break;
      heap[at] = heap[up];
      places[heap[at]] = at;
      at = up;
    }
    heap[at] = entry;
    places[entry] = at;
  }

  /** Puts the entry at place `i` or farther from the root. */
  private sink(entry: number, i: number): void {
    const { heap, places, size } = this;
    let at = i;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= size) break;
      if (down + 1 < size && this.less(heap[down + 1], heap[down])) down++;
      if (!this.less(heap[down], entry)) break;
      heap[at] = heap[down];
      places[heap[at]] = at;
      at = down;
    }
    heap[at] = entry;
    places[entry] = at;
  }

  private less(a: number, b: number): boolean {
    const d = this.counts[a] - this.counts[b];
    return d !== 0 ? d < 0 : this.uses[a] < this.uses[b];
  }
}
