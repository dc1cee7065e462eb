/**
 * What one point of presence holds: copies by key, each with its version, its size and the end of its freshness, up to
 * a number of bytes.
 *
 * A copy that is no longer fresh stays until it is replaced or evicted: it may be revalidated, or served stale.
 */
import { KeyTable } from '../../../engine/key-table.ts';
import { Id } from '../../../engine/rows.ts';
import { longer, longerDoubles, Recency } from '../../storage/cache/eviction.ts';

export class Shelf {
  /** Fresh copies dropped to make room. */
  evictions = 0;
  /** Bytes held. */
  bytes = 0;
  /** By copy: version of its value and end of its freshness, ns. */
  version: Float64Array<ArrayBuffer>;
  freshUntil: Float64Array<ArrayBuffer>;
  /** By copy: which kind of content it is. */
  private content: Int32Array<ArrayBuffer>;
  private readonly table = new KeyTable();
  private readonly recency: Recency;

  /** @param sizes bytes of each kind of content */
  constructor(
    policy: 'lru' | 'fifo',
    private readonly capacityBytes: number,
    private readonly sizes: Float64Array,
    private readonly clock: Float64Array,
  ) {
    this.recency = new Recency(policy === 'lru');
    const n = this.table.capacity;
    this.recency.resize(n);
    this.version = new Float64Array(n);
    this.freshUntil = new Float64Array(n);
    this.content = new Int32Array(n);
  }

  /** Copies held. */
  get size(): number {
    return this.table.size;
  }

  /** The copy of a key, Id.None: there is none. */
  find(key: number): number {
    return this.table.find(key);
  }

  isFresh(copy: number): boolean {
    return this.clock[0] < this.freshUntil[copy];
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
      if (this.version.length < this.table.capacity) this.grow();
      this.content[copy] = content;
      this.bytes += this.sizes[content];
      this.recency.added(copy);
    }
    this.version[copy] = version[0];
    this.freshUntil[copy] = this.clock[0] + ttlNs;
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

  private grow(): void {
    const n = this.table.capacity;
    this.recency.resize(n);
    this.version = longerDoubles(this.version, n);
    this.freshUntil = longerDoubles(this.freshUntil, n);
    this.content = longer(this.content, n);
  }
}
