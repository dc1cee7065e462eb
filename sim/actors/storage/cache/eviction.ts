/**
 * Which entry leaves a full store: the interface of the policies, and the three that need no counting.
 *
 * LRU evicts what has not been read or written for longest, FIFO what was stored first (reading or overwriting does not
 * help), RANDOM any entry, all equally likely.
 */
import { Id } from '../../../engine/rows.ts';
import { type KeyTable, Room } from '../../../engine/key-table.ts';
import { Copy, Keys } from '../../../engine/key-records.ts';
import type { Stream } from '../../../random/keys.ts';

/** Places in `Recency.ends`, as `Keys` has them. */
const OLDEST = 0;
const NEWEST = 1;

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
  /** The first and the last. */
  private readonly ends: Int32Array;

  /**
   * @param table of the entries, with records of `Room.Copy`
   * @param renews reading and overwriting put an entry at the safe end: LRU; otherwise FIFO
   * @param record what the core knows of the store, null: nothing
   */
  constructor(
    private readonly table: KeyTable,
    private readonly renews: boolean,
    record: Int32Array | null = null,
  ) {
    this.ends = record === null ? new Int32Array(2) : record.subarray(Keys.Oldest, Keys.Oldest + 2);
    this.clear();
    if (record !== null) record[Keys.Renews] = renews ? 1 : 0;
  }

  resize(): void {}

  added(entry: number): void {
    const { I } = this.table;
    const before = this.ends[NEWEST];
    I[(entry << Room.Copy) + Copy.Older] = before;
    I[(entry << Room.Copy) + Copy.Newer] = Id.None;
    if (before === Id.None) this.ends[OLDEST] = entry;
    else I[(before << Room.Copy) + Copy.Newer] = entry;
    this.ends[NEWEST] = entry;
  }

  read(entry: number): void {
    if (!this.renews || entry === this.ends[NEWEST]) return;
    this.removed(entry);
    this.added(entry);
  }

  overwritten(entry: number): void {
    this.read(entry);
  }

  removed(entry: number): void {
    const { I } = this.table;
    const before = I[(entry << Room.Copy) + Copy.Older];
    const after = I[(entry << Room.Copy) + Copy.Newer];
    if (before === Id.None) this.ends[OLDEST] = after;
    else I[(before << Room.Copy) + Copy.Newer] = after;
    if (after === Id.None) this.ends[NEWEST] = before;
    else I[(after << Room.Copy) + Copy.Older] = before;
  }

  missed(): void {}

  victimFor(): number {
    return this.ends[OLDEST];
  }

  clear(): void {
    this.ends.fill(Id.None);
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
