/**
 * What a leader knows of its followers: how far each has come, who is in sync, and what it has asked the controller to
 * change. Until it has an answer it goes by the larger of the two sets (KIP-497), so no message is taken for safe that
 * a new leader might lack.
 */
import { Id } from '../../../engine/rows.ts';
import { Message } from './codes.ts';
import type { Cluster } from './cluster.ts';

/** Most replicas of a partition: bits of a set. */
const MOST = 16;

export class InSync {
  /** By replica: does it lead, and in which epoch; the set it goes by, the one it has asked for (0: none). */
  readonly leads: Uint8Array;
  readonly epoch: Int32Array;
  readonly set: Int32Array;
  private readonly wanted: Int32Array;
  /** Version of the partition's state that it knows. */
  readonly version: Int32Array;
  /** By leading replica and slot: how far the follower has come, when it had caught up last, and its last fetch. */
  private readonly end: Float64Array;
  private readonly caughtUpNs: Float64Array;
  private readonly leaderEnd: Float64Array;
  private readonly fetchNs: Float64Array;
  /** Node of the controller. */
  controller = Id.None as number;

  constructor(private readonly cluster: Cluster) {
    const n = cluster.layout.replicas;
    this.leads = new Uint8Array(n);
    this.epoch = new Int32Array(n).fill(-1);
    this.set = new Int32Array(n);
    this.wanted = new Int32Array(n);
    this.version = new Int32Array(n).fill(-1);
    this.end = new Float64Array(n * MOST);
    this.caughtUpNs = new Float64Array(n * MOST);
    this.leaderEnd = new Float64Array(n * MOST);
    this.fetchNs = new Float64Array(n * MOST);
  }

  slotOf(replica: number): number {
    return replica - this.cluster.layout.start[this.cluster.layout.partitionOf[replica]];
  }

  /** How many are in sync. */
  size(replica: number): number {
    let n = 0;
    for (let set = this.set[replica]; set !== 0; set &= set - 1) n++;
    return n;
  }

  /** Begins to lead: nothing is known of the followers yet, and they have time to be heard of. */
  lead(replica: number): void {
    const now = this.cluster.now;
    this.wanted[replica] = 0;
    for (let slot = 0; slot < MOST; slot++) {
      const at = replica * MOST + slot;
      this.end[at] = Id.None;
      this.caughtUpNs[at] = now;
      this.leaderEnd[at] = Infinity;
      this.fetchNs[at] = now;
    }
  }

  /** The controller has answered, or told. */
  decided(replica: number, set: number): void {
    this.set[replica] = set;
    this.wanted[replica] = 0;
  }

  /** How far all have come that are in sync, or are to be. */
  reached(replica: number): number {
    const { logs } = this.cluster;
    const own = this.slotOf(replica);
    let least = logs.end[replica];
    const all = this.set[replica] | this.wanted[replica];
    for (let set = all, slot = 0; set !== 0; set >>= 1, slot++) {
      if ((set & 1) === 0 || slot === own) continue;
      const end = this.end[replica * MOST + slot];
      if (end < least) least = end;
    }
    return least;
  }

  /** A follower asks for what comes after `end`: it has all that is before. */
  heard(replica: number, slot: number, end: number): void {
    const { logs, now } = this.cluster;
    const at = replica * MOST + slot;
    this.end[at] = end;
    if (end >= logs.end[replica]) this.caughtUpNs[at] = now;
    else if (end >= this.leaderEnd[at]) this.caughtUpNs[at] = this.fetchNs[at];
    this.leaderEnd[at] = logs.end[replica];
    this.fetchNs[at] = now;
    const bit = 1 << slot;
    if (((this.set[replica] | this.wanted[replica]) & bit) !== 0) return;
    if (end >= logs.highWatermark[replica] && end >= logs.head(replica).start && this.wanted[replica] === 0)
      this.ask(replica, this.set[replica] | bit);
  }

  /** Followers that have not caught up for too long leave the set. A question without an answer is asked again. */
  check(replica: number): void {
    if (this.leads[replica] === 0) return;
    if (this.wanted[replica] !== 0) {
      this.ask(replica, this.wanted[replica]);
      return;
    }
    const { lagMaxNs } = this.cluster.own.replication;
    const own = this.slotOf(replica);
    let set = this.set[replica];
    for (let slot = 0; slot < MOST; slot++) {
      const at = replica * MOST + slot;
      if (slot === own || (set & (1 << slot)) === 0) continue;
      const isBehind = this.end[at] < this.cluster.logs.end[replica];
      if (isBehind && this.cluster.now - this.caughtUpNs[at] > lagMaxNs) set &= ~(1 << slot);
    }
    if (set !== this.set[replica]) this.ask(replica, set);
  }

  private ask(replica: number, set: number): void {
    const { layout } = this.cluster;
    this.wanted[replica] = set;
    const data = this.version[replica] * 65536 + set;
    const from = this.cluster.nodeOf(layout.brokerOf[replica]);
    this.cluster.ask(from, this.controller, Message.ChangeInSync, layout.partitionOf[replica], data);
  }

  /** The process is gone. */
  forget(replica: number): void {
    this.leads[replica] = 0;
    this.epoch[replica] = -1;
    this.version[replica] = -1;
    this.wanted[replica] = 0;
    this.set[replica] = 0;
  }
}
