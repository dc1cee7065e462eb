/**
 * Failback: a primary that leads in place of the first copy gives the lead back to it, as a planned switch. When that
 * copy has kept up with the log for long enough, the primary takes no more writes, finishes those under way, waits until
 * the first copy holds everything, and only then offers it the lead. So nothing is lost; the price is the time in which
 * nobody takes writes.
 *
 * With elections the first copy then stands at once, and voters grant it their votes although they hear their leader
 * (Ongaro's dissertation, 3.10); with a monitor it is the monitor that promotes it. An offer that nobody takes up within
 * the timeout of the failover ends the lead: whether it was received cannot be known, so the next leader is found as
 * after a loss.
 */
import { type Cluster, Message, Role } from './cluster.ts';
import type { Leadership } from './leadership.ts';
import type { Shipping } from './shipping.ts';
import type { Waiting } from './waiting.ts';

export interface HandoverSettings {
  /** How long the first copy must have kept up, ns; Infinity: the lead is never given back. */
  afterNs: number;
  timeoutNs: number;
  /** Node of the monitor, -1: there are elections. */
  monitor: number;
}

export interface HandoverParts {
  leadership: Leadership;
  shipping: Shipping;
  waiting: Waiting;
}

const enum Phase {
  Watching = 0,
  Draining = 1,
  Offered = 2,
}

export class Handover {
  // Per leader.
  private readonly phase: Uint8Array;
  /** When the phase began, ns. */
  private readonly phaseNs: Float64Array;
  /** The term that all this is about. */
  private readonly inTerm: Int32Array;
  /** Since when the first copy has kept up, ns; Infinity: it does not. */
  private readonly sinceNs: Float64Array;
  /** End of the log at the last heartbeat: what the first copy must hold by the next one. */
  private readonly mark: Float64Array;
  /** Writes that were let in and are not committed yet. */
  private readonly underWay: Int32Array;

  constructor(
    private readonly cluster: Cluster,
    private readonly parts: HandoverParts,
    private readonly settings: HandoverSettings,
  ) {
    const { count } = cluster.members;
    this.phase = new Uint8Array(count);
    this.phaseNs = new Float64Array(count);
    this.inTerm = new Int32Array(count);
    this.sinceNs = new Float64Array(count).fill(Infinity);
    this.mark = new Float64Array(count);
    this.underWay = new Int32Array(count);
  }

  // Writes.

  letIn(leader: number): void {
    this.underWay[leader]++;
  }

  /** A write is committed, or was refused after all. */
  finished(leader: number): void {
    if (--this.underWay[leader] === 0) this.progress(leader);
  }

  /** The process died, and what was under way with it. */
  died(member: number): void {
    this.underWay[member] = 0;
  }

  // The leader.

  /** With every heartbeat of a leader: looks at how the first copy is doing. */
  tick(leader: number, term: number): void {
    const { cluster, settings } = this;
    if (cluster.role[leader] !== Role.Leader || cluster.accepting[leader] === 0 || cluster.term[leader] !== term)
      return;
    if (leader === cluster.members.firstOf(leader)) return;
    if (this.inTerm[leader] !== term) this.begin(leader, term);
    if (this.phase[leader] !== Phase.Watching) {
      this.press(leader);
      return;
    }
    this.watch(leader);
    if (cluster.now - this.sinceNs[leader] >= settings.afterNs) this.drain(leader);
  }

  private begin(leader: number, term: number): void {
    this.inTerm[leader] = term;
    this.phase[leader] = Phase.Watching;
    this.sinceNs[leader] = Infinity;
    this.mark[leader] = Infinity;
  }

  /** Has the first copy everything that there was a heartbeat ago, and does it answer? */
  private watch(leader: number): void {
    const { cluster, parts, settings } = this;
    const { logs, members, now } = cluster;
    const first = members.firstOf(leader);
    const answers = now - parts.leadership.answeredBy(leader, first) <= settings.timeoutNs;
    const keepsUp = answers && this.held(leader) >= this.mark[leader];
    this.mark[leader] = logs.head[logs.branch[leader]];
    if (!keepsUp) this.sinceNs[leader] = Infinity;
    else if (this.sinceNs[leader] === Infinity) {
      this.sinceNs[leader] = now;
      this.tell(
        leader,
        'rejoined',
        `${cluster.nameOf(first)} is back as a replica of ${cluster.nameOf(leader)}, and has caught up`,
      );
    }
  }

  /** What the first copy is known to hold. */
  private held(leader: number): number {
    const { shipping } = this.parts;
    return shipping.match[shipping.pair(leader, 0)];
  }

  private drain(leader: number): void {
    const { cluster } = this;
    cluster.draining[leader] = 1;
    this.enter(leader, Phase.Draining);
    const to = cluster.nameOf(cluster.members.firstOf(leader));
    this.tell(leader, 'handover', `${cluster.nameOf(leader)} takes no more writes, to hand over to ${to}`);
    this.progress(leader);
  }

  private enter(leader: number, phase: Phase): void {
    this.phase[leader] = phase;
    this.phaseNs[leader] = this.cluster.now;
  }

  /** Something was committed or copied: is it all there by now? */
  progress(leader: number): void {
    if (this.phase[leader] !== Phase.Draining || !this.isCurrent(leader)) return;
    const { logs } = this.cluster;
    const rest = this.underWay[leader] > 0 || !this.parts.waiting.isEmpty(leader);
    if (rest || this.held(leader) < logs.head[logs.branch[leader]]) return;
    this.enter(leader, Phase.Offered);
    this.offer(leader);
  }

  private isCurrent(leader: number): boolean {
    return this.cluster.role[leader] === Role.Leader && this.cluster.term[leader] === this.inTerm[leader];
  }

  private offer(leader: number): void {
    const { cluster, settings } = this;
    const { members, term, wire } = cluster;
    if (settings.monitor < 0) cluster.send(leader, members.firstOf(leader), Message.TakeOver, term[leader], 0);
    else wire.datagram(members.nodeOf(leader), settings.monitor, Message.HandOver, term[leader], 0);
  }

  /** Once more, or no longer. */
  private press(leader: number): void {
    const { cluster, settings, parts } = this;
    const isOver = cluster.now - this.phaseNs[leader] > settings.timeoutNs;
    const first = cluster.nameOf(cluster.members.firstOf(leader));
    if (this.phase[leader] === Phase.Offered) {
      if (!isOver) this.offer(leader);
      else parts.leadership.stepDown(leader, `has offered the lead in vain to ${first} and gives it up`);
    } else if (isOver) {
      // Nothing was promised to anybody yet: goes on as before.
      cluster.draining[leader] = 0;
      this.begin(leader, cluster.term[leader]);
      this.tell(leader, 'handover-ends', `${cluster.nameOf(leader)} takes writes again: ${first} does not catch up`);
    }
  }

  /** For the report; `value` is the node that is to lead. */
  private tell(leader: number, kind: 'rejoined' | 'handover' | 'handover-ends', text: string): void {
    const { world, component, members } = this.cluster;
    const first = members.nodeOf(members.firstOf(leader));
    const node = kind === 'rejoined' ? first : members.nodeOf(leader);
    world.history.add(kind, component, node, text, first);
  }
}
