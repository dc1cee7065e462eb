/**
 * Which entry leaves a full store: the interface of the policies, and the three that need no counting.
 *
 * LRU evicts what has not been read or written for longest, FIFO what was stored first (reading or overwriting does not
 * help), RANDOM any entry, all equally likely.
 */
import { Id } from '../../../engine/rows.ts';
import type { KeyTable } from '../../../engine/key-table.ts';
import type { Stream } from '../../../random/keys.ts';

/** What a store tells its policy, and asks it. Entries are those of the store's key table. */
export interface Eviction {
  /** The table has room for more entries now. */
  resize(capacity: number): void;
  added(entry: number): void;
  /** A hit. */
  read(entry: number): void;
  overwritten(entry: number): void;
  /** The entry leaves, for whatever reason; its key is still in the table. */
  removed(entry: number): void;
  /** Somebody asked for a key that is not here. */
  missed(key: number): void;
  /** The store is full and a new key comes: the entry that has to go, Id.None: rather the new one. */
  victimFor(key: number): number;
  clear(): void;
}

/** A doubly linked list of entries, from the one to evict first to the one to evict last. */
export class Recency implements Eviction {
  private next = new Int32Array(0);
  private previous = new Int32Array(0);
  private oldest = Id.None;
  private newest = Id.None;

  /** @param renews reading and overwriting put an entry at the safe end: LRU; otherwise FIFO */
  constructor(private readonly renews: boolean) {}

  resize(capacity: number): void {
    this.next = longer(this.next, capacity);
    this.previous = longer(this.previous, capacity);
  }

  added(entry: number): void {
    this.previous[entry] = this.newest;
    this.next[entry] = Id.None;
    if (this.newest === Id.None) this.oldest = entry;
    else this.next[this.newest] = entry;
    this.newest = entry;
  }

  read(entry: number): void {
    if (!this.renews || entry === this.newest) return;
    this.removed(entry);
    this.added(entry);
  }

  overwritten(entry: number): void {
    this.read(entry);
  }

  removed(entry: number): void {
    const before = this.previous[entry];
    const after = this.next[entry];
    if (before === Id.None) this.oldest = after;
    else this.next[before] = after;
    if (after === Id.None) this.newest = before;
    else this.previous[after] = before;
  }

  missed(): void {}

  victimFor(): number {
    return this.oldest;
  }

  clear(): void {
    this.oldest = Id.None;
    this.newest = Id.None;
  }
}

export class RandomEviction implements Eviction {
  constructor(
    private readonly table: KeyTable,
    private readonly stream: Stream,
  ) {}

  resize(): void {}
  added(): void {}
  read(): void {}
  overwritten(): void {}
  removed(): void {}
  missed(): void {}
  clear(): void {}

  victimFor(): number {
    // A full table has every entry in use.
    return this.stream.below(this.table.size);
  }
}

/** The same numbers in a longer array. */
export function longer(old: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(length);
  grown.set(old);
  return grown;
}

/** The same numbers in a longer array. */
export function longerDoubles(old: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(length);
  grown.set(old);
  return grown;
}
