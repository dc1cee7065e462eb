/**
 * A cache in a running stage: what its commands do at a node, who waits for whom, and what is counted.
 *
 * Each node has a store and, where misses are coalesced, leases of its own; nodes know nothing of each other.
 */
import { Actor, Step, type Readings } from '../../../engine/actor-instance.ts';
import type { AcknowledgedWrites } from '../../../engine/acknowledged.ts';
import type { ComponentDraft } from '../../../compile/components.ts';
import { HashRing } from '../../../engine/hash-ring.ts';
import { FCol, Flag, ICol, Id, Status, Stride } from '../../../engine/rows.ts';
import { Lookups } from '../../../engine/lookups.ts';
import { Lookup, LookupRoute, LookupF } from '../../../engine/key-records.ts';
import { Toss, Visits } from '../../../engine/records.ts';
import { letCoreBookVisits } from '../../../engine/visits.ts';
import type { ComponentSettings } from '../../../scenario/settings.ts';
import type { CacheSettings } from '../cache.settings.ts';
import { Coalescing } from './coalescing.ts';
import { Store, type StoreSettings } from './store.ts';
import { Tally } from './tally.ts';

/** Arguments of the `Actor` verb. */
export const enum Do {
  Get = 0,
  Set = 1,
  Delete = 2,
}

export interface Resolved {
  /** The chance of an assumed hit, Id.None: none is assumed. */
  toss: number;
  getOperation: number;
  setOperation: number;
  leaseCell: number;
  /** Components of the databases whose values are cached here. */
  sources: number[];
}

export class Cache extends Actor {
  private readonly own: CacheSettings;
  private readonly tally = new Tally();
  /** An assumed chance, where nothing is stored: see `Toss`. */
  private tosses: Float64Array | null = null;
  private readonly ring: HashRing | null;
  private stores: Store[] = [];
  /** Where the core answers for the stores; null: it does not, since they count how often they are read, or drop what is not. */
  private lookups: Lookups | null = null;
  /** null: whoever misses fills. */
  private coalescing: Coalescing | null = null;
  private acknowledged: AcknowledgedWrites[] = [];
  /** The version on its way into a store: doubles do not cross calls. */
  private readonly version = new Float64Array(1);

  constructor(
    component: ComponentSettings<CacheSettings>,
    draft: ComponentDraft,
    private readonly resolved: Resolved,
  ) {
    super(draft.name, draft.id, draft.firstNode, draft.nodes);
    this.own = component.own;
    const names = Array.from({ length: draft.nodes }, (_, i) => `${draft.name}#${i + 1}`);
    this.ring = draft.nodes === 1 ? null : new HashRing(names);
  }

  override start(): void {
    const { capacityItems, itemBytes, coalesce, policy, sliding } = this.own;
    if (itemBytes !== null) this.kernel.outages.expectDeaths();
    if (capacityItems === null) {
      this.tosses = this.world.tosses.subarray(this.resolved.toss * Toss.F, (this.resolved.toss + 1) * Toss.F);
      return;
    }
    this.acknowledged = this.resolved.sources.map((source) => this.world.acknowledged[source]);
    for (const writes of this.acknowledged) writes.wanted = true;
    if (coalesce !== null) this.coalescing = new Coalescing(this, coalesce.leaseNs, this.resolved.leaseCell);
    if ((policy === 'lru' || policy === 'fifo') && !sliding) this.lookups = this.publish();
    const storeSettings: StoreSettings = { ...this.own, capacityItems };
    const { clock } = this.world;
    for (let i = 0; i < this.nodeCount; i++) {
      const stream = this.world.stream(`${this.name}#${i + 1} eviction`);
      this.stores.push(new Store(storeSettings, clock, stream, this.lookups?.groundOf(i)));
    }
  }

  /** Lets the core answer for the stores, and find the node of a key. */
  private publish(): Lookups {
    const lookups = new Lookups(this.world, this, this.acknowledged);
    lookups.I[Lookup.MissesToo] = this.coalescing === null ? 1 : 0;
    lookups.I[Lookup.Sets] = this.coalescing === null ? Do.Set : 0;
    lookups.I[Lookup.Deletes] = this.coalescing === null && this.own.itemBytes === null ? Do.Delete : 0;
    lookups.shared(LookupF.Life)[0] = this.own.ttlNs ?? Infinity;
    lookups.I[Lookup.Routes] = LookupRoute.Owner;
    lookups.I[Lookup.GetOperation] = this.resolved.getOperation;
    lookups.I[Lookup.SetOperation] = this.resolved.setOperation;
    if (this.own.serial && this.coalescing === null && this.own.itemBytes === null)
      letCoreBookVisits(this.world, this, Visits.Loop, () => true);
    this.ring?.publish(this.world.memory, lookups.I);
    return lookups;
  }

  /**
   * The node that the key belongs to; and what the message carries in `Data`: a `set` the version of the value that its
   * caller holds, a `get` the version that was the last to be acknowledged when it was sent.
   */
  override route(row: number, _site: number): number {
    const { I, F } = this.world.rows;
    const at = row * Stride.I;
    F[row * Stride.F + FCol.Data] = this.brings(I[at + ICol.Op] & 0xffff, row);
    return this.ring === null ? this.firstNode : this.firstNode + this.ring.ownerOf(I[at + ICol.Key]);
  }

  private brings(operation: number, row: number): number {
    const { I, F } = this.world.rows;
    const { setOperation, getOperation } = this.resolved;
    if (operation === setOperation) return F[I[row * Stride.I + ICol.Parent] * Stride.F + FCol.Data];
    if (operation === getOperation) return this.lastWriteNs(I[row * Stride.I + ICol.Key]);
    return this.world.clock[0];
  }

  /** Version of the newest acknowledged write of the key, ns; -1: none. */
  private lastWriteNs(key: number): number {
    let last = -1;
    for (const writes of this.acknowledged) last = Math.max(last, writes.lastWriteNs(key));
    return last;
  }

  override step(row: number, what: number): number {
    this.status(row, Status.Ok);
    const node = this.world.rows.I[row * Stride.I + ICol.Node];
    const store = this.stores[node - this.firstNode];
    const before = store.size;
    let outcome: number = Step.Continue;
    if (what === Do.Get) outcome = this.get(row, node, store);
    else if (what === Do.Set) this.set(row, node, store);
    else this.delete(row, node, store);
    if (store.size !== before) this.bookMemory(node, store.size - before);
    return outcome;
  }

  private get(row: number, node: number, store: Store): number {
    const { I, F } = this.world.rows;
    const entry = store.get(I[row * Stride.I + ICol.Key]);
    if (entry !== Id.None) {
      this.tally.hits++;
      this.version[0] = store.versionOf(entry);
      this.hand(row);
      return Step.Continue;
    }
    this.tally.misses++;
    if (this.coalescing !== null && this.coalescing.waits(node, row)) return Step.Suspend;
    F[row * Stride.F + FCol.Data] = 0;
    this.status(row, Status.Miss);
    return Step.Continue;
  }

  /** The value of `version` goes to the caller of `row`. */
  private hand(row: number): void {
    const { F } = this.world.rows;
    const at = row * Stride.F + FCol.Data;
    if (F[at] > this.version[0]) this.tally.staleHits++;
    F[at] = this.version[0];
  }

  private set(row: number, node: number, store: Store): void {
    const { rows, clock } = this.world;
    const { coalescing } = this;
    if (coalescing !== null && coalescing.refuses(node, row)) return;
    const key = rows.I[row * Stride.I + ICol.Key];
    const version = rows.F[row * Stride.F + FCol.Data];
    // A value that came from no database is as new as it can be.
    this.version[0] = version > 0 ? version : clock[0];
    store.set(key, this.version);
    if (coalescing === null) return;
    for (let next = coalescing.served(node, key); next !== Id.None; next = coalescing.served(node, key)) {
      this.tally.coalesced++;
      this.hand(next);
    }
  }

  private delete(row: number, node: number, store: Store): void {
    const key = this.world.rows.I[row * Stride.I + ICol.Key];
    store.delete(key);
    this.coalescing?.deleted(node, key);
  }

  override onTimer(_code: number, node: number, lease: number, serial: number): void {
    this.coalescing?.expired(node, lease, serial);
  }

  /** `items` more (or fewer) of them take up memory of the node's machine, where their size is known. */
  private bookMemory(node: number, items: number): void {
    if (this.own.itemBytes === null) return;
    const { machines, nodes: table } = this.world;
    const machine = table.machine[node];
    const fits = machines.useMemory(machine, items * this.own.itemBytes);
    if (items > 0 && !fits) this.kernel.frames.holdings.onOutOfMemory(node);
  }

  private status(row: number, status: Status): void {
    const I = this.world.rows.I;
    const at = row * Stride.I + ICol.Flags;
    I[at] = (I[at] & ~Flag.StatusMask) | status;
  }

  override onRowGone(row: number): void {
    this.coalescing?.gone(row);
  }

  override onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how === 'pause' || this.stores.length === 0) return;
    const store = this.stores[node - this.firstNode];
    this.bookMemory(node, -store.size);
    store.clear();
    this.coalescing?.clear(node);
  }

  override resetFigures(): void {
    this.count();
    this.tally.reset();
    this.tosses?.fill(0, Toss.Hits);
    for (const store of this.stores) {
      store.evictions = 0;
      store.expired = 0;
    }
  }

  /** Assumed hits and misses are counted where they are drawn, others by the core as well. */
  private count(): void {
    const { tally, tosses, lookups } = this;
    if (tosses !== null) {
      tally.hits = tosses[Toss.Hits];
      tally.misses = tosses[Toss.Misses];
    }
    if (lookups === null) return;
    tally.hits += lookups.take(LookupF.Hits);
    tally.misses += lookups.take(LookupF.Misses);
    tally.staleHits += lookups.take(LookupF.StaleHits);
    tally.evictions += lookups.take(LookupF.Evictions);
    tally.expired += lookups.take(LookupF.Expired);
  }

  override figures(): Record<string, number> {
    this.count();
    const { hits, misses, staleHits, coalesced } = this.tally;
    const ratio = this.tally.ratio();
    if (this.stores.length === 0) return { ...ratio, hits, misses, assumed: 1 };
    const total = (of: (store: Store) => number): number => this.stores.reduce((sum, store) => sum + of(store), 0);
    return {
      ...ratio,
      hits,
      misses,
      evictions: this.tally.evictions + total((s) => s.evictions),
      expired: this.tally.expired + total((s) => s.expired),
      items: total((s) => s.living()),
      staleHits,
      coalesced,
      assumed: 0,
    };
  }

  /** Counting the entries that have not expired takes too long for a dashboard. */
  override readings(): Readings {
    this.count();
    const { hits, misses, staleHits, coalesced } = this.tally;
    const total = (of: (store: Store) => number): number => this.stores.reduce((sum, store) => sum + of(store), 0);
    return {
      counts: {
        gets: hits + misses,
        hits,
        misses,
        staleHits,
        coalesced,
        evictions: this.tally.evictions + total((s) => s.evictions),
        expired: this.tally.expired + total((s) => s.expired),
      },
      levels: { entries: total((s) => s.size) },
      ratios: { hitRatio: ['hits', 'gets'] },
    };
  }

  override violation(): string {
    const full = this.stores.findIndex((store) => store.size > this.own.capacityItems!);
    return full < 0 ? '' : `${this.name}#${full + 1} holds ${this.stores[full].size} entries, more than its capacity`;
  }
}
