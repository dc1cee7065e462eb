/**
 * What one cache node holds: keys with the version of their value and the end of their life, up to a number of entries.
 *
 * An entry whose life is over is dropped when somebody asks for it; until then it takes up room, and may be evicted.
 */
import { Id } from '../../../engine/rows.ts';
import { type Ground, KeyTable, Room } from '../../../engine/key-table.ts';
import type { Stream } from '../../../random/keys.ts';
import { CopyF } from '../../../engine/key-records.ts';
import { type Eviction, RandomEviction, Recency } from './eviction.ts';
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
  private readonly table: KeyTable;
  private readonly eviction: Eviction;
  private readonly ttl: number;
  private readonly sliding: boolean;
  private readonly capacity: number;

  /**
   * @param stream for random eviction
   * @param ground where the core may look keys up, null: nowhere
   */
  constructor(
    settings: StoreSettings,
    private readonly clock: Float64Array,
    stream: Stream,
    ground: Ground | null = null,
  ) {
    this.capacity = settings.capacityItems;
    this.table = new KeyTable(this.capacity, Room.Copy, ground);
    this.ttl = settings.ttlNs ?? Infinity;
    this.sliding = settings.sliding;
    this.eviction = evictionOf(settings, this.table, stream, ground);
    this.eviction.resize(this.table.capacity);
  }

  /** Entries held, expired ones that nobody has asked for included. */
  get size(): number {
    return this.table.size;
  }

  /** Version of an entry's value, ns. */
  versionOf(entry: number): number {
    return this.table.F[entry * CopyF.Width + CopyF.Version];
  }

  /** Looks the key up. The entry, Id.None: a miss. */
  get(key: number): number {
    const entry = this.table.find(key);
    if (entry !== Id.None) {
      if (this.lives(entry)) {
        this.eviction.read(entry);
        if (this.sliding) this.table.F[entry * CopyF.Width + CopyF.End] = this.clock[0] + this.ttl;
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
      const room = this.table.capacity;
      entry = this.table.add(key);
      if (this.table.capacity !== room) this.eviction.resize(this.table.capacity);
      this.eviction.added(entry);
    }
    const { F } = this.table;
    F[entry * CopyF.Width + CopyF.Version] = version[0];
    F[entry * CopyF.Width + CopyF.End] = this.clock[0] + this.ttl;
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
      if (this.lives(entry)) living++;
    });
    return living;
  }

  private makeRoom(key: number): boolean {
    const victim = this.eviction.victimFor(key);
    if (victim === Id.None) return false;
    if (this.lives(victim)) this.evictions++;
    else this.expired++;
    this.drop(victim);
    return true;
  }

  private drop(entry: number): void {
    this.eviction.removed(entry);
    this.table.remove(entry);
  }

  private lives(entry: number): boolean {
    return this.clock[0] < this.table.F[entry * CopyF.Width + CopyF.End];
  }
}

function evictionOf(
  { policy, capacityItems }: StoreSettings,
  table: KeyTable,
  stream: Stream,
  ground: Ground | null,
): Eviction {
  switch (policy) {
    case 'lfu':
      return new Frequency(table, capacityItems);
    case 'random':
      return new RandomEviction(table, stream);
    default:
      return new Recency(table, policy === 'lru', ground?.record);
  }
}
