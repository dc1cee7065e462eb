/**
 * The controller: one process beside the brokers. It hears that they live, fences the silent ones, elects leaders from
 * the in-sync replicas, grants leaders' changes of their sets, and tells all brokers until each has confirmed.
 */
import { Id } from '../../../engine/rows.ts';
import { Clock, HIGH, Message } from './codes.ts';
import type { Cluster } from './cluster.ts';

/** State of a partition, as one version of it. Never changed. */
export interface Change {
  version: number;
  epoch: number;
  /** Broker, Id.None: nobody. */
  leader: number;
  /** In-sync replicas, a bit per slot. */
  set: number;
}

export class Controller {
  /** By partition: every version so far, the last one in force. A message that says a version says this. */
  readonly changes: Change[][];
  private readonly heardNs: Float64Array;
  private readonly alive: Uint8Array;
  /** By broker: the life of its process that the controller knows. What is told is meant for that one. */
  private readonly incarnation: Int32Array;
  /** By broker × partitions: the version it has confirmed. */
  private readonly seen: Int32Array;

  constructor(
    private readonly cluster: Cluster,
    private readonly node: number,
  ) {
    const { layout } = cluster;
    this.changes = Array.from({ length: layout.partitions }, (_, p) => [
      { version: 0, epoch: 0, leader: layout.brokerOf[layout.start[p]], set: (1 << layout.copies[p]) - 1 },
    ]);
    this.heardNs = new Float64Array(layout.brokers);
    this.alive = new Uint8Array(layout.brokers).fill(1);
    this.incarnation = new Int32Array(layout.brokers);
    this.seen = new Int32Array(layout.brokers * layout.partitions);
  }

  /** Time zero. */
  start(): void {
    const { own } = this.cluster;
    this.cluster.timer(this.node, Clock.Watch, this.checkNs, 0);
    this.cluster.timer(this.node, Clock.LeaderRebalance, own.controller.leaderRebalanceNs, 0);
  }

  /** Looks four times within a heartbeat who has been silent for too long. */
  private get checkNs(): number {
    return Math.max(1, Math.floor(this.cluster.own.controller.heartbeatNs / 4));
  }

  private state(p: number): Change {
    const list = this.changes[p];
    return list[list.length - 1];
  }

  watch(): void {
    const { own, now, layout } = this.cluster;
    this.cluster.timer(this.node, Clock.Watch, this.checkNs, 0);
    for (let b = 0; b < layout.brokers; b++)
      if (this.alive[b] === 1 && now - this.heardNs[b] > own.controller.sessionNs)
        this.fence(b, `${this.cluster.nameOf(b)} is not heard of any more`);
  }

  /** A broker that is gone, or has begun anew, leads nothing and is in sync nowhere. */
  private fence(b: number, why: string): void {
    const { layout, world, component } = this.cluster;
    world.history.add(
      'detected',
      component,
      this.cluster.nodeOf(b),
      `the controller of ${world.components.name[component]}: ${why}`,
    );
    this.alive[b] = 0;
    this.seen.fill(-1, b * layout.partitions, (b + 1) * layout.partitions);
    let moved = 0;
    let leaderless = 0;
    for (let p = 0; p < layout.partitions; p++) {
      const r = layout.at[b * layout.partitions + p];
      if (r === Id.None) continue;
      const { set, leader } = this.state(p);
      const rest = set & ~(1 << (r - layout.start[p]));
      // The last one in sync stays so: only it has everything.
      const kept = rest === 0 ? set : rest;
      if (leader === b) {
        if (this.elect(p, kept)) moved++;
        else leaderless++;
      } else if (kept !== set) this.change(p, leader, kept, false);
    }
    const name = this.cluster.nameOf(b);
    this.tellStory('election', b, moved, `${moved} partitions of ${name} get new leaders`);
    this.tellStory('fenced', b, leaderless, `${leaderless} partitions of ${name} have no leader now`);
  }

  private tellStory(kind: 'election' | 'fenced', b: number, count: number, what: string): void {
    const { world, component } = this.cluster;
    if (count > 0) world.history.add(kind, component, this.cluster.nodeOf(b), what, count);
  }

  /**
   * Chooses the first in-sync replica that lives; without one any that lives, if that is allowed, else nobody. Is there
   * a leader?
   */
  private elect(p: number, set: number): boolean {
    const slot = this.firstAlive(p, set);
    const { layout, own } = this.cluster;
    if (slot >= 0) this.change(p, layout.brokerOf[layout.start[p] + slot], set, true);
    else if (own.uncleanElection && this.firstAlive(p, -1) >= 0) {
      const any = this.firstAlive(p, -1);
      this.change(p, layout.brokerOf[layout.start[p] + any], 1 << any, true);
    } else this.change(p, Id.None, set, true);
    return this.state(p).leader !== Id.None;
  }

  private firstAlive(p: number, set: number): number {
    const { layout } = this.cluster;
    for (let slot = 0; slot < layout.copies[p]; slot++)
      if ((set & (1 << slot)) !== 0 && this.alive[layout.brokerOf[layout.start[p] + slot]] === 1) return slot;
    return -1;
  }

  private change(p: number, leader: number, set: number, newEpoch: boolean): void {
    const before = this.state(p);
    const version = before.version + 1;
    this.changes[p].push({ version, epoch: before.epoch + (newEpoch ? 1 : 0), leader, set });
    const { brokers } = this.cluster.layout;
    for (let b = 0; b < brokers; b++) if (this.alive[b] === 1) this.tell(b, p);
  }

  private tell(b: number, p: number): void {
    const data = this.incarnation[b] * HIGH + this.state(p).version;
    this.cluster.ask(this.node, this.cluster.nodeOf(b), Message.Change, p, data);
  }

  /** A broker says that it lives; after a restart with another number. */
  onAlive(b: number, incarnation: number): void {
    const { layout, now } = this.cluster;
    // A process that is gone, whose message has been overtaken by one of its successor.
    if (incarnation < this.incarnation[b]) return;
    if (this.incarnation[b] !== incarnation) {
      this.incarnation[b] = incarnation;
      if (this.alive[b] === 1) this.fence(b, `${this.cluster.nameOf(b)} has begun anew`);
    }
    this.heardNs[b] = now;
    if (this.alive[b] === 0) {
      this.alive[b] = 1;
      this.reviveAll(b);
    }
    for (let p = 0; p < layout.partitions; p++)
      if (this.seen[b * layout.partitions + p] !== this.state(p).version) this.tell(b, p);
  }

  /** Partitions that nobody leads may have a replica again that can: the broker is back. */
  private reviveAll(b: number): void {
    const { layout } = this.cluster;
    let revived = 0;
    for (let p = 0; p < layout.partitions; p++) {
      const { leader, set } = this.state(p);
      if (leader !== Id.None || (this.firstAlive(p, set) < 0 && !this.cluster.own.uncleanElection)) continue;
      if (this.elect(p, set)) revived++;
    }
    this.tellStory(
      'election',
      b,
      revived,
      `${revived} partitions have a leader again: ${this.cluster.nameOf(b)} is back`,
    );
  }

  /** A broker confirms; what an earlier life of it has learned, this one does not know. */
  onSeen(b: number, p: number, incarnation: number, version: number): void {
    if (incarnation !== this.incarnation[b]) return;
    const at = b * this.cluster.layout.partitions + p;
    if (version > this.seen[at]) this.seen[at] = version;
  }

  /** A leader wants another in-sync set: only who leads in fact, knows the latest, and names nobody who is gone. */
  onChangeInSync(b: number, p: number, version: number, set: number): void {
    const { layout } = this.cluster;
    const state = this.state(p);
    let valid = state.leader === b && state.version === version;
    for (let slot = 0; slot < layout.copies[p]; slot++)
      if ((set & (1 << slot)) !== 0 && this.alive[layout.brokerOf[layout.start[p] + slot]] === 0) valid = false;
    if (valid) this.change(p, b, set, false);
    else this.tell(b, p);
  }

  /** Leadership goes back to the preferred replicas that are in sync. */
  rebalanceLeaders(): void {
    const { layout, own } = this.cluster;
    this.cluster.timer(this.node, Clock.LeaderRebalance, own.controller.leaderRebalanceNs, 0);
    for (let p = 0; p < layout.partitions; p++) {
      const { leader, set } = this.state(p);
      const preferred = layout.brokerOf[layout.start[p]];
      if (leader !== preferred && (set & 1) === 1 && this.alive[preferred] === 1) this.change(p, preferred, set, true);
    }
  }
}
