/**
 * Leading and following: terms, heartbeats, leases, promotion and stepping down. Who is to lead is decided elsewhere (by
 * an election, or by the monitor); what it means is here.
 *
 * With fencing a leader holds a lease: it may acknowledge only as long as it knows that it has not been replaced, by its
 * own clock, and it learns of a newer term from whoever refuses its messages. Without fencing it goes on until it hears
 * from its successor.
 */
import type { Apply } from './apply.ts';
import { Clock, type Cluster, Message, NOBODY, Role } from './cluster.ts';
import type { Losses } from './losses.ts';
import type { Shipping } from './shipping.ts';
import type { Topology } from './topology.ts';
import type { Waiting } from './waiting.ts';

export interface LeadershipSettings {
  heartbeatNs: number;
  timeoutNs: number;
  promotionNs: number;
  fencing: boolean;
  /** Leases are renewed by a majority of heartbeats answered; else by the monitor. */
  byElection: boolean;
}

export interface LeadershipParts {
  shipping: Shipping;
  apply: Apply;
  waiting: Waiting;
  topology: Topology;
  losses: Losses;
}

export class Leadership {
  private readonly shipping: Shipping;
  private readonly apply: Apply;
  private readonly waiting: Waiting;
  private readonly topology: Topology;
  private readonly losses: Losses;
  /** A member heard from the leader it follows. */
  onContact: (member: number) => void = () => {};
  /** A member that led does so no longer. */
  onSteppedDown: (member: number) => void = () => {};
  /** A leader of a term older than the member's turns up: does the member go back to it? */
  onOlderLeader: (member: number, term: number) => boolean = () => false;
  promotions = 0;
  /** When each heartbeat that a member answered was sent, by leader and slot, ns. */
  private readonly answeredNs: Float64Array;
  /** When the latest heartbeat was sent that a majority has answered, ns. */
  private readonly contactNs: Float64Array;
  private readonly scratch: Float64Array;
  /** Waits for the rest of its log to be applied before it accepts writes. */
  private readonly replaying: Uint8Array;

  constructor(
    private readonly cluster: Cluster,
    parts: LeadershipParts,
    private readonly settings: LeadershipSettings,
  ) {
    ({ shipping: this.shipping, apply: this.apply, waiting: this.waiting } = parts);
    ({ topology: this.topology, losses: this.losses } = parts);
    const { count, size } = cluster.members;
    this.answeredNs = new Float64Array(count * size);
    this.contactNs = new Float64Array(count);
    this.scratch = new Float64Array(size);
    this.replaying = new Uint8Array(count);
    this.apply.onCaughtUp = (member) => this.caughtUp(member);
  }

  /** Time zero: the first leaders begin their heartbeats, `offset` (0…1) of a heartbeat late. */
  begin(member: number, offset: number): void {
    const { heartbeatNs, timeoutNs, fencing } = this.settings;
    if (fencing) this.cluster.leaseNs[member] = timeoutNs;
    this.cluster.timer(member, Clock.Tick, Math.round(heartbeatNs * offset), this.cluster.term[member]);
  }

  // Leading.

  /** The member leads from now on, in its present term; it accepts writes after its promotion. */
  lead(member: number, how: string): void {
    const { cluster, settings } = this;
    const term = cluster.term[member];
    cluster.logs.fork(member, term);
    cluster.role[member] = Role.Leader;
    cluster.accepting[member] = 0;
    cluster.draining[member] = 0;
    cluster.leader[member] = member;
    this.contactNs[member] = cluster.now;
    cluster.leaseNs[member] = settings.fencing ? cluster.now + settings.timeoutNs : Infinity;
    this.answeredNs.fill(-Infinity, this.shipping.pair(member, 0), this.shipping.pair(member, cluster.members.size));
    this.shipping.lead(member);
    const text = `${cluster.nameOf(member)} ${how}`;
    cluster.world.history.add('election', cluster.component, cluster.members.nodeOf(member), text, term);
    this.tick(member, term);
    cluster.timer(member, Clock.Promotion, settings.promotionNs, term);
  }

  /** Heartbeat of the leader of `term`. */
  tick(member: number, term: number): void {
    const { cluster } = this;
    if (cluster.role[member] !== Role.Leader || cluster.term[member] !== term) return;
    if (cluster.now > cluster.leaseNs[member]) {
      this.giveUp(member);
      return;
    }
    const first = cluster.members.firstOf(member);
    for (let m = first; m < first + cluster.members.size; m++) {
      if (m !== member) cluster.send(member, m, Message.Heartbeat, term, cluster.now);
    }
    this.topology.repeat(member);
    cluster.timer(member, Clock.Tick, this.settings.heartbeatNs, term);
  }

  answered(member: number, from: number, term: number, sentNs: number): void {
    const { cluster, settings } = this;
    if (cluster.role[member] !== Role.Leader || cluster.term[member] !== term) return;
    const pair = this.shipping.pair(member, cluster.members.slotOf(from));
    if (sentNs > this.answeredNs[pair]) this.answeredNs[pair] = sentNs;
    this.contactNs[member] = Math.max(this.contactNs[member], this.lastContact(member));
    if (settings.fencing && settings.byElection) cluster.leaseNs[member] = this.contactNs[member] + settings.timeoutNs;
  }

  /** When the latest heartbeat was sent that a majority, the leader included, has answered. */
  private lastContact(member: number): number {
    const { members } = this.cluster;
    const from = this.shipping.pair(member, 0);
    for (let slot = 0; slot < members.size; slot++) this.scratch[slot] = this.answeredNs[from + slot];
    this.scratch[members.slotOf(member)] = Infinity;
    this.scratch.sort();
    return this.scratch[members.size - members.majority];
  }

  /** When the latest heartbeat was sent that another member has answered, ns. */
  answeredBy(member: number, other: number): number {
    return this.answeredNs[this.shipping.pair(member, this.cluster.members.slotOf(other))];
  }

  /** Does the member lead, and has it lately been answered by a majority? */
  isSure(member: number): boolean {
    const { role, now } = this.cluster;
    return role[member] === Role.Leader && now < this.contactNs[member] + this.settings.timeoutNs;
  }

  /** The monitor has asked the leader: it counts on it. */
  probed(member: number): void {
    if (this.settings.fencing) this.cluster.leaseNs[member] = this.cluster.now + this.settings.timeoutNs;
  }

  /** The promotion has taken its time; the log must be applied to its end besides. */
  promoted(member: number, term: number): void {
    const { cluster } = this;
    if (cluster.role[member] !== Role.Leader || cluster.term[member] !== term) return;
    this.replaying[member] = 1;
    this.apply.pump(member);
    this.caughtUp(member);
  }

  private caughtUp(member: number): void {
    const { cluster } = this;
    if (this.replaying[member] === 0 || cluster.logs.applied[member] < cluster.logs.durable[member]) return;
    this.replaying[member] = 0;
    if (cluster.now > cluster.leaseNs[member]) {
      // Paused meanwhile, perhaps: somebody else may have been elected.
      this.stepDown(member, 'was replaced before it accepted writes');
      return;
    }
    cluster.accepting[member] = 1;
    this.promotions++;
    const text = `${cluster.nameOf(member)} accepts writes`;
    cluster.world.history.add('promoted', cluster.component, cluster.members.nodeOf(member), text);
    this.losses.tookOver(member);
    this.topology.announce(member);
  }

  /** The lease is over: by its own clock the member may have been replaced. */
  giveUp(member: number): void {
    if (this.cluster.role[member] !== Role.Leader) return;
    this.stepDown(member, 'cannot be sure that it still leads and stops accepting writes');
  }

  /** The member leads no longer; writes that wait at it fail. */
  stepDown(member: number, why: string): void {
    const { cluster } = this;
    const led = cluster.role[member] === Role.Leader;
    const accepted = cluster.accepting[member] === 1;
    cluster.role[member] = Role.Follower;
    cluster.accepting[member] = 0;
    cluster.draining[member] = 0;
    this.replaying[member] = 0;
    if (!led) return;
    cluster.leader[member] = NOBODY;
    this.topology.silence(member);
    this.waiting.fail(member);
    this.onSteppedDown(member);
    if (!accepted) return;
    const text = `${cluster.nameOf(member)} ${why}`;
    cluster.world.history.add('fenced', cluster.component, cluster.members.nodeOf(member), text, cluster.term[member]);
  }

  /** The process died. */
  died(member: number): void {
    const { cluster } = this;
    if (cluster.role[member] === Role.Leader) cluster.diedInTerm[member] = cluster.term[member];
    cluster.role[member] = Role.Follower;
    cluster.accepting[member] = 0;
    cluster.draining[member] = 0;
    cluster.leader[member] = NOBODY;
    this.replaying[member] = 0;
    this.topology.silence(member);
  }

  // Following.

  /** The member learns of a term; it never goes back. */
  learn(member: number, term: number): void {
    const { cluster } = this;
    if (term <= cluster.term[member]) return;
    const planned = cluster.draining[member] === 1;
    this.stepDown(member, planned ? 'has handed over' : 'hears that it was replaced and stops accepting writes');
    cluster.term[member] = term;
    cluster.leader[member] = NOBODY;
  }

  /** Something arrives from a leader of `term`. False: it leads no longer, and is told so. */
  hears(member: number, leader: number, term: number): boolean {
    const { cluster } = this;
    if (term < cluster.term[member] && !this.onOlderLeader(member, term)) {
      this.shipping.refuse(member, leader);
      return false;
    }
    this.learn(member, term);
    cluster.role[member] = Role.Follower;
    this.onContact(member);
    if (cluster.leader[member] !== leader) this.follow(member, leader, term);
    return true;
  }

  /** First contact with a leader: what the member holds beyond the leader's branch goes. */
  private follow(member: number, leader: number, term: number): void {
    const { cluster } = this;
    const { logs, members } = cluster;
    cluster.leader[member] = leader;
    if (members.isWitness(member)) return;
    const branch = logs.ofTerm(members.shardOf(member), term);
    if (logs.branch[member] !== branch) {
      const kept = logs.common(logs.branch[member], logs.durable[member], branch, logs.head[branch]);
      if (kept < logs.durable[member]) this.discard(member, leader, branch, logs.durable[member] - kept);
      logs.branch[member] = branch;
      logs.durable[member] = kept;
      logs.applied[member] = Math.min(logs.applied[member], kept);
      this.apply.restart(member);
      this.apply.pump(member);
    }
    this.shipping.answer(member, leader, Message.Ack);
  }

  /** What the member wrote and nobody copied goes, acknowledged or not. */
  private discard(member: number, leader: number, branch: number, count: number): void {
    const { cluster } = this;
    this.losses.truncated(member, branch);
    const writes = count === 1 ? 'a write' : `${count} writes`;
    const text = `${cluster.nameOf(member)} discards ${writes} that ${cluster.nameOf(leader)} never had`;
    cluster.world.history.add('discarded', cluster.component, cluster.members.nodeOf(member), text, count);
  }
}
