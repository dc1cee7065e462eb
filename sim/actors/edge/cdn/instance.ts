/** A CDN in a running stage: which point of presence a request reaches, and what it is told of requests, purges and crashes. */
import { Actor, Step } from '../../../engine/actor-instance.ts';
import type { ComponentDraft } from '../../../compile/components.ts';
import { Flag, ICol, Id, Status, Stride } from '../../../engine/rows.ts';
import { Lookups } from '../../../engine/lookups.ts';
import { holdsNothingScarce } from '../../../engine/holdings.ts';
import { Lookup, LookupF } from '../../../engine/key-records.ts';
import { Visits } from '../../../engine/records.ts';
import { letCoreBookVisits } from '../../../engine/visits.ts';
import type { ComponentSettings } from '../../../scenario/settings.ts';
import type { CdnSettings } from '../cdn.settings.ts';
import { Anycast } from './anycast.ts';
import { Contents } from './contents.ts';
import { Onward } from './onward.ts';
import { PointOfPresence, type Shared } from './pop.ts';
import { Purges } from './purges.ts';
import { Tally } from './tally.ts';

/** Arguments of the `Actor` verb. */
export const enum Do {
  Look = 0,
  Purge = 1,
}

/** Codes of timers and messages. */
const enum Code {
  KeepAlive = 1,
  Hold = 2,
  Waited = 3,
  Purge = 4,
  /** A purge of everything is ordered; it reaches a point of presence. */
  Release = 5,
  PurgeAll = 6,
}

/** Tag of background work that has begun: nobody answers it by its tag. */
const BEGUN = 1;

export interface Resolved {
  waitCell: number;
  origin: number;
  /** Id.None: none. */
  shield: number;
  /** Distribution of the delay of a purge. */
  purgeDelay: number;
  /** Operations that are another one with core time before it; complete when the stage is. */
  variants: readonly { operation: number; base: number }[];
  /** Components of the databases whose values may be cached here. */
  sources: number[];
}

export class Cdn extends Actor {
  private readonly own: CdnSettings;
  private readonly tally = new Tally();
  private pops: PointOfPresence[] = [];
  private contents!: Contents;
  /** Where the core answers for what is fresh. */
  private lookups: Lookups | null = null;
  private anycast!: Anycast;
  private shield: Cdn | null = null;
  private onward!: Onward;
  purges!: Purges;

  constructor(
    component: ComponentSettings<CdnSettings>,
    draft: ComponentDraft,
    private readonly resolved: Resolved,
  ) {
    super(draft.name, draft.id, draft.firstNode, draft.nodes);
    this.own = component.own;
  }

  override start(): void {
    const { world, own, resolved, kernel } = this;
    const { shield } = resolved;
    world.rows.reserve(1024 + 4 * this.nodeCount);
    this.contents = new Contents(own, world.operations, resolved.variants);
    this.anycast = new Anycast(this, own.withdrawNs, Code.KeepAlive, Code.Hold);
    this.shield = shield === Id.None ? null : (world.components.actor[shield] as Cdn);
    const sources = resolved.sources.map((source) => world.acknowledged[source]);
    for (const writes of sources) {
      writes.wanted = true;
      writes.keepHistory();
    }
    const { contents, tally } = this;
    const lookups = new Lookups(world, this, sources);
    const { waitCell } = resolved;
    const onOverlap = (): void => void (lookups.I[Lookup.Steady] = 0);
    const shared: Shared = { own, contents, tally, sources, waitCell, waited: Code.Waited, onOverlap };
    contents.publish(world.memory, lookups.I);
    this.anycast.publish(world.memory, lookups.I);
    this.lookups = lookups;
    tally.share(lookups.shared(LookupF.Bytes));
    this.openPops(lookups, shared);
    this.onward = new Onward(this, {
      contents,
      tally,
      isRevalidating: own.revalidate !== null,
      origin: resolved.origin,
      shield: this.shield,
      turn: lookups.shared(LookupF.Turn),
    });
    const word = { key: Code.Purge, everything: Code.PurgeAll };
    this.purges = new Purges(this, this.pops, resolved.purgeDelay, word, this.shield);
    this.onDirectory(resolved.origin);
    if (this.isSteady()) {
      lookups.I[Lookup.Steady] = 1;
      letCoreBookVisits(world, this, Visits.Local, (operation) => world.operations[operation] !== '@delete');
    }
    for (const { atNs } of own.purges) kernel.timer(this.component, Id.None, Code.Release, world.windowStartNs + atNs);
  }

  private openPops(lookups: Lookups, shared: Shared): void {
    const { world } = this;
    const outstanding = lookups.byNode(Lookup.Outstanding, this.nodeCount);
    lookups.I[Lookup.Indifferent] = 1;
    for (let i = 0; i < this.nodeCount; i++) {
      if (!holdsNothingScarce(world, this.firstNode + i)) lookups.I[Lookup.Indifferent] = 0;
      const its = outstanding.subarray(i, i + 1);
      this.pops.push(new PointOfPresence(this, this.firstNode + i, shared, lookups.groundOf(i), its));
    }
  }

  /** Does nothing but its age make a copy bad that is good now (no purge, no other copy that needs its room), and come all visits from elsewhere? */
  private isSteady(): boolean {
    const { own, world } = this;
    if (own.capacityBytes !== Infinity || own.coalesce === null || own.staleWhileNs > 0) return false;
    // Purges of one go to its shield, too.
    return !world.components.actor.some((actor) => actor instanceof Cdn && actor.isPurged());
  }

  private isPurged(): boolean {
    const { sites, operations } = this.world;
    if (this.own.purges.length > 0) return true;
    return sites.target.some((to, site) => to === this.component && operations[sites.op[site]] === '@delete');
  }

  private popOf(row: number): PointOfPresence {
    return this.pops[this.world.rows.I[row * Stride.I + ICol.Node] - this.firstNode];
  }

  // The way of a request.

  override readonly hasDoors = true;

  override doorOf(from: number, user: number): number {
    return this.nearest(from, user);
  }

  override route(row: number, _site: number): number {
    const { I } = this.world.rows;
    return this.nearest(I[I[row * Stride.I + ICol.Parent] * Stride.I + ICol.Node], I[row * Stride.I + ICol.User]);
  }

  /** The point of presence that traffic from this node reaches. */
  nearest(node: number, user: number): number {
    return this.anycast.from(node, user);
  }

  override step(row: number, what: number): number {
    if (what === Do.Purge) return this.order(row);
    const pop = this.popOf(row);
    if (!pop.isBackground(row)) return pop.look(row);
    const { I } = this.world.rows;
    const at = row * Stride.I;
    I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | Status.Miss;
    I[at + ICol.Tag] = BEGUN;
    return Step.Continue;
  }

  override choose(row: number): number {
    return this.onward.choose(row, this.popOf(row));
  }

  override returned(row: number, status: number): boolean {
    return this.onward.returned(row, this.popOf(row), status);
  }

  /** The core passes requests for what is dynamic on by itself where the origin is one node. */
  override onDirectory(component: number): void {
    if (component !== this.resolved.origin || this.lookups === null) return;
    const directory = this.world.components.directory[component];
    this.lookups.I[Lookup.Origin] = directory.length === 1 ? directory[0] : Id.None;
  }

  /** Background work has ended. If there was no room for it at its own point of presence nothing was fetched. */
  override onDone(row: number): void {
    const { I } = this.world.rows;
    const at = row * Stride.I;
    if (I[at + ICol.Tag] !== BEGUN) this.popOf(row).giveUp(row, this.contents.kindOf(I[at + ICol.Op]));
  }

  // Purges.

  /** A purge of the row's key is ordered. */
  private order(row: number): number {
    const { I } = this.world.rows;
    const at = row * Stride.I;
    this.tally.purges++;
    this.purges.order(I[at + ICol.Node], I[at + ICol.Key]);
    return Step.Continue;
  }

  override onMessage(_code: number, _from: number, to: number, key: number): void {
    this.pops[to - this.firstNode].purge(key);
  }

  override onTimer(code: number, node: number, value: number, data: number): void {
    if (code === Code.KeepAlive) this.anycast.speak(node - this.firstNode);
    else if (code === Code.Hold) this.anycast.check(value);
    else if (code === Code.Waited) this.pops[node - this.firstNode].waited(value, data);
    else if (code === Code.PurgeAll) this.pops[node - this.firstNode].purgeAll();
    else {
      this.tally.purges++;
      this.purges.release();
    }
  }

  // Crashes.

  override onRowGone(row: number): void {
    this.popOf(row).fetches.leave(row);
  }

  override onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how !== 'pause') this.pops[node - this.firstNode].clear();
  }

  override onRestart(node: number): void {
    this.anycast.speak(node - this.firstNode);
  }

  // Figures.

  /** Takes over what the core has counted. */
  private count(): void {
    const { tally, lookups } = this;
    if (lookups === null) return;
    tally.requests += lookups.take(LookupF.Requests);
    tally.hits += lookups.take(LookupF.Hits);
    tally.passes += lookups.take(LookupF.Passes);
    tally.staleHits += lookups.take(LookupF.StaleHits);
    tally.toOrigin += lookups.take(LookupF.ToOrigin);
  }

  override resetFigures(): void {
    this.count();
    this.tally.reset();
    for (const { shelf } of this.pops) shelf.evictions = 0;
  }

  override figures(): Record<string, number> {
    this.count();
    const { tally, pops } = this;
    const { requests, hits, misses, passes, coalesced, staleHits, toOrigin, notModified } = tally;
    return {
      ...tally.ratio(),
      requests,
      hits,
      misses,
      passes,
      coalesced,
      expiredServed: tally.expiredServed,
      staleHits,
      notModified,
      originRequests: toOrigin,
      ...(this.shield !== null && { shieldRequests: tally.toShield }),
      purges: tally.purges,
      bytesServed: tally.bytesServed,
      bytesFetched: tally.bytesFetched,
      evictions: pops.reduce((sum, { shelf }) => sum + shelf.evictions, 0),
      items: pops.reduce((sum, { shelf }) => sum + shelf.size, 0),
    };
  }

  override violation(): string {
    this.count();
    const { requests, hits, misses, passes } = this.tally;
    if (requests !== hits + misses + passes)
      return `${hits} hits, ${misses} misses and ${passes} passes are not ${requests} requests`;
    for (const pop of this.pops) {
      const wrong = pop.violation();
      if (wrong !== '') return wrong;
    }
    return '';
  }
}
