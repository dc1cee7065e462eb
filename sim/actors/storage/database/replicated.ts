/** A database of primaries with replicas: its parts put together, where calls go, and what a crash does. */
import { Step, type Readings } from '../../../engine/actor-instance.ts';
import type { HashRing } from '../../../engine/hash-ring.ts';
import { LookupF } from '../../../engine/key-records.ts';
import type { Lookups } from '../../../engine/lookups.ts';
import { FCol, ICol, Id, Stride } from '../../../engine/rows.ts';
import type { World } from '../../../engine/world.ts';
import type { DatabaseSettings } from '../database.settings.ts';
import type { Regime } from '../database.ts';
import { Apply } from './apply.ts';
import { Cluster, Message, NOBODY, Role } from './cluster.ts';
import { Consistency } from './consistency.ts';
import { Election } from './election.ts';
import { readingsOf, roleOf } from './gauges.ts';
import { Handover } from './handover.ts';
import { violationOf } from './invariants.ts';
import type { Place } from './leaderless.ts';
import { Leadership, type LeadershipSettings } from './leadership.ts';
import { branchOf, positionOf } from './logs.ts';
import { Losses } from './losses.ts';
import { publishCopies } from './lookups.ts';
import { Mailbox } from './mailbox.ts';
import { Members } from './members.ts';
import { Monitor } from './monitor.ts';
import { type OwnWrites, ownWritesOf } from './own-writes.ts';
import { Pins } from './pins.ts';
import { Act, type Compiled } from './programs.ts';
import { Serving } from './serving.ts';
import { Shipping } from './shipping.ts';
import { Topology } from './topology.ts';
import { Turns } from './turns.ts';
import { Waiting } from './waiting.ts';

export class Replicated implements Regime {
  private readonly world: World;
  private readonly members: Members;
  readonly cluster: Cluster;
  readonly consistency: Consistency;
  readonly pins: Pins | null;
  readonly topology: Topology;
  readonly shipping: Shipping;
  readonly apply: Apply;
  readonly waiting: Waiting;
  readonly losses: Losses;
  readonly leadership: Leadership;
  readonly election: Election | null = null;
  readonly monitor: Monitor | null = null;
  readonly handover: Handover | null = null;
  private readonly serving: Serving;
  private readonly mailbox: Mailbox;
  private readonly turns: Turns;
  readonly ownWrites: OwnWrites | null;
  readonly lookups: Lookups | null;

  constructor(
    place: Place,
    private readonly own: DatabaseSettings,
    private readonly compiled: Compiled,
    ring: HashRing | null,
  ) {
    this.world = place.world;
    const { failover, replication } = own;
    this.members = new Members(own.shards, 1 + own.replicas, place.firstNode, compiled.witness);
    this.cluster = new Cluster(place.kernel, place.world, place.component, this.members);
    this.consistency = new Consistency(
      this.cluster.logs,
      place.world.memory.ground(),
      place.world.acknowledged[place.component].small,
    );
    this.pins = own.readYourWrites === null ? null : new Pins(own.readYourWrites.pinNs);
    this.topology = new Topology(this.cluster);
    const eager = replication.mode !== 'asynchronous';
    this.shipping = new Shipping(this.cluster, eager, failover.by !== 'none' && failover.fencing);
    this.apply = new Apply(this.cluster, compiled.apply, replication.apply.parallel);
    this.shipping.onReceived = (member) => this.apply.pump(member);
    this.waiting = new Waiting(place.kernel, place.world, this.members.count);
    this.losses = new Losses(this.cluster);
    this.leadership = new Leadership(this.cluster, this, leadershipOf(failover));
    if (failover.by === 'election') {
      const { heartbeatNs, timeoutNs } = failover;
      const { electionWait: wait, vote } = compiled;
      this.election = new Election(this.cluster, this.leadership, { heartbeatNs, timeoutNs, wait, vote });
    } else if (failover.by === 'monitor') {
      this.monitor = new Monitor(this.cluster, this.leadership, compiled.monitor, failover);
    }
    if (failover.by !== 'none') {
      const { failbackNs: afterNs = Infinity, timeoutNs } = failover;
      this.handover = new Handover(this.cluster, this, { afterNs, timeoutNs, monitor: compiled.monitor });
    }
    this.ownWrites = this.ownWritesOf();
    this.lookups = this.publish(ring);
    this.serving = new Serving(this.cluster, own, this);
    this.mailbox = new Mailbox(this.cluster, this, compiled.monitor);
    const rests = this.lookups?.shared(LookupF.RestsUntil) ?? null;
    this.turns = new Turns(place.world, rests);
    if (failover.by !== 'none') this.begin();
  }

  /** Time zero: heartbeats and patience begin; shards don't beat in step. */
  private begin(): void {
    const { members, world } = this;
    // No event is being handled, so the pool of rows may grow.
    world.rows.reserve(members.count * 4 + 1024);
    const stream = world.stream(`${this.cluster.name} heartbeats`);
    for (let m = 0; m < members.count; m++) {
      if (m !== members.firstOf(m)) this.election?.wait(m);
      else {
        const offset = stream.below(1 << 30) / (1 << 30);
        this.leadership.begin(m, offset);
        this.monitor?.begin(members.shardOf(m), offset);
      }
    }
  }

  private ownWritesOf(): OwnWrites | null {
    const { own, world, cluster } = this;
    if (own.reads === 'primary') return null;
    return ownWritesOf(world, (version) => cluster.logs.isEverywhere(branchOf(version), positionOf(version)));
  }

  /** Lets the core read by itself, where it knows all that a read comes to: not where leaders change, or users are told apart. */
  private publish(ring: HashRing | null): Lookups | null {
    const { cluster, consistency, shipping, apply, own, compiled, members } = this;
    const isKnown = members.copies === 1 || (this.pins === null && own.failover.by === 'none');
    if (!isKnown || this.ownWrites !== null) return null;
    return publishCopies({ cluster, consistency, shipping, apply, own, write: compiled.write, ring });
  }

  route(row: number, shard: number, site: number): number {
    const { rows } = this.world;
    const { copies, firstNode } = this.members;
    const I = rows.I;
    const at = row * Stride.I;
    const caller = I[I[at + ICol.Parent] * Stride.I + ICol.Node];
    const primary = this.topology.primaryOf(caller, shard);
    const base = firstNode + shard * copies;
    if ((I[at + ICol.Op] & 0xffff) === this.compiled.write || copies === 1) return base + primary;
    rows.F[row * Stride.F + FCol.Data] = this.consistency.snapshot(I[at + ICol.Key]);
    if (this.own.reads === 'primary' || this.isPinned(row)) return base + primary;
    // Replicas are all but the one that is taken for the primary.
    return this.turns.next(row, site, base, copies, this.own.reads === 'any' ? Id.None : base + primary);
  }

  private isPinned(row: number): boolean {
    if (this.pins === null) return false;
    const I = this.world.rows.I;
    const at = row * Stride.I;
    return this.pins.isPinned(I[at + ICol.Op] >> 16, I[at + ICol.User], this.cluster.now);
  }

  step(row: number, act: number): number {
    const member = this.members.ofNode(this.world.rows.I[row * Stride.I + ICol.Node]);
    switch (act) {
      case Act.Read:
        return this.serving.read(member, row);
      case Act.Check:
        return this.serving.check(member, row);
      case Act.Commit:
        return this.serving.commit(member, row);
      case Act.Acknowledge:
        return this.serving.acknowledge(member, row);
      default:
        this.apply.finished(member, row);
        return Step.Continue;
    }
  }

  onTimer(code: number, _node: number, value: number, data: number): void {
    this.mailbox.onTimer(code, value, data);
  }

  onMessage(code: number, from: number, to: number, value: number, data: number): void {
    this.mailbox.onMessage(code, from, to, value, data);
  }

  /** What is on disk stays: killed or without power, what was committed had been flushed. */
  onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    const member = this.members.ofNode(node);
    if (this.cluster.role[member] === Role.Leader) this.cluster.crashedNs[member] = this.cluster.now;
    if (how === 'pause') return;
    this.waiting.forget(member);
    this.shipping.restart(member);
    this.apply.restart(member);
    if (this.own.failover.by !== 'none') this.leadership.died(member);
    this.handover?.died(member);
  }

  /** A process that starts replays its log before it serves; then it follows, or leads if nobody else ever does. */
  onRestart(node: number): void {
    const { cluster, members } = this;
    const member = members.ofNode(node);
    cluster.logs.applied[member] = cluster.logs.durable[member];
    this.apply.restart(member);
    if (members.copies === 1) return;
    this.world.rows.reserve(members.size * 2 + 256);
    if (this.own.failover.by !== 'none') this.election?.restart(member);
    else if (cluster.role[member] === Role.Leader) this.shipping.lead(member);
    else if (cluster.leader[member] !== NOBODY) this.shipping.answer(member, cluster.leader[member], Message.Ack);
  }

  onRowGone(_row: number): void {
    // Rows that wait die with their whole process: `onCrash` empties the queue.
  }

  resetFigures(): void {
    this.serving.resetFigures();
    this.leadership.promotions = 0;
    if (this.election !== null) this.election.elections = 0;
    if (this.monitor !== null) this.monitor.choices = 0;
    this.losses.resetFigures();
    this.apply.resetFigures();
  }

  figures(): Record<string, number> {
    this.serving.count();
    const { reads, writes, staleReads } = this.serving;
    const figures: Record<string, number> = { reads, writes, staleReads, acknowledgedWritesLost: this.losses.lost };
    if (this.members.copies === 1) return figures;
    Object.assign(figures, this.ownWrites?.figures);
    figures.replicationLagMs = this.apply.lagMs;
    figures.replicationLagMaxMs = this.apply.longestMs;
    if (this.own.failover.by === 'none') return figures;
    figures.rpoSeconds = this.losses.oldestNs / 1e9;
    figures.promotions = this.leadership.promotions;
    figures.elections = this.election?.elections ?? this.monitor?.choices ?? 0;
    figures.conflictsSplitBrain = this.losses.conflicts;
    return figures;
  }

  readings(): Readings {
    this.serving.count();
    const { reads, writes, staleReads } = this.serving;
    return readingsOf(this.cluster, { reads, writes, staleReads, acknowledgedWritesLost: this.losses.lost });
  }

  role(node: number): string {
    return roleOf(this.cluster, node);
  }

  violation(): string {
    return violationOf(this.cluster, this.own, this.losses);
  }
}

function leadershipOf(failover: DatabaseSettings['failover']): LeadershipSettings {
  if (failover.by === 'none')
    return { heartbeatNs: 0, timeoutNs: 0, promotionNs: 0, fencing: false, byElection: false };
  return { ...failover, byElection: failover.by === 'election' };
}
