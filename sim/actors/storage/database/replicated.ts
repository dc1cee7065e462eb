/**
 * A database of primaries with replicas: where calls go, what reads and writes do at a node, and which part of the
 * cluster each timer and message is for.
 */
import { Step } from '../../../engine/actor-instance.ts';
import { FCol, Flag, ICol, Status, Stride } from '../../../engine/rows.ts';
import type { World } from '../../../engine/world.ts';
import type { DatabaseSettings } from '../database.settings.ts';
import type { Regime } from '../database.ts';
import { Apply } from './apply.ts';
import { Clock, Cluster, Message, NOBODY, Role } from './cluster.ts';
import { Consistency } from './consistency.ts';
import { Election } from './election.ts';
import type { Place } from './leaderless.ts';
import { Leadership } from './leadership.ts';
import { positionOf, branchOf } from './logs.ts';
import { Losses } from './losses.ts';
import { Members } from './members.ts';
import { Monitor } from './monitor.ts';
import { Pins } from './pins.ts';
import { Act, type Compiled } from './programs.ts';
import { Shipping } from './shipping.ts';
import { Topology } from './topology.ts';
import { Waiting } from './waiting.ts';

export class Replicated implements Regime {
  private readonly world: World;
  private readonly members: Members;
  private readonly cluster: Cluster;
  private readonly consistency: Consistency;
  private readonly pins: Pins | null;
  private readonly topology: Topology;
  private readonly shipping: Shipping;
  private readonly apply: Apply;
  private readonly waiting: Waiting;
  private readonly losses: Losses;
  private readonly leadership: Leadership;
  private readonly election: Election | null = null;
  private readonly monitor: Monitor | null = null;
  private readonly scratch: Float64Array;
  private reads = 0;
  private writes = 0;
  private staleReads = 0;

  constructor(
    place: Place,
    private readonly own: DatabaseSettings,
    private readonly compiled: Compiled,
  ) {
    this.world = place.world;
    const { mode, apply } = own.replication;
    const copies = 1 + own.replicas;
    this.members = new Members(own.shards, copies, place.firstNode, compiled.witness);
    // Time zero: no event is being handled, so the pool may grow.
    this.world.rows.reserve(this.members.count * 4 + 1024);
    this.cluster = new Cluster(place.kernel, place.world, place.component, this.members);
    this.consistency = new Consistency(this.cluster.logs);
    this.pins = own.readYourWrites === null ? null : new Pins(own.readYourWrites.pinNs);
    this.topology = new Topology(this.cluster);
    const fencing = own.failover.by !== 'none' && own.failover.fencing;
    this.shipping = new Shipping(this.cluster, mode !== 'asynchronous', fencing);
    this.apply = new Apply(this.cluster, compiled.apply, apply.parallel);
    this.waiting = new Waiting(place.kernel, place.world, this.members.count);
    this.losses = new Losses(this.cluster);
    this.scratch = new Float64Array(copies);
    this.shipping.onProgress = (leader) => this.release(leader);
    this.shipping.onReceived = (member) => this.apply.pump(member);
    this.leadership = this.makeLeadership();
    const { failover } = own;
    if (failover.by === 'election') {
      const choices = { timeoutNs: failover.timeoutNs, wait: compiled.electionWait, vote: compiled.vote };
      this.election = new Election(this.cluster, this.leadership, choices);
    } else if (failover.by === 'monitor') {
      this.monitor = new Monitor(this.cluster, this.leadership, compiled.monitor, failover);
    }
    if (failover.by !== 'none') this.begin();
  }

  private makeLeadership(): Leadership {
    const { failover } = this.own;
    const { cluster, shipping, apply, waiting, topology, losses } = this;
    const settings =
      failover.by === 'none'
        ? { heartbeatNs: 0, timeoutNs: 0, promotionNs: 0, fencing: false, byElection: false }
        : { ...failover, byElection: failover.by === 'election' };
    return new Leadership(cluster, shipping, apply, waiting, topology, losses, settings);
  }

  /** Time zero: heartbeats and patience begin; shards don't beat in step. */
  private begin(): void {
    const { members, cluster, world } = this;
    const stream = world.stream(`${world.components.name[cluster.component]} heartbeats`);
    for (let m = 0; m < members.count; m++) {
      if (m !== members.firstOf(m)) this.election?.wait(m);
      else {
        const offset = stream.below(1 << 30) / (1 << 30);
        this.leadership.begin(m, offset);
        this.monitor?.begin(members.shardOf(m), offset);
      }
    }
  }

  // Where calls go.

  route(row: number, shard: number, site: number): number {
    const { rows, sites } = this.world;
    const { copies, firstNode } = this.members;
    const I = rows.I;
    const at = row * Stride.I;
    const caller = I[I[at + ICol.Parent] * Stride.I + ICol.Node];
    const primary = this.topology.primaryOf(caller, shard);
    const base = firstNode + shard * copies;
    if ((I[at + ICol.Op] & 0xffff) === this.compiled.write || copies === 1) return base + primary;
    rows.F[row * Stride.F + FCol.Data] = this.consistency.snapshot(I[at + ICol.Key]);
    if (this.own.reads === 'primary' || this.isPinned(row)) return base + primary;
    const all = this.own.reads === 'any';
    const choices = all ? copies : copies - 1;
    const turn = sites.turn[site] % choices;
    sites.turn[site] = turn + 1;
    // Replicas are all but the one that is taken for the primary.
    return base + (all ? turn : (primary + 1 + turn) % copies);
  }

  private isPinned(row: number): boolean {
    if (this.pins === null) return false;
    const I = this.world.rows.I;
    const at = row * Stride.I;
    return this.pins.isPinned(I[at + ICol.Op] >> 16, I[at + ICol.User], this.cluster.now);
  }

  // What happens at a node.

  step(row: number, act: number): number {
    const member = this.members.ofNode(this.world.rows.I[row * Stride.I + ICol.Node]);
    switch (act) {
      case Act.Read:
        return this.read(member, row);
      case Act.Check:
        return this.cluster.serves(member) ? Step.Continue : this.refuse(row);
      case Act.Commit:
        return this.commit(member, row);
      case Act.Acknowledge:
        return this.acknowledge(member, row);
      default:
        this.apply.finished(member, row);
        return Step.Continue;
    }
  }

  private refuse(row: number): number {
    const I = this.world.rows.I;
    const flags = row * Stride.I + ICol.Flags;
    I[flags] = (I[flags] & ~Flag.StatusMask) | Status.Error;
    return Step.Finish;
  }

  private read(member: number, row: number): number {
    const { rows, history } = this.world;
    const { logs } = this.cluster;
    if (this.own.reads === 'primary' && this.own.failover.by !== 'none' && !this.cluster.serves(member)) {
      return this.refuse(row);
    }
    this.reads++;
    const data = row * Stride.F + FCol.Data;
    if (this.members.copies > 1) {
      if (this.consistency.isStale(rows.F[data], logs.branch[member], logs.applied[member])) {
        this.staleReads++;
        history.tally('staleReads');
      }
    }
    rows.F[data] = this.asOf(member);
    return Step.Continue;
  }

  /** The instant whose state the member shows: what caches remember their copies were taken at. */
  private asOf(member: number): number {
    const { logs, role, now } = this.cluster;
    const branch = logs.branch[member];
    if (role[member] === Role.Leader || logs.applied[member] === logs.head[branch]) return now;
    return logs.timeOf(branch, logs.applied[member]);
  }

  /** The write is on the primary's disk. */
  private commit(member: number, row: number): number {
    if (!this.cluster.serves(member)) return this.refuse(row);
    const position = this.cluster.logs.append(member, this.cluster.now);
    this.world.rows.F[row * Stride.F + FCol.Data] = position;
    if (this.members.copies === 1) return Step.Continue;
    this.shipping.committed(member, position);
    if (this.own.replication.mode === 'asynchronous' || this.held(member) >= position) return Step.Continue;
    this.waiting.push(member, row);
    return Step.Suspend;
  }

  /** The answer leaves: from here on the write must not be lost. */
  private acknowledge(member: number, row: number): number {
    const { rows, acknowledged } = this.world;
    const { logs, component, now } = this.cluster;
    const I = rows.I;
    const at = row * Stride.I;
    if ((I[at + ICol.Flags] & Flag.StatusMask) > Status.Miss) return Step.Finish;
    if (!this.cluster.serves(member)) {
      // Paused, perhaps, and replaced meanwhile: by its own clock it must not answer.
      if (this.cluster.role[member] === Role.Leader) {
        this.leadership.stepDown(member, 'cannot be sure that it still leads and stops accepting writes');
      }
      return this.refuse(row);
    }
    const key = I[at + ICol.Key];
    const branch = logs.branch[member];
    const data = row * Stride.F + FCol.Data;
    const position = rows.F[data];
    this.writes++;
    if (position > logs.acknowledged[branch]) logs.acknowledged[branch] = position;
    rows.F[data] = this.members.copies > 1 ? logs.timeOf(branch, position) : now;
    acknowledged[component].record(key, rows.F[data]);
    if (this.members.copies > 1) {
      this.losses.acknowledged(member);
      this.consistency.record(key, branch, position);
    }
    this.pins?.wrote(I[at + ICol.Op] >> 16, I[at + ICol.User], now);
    return Step.Continue;
  }

  /** Last position that as many copies hold as an acknowledgement needs. */
  private held(leader: number): number {
    const { members, shipping } = this;
    const { mode, acks } = this.own.replication;
    const own = members.slotOf(leader);
    let n = 0;
    let least = Infinity;
    for (let slot = 0; slot < members.copies; slot++) {
      const pair = shipping.pair(leader, slot);
      if (slot === own) continue;
      this.scratch[n++] = shipping.match[pair];
      if (shipping.follows[pair] === 1) least = Math.min(least, shipping.match[pair]);
    }
    if (mode === 'synchronous') return least;
    this.scratch[n] = -Infinity;
    this.scratch.sort();
    return this.scratch[n + 1 - acks];
  }

  private release(leader: number): void {
    if (this.own.replication.mode !== 'asynchronous') this.waiting.release(leader, this.held(leader));
  }

  // Timers and messages.

  onTimer(code: number, _node: number, value: number, data: number): void {
    this.world.rows.reserve(this.members.size * 2 + 256);
    switch (code) {
      case Clock.Tick:
        this.leadership.tick(value, data);
        return;
      case Clock.Promotion:
        this.leadership.promoted(value, data);
        return;
      case Clock.Resend:
        this.shipping.resend(value);
        return;
      case Clock.LazyAck:
        this.shipping.answerLate(value);
        return;
      case Clock.Apply:
        this.apply.onTimer(value);
        return;
      case Clock.Election:
        this.election?.onTimer(value, data);
        return;
      case Clock.Grant:
        this.election?.grant(value, positionOf(data), branchOf(data));
        return;
      case Clock.Monitor:
        this.monitor?.tick(value);
        return;
      default:
        this.monitor?.choose(value, data);
    }
  }

  onMessage(code: number, from: number, to: number, value: number, data: number): void {
    this.world.rows.reserve(this.members.size * 2 + 256);
    if (code === Message.Announce) this.topology.heard(from, to, value, data);
    else if (code === Message.Heard) this.topology.confirmed(this.members.ofNode(to), from);
    else if (to === this.compiled.monitor) this.toMonitor(code, this.members.ofNode(from), value, data);
    else if (from === this.compiled.monitor) this.fromMonitor(code, this.members.ofNode(to), value);
    else this.betweenMembers(code, this.members.between(from, to), this.members.between(to, from), value, data);
  }

  private betweenMembers(code: number, from: number, to: number, term: number, data: number): void {
    const { leadership, shipping, cluster } = this;
    switch (code) {
      case Message.Ship:
        if (leadership.hears(to, from, term)) shipping.received(to, from, data);
        return;
      case Message.Ack:
      case Message.Gap:
        shipping.acknowledged(to, from, term, data, code === Message.Gap);
        return;
      case Message.Heartbeat:
        if (leadership.hears(to, from, term)) cluster.send(to, from, Message.HeartbeatAck, term, data);
        return;
      case Message.HeartbeatAck:
        leadership.answered(to, from, term, data);
        return;
      case Message.NewTerm:
        leadership.learn(to, term);
        return;
      default:
        this.ballot(code, from, to, term, data);
    }
  }

  private ballot(code: number, from: number, to: number, term: number, data: number): void {
    switch (code) {
      case Message.Vote:
        this.election?.onVote(to, from, term, data);
        return;
      default:
        this.election?.onAnswer(to, from, term, code === Message.VoteYes);
    }
  }

  private toMonitor(code: number, member: number, term: number, data: number): void {
    const shard = this.members.shardOf(member);
    const slot = this.members.slotOf(member);
    if (code === Message.ProbeAnswer) this.monitor?.onProbeAnswer(shard, slot, term, data === 1);
    else this.monitor?.onHolds(shard, slot, term, data);
  }

  private fromMonitor(code: number, member: number, term: number): void {
    if (code === Message.Probe) this.monitor?.onProbe(member, term);
    else if (code === Message.Ask) this.monitor?.onAsk(member, term);
    else this.monitor?.onPromote(member, term);
  }

  // Crashes.

  /** What is on disk stays: killed or without power, what was committed had been flushed. */
  onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    const member = this.members.ofNode(node);
    this.cluster.crashedNs[member] = this.cluster.now;
    if (how === 'pause') return;
    this.waiting.forget(member);
    this.shipping.restart(member);
    this.apply.restart(member);
    if (this.own.failover.by !== 'none') this.leadership.died(member);
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

  // Figures.

  resetFigures(): void {
    this.reads = 0;
    this.writes = 0;
    this.staleReads = 0;
    this.leadership.promotions = 0;
    if (this.election !== null) this.election.elections = 0;
    if (this.monitor !== null) this.monitor.choices = 0;
    this.losses.resetFigures();
    this.apply.resetFigures();
  }

  figures(): Record<string, number> {
    const figures: Record<string, number> = {
      reads: this.reads,
      writes: this.writes,
      staleReads: this.staleReads,
      acknowledgedWritesLost: this.losses.lost,
    };
    if (this.members.copies === 1) return figures;
    figures.replicationLagMs = this.apply.lagMs;
    figures.replicationLagMaxMs = this.apply.longestMs;
    if (this.own.failover.by === 'none') return figures;
    figures.rpoSeconds = this.losses.oldestNs / 1e9;
    figures.promotions = this.leadership.promotions;
    figures.elections = this.election?.elections ?? this.monitor?.choices ?? 0;
    figures.conflictsSplitBrain = this.losses.conflicts;
    return figures;
  }

  violation(): string {
    return this.cluster.logs.violation() || this.leaders() || this.promises();
  }

  /** Two branches of a shard with acknowledged writes in one term: two leaders. */
  private leaders(): string {
    const { logs } = this.cluster;
    const seen = new Set<string>();
    for (let b = 0; b < logs.branches; b++) {
      if (logs.acknowledged[b] === logs.start[b]) continue;
      const name = `${this.members.shardOf(logs.leader[b])} ${logs.term[b]}`;
      if (seen.has(name)) return `two leaders acknowledged writes in term ${logs.term[b]}`;
      seen.add(name);
    }
    return '';
  }

  /** Where every majority of voters holds a copy of each acknowledged write, none may be lost. */
  private promises(): string {
    const { replication, failover } = this.own;
    if (failover.by !== 'election' || !failover.fencing || replication.mode === 'asynchronous') return '';
    const { size, majority, copies } = this.members;
    const holders = replication.mode === 'semi-synchronous' ? replication.acks + 1 : copies;
    if (replication.mode === 'synchronous' || size - holders >= majority) return '';
    return this.losses.everLost > 0 ? `${this.losses.everLost} writes were lost that a majority held` : '';
  }
}
