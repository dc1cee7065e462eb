/**
 * What the parts of a replicated database share: its members with their roles and terms, its logs, and the wire between
 * its nodes. State of a member is known to that member alone: the parts touch another's only when a message arrives.
 */
import type { Kernel } from '../../../engine/kernel.ts';
import type { World } from '../../../engine/world.ts';
import { Logs } from './logs.ts';
import type { Members } from './members.ts';
import { Wire } from './wire.ts';

export const enum Role {
  Follower = 0,
  Candidate = 1,
  Leader = 2,
}

/** No member. */
export const NOBODY = -1;

/** Messages between the nodes of a database; what their value and data hold. */
export const enum Message {
  /** Log entries: term; upto · 2²⁰ + count. */
  Ship = 1,
  /** What a follower holds: term; position and branch. */
  Ack = 2,
  /** The same, and that what was shipped does not follow on it. */
  Gap = 3,
  /** Term; when it was sent. */
  Heartbeat = 4,
  HeartbeatAck = 5,
  /** The sender knows of this term: whoever is behind steps down. */
  NewTerm = 6,
  /** Term; end of the candidate's log. */
  Vote = 7,
  VoteYes = 8,
  VoteNo = 9,
  /** From the monitor: term. The answer's data is 1 from a leader. */
  Probe = 11,
  ProbeAnswer = 12,
  /** What do you hold? Term; the answer is the end of the log. */
  Ask = 13,
  Holds = 14,
  Promote = 15,
  /** To callers: shard; term. */
  Announce = 16,
  Heard = 17,
  /** Of a quorum: the operation; a version where there is one. */
  CopyWrite = 18,
  CopyWritten = 19,
  CopyRead = 20,
  CopyReturned = 21,
  /** Between copies that all take writes: log entries of the sender, first · 8192 + count. */
  Entries = 22,
  /** Position up to which they are applied. */
  Confirm = 23,
  /** The leader of this term has drained: the first copy is to stand for the next one. */
  TakeOver = 24,
  /** As `Vote`, of a candidate whom the leader has asked to stand. */
  Claim = 25,
  /** To the monitor: the leader of this term has drained, the first copy is to be promoted. */
  HandOver = 26,
}

/** Codes of timers. */
export const enum Clock {
  Tick = 1,
  Election = 2,
  Promotion = 3,
  Resend = 4,
  LazyAck = 5,
  Grant = 6,
  Apply = 7,
  Monitor = 8,
  Choose = 9,
  Sweep = 10,
  Canvass = 11,
  Repair = 12,
}

export class Cluster {
  readonly logs: Logs;
  readonly wire: Wire;
  readonly term: Int32Array;
  readonly role: Uint8Array;
  /** Leaders that have finished their promotion. */
  readonly accepting: Uint8Array;
  /** Leaders that take no more writes, because they hand over. */
  readonly draining: Uint8Array;
  /** Member that a member follows. */
  readonly leader: Int32Array;
  /** Until when a leader may be sure that nobody has taken its place, ns; Infinity without fencing. */
  readonly leaseNs: Float64Array;
  /** When a member last crashed while it led, ns. For the age of lost writes only. */
  readonly crashedNs: Float64Array;

  /** Term in which a member last died while it led: its stream of that term died with it. */
  readonly diedInTerm: Int32Array;

  constructor(
    readonly kernel: Kernel,
    readonly world: World,
    readonly component: number,
    readonly members: Members,
  ) {
    const n = members.count;
    this.logs = new Logs(members, world.memory);
    this.wire = new Wire(kernel, world, component);
    this.term = new Int32Array(n).fill(1);
    this.role = new Uint8Array(n);
    this.accepting = new Uint8Array(n);
    this.draining = new Uint8Array(n);
    this.leader = new Int32Array(n);
    this.leaseNs = new Float64Array(n).fill(Infinity);
    this.diedInTerm = new Int32Array(n);
    this.crashedNs = new Float64Array(n).fill(-1);
    for (let m = 0; m < n; m++) {
      const first = members.firstOf(m);
      this.leader[m] = first;
      if (m !== first) continue;
      this.role[m] = Role.Leader;
      this.accepting[m] = 1;
    }
  }

  get now(): number {
    return this.world.clock[0];
  }

  /** The name of the component. */
  get name(): string {
    return this.world.components.name[this.component];
  }

  /** The name of a member's node: `db#2`. */
  nameOf(member: number): string {
    return this.world.nodes.nameOf(this.members.nodeOf(member));
  }

  /** Does the member, to its own knowledge, lead and serve? */
  serves(member: number): boolean {
    return this.role[member] === Role.Leader && this.accepting[member] === 1 && this.now <= this.leaseNs[member];
  }

  /** A datagram from one member to another. */
  send(from: number, to: number, code: Message, value: number, data: number): void {
    this.wire.datagram(this.members.nodeOf(from), this.members.nodeOf(to), code, value, data);
  }

  /** A timer of a member, which dies with its process. */
  timer(member: number, code: Clock, delayNs: number, data = 0): void {
    this.kernel.timer(this.component, this.members.nodeOf(member), code, delayNs, member, data);
  }
}
