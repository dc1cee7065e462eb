/**
 * Which entry leaves a full store: the interface of the policies, and the three that need no counting.
 *
 * LRU evicts what has not been read or written for longest, FIFO what was stored first (reading or overwriting does not
 * help), RANDOM any entry, all equally likely.
 */
import { Id } from '../../../engine/rows.ts';
import { type KeyTable, Room } from '../../../engine/key-table.ts';
import { Copy, CopyF, Keys, KeysF } from '../../../engine/key-records.ts';
import { doublesOf } from '../../../engine/memory.ts';
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

/**
 * Entries from the one to evict first to the one to evict last. Until the first has to go each has the number of its last use,
 * and from then on they are a doubly linked list: a store that never fills pays for no order, which with a million keys are
 * two more cache misses a read.
 */
export class Recency implements Eviction {
  private readonly uses: Float64Array;

  /**
   * @param table of the entries, with records of `Room.Copy`
   * @param renews reading and overwriting put an entry at the safe end: LRU; otherwise FIFO
   * @param record what the core knows of the store, see `Keys`; of its own where the core knows nothing
   */
  constructor(
    private readonly table: KeyTable,
    private readonly renews: boolean,
    private readonly record: Int32Array = new Int32Array(Keys.I),
  ) {
    this.uses = doublesOf(record);
    this.clear();
    record[Keys.Renews] = renews ? 1 : 0;
  }

  resize(): void {}

  added(entry: number): void {
    if (this.isListed) this.append(entry);
    else this.use(entry);
  }

  read(entry: number): void {
    if (!this.renews) return;
    if (!this.isListed) this.use(entry);
    else if (entry !== this.record[Keys.Newest]) {
      this.unlink(entry);
      this.append(entry);
    }
  }

  overwritten(entry: number): void {
    this.read(entry);
  }

  removed(entry: number): void {
    if (this.isListed) this.unlink(entry);
  }

  missed(): void {}

  victimFor(): number {
    if (!this.isListed) this.list();
    return this.record[Keys.Oldest];
  }

  clear(): void {
    this.record[Keys.Oldest] = this.record[Keys.Newest] = Id.None;
    this.record[Keys.Listed] = 0;
    this.uses[KeysF.Uses] = 0;
  }

  private get isListed(): boolean {
    return this.record[Keys.Listed] === 1;
  }

  private use(entry: number): void {
    this.table.F[entry * CopyF.Width + CopyF.Use] = ++this.uses[KeysF.Uses];
  }

  /** Makes the list, once, of what each entry knows of its last use. */
  private list(): void {
    const { F } = this.table;
    const entries: number[] = [];
    this.table.each((entry) => entries.push(entry));
    entries.sort((a, b) => F[a * CopyF.Width + CopyF.Use] - F[b * CopyF.Width + CopyF.Use]);
    this.record[Keys.Listed] = 1;
    for (const entry of entries) this.append(entry);
  }

  private append(entry: number): void {
    const { record } = this;
    const { I } = this.table;
    const before = record[Keys.Newest];
    I[(entry << Room.Copy) + Copy.Older] = before;
    I[(entry << Room.Copy) + Copy.Newer] = Id.None;
    if (before === Id.None) record[Keys.Oldest] = entry;
    else I[(before << Room.Copy) + Copy.Newer] = entry;
    record[Keys.Newest] = entry;
  }

  private unlink(entry: number): void {
    const { record } = this;
    const { I } = this.table;
    const before = I[(entry << Room.Copy) + Copy.Older];
    const after = I[(entry << Room.Copy) + Copy.Newer];
    if (before === Id.None) record[Keys.Oldest] = after;
    else I[(before << Room.Copy) + Copy.Newer] = after;
    if (after === Id.None) record[Keys.Newest] = before;
    else I[(after << Room.Copy) + Copy.Older] = before;
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
