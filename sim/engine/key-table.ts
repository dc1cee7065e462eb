/**
 * Integer keys → small dense numbers (entries), over typed arrays: the ground of caches, leases and per-key counts.
 * Whoever needs more about an entry keeps arrays of its own, as long as `capacity`; or has it in the entry's record.
 *
 * Separate chaining with at least twice as many chains as entries: adding and removing touch one chain, and unlike
 * probing nothing else ever moves. Nothing observable depends on the order of the table.
 */
import { doublesOf } from './memory.ts';
import { Id } from './rows.ts';
import { Keys } from './key-records.ts';

const FIRST_CAPACITY = 16;

/** What a record has room for, as log₂ of its int32 columns. */
export const enum Room {
  /** The key, and the next entry of its chain (or of the free list), plus 1. */
  Key = 1,
  /** As well a version, as float64: 16 bytes in all. */
  Version = 2,
  /** As well what `Copy` says: 32 bytes in all. */
  Copy = 3,
  /** As well what `Write` says: 64 bytes in all. */
  Write = 4,
}

/** Where a table stands if the core is to look keys up in it. */
export interface Ground {
  /** Arrays of zeros. */
  ints(length: number): Int32Array<ArrayBuffer>;
  /** What the core knows of the table: see `Keys`. */
  record: Int32Array;
}

/** Spreads an int32 over all 32 bits (Wellons' lowbias32). */
export function mixKey(key: number): number {
  let h = Math.imul(key ^ (key >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}

/**
 * The number that tells the chain of a key. Sixteen keys in a row have chains in a row, which lie in one line of memory: popular
 * keys are often neighbours. The price: of keys that are all multiples of sixteen, some eight share a chain.
 */
function spread(key: number): number {
  return (mixKey(key >>> 4) << 4) | (key & 15);
}

export class KeyTable {
  /** See `Keys`: what both sides change of it. */
  private readonly record: Int32Array;
  /** First entry of each chain, plus 1; 0: empty. */
  private chains: Int32Array<ArrayBuffer>;
  private mask: number;
  /** The records, `1 << room` int32 each or half as many float64. They move when the table grows. */
  I: Int32Array<ArrayBuffer>;
  F: Float64Array<ArrayBuffer>;

  /**
   * @param most keys it will ever hold; capacity grows by doubling up to that.
   * @param room of a record
   * @param ground null: nobody else looks at it
   */
  constructor(
    readonly most = 0x1fffffff,
    private readonly room: Room = Room.Key,
    private readonly ground: Ground | null = null,
  ) {
    this.record = ground?.record ?? new Int32Array(Keys.I);
    this.record[Keys.Most] = most;
    this.record[Keys.Capacity] = Math.min(FIRST_CAPACITY, most);
    this.I = this.ints(this.capacity << room);
    this.F = doublesOf(this.I);
    this.chains = this.ints(chainCount(this.capacity));
    this.mask = this.chains.length - 1;
    this.publish();
  }

  /** Keys held. */
  get size(): number {
    return this.record[Keys.Size];
  }

  /** Entries there is room for now: arrays beside the table must be this long. */
  get capacity(): number {
    return this.record[Keys.Capacity];
  }

  /** Entry of the key, Id.None: not here. */
  find(key: number): number {
    const { I, room } = this;
    let entry = this.chains[spread(key) & this.mask] - 1;
    while (entry !== Id.None && I[entry << room] !== key) entry = I[(entry << room) + 1] - 1;
    return entry;
  }

  /** Key of an entry in use. */
  keyOf(entry: number): number {
    return this.I[entry << this.room];
  }

  /** Adds a key that is not here, and returns its entry. Never more than `most` keys. */
  add(key: number): number {
    const { record } = this;
    let entry = record[Keys.Free] - 1;
    if (entry !== Id.None) record[Keys.Free] = this.I[(entry << this.room) + 1];
    else {
      if (record[Keys.Used] === record[Keys.Capacity]) this.grow();
      entry = record[Keys.Used]++;
    }
    record[Keys.Size]++;
    this.place(key, entry);
    return entry;
  }

  remove(entry: number): void {
    const { I, chains, record, room } = this;
    const chain = spread(I[entry << room]) & this.mask;
    const link = (entry << room) + 1;
    const after = I[link];
    let at = chains[chain];
    if (at === entry + 1) chains[chain] = after;
    else {
      while (I[((at - 1) << room) + 1] !== entry + 1) at = I[((at - 1) << room) + 1];
      I[((at - 1) << room) + 1] = after;
    }
    I[link] = record[Keys.Free];
    record[Keys.Free] = entry + 1;
    record[Keys.Size]--;
  }

  clear(): void {
    this.chains.fill(0);
    this.record[Keys.Size] = 0;
    this.record[Keys.Used] = 0;
    this.record[Keys.Free] = 0;
  }

  /** Calls `visit` for every entry, which may remove the one it is shown. Cold. */
  each(visit: (entry: number) => void): void {
    const free = new Uint8Array(this.record[Keys.Used]);
    for (let at = this.record[Keys.Free]; at !== 0; at = this.I[((at - 1) << this.room) + 1]) free[at - 1] = 1;
    for (let entry = 0; entry < free.length; entry++) if (free[entry] === 0) visit(entry);
  }

  private place(key: number, entry: number): void {
    const chain = spread(key) & this.mask;
    this.I[entry << this.room] = key;
    this.I[(entry << this.room) + 1] = this.chains[chain];
    this.chains[chain] = entry + 1;
  }

  /** Twice the room. Happens with every entry in use. */
  private grow(): void {
    if (this.capacity >= this.most) throw new RangeError(`more than ${this.most} keys in a table made for so many`);
    this.record[Keys.Capacity] = Math.min(this.capacity * 2, this.most);
    const records = this.ints(this.capacity << this.room);
    records.set(this.I);
    this.I = records;
    this.F = doublesOf(records);
    this.chains = this.ints(chainCount(this.capacity));
    this.mask = this.chains.length - 1;
    for (let entry = 0; entry < this.record[Keys.Used]; entry++) this.place(records[entry << this.room], entry);
    this.publish();
  }

  private ints(length: number): Int32Array<ArrayBuffer> {
    return this.ground === null ? new Int32Array(length) : this.ground.ints(length);
  }

  /** Tells the core where the table is now. */
  private publish(): void {
    if (this.ground === null) return;
    const { record } = this;
    const isSeen = this.I.buffer === record.buffer && this.chains.buffer === record.buffer;
    record[Keys.Chains] = isSeen ? this.chains.byteOffset : 0;
    record[Keys.Mask] = this.mask;
    record[Keys.Records] = isSeen ? this.I.byteOffset : 0;
  }
}

/** A power of two, at least twice the capacity. */
function chainCount(capacity: number): number {
  return 1 << (33 - Math.clz32(Math.max(1, capacity - 1)));
}
