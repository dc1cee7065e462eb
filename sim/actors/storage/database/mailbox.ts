/** Which part of a replicated database each timer and each message is for. */
import type { Apply } from './apply.ts';
import { Clock, type Cluster, Message } from './cluster.ts';
import type { Election } from './election.ts';
import type { Handover } from './handover.ts';
import type { Leadership } from './leadership.ts';
import { branchOf, positionOf } from './logs.ts';
import type { Monitor } from './monitor.ts';
import type { Shipping } from './shipping.ts';
import type { Topology } from './topology.ts';

export interface MailboxParts {
  leadership: Leadership;
  shipping: Shipping;
  apply: Apply;
  topology: Topology;
  handover: Handover | null;
  election: Election | null;
  monitor: Monitor | null;
}

export class Mailbox {
  /** @param monitorNode node of the monitor, -1: none */
  constructor(
    private readonly cluster: Cluster,
    private readonly parts: MailboxParts,
    private readonly monitorNode: number,
  ) {}

  /** Room for a message to and from everybody in a shard. Between two events the pool may grow. */
  private makeRoom(): void {
    this.cluster.world.rows.reserve(this.cluster.members.size * 2 + 256);
  }

  onTimer(code: number, value: number, data: number): void {
    const { leadership, shipping, apply, election, monitor } = this.parts;
    this.makeRoom();
    switch (code) {
      case Clock.Tick:
        leadership.tick(value, data);
        this.parts.handover?.tick(value, data);
        return;
      case Clock.Promotion:
        leadership.promoted(value, data);
        return;
      case Clock.Resend:
        shipping.resend(value);
        return;
      case Clock.LazyAck:
        shipping.answerLate(value);
        return;
      case Clock.Apply:
        apply.onTimer(value);
        return;
      case Clock.Election:
        election?.onTimer(value, data);
        return;
      case Clock.Canvass:
        election?.askAround(value, data);
        return;
      case Clock.Grant:
        election?.grant(value, positionOf(data), branchOf(data));
        return;
      case Clock.Monitor:
        monitor?.tick(value);
        return;
      default:
        monitor?.choose(value, data);
    }
  }

  onMessage(code: number, from: number, to: number, value: number, data: number): void {
    const { members } = this.cluster;
    this.makeRoom();
    if (code === Message.Announce) this.parts.topology.heard(from, to, value, data);
    else if (code === Message.Heard) this.parts.topology.confirmed(members.ofNode(to), from);
    else if (to === this.monitorNode) this.toMonitor(code, members.ofNode(from), value, data);
    else if (from === this.monitorNode) this.fromMonitor(code, members.ofNode(to), value);
    else this.betweenMembers(code, members.between(from, to), members.between(to, from), value, data);
  }

  private betweenMembers(code: number, from: number, to: number, term: number, data: number): void {
    const { leadership, shipping, election } = this.parts;
    switch (code) {
      case Message.Ship:
        if (leadership.hears(to, from, term)) shipping.received(to, from, data);
        return;
      case Message.Ack:
      case Message.Gap:
        shipping.acknowledged(to, from, term, data, code === Message.Gap);
        return;
      case Message.Heartbeat:
        if (leadership.hears(to, from, term)) this.cluster.send(to, from, Message.HeartbeatAck, term, data);
        return;
      case Message.HeartbeatAck:
        leadership.answered(to, from, term, data);
        return;
      case Message.NewTerm:
        leadership.learn(to, term);
        return;
      case Message.Vote:
      case Message.Claim:
        election?.onVote(to, from, term, data, code === Message.Claim);
        return;
      case Message.TakeOver:
        election?.invite(to, from, term);
        return;
      default:
        election?.onAnswer(to, from, term, code === Message.VoteYes);
    }
  }

  private toMonitor(code: number, member: number, term: number, data: number): void {
    const shard = this.cluster.members.shardOf(member);
    const slot = this.cluster.members.slotOf(member);
    if (code === Message.ProbeAnswer) this.parts.monitor?.onProbeAnswer(shard, slot, term, data === 1);
    else if (code === Message.HandOver) this.parts.monitor?.onHandOver(shard, slot, term);
    else this.parts.monitor?.onHolds(shard, slot, term, data);
  }

  private fromMonitor(code: number, member: number, term: number): void {
    if (code === Message.Probe) this.parts.monitor?.onProbe(member, term);
    else if (code === Message.Ask) this.parts.monitor?.onAsk(member, term);
    else this.parts.monitor?.onPromote(member, term);
  }
}
