/**
 * What one point of presence holds: copies by key, each with its version, its size and the end of its freshness, up to
 * a number of bytes.
 *
 * A copy that is no longer fresh stays until it is replaced or evicted: it may be revalidated, or served stale.
 */
import { type Ground, KeyTable, Room } from '../../../engine/key-table.ts';
import { Id } from '../../../engine/rows.ts';
import { CopyF } from '../../../engine/key-records.ts';
import { longer, Recency } from '../../storage/cache/eviction.ts';

export class Shelf {
  /** Fresh copies dropped to make room. */
  evictions = 0;
  /** Bytes held. */
  bytes = 0;
  /** By copy: which kind of content it is. */
  private content: Int32Array<ArrayBuffer>;
  private readonly table: KeyTable;
  private readonly recency: Recency;

  /**
   * @param sizes bytes of each kind of content
   * @param ground where the core may look keys up
   */
  constructor(
    policy: 'lru' | 'fifo',
    private readonly capacityBytes: number,
    private readonly sizes: Float64Array,
    private readonly clock: Float64Array,
    ground: Ground,
  ) {
    this.table = new KeyTable(undefined, Room.Copy, ground);
    this.recency = new Recency(this.table, policy === 'lru', ground.record);
    this.content = new Int32Array(this.table.capacity);
  }

  /** Copies held. */
  get size(): number {
    return this.table.size;
  }

  /** The copy of a key, Id.None: there is none. */
  find(key: number): number {
    return this.table.find(key);
  }

  /** Version of a copy's value, ns. */
  versionOf(copy: number): number {
    return this.table.F[copy * CopyF.Width + CopyF.Version];
  }

  /** End of a copy's freshness, ns. */
  freshUntil(copy: number): number {
    return this.table.F[copy * CopyF.Width + CopyF.End];
  }

  isFresh(copy: number): boolean {
    return this.clock[0] < this.freshUntil(copy);
  }

  /** Somebody asked for the copy. */
  read(copy: number): void {
    this.recency.read(copy);
  }

  /** A copy comes in; `version[0]` is the version of its value. */
  put(key: number, content: number, ttlNs: number, version: Float64Array): void {
    let copy = this.table.find(key);
    if (copy !== Id.None) this.recency.overwritten(copy);
    else {
      while (this.bytes + this.sizes[content] > this.capacityBytes) this.evict();
      copy = this.table.add(key);
      if (this.content.length < this.table.capacity) this.content = longer(this.content, this.table.capacity);
      this.content[copy] = content;
      this.bytes += this.sizes[content];
      this.recency.added(copy);
    }
    const { F } = this.table;
    F[copy * CopyF.Width + CopyF.Version] = version[0];
    F[copy * CopyF.Width + CopyF.End] = this.clock[0] + ttlNs;
  }

  /** A purge: the key is not here any more. */
  drop(key: number): void {
    const copy = this.table.find(key);
    if (copy !== Id.None) this.remove(copy);
  }

  clear(): void {
    this.table.clear();
    this.recency.clear();
    this.bytes = 0;
  }

  private evict(): void {
    const victim = this.recency.victimFor();
    if (this.isFresh(victim)) this.evictions++;
    this.remove(victim);
  }

  private remove(copy: number): void {
    this.bytes -= this.sizes[this.content[copy]];
    this.recency.removed(copy);
    this.table.remove(copy);
  }
}
