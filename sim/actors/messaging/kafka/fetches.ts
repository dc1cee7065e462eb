/**
 * Fetches of members: each asks a broker for all partitions that it leads and of which nothing is at hand, one fetch at
 * a time (a session). The broker fills a batch of each.
 */
import { Step } from '../../../engine/actor-instance.ts';
import { ICol, Id, Stride } from '../../../engine/rows.ts';
import { Batch } from './batch.ts';
import { Clock } from './codes.ts';
import type { Cluster } from './cluster.ts';
import type { Logs } from './logs.ts';
import type { Member } from './member.ts';
import type { Members } from './members.ts';
import type { Metadata } from './metadata.ts';
import { BY_TIME, EARLIEST, LATEST, startOf } from './positions.ts';

/** Most bytes of a partition in one answer (max.partition.fetch.bytes). */
const MOST_BYTES = 1 << 20;
const MOST_RECORDS = 4096;
const NOTHING: readonly number[] = [];

export class Fetches {
  /** By session (member × brokers): the partitions asked for, and the number of the fetch (0: none is under way). */
  private readonly lists: (readonly number[])[];
  private readonly under: Int32Array;
  private readonly number: Int32Array;
  /** By member: it is about to try again. */
  private readonly retries: Uint8Array;
  /** A fetch of the member has ended, with an answer or without. */
  onEnd: (m: number) => void = () => {};

  constructor(
    private readonly cluster: Cluster,
    private readonly metadata: Metadata,
    private readonly members: Members,
  ) {
    const sessions = members.all.length * cluster.layout.brokers;
    this.lists = Array.from({ length: sessions }, () => NOTHING);
    this.under = new Int32Array(sessions);
    this.number = new Int32Array(sessions);
    this.retries = new Uint8Array(members.all.length);
  }

  /** Sessions there are. */
  get count(): number {
    return this.under.length;
  }

  // What brokers see of a fetch: the body of its message.

  private memberOf(session: number): number {
    return Math.floor(session / this.cluster.layout.brokers);
  }

  target(session: number): number {
    return this.cluster.nodeOf(session % this.cluster.layout.brokers);
  }

  isCurrent(session: number, number: number): boolean {
    return this.under[session] === number;
  }

  fetchWaitNs(session: number): number {
    return this.members.all[this.memberOf(session)].settings.fetchWaitNs;
  }

  requested(session: number): readonly number[] {
    return this.lists[session];
  }

  /** Offset asked for; negative: to be found out. */
  offset(session: number, partition: number): number {
    return this.members.all[this.memberOf(session)].asked[partition];
  }

  /** The broker answers that it does not lead the partition. */
  notLeader(session: number, partition: number): void {
    const batch = this.members.all[this.memberOf(session)].batches[partition]!;
    batch.refuse();
  }

  /** The broker's answer for a partition is made: what its log holds now, up to the high watermark. */
  take(session: number, partition: number, logs: Logs, replica: number): void {
    const member = this.members.all[this.memberOf(session)];
    const batch = member.batches[partition]!;
    let offset = member.asked[partition];
    const high = logs.highWatermark[replica];
    if (offset === EARLIEST) offset = Math.min(logs.start[replica], high);
    else if (offset === LATEST) offset = high;
    else if (offset <= BY_TIME) offset = Math.min(high, logs.publishedFrom(replica, BY_TIME - offset));
    else if (offset < logs.start[replica] || offset > logs.end[replica]) {
      batch.outOfRange(logs.start[replica]);
      return;
    }
    const { layout } = this.cluster;
    const size = layout.topics[layout.topicOf[partition]].recordBytes;
    const most = Math.min(MOST_RECORDS, Math.max(1, Math.floor(MOST_BYTES / size)));
    batch.fill(logs, replica, offset, Math.max(offset, Math.min(high, offset + most)));
  }

  // At the member.

  /** Sends the fetches that are possible: what is owned and not at hand, to who is believed to lead it. */
  fetch(m: number): void {
    const member = this.members.all[m];
    const { brokers } = this.cluster.layout;
    let isLeaderless = false;
    for (const p of member.owned) if (this.isWanted(m, p) && this.leaderOf(member, p) === Id.None) isLeaderless = true;
    for (let b = 0; b < brokers; b++) if (this.under[m * brokers + b] === 0) this.send(m, b);
    if (isLeaderless) this.later(m, Id.None);
  }

  /** Asks who leads, not the broker that failed, and tries again in a moment. */
  private later(m: number, failed: number): void {
    const { spec } = this.members.all[m];
    this.metadata.refresh(spec.client, failed);
    // One that is to come is enough: each would begin a chain of its own.
    if (this.retries[m] === 1) return;
    this.retries[m] = 1;
    this.cluster.timer(spec.node, Clock.FetchAgain, this.cluster.own.producer.retryBackoffNs, m);
  }

  /** The moment is over. */
  again(m: number): void {
    this.retries[m] = 0;
    this.fetch(m);
  }

  private leaderOf(member: Member, p: number): number {
    return this.metadata.leader(member.spec.client, p);
  }

  /** Nothing of it is at hand, nor asked for. */
  private isWanted(m: number, p: number): boolean {
    const batch = this.members.all[m].batches[p];
    return batch === null || (!batch.isAsked && batch.left === 0);
  }

  private send(m: number, broker: number): void {
    const member = this.members.all[m];
    let list: number[] | null = null;
    for (const p of member.owned) {
      if (this.leaderOf(member, p) !== broker || !this.isWanted(m, p) || Number.isNaN(member.position[p])) continue;
      const batch = (member.batches[p] ??= new Batch());
      batch.isAsked = true;
      member.asked[p] = member.position[p];
      (list ??= []).push(p);
    }
    if (list === null) return;
    const session = m * this.cluster.layout.brokers + broker;
    this.lists[session] = list;
    const number = (this.number[session] = (this.number[session] + 1) | 0 || 1);
    this.under[session] = number;
    this.cluster.kernel.spawn(member.spec.node, this.cluster.compiled.fetch, session, 0, number);
  }

  /** An answer is here, or there is none. */
  onFetched(row: number, isAnswered: boolean): number {
    const { rows } = this.cluster.world;
    const at = row * Stride.I;
    const session = rows.I[at + ICol.Key];
    if (this.under[session] !== rows.I[at + ICol.User]) return Step.Continue;
    this.under[session] = 0;
    const m = this.memberOf(session);
    const member = this.members.all[m];
    let isRefused = !isAnswered;
    for (const p of this.lists[session]) {
      const batch = member.batches[p];
      if (batch === null || !batch.isAsked) continue;
      batch.isAsked = false;
      if (!isAnswered || batch.isRefused) {
        batch.drop();
        isRefused = true;
      } else this.accept(member, p, batch);
    }
    this.lists[session] = NOTHING;
    if (isRefused) this.later(m, session % this.cluster.layout.brokers);
    else this.fetch(m);
    this.onEnd(m);
    return Step.Continue;
  }

  private accept(member: Member, p: number, batch: Batch): void {
    const { books } = this.cluster;
    const g = member.spec.group;
    if (batch.isOut) {
      // Deleted, or never written: begins where the settings say.
      batch.drop();
      member.position[p] = startOf(member.settings);
      if (member.settings.start === 'earliest') books.expired(g, p, batch.logStart);
      return;
    }
    if (member.position[p] < 0) {
      if (member.position[p] === LATEST) books.jumped(g, p, batch.offset);
      else if (batch.offset > 0) books.expired(g, p, batch.offset);
      member.position[p] = batch.offset;
    }
  }

  /**
   * Fetches under way ask for partitions that are not wanted any more: that part of their answers is dropped. They go on
   * for the others, and the next fetch to the same broker waits for them (the consumer's one fetch in flight per node).
   */
  unask(m: number, partitions: readonly number[]): void {
    const { brokers } = this.cluster.layout;
    for (let session = m * brokers; session < (m + 1) * brokers; session++)
      if (this.lists[session].length > 0)
        this.lists[session] = this.lists[session].filter((p) => !partitions.includes(p));
  }

  /** The process is gone: nothing is under way. */
  forget(m: number): void {
    const { brokers } = this.cluster.layout;
    this.under.fill(0, m * brokers, (m + 1) * brokers);
    this.retries[m] = 0;
  }
}
