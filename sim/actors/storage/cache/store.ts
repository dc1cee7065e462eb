/**
 * What one cache node holds: keys with the version of their value and the end of their life, up to a number of entries.
 *
 * An entry whose life is over is dropped when somebody asks for it; until then it takes up room, and may be evicted.
 */
import { Id } from '../../../engine/rows.ts';
import { KeyTable } from '../../../engine/key-table.ts';
import type { Stream } from '../../../random/keys.ts';
import { type Eviction, longerDoubles, RandomEviction, Recency } from './eviction.ts';
import { Frequency } from './frequency.ts';

export interface StoreSettings {
  policy: 'lru' | 'lfu' | 'fifo' | 'random';
  /** Most entries. */
  capacityItems: number;
  /** How long an entry lives from when it was stored, ns; null: until it is evicted. */
  ttlNs: number | null;
  /** Every hit lets it live as long again. */
  sliding: boolean;
}

export class Store {
  /** Entries dropped to make room, and because their life was over. */
  evictions = 0;
  expired = 0;
  /** Version of each entry's value, ns. */
  versions: Float64Array<ArrayBuffer>;
  private readonly table: KeyTable;
  private readonly eviction: Eviction;
  private ends: Float64Array<ArrayBuffer>;
  private readonly ttl: number;
  private readonly sliding: boolean;
  private readonly capacity: number;

  /** @param stream for random eviction */
  constructor(
    settings: StoreSettings,
    private readonly clock: Float64Array,
    stream: Stream,
  ) {
    this.capacity = settings.capacityItems;
    this.table = new KeyTable(this.capacity);
    this.ttl = settings.ttlNs ?? Infinity;
    this.sliding = settings.sliding;
    this.eviction = evictionOf(settings, this.table, stream);
    this.eviction.resize(this.table.capacity);
    this.versions = new Float64Array(this.table.capacity);
    this.ends = new Float64Array(this.table.capacity);
  }

  /** Entries held, expired ones that nobody has asked for included. */
  get size(): number {
    return this.table.size;
  }

  /** Looks the key up. The entry, Id.None: a miss. */
  get(key: number): number {
    const entry = this.table.find(key);
    if (entry !== Id.None) {
      if (this.clock[0] < this.ends[entry]) {
        this.eviction.read(entry);
        if (this.sliding) this.ends[entry] = this.clock[0] + this.ttl;
        return entry;
      }
      this.drop(entry);
      this.expired++;
    }
    this.eviction.missed(key);
    return Id.None;
  }

  /** Stores the key with the version `version[0]`. False: the policy would rather keep what is there. */
  set(key: number, version: Float64Array): boolean {
    let entry = this.table.find(key);
    if (entry !== Id.None) this.eviction.overwritten(entry);
    else {
      if (this.table.size === this.capacity && !this.makeRoom(key)) return false;
      entry = this.table.add(key);
      if (this.versions.length < this.table.capacity) this.grow();
      this.eviction.added(entry);
    }
    this.versions[entry] = version[0];
    this.ends[entry] = this.clock[0] + this.ttl;
    return true;
  }

  /** False: it was not there. */
  delete(key: number): boolean {
    const entry = this.table.find(key);
    if (entry === Id.None) return false;
    this.drop(entry);
    return true;
  }

  clear(): void {
    this.table.clear();
    this.eviction.clear();
  }

  /** Entries whose life is not over. Cold. */
  living(): number {
    let living = 0;
    this.table.each((entry) => {
      if (this.clock[0] < this.ends[entry]) living++;
    });
    return living;
  }

  private makeRoom(key: number): boolean {
    const victim = this.eviction.victimFor(key);
    if (victim === Id.None) return false;
    if (this.clock[0] < this.ends[victim]) this.evictions++;
    else this.expired++;
    this.drop(victim);
    return true;
  }

  private drop(entry: number): void {
    this.eviction.removed(entry);
    this.table.remove(entry);
  }

  private grow(): void {
    this.versions = longerDoubles(this.versions, this.table.capacity);
    this.ends = longerDoubles(this.ends, this.table.capacity);
    this.eviction.resize(this.table.capacity);
  }
}

function evictionOf(settings: StoreSettings, table: KeyTable, stream: Stream): Eviction {
  switch (settings.policy) {
    case 'lfu':
      return new Frequency(table, settings.capacityItems);
    case 'random':
      return new RandomEviction(table, stream);
    default:
      return new Recency(settings.policy === 'lru');
  }
}
