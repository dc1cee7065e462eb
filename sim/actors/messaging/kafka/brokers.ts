/**
 * What brokers do with data: leaders append batches and answer when enough copies have them, followers fetch from
 * their leaders, members fetch what all in-sync replicas have. Long polls wait here as rows.
 */
import { Step } from '../../../engine/actor-instance.ts';
import { FCol, ICol, Id, Stride } from '../../../engine/rows.ts';
import { Answer, Clock } from './codes.ts';
import type { Cluster } from './cluster.ts';
import type { Fetches } from './fetches.ts';
import { InSync } from './in-sync.ts';
import type { Producers } from './producers.ts';
import { AckQueue, Purgatory } from './purgatory.ts';
import { Col } from './records.ts';
import type { Replication } from './replication.ts';

export class Brokers {
  readonly inSync: InSync;
  /** Members' fetches that wait for news, by session (member × broker). */
  private readonly waiting: Purgatory;
  /** By replica that leads: batches that wait for copies, and sessions that wait for its next messages. */
  private readonly acks: AckQueue[];
  private readonly watchers: Set<number>[];
  /** By replica that leads: the last batch of each producer, for idempotence. */
  private readonly sequences: (Int32Array | null)[];
  producers!: Producers;
  fetches!: Fetches;
  replication!: Replication;
  /** The high watermark of a group's own partition has moved at the broker that coordinates it. */
  onCommitted: (broker: number, group: number) => void = () => {};

  constructor(private readonly cluster: Cluster) {
    const { layout } = cluster;
    this.inSync = new InSync(cluster);
    this.acks = Array.from({ length: layout.replicas }, () => new AckQueue());
    this.watchers = Array.from({ length: layout.replicas }, () => new Set());
    this.sequences = Array.from({ length: layout.replicas }, () => null);
    this.waiting = new Purgatory(cluster, Clock.FetchWait);
  }

  private brokerOf(row: number): number {
    return this.cluster.world.rows.I[row * Stride.I + ICol.Node] - this.cluster.firstNode;
  }

  // Batches.

  /** A batch of the stream in `Key`, its first message number `User`, is at the leader. */
  append(row: number): number {
    const { cluster, inSync } = this;
    const { layout, own } = cluster;
    const I = cluster.world.rows.I;
    const at = row * Stride.I;
    const stream = I[at + ICol.Key];
    const first = I[at + ICol.User];
    const p = this.producers.partitionOf(stream);
    const acks = this.producers.acksOf(stream);
    const r = layout.at[this.brokerOf(row) * layout.partitions + p];
    if (r === Id.None || inSync.leads[r] === 0) return this.reply(row, Answer.NotLeader);
    if (acks === 'all' && inSync.size(r) < layout.topics[layout.topicOf[p]].minInsync)
      return this.reply(row, Answer.NotEnoughReplicas);
    const count = this.producers.batchSize(stream, first);
    const before = cluster.logs.end[r];
    const isKnown = this.isKnown(r, stream, first);
    if (count > 0 && !(isKnown && own.producer.idempotence)) {
      if (isKnown) cluster.books.appendedTwice += count;
      this.take(r, stream, first, count);
      this.appended(r);
    }
    const end = cluster.logs.end[r];
    if (acks !== 'all') {
      if (acks === 1) cluster.books.accept(cluster.logs, r, before, end);
      return this.reply(row, Answer.Taken);
    }
    if (cluster.logs.highWatermark[r] >= end) {
      cluster.books.accept(cluster.logs, r, before, end);
      return this.reply(row, Answer.Taken);
    }
    this.acks[r].push(row, I[at + ICol.Gen], before, end);
    return Step.Suspend;
  }

  private reply(row: number, answer: Answer): number {
    this.cluster.world.rows.F[row * Stride.F + FCol.Data] = answer;
    return Step.Continue;
  }

  private isKnown(replica: number, stream: number, first: number): boolean {
    const known = this.sequences[replica]!;
    const producer = this.producers.clientOf(stream);
    return first <= known[producer];
  }

  private take(replica: number, stream: number, first: number, count: number): void {
    const head = this.cluster.logs.head(replica);
    const producer = this.producers.clientOf(stream);
    this.producers.copy(stream, first, count, head);
    this.sequences[replica]![producer] = (first + count - 1) | 0;
    this.cluster.logs.end[replica] += count;
  }

  /** One record that the broker itself writes (commits). Returns its offset, or −1: it does not lead. */
  write(replica: number, key: number, user: number, value: number): number {
    if (this.inSync.leads[replica] === 0) return Id.None;
    const head = this.cluster.logs.head(replica);
    const at = head.push();
    head.I.fill(0, at * Col.Stride, (at + 1) * Col.Stride);
    head.I[at * Col.Stride + Col.Key] = key;
    head.I[at * Col.Stride + Col.User] = user;
    head.F[at] = value;
    const offset = this.cluster.logs.end[replica]++;
    this.appended(replica);
    return offset;
  }

  private appended(replica: number): void {
    this.replication.wake(replica);
    this.advance(replica);
  }

  /** Moves the high watermark of a leader to what all in-sync replicas have, and wakes who waited for that. */
  advance(replica: number): void {
    const { logs, layout, books } = this.cluster;
    const reached = this.inSync.reached(replica);
    if (reached <= logs.highWatermark[replica]) return;
    logs.highWatermark[replica] = reached;
    const p = layout.partitionOf[replica];
    books.visible(p, reached);
    this.acknowledge(replica, reached);
    this.wakeMembers(replica);
    if (p >= layout.internal) this.onCommitted(layout.brokerOf[replica], p - layout.internal);
  }

  private acknowledge(replica: number, reached: number): void {
    const queue = this.acks[replica];
    while (queue.length > 0 && queue.end() <= reached) {
      this.cluster.books.accept(this.cluster.logs, replica, queue.from(), queue.end());
      this.release(queue.shift(), Answer.Taken);
    }
  }

  private release(row: number, answer: Answer): void {
    this.cluster.world.rows.F[row * Stride.F + FCol.Data] = answer;
    this.cluster.kernel.resume(row);
  }

  // Fetches of members.

  /** A fetch of the session in `Key`, its number in `User`, is at the broker. */
  fetch(row: number): number {
    const I = this.cluster.world.rows.I;
    const at = row * Stride.I;
    const session = I[at + ICol.Key];
    if (!this.fetches.isCurrent(session, I[at + ICol.User])) return Step.Continue;
    if (this.hasNews(session, this.brokerOf(row))) return Step.Continue;
    this.waiting.hold(row, session, I[at + ICol.Node], this.fetches.fetchWaitNs(session));
    return Step.Suspend;
  }

  private hasNews(session: number, broker: number): boolean {
    const { layout, logs } = this.cluster;
    const list = this.fetches.requested(session);
    let news = false;
    for (let i = 0; i < list.length; i++) {
      const r = layout.at[broker * layout.partitions + list[i]];
      // Not the leader, an offset that is gone, or none yet: the member is to be told.
      if (r === Id.None || this.inSync.leads[r] === 0) return true;
      const offset = this.fetches.offset(session, list[i]);
      if (offset < 0 || offset < logs.start[r] || offset > logs.end[r]) return true;
      if (offset < logs.highWatermark[r]) news = true;
      else if (!news) this.watchers[r].add(session);
    }
    return news;
  }

  private wakeMembers(replica: number): void {
    const waiting = this.watchers[replica];
    // Sessions that wait no more, or again for others, are woken for nothing at most.
    for (const session of waiting) this.waiting.wake(session);
    waiting.clear();
  }

  /** The answer to a fetch leaves: what the member asked for is copied as it is now. */
  fill(row: number): number {
    const I = this.cluster.world.rows.I;
    const at = row * Stride.I;
    const session = I[at + ICol.Key];
    if (!this.fetches.isCurrent(session, I[at + ICol.User])) return Step.Continue;
    const broker = this.brokerOf(row);
    const { layout } = this.cluster;
    const list = this.fetches.requested(session);
    for (let i = 0; i < list.length; i++) {
      const r = layout.at[broker * layout.partitions + list[i]];
      if (r === Id.None || this.inSync.leads[r] === 0) this.fetches.notLeader(session, list[i]);
      else this.fetches.take(session, list[i], this.cluster.logs, r);
    }
    return Step.Continue;
  }

  onFetchWait(session: number): void {
    this.waiting.onTimer(session);
  }

  // Leadership.

  /** The replica leads from now on. */
  lead(replica: number): void {
    const { logs, books, layout } = this.cluster;
    const p = layout.partitionOf[replica];
    this.sequences[replica] = books.sequences(p, logs.chain[replica], logs.end[replica]);
    books.leads(p, replica, logs);
    books.visible(p, logs.highWatermark[replica]);
    this.advance(replica);
  }

  /** It leads no more: who waits is sent on. */
  resign(replica: number): void {
    const queue = this.acks[replica];
    while (queue.length > 0) this.release(queue.shift(), Answer.NotLeader);
    this.sequences[replica] = null;
    this.wakeMembers(replica);
  }

  /** The process is gone, and with it every row that waited here. */
  crashed(broker: number): void {
    const { layout } = this.cluster;
    for (let p = 0; p < layout.partitions; p++) {
      const r = layout.at[broker * layout.partitions + p];
      if (r === Id.None) continue;
      this.acks[r].clear();
      this.watchers[r].clear();
      this.sequences[r] = null;
    }
    for (let session = broker; session < this.fetches.count; session += layout.brokers) this.waiting.forget(session);
  }
}
