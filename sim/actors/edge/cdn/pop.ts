/**
 * One point of presence: what it does with a request, and with what a fetch brings. Points of presence know nothing of
 * each other.
 */
import type { Actor } from '../../../engine/actor-instance.ts';
import { Step } from '../../../engine/actor-instance.ts';
import type { AcknowledgedWrites } from '../../../engine/acknowledged.ts';
import type { Ground } from '../../../engine/key-table.ts';
import { FCol, Flag, ICol, Id, Status, Stride } from '../../../engine/rows.ts';
import type { CdnSettings } from '../cdn.settings.ts';
import { type Contents, DYNAMIC } from './contents.ts';
import { Fetches } from './fetches.ts';
import { Shelf } from './shelf.ts';
import type { Tally } from './tally.ts';

/** An answer without content: status line and headers. */
const NOT_MODIFIED_BYTES = 300;

/** What the points of presence of one CDN have in common. */
export interface Shared {
  own: CdnSettings;
  contents: Contents;
  tally: Tally;
  /** Writes that make copies stale. */
  sources: AcknowledgedWrites[];
  waitCell: number;
  /** Code of the timer of a line that waits. */
  waited: number;
  /** A key may be fetched more than once at a time: what is fresh may be replaced. */
  onOverlap: () => void;
}

export class PointOfPresence {
  readonly shelf: Shelf;
  readonly fetches: Fetches;
  /** A version on its way into the shelf: doubles do not cross calls. */
  private readonly version = new Float64Array(1);

  constructor(
    private readonly cdn: Actor,
    readonly node: number,
    private readonly shared: Shared,
    ground: Ground,
    /** Requests passed on and not answered yet. */
    readonly outstanding: Int32Array,
  ) {
    const { own, contents } = shared;
    const { rows, clock } = cdn.world;
    this.shelf = new Shelf(own.policy, own.capacityBytes, contents.sizeBytes, clock, ground);
    this.fetches = new Fetches(rows);
  }

  // A request.

  /** A user's request. What `Step` says; the status `Miss` sends it on to the origin. */
  look(row: number): number {
    const { shared } = this;
    const { tally, own } = shared;
    const { rows, clock } = this.cdn.world;
    tally.requests++;
    const kind = shared.contents.kindOf(rows.I[row * Stride.I + ICol.Op]);
    if (kind === DYNAMIC) {
      tally.passes++;
      return this.sendOn(row);
    }
    const key = shared.contents.keyOf(kind, rows.I[row * Stride.I + ICol.Key]);
    const copy = this.shelf.find(key);
    if (copy !== Id.None) {
      this.shelf.read(copy);
      const age = clock[0] - this.shelf.freshUntil(copy);
      if (age < own.staleWhileNs) {
        if (age >= 0) this.refresh(row, key);
        tally.hits++;
        this.serve(row, kind, copy);
        return Step.Continue;
      }
    }
    tally.misses++;
    const fetch = own.coalesce === null ? Id.None : this.fetches.find(key);
    if (fetch === Id.None) return this.fetch(row, key);
    tally.coalesced++;
    this.queue(row, fetch);
    return Step.Suspend;
  }

  /** The copy goes to the user. */
  private serve(row: number, kind: number, copy: number): void {
    const { tally, contents } = this.shared;
    if (!this.shelf.isFresh(copy)) tally.expiredServed++;
    this.noteStale(row, copy);
    tally.bytesServed += contents.sizeBytes[kind];
    this.cdn.world.rows.F[row * Stride.F + FCol.Data] = this.shelf.versionOf(copy);
    this.status(row, Status.Ok);
  }

  private noteStale(row: number, copy: number): void {
    const { rows } = this.cdn.world;
    const version = this.shelf.versionOf(copy);
    if (version === 0) return;
    const key = rows.I[row * Stride.I + ICol.Key];
    for (const writes of this.shared.sources) {
      if (!writes.isStale(key, version, rows.F[row * Stride.F + FCol.Start])) continue;
      this.shared.tally.staleHits++;
      return;
    }
  }

  /** The request goes for the content itself. */
  private fetch(row: number, key: number): number {
    this.fetches.begin(key, this.shared.own.coalesce !== null);
    return this.sendOn(row);
  }

  private sendOn(row: number): number {
    this.status(row, Status.Miss);
    return Step.Continue;
  }

  private queue(row: number, fetch: number): void {
    const { rows, clock, spans } = this.cdn.world;
    rows.F[row * Stride.F + FCol.Mark] = clock[0];
    spans.enter(row, this.shared.waitCell);
    if (this.fetches.wait(fetch, row)) this.watch(fetch);
  }

  /** Sets the timer of a line, for the first in it. */
  private watch(fetch: number): void {
    const { cdn, fetches } = this;
    const until = fetches.waitsSince(fetch) + this.shared.own.coalesce!.waitNs;
    const left = Math.max(0, until - cdn.world.clock[0]);
    cdn.kernel.timer(cdn.component, this.node, this.shared.waited, left, fetch, fetches.serial[fetch]);
  }

  /** Those who have waited too long fetch for themselves. */
  waited(fetch: number, serial: number): void {
    const { fetches } = this;
    if (fetches.serial[fetch] !== serial) return;
    const { rows, clock } = this.cdn.world;
    const { waitNs } = this.shared.own.coalesce!;
    while (clock[0] - fetches.waitsSince(fetch) >= waitNs) {
      const row = fetches.shift(fetch);
      this.shared.onOverlap();
      fetches.begin(this.keyOf(row, this.shared.contents.kindOf(rows.I[row * Stride.I + ICol.Op])), false);
      this.wake(row, Status.Miss);
    }
    if (fetches.waitsSince(fetch) < Infinity) this.watch(fetch);
  }

  /** An expired copy is served, and fetched anew behind the user's back, unless it is already. */
  private refresh(row: number, key: number): void {
    if (this.fetches.find(key) !== Id.None) return;
    const { cdn } = this;
    const { I } = cdn.world.rows;
    const at = row * Stride.I;
    this.fetches.begin(key, true);
    // A draw of its own: the complement of the request's identity.
    const { kernel, component } = cdn;
    const op = I[at + ICol.Op];
    kernel.assign(component, this.node, op, I[at + ICol.Key], I[at + ICol.User], ~I[at + ICol.IdA], I[at + ICol.IdB]);
  }

  // A fetch.

  /** A fetch of this kind of content has brought an answer, whole or that the copy is still good. */
  fetched(row: number, kind: number, isUnchanged: boolean): void {
    const { shelf, fetches, shared } = this;
    const { tally, contents } = shared;
    const { rows } = this.cdn.world;
    const key = this.keyOf(row, kind);
    tally.bytesFetched += isUnchanged ? NOT_MODIFIED_BYTES : contents.sizeBytes[kind];
    if (isUnchanged) tally.notModified++;
    if (!this.isBackground(row)) tally.bytesServed += contents.sizeBytes[kind];
    const fetch = fetches.find(key);
    fetches.end(fetch);
    if (!fetches.isPurged(fetch)) {
      const copy = shelf.find(key);
      this.version[0] = rows.F[row * Stride.F + FCol.Data];
      if (isUnchanged && copy !== Id.None && this.version[0] === 0) this.version[0] = shelf.versionOf(copy);
      shelf.put(key, kind, contents.ttlNs[kind], this.version);
    }
    for (let next = fetches.shift(fetch); next !== Id.None; next = fetches.shift(fetch)) {
      tally.bytesServed += contents.sizeBytes[kind];
      rows.F[next * Stride.F + FCol.Data] = rows.F[row * Stride.F + FCol.Data];
      this.wake(next, Status.Ok);
    }
    if (fetches.isOver(fetch)) fetches.close(fetch);
  }

  /** A fetch has failed. True: an expired copy is served nevertheless, to it and to all who waited. */
  fetchFailed(row: number, kind: number): boolean {
    const { shelf, fetches } = this;
    const { clock } = this.cdn.world;
    const key = this.keyOf(row, kind);
    const copy = shelf.find(key);
    const fetch = fetches.find(key);
    fetches.end(fetch);
    const isGood = copy !== Id.None && clock[0] - shelf.freshUntil(copy) < this.shared.own.staleIfErrorNs;
    if (isGood) {
      if (!this.isBackground(row)) this.serve(row, kind, copy);
      for (let next = fetches.shift(fetch); next !== Id.None; next = fetches.shift(fetch)) {
        this.serve(next, kind, copy);
        this.wake(next, Status.Ok);
      }
    } else if (fetches.isOver(fetch)) this.handOver(fetch, key);
    if (fetches.isOver(fetch)) fetches.close(fetch);
    return isGood;
  }

  /** A fetch that never began. Where its process died meanwhile nobody knows of it any more. */
  giveUp(row: number, kind: number): void {
    if (this.fetches.find(this.keyOf(row, kind)) !== Id.None) this.fetchFailed(row, kind);
  }

  /** The next in line fetches. A client that gave up closed its connection, so nothing is fetched for it. */
  private handOver(fetch: number, key: number): void {
    for (let next = this.fetches.shift(fetch); next !== Id.None; next = this.fetches.shift(fetch)) {
      const isAwaited = this.isAwaited(next);
      if (isAwaited) this.fetches.begin(key, true);
      this.wake(next, isAwaited ? Status.Miss : Status.Cancelled);
      if (isAwaited) return;
    }
  }

  /** Does the caller wait still? Who came through a router is believed to. */
  private isAwaited(row: number): boolean {
    const { I } = this.cdn.world.rows;
    const at = row * Stride.I;
    if (I[at + ICol.Via] !== Id.None) return true;
    const caller = I[at + ICol.Parent] * Stride.I;
    return I[caller + ICol.Gen] === I[at + ICol.ParentGen] && I[caller + ICol.Attempt] === I[at + ICol.Tag];
  }

  /**
   * The origin was asked whether a copy is still good. It compares the version of what it has with that of the copy
   * (its entity tag); what it read of its databases is as of `Data`.
   */
  isUnchanged(row: number, kind: number): boolean {
    const { rows } = this.cdn.world;
    const copy = this.shelf.find(this.keyOf(row, kind));
    if (copy === Id.None) return false;
    const asOf = rows.F[row * Stride.F + FCol.Data];
    const version = this.shelf.versionOf(copy);
    const key = rows.I[row * Stride.I + ICol.Key];
    return !this.shared.sources.some((writes) => writes.isStale(key, version, asOf));
  }

  /** Is there a copy to ask about? */
  hasCopy(row: number, kind: number): boolean {
    return this.shelf.find(this.keyOf(row, kind)) !== Id.None;
  }

  // Purges, and the process's own life.

  purge(key: number): void {
    for (const each of this.shared.contents.keysOf(key)) {
      this.shelf.drop(each);
      this.fetches.purge(each);
    }
  }

  purgeAll(): void {
    this.shelf.clear();
    this.fetches.purgeAll();
  }

  /** A process that dies loses what it held, who fetched and who waited. */
  clear(): void {
    this.shelf.clear();
    this.fetches.clear();
    this.outstanding[0] = 0;
  }

  /** Work of this CDN's own, that no user waits for; that of a CDN whose shield it is, is a request like others. */
  isBackground(row: number): boolean {
    const { I } = this.cdn.world.rows;
    const at = row * Stride.I;
    return (I[at + ICol.Flags] & Flag.Work) !== 0 && I[at + ICol.Site] === this.cdn.component;
  }

  keyOf(row: number, kind: number): number {
    return this.shared.contents.keyOf(kind, this.cdn.world.rows.I[row * Stride.I + ICol.Key]);
  }

  private wake(row: number, status: Status): void {
    const { rows, clock, ledger } = this.cdn.world;
    ledger.addWait(this.cdn.component, clock[0] - rows.F[row * Stride.F + FCol.Mark]);
    this.status(row, status);
    this.cdn.kernel.resume(row);
  }

  private status(row: number, status: Status): void {
    const { I } = this.cdn.world.rows;
    const at = row * Stride.I + ICol.Flags;
    I[at] = (I[at] & ~Flag.StatusMask) | status;
  }

  /** Something that adds up differently: '' when all is well. */
  violation(): string {
    const { shelf, shared, cdn } = this;
    const name = cdn.world.nodes.nameOf(this.node);
    const through = cdn.kernel.frames.ways.through(this.node);
    if (through !== this.outstanding[0])
      return `${name} has ${this.outstanding[0]} requests outstanding by the books, ${through} in fact`;
    if (shelf.bytes > shared.own.capacityBytes) return `${name} holds ${shelf.bytes} bytes, more than its capacity`;
    const { overlaps } = this.fetches;
    return overlaps === 0 ? '' : `${name} fetched a key ${overlaps} times while it was being fetched`;
  }
}
