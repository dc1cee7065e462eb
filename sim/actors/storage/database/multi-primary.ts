/**
 * A database that is written everywhere: every copy takes writes, answers at once, and tells the others afterwards. Two
 * that write one key meanwhile conflict, and how that ends is the merge's affair. Nothing is lost that a disk holds, but
 * while a copy is away so is what it alone has.
 */
import { type Readings, Step } from '../../../engine/actor-instance.ts';
import { FCol, ICol, Id, Stride } from '../../../engine/rows.ts';
import type { World } from '../../../engine/world.ts';
import type { DatabaseSettings } from '../database.settings.ts';
import type { Regime } from '../database.ts';
import { Clock, Message } from './cluster.ts';
import { Exchange } from './exchange.ts';
import type { Place } from './leaderless.ts';
import { MergedKeys } from './merged-keys.ts';
import { NOTHING, type OwnWrites, ownWritesOf } from './own-writes.ts';
import { Act, type Compiled } from './programs.ts';
import { Turns } from './turns.ts';

export class MultiPrimary implements Regime {
  private readonly world: World;
  private readonly keys: MergedKeys;
  private readonly exchange: Exchange;
  private readonly turns: Turns;
  private readonly ownWrites: OwnWrites | null;
  /** By copy: how far its clock is ahead, ns. */
  private readonly skewNs: Float64Array;
  private readonly none: Int32Array;
  private reads = 0;
  private writes = 0;
  private staleReads = 0;
  private conflicts = 0;
  private discarded = 0;
  private mostSiblings = 0;
  private lagSum = 0;
  private lagCount = 0;
  private lagMost = 0;

  constructor(
    private readonly place: Place,
    private readonly own: NonNullable<DatabaseSettings['multiPrimary']>,
    shards: number,
    compiled: Compiled,
  ) {
    this.world = place.world;
    const { copies, merge, skewNs, repairNs } = own;
    this.keys = new MergedKeys(copies, merge);
    this.none = new Int32Array(copies);
    const nodes = copies * shards;
    this.exchange = new Exchange(place.kernel, place.world, place.component, place.firstNode, nodes, {
      copies,
      repairNs,
      applyWork: compiled.apply,
    });
    this.exchange.onEntry = (copy, writer, position) => this.apply(copy, writer, position);
    this.turns = new Turns(place.world);
    this.ownWrites = ownWritesOf(place.world, (version) => this.isEverywhere(version));
    const stream = place.world.stream(`${place.world.components.name[place.component]} clocks`);
    this.skewNs = Float64Array.from({ length: nodes }, () => (stream.below(1 << 30) / (1 << 29) - 1) * skewNs);
  }

  /** A driver prefers the copy nearest to it, and turns to another when a call has failed. */
  route(row: number, shard: number, site: number): number {
    const { rows } = this.world;
    rows.F[row * Stride.F + FCol.Data] = this.keys.snapshot(rows.I[row * Stride.I + ICol.Key]);
    return this.turns.next(row, site, this.place.firstNode + shard * this.own.copies, this.own.copies);
  }

  step(row: number, act: number): number {
    const { I } = this.world.rows;
    const at = row * Stride.I;
    const copy = I[at + ICol.Node] - this.place.firstNode;
    switch (act) {
      case Act.Read:
        return this.read(row, copy);
      case Act.Commit:
        return this.commit(row, copy);
      case Act.Acknowledge:
        return this.acknowledge(row, copy);
      default:
        this.exchange.worked(copy, I[at + ICol.User]);
        return Step.Continue;
    }
  }

  private slotOf(copy: number): number {
    return copy % this.own.copies;
  }

  private read(row: number, copy: number): number {
    const { rows, history, clock } = this.world;
    this.reads++;
    const data = row * Stride.F + FCol.Data;
    const entry = this.keys.find(rows.I[row * Stride.I + ICol.Key]);
    if (this.ownWrites !== null) this.judgeOwn(this.ownWrites, row, copy, entry);
    if (entry === Id.None || !this.keys.isStale(entry, this.slotOf(copy), rows.F[data])) {
      rows.F[data] = clock[0];
      return Step.Continue;
    }
    this.staleReads++;
    history.tally('staleReads');
    rows.F[data] = this.keys.timeNs(entry, this.slotOf(copy));
    return Step.Continue;
  }

  /** Does the user see what it wrote itself? */
  private judgeOwn(ownWrites: OwnWrites, row: number, copy: number, entry: number): void {
    const version = ownWrites.lastOf(row);
    if (version === NOTHING || entry === Id.None) return;
    const { copies } = this.own;
    const snapshot = this.positionOf(version) * copies + this.slotOf(version % this.copyCount);
    ownWrites.judged(!this.keys.isStale(entry, this.slotOf(copy), snapshot));
  }

  /** A version of a user's own write: position · copies of all shards + the copy. */
  private positionOf(version: number): number {
    return Math.floor(version / this.copyCount);
  }

  private get copyCount(): number {
    return this.exchange.logs.length;
  }

  private isEverywhere(version: number): boolean {
    return this.exchange.least(version % this.copyCount) >= this.positionOf(version);
  }

  /** The write is on this copy's disk. */
  private commit(row: number, copy: number): number {
    const { rows, clock } = this.world;
    const key = rows.I[row * Stride.I + ICol.Key];
    const entry = this.keys.entry(key);
    const log = this.exchange.logs[copy];
    const slot = this.slotOf(copy);
    const stamp = clock[0] + this.skewNs[copy];
    if (entry === Id.None) log.append(key, stamp, clock[0], this.none, 0);
    else {
      // By last-writer-wins a value of a clock that is ahead stays, though this write came after it.
      if (!this.keys.write(entry, slot, log.head + 1, stamp, clock[0]) && this.own.merge === 'last-writer-wins')
        this.discarded++;
      log.append(key, stamp, clock[0], this.keys.vectors, this.keys.vectorAt(entry, slot));
    }
    rows.F[row * Stride.F + FCol.Data] = log.head;
    this.exchange.spread(copy);
    return Step.Continue;
  }

  private acknowledge(row: number, copy: number): number {
    const { rows, acknowledged, clock } = this.world;
    const key = rows.I[row * Stride.I + ICol.Key];
    const data = row * Stride.F + FCol.Data;
    const entry = this.keys.find(key);
    this.writes++;
    if (entry !== Id.None) {
      this.keys.acknowledge(entry, this.slotOf(copy), rows.F[data]);
      this.ownWrites?.wrote(row, rows.F[data] * this.copyCount + copy);
    }
    rows.F[data] = clock[0];
    acknowledged[this.place.component].record(key, clock[0]);
    return Step.Continue;
  }

  /** A copy applies a write of another one. */
  private apply(copy: number, writer: number, position: number): void {
    const log = this.exchange.logs[writer];
    const { clock, history } = this.world;
    const lag = clock[0] - log.timeNs(position);
    this.lagSum += lag;
    this.lagCount++;
    this.lagMost = Math.max(this.lagMost, lag);
    const entry = this.keys.entry(log.key(position));
    if (entry === Id.None) return;
    const slot = this.slotOf(copy);
    const concurrent = this.keys.take(entry, slot, this.slotOf(writer), log, position);
    this.mostSiblings = Math.max(this.mostSiblings, this.keys.siblings(entry, slot));
    // Both ends of a conflict find it; it is counted at one.
    if (!concurrent || copy > writer) return;
    this.conflicts++;
    history.tally('conflicts');
    if (this.own.merge === 'last-writer-wins') this.discarded++;
  }

  onTimer(code: number, _node: number, value: number): void {
    if (code === Clock.Repair) this.exchange.repair(value);
  }

  onMessage(code: number, from: number, to: number, _value: number, data: number): void {
    const { firstNode } = this.place;
    if (code === Message.Entries) this.exchange.take(to - firstNode, this.slotOf(from - firstNode), data);
    else this.exchange.confirm(to - firstNode, this.slotOf(from - firstNode), data);
  }

  onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how === 'pause') return;
    const copy = node - this.place.firstNode;
    this.exchange.died(copy);
    this.strand(copy);
  }

  /** What this copy alone has, nobody has until it is back. Accounting: nothing decides by it. */
  private strand(copy: number): void {
    const { history, nodes, clock } = this.world;
    const { component, firstNode } = this.place;
    const log = this.exchange.logs[copy];
    const held = this.exchange.held(copy, () => true);
    const count = log.head - held;
    if (count === 0) return;
    const name = nodes.nameOf(firstNode + copy);
    const age = (clock[0] - log.timeNs(held + 1)) / 1e9;
    history.add(
      'stranded',
      component,
      firstNode + copy,
      `${count} acknowledged ${count === 1 ? 'write is' : 'writes are'} at ${name} alone`,
      count,
      -1,
      age,
    );
  }

  onRestart(node: number): void {
    const copy = node - this.place.firstNode;
    const { history, nodes } = this.world;
    this.world.rows.reserve(256);
    const text = `${nodes.nameOf(node)} brings its writes back`;
    if (this.exchange.held(copy, () => true) < this.exchange.logs[copy].head)
      history.add('returned', this.place.component, node, text);
    this.exchange.started(copy);
  }

  onRowGone(): void {}

  resetFigures(): void {
    this.ownWrites?.resetFigures();
    this.reads = 0;
    this.writes = 0;
    this.staleReads = 0;
    this.conflicts = 0;
    this.discarded = 0;
    this.mostSiblings = 0;
    this.lagSum = 0;
    this.lagCount = 0;
    this.lagMost = 0;
  }

  figures(): Record<string, number> {
    const { reads, writes, staleReads, conflicts, discarded } = this;
    return {
      reads,
      writes,
      staleReads,
      ...this.ownWrites?.figures,
      acknowledgedWritesLost: this.away(),
      replicationLagMs: this.lagCount === 0 ? 0 : this.lagSum / this.lagCount / 1e6,
      replicationLagMaxMs: this.lagMost / 1e6,
      conflicts,
      writesDiscarded: discarded,
      siblingsMax: this.mostSiblings,
      divergentKeys: this.keys.divergent(),
    };
  }

  readings(): Readings {
    const { reads, writes, staleReads, conflicts, discarded } = this;
    const { nodes, clock } = this.world;
    let oldestNs = clock[0];
    this.exchange.logs.forEach((log, copy) => {
      if (!nodes.accepts(this.place.firstNode + copy)) return;
      const least = this.exchange.least(copy);
      if (least < log.head) oldestNs = Math.min(oldestNs, log.timeNs(least + 1));
    });
    return {
      counts: { reads, writes, staleReads, conflicts, writesDiscarded: discarded },
      levels: { replicationLagMs: (clock[0] - oldestNs) / 1e6 },
    };
  }

  role(): string {
    return 'primary';
  }

  /** Acknowledged writes that nobody who is up has. */
  private away(): number {
    const { nodes } = this.world;
    const { firstNode } = this.place;
    let sum = 0;
    this.exchange.logs.forEach((log, copy) => {
      if (nodes.accepts(firstNode + copy)) return;
      sum += log.head - this.exchange.held(copy, (peer) => nodes.accepts(firstNode + peer));
    });
    return sum;
  }

  /** Copies that have the same writes must agree. */
  violation(): string {
    const behind = this.exchange.logs.some((log, copy) => this.exchange.least(copy) < log.head);
    if (behind || this.keys.unrecorded > 0) return '';
    const divergent = this.keys.divergent();
    return divergent > 0 ? `${divergent} keys differ between copies that have the same writes` : '';
  }
}
