/**
 * Followers: one fetch at a time from each broker that leads something they copy, for all of its partitions at once (a
 * fetcher thread). The leader holds it back until there is news; what comes back is taken, and the next one leaves.
 */
import { Step } from '../../../engine/actor-instance.ts';
import { ICol, Id, Stride } from '../../../engine/rows.ts';
import type { Brokers } from './brokers.ts';
import { Clock } from './codes.ts';
import type { Cluster } from './cluster.ts';
import type { Chain } from './logs.ts';
import { Purgatory } from './purgatory.ts';

/** Wait after a fetch that failed (replica.fetch.backoff.ms). */
const BACKOFF_NS = 1_000_000_000;
/** Most records of a partition in one answer (replica.fetch.max.bytes is 1 MiB). */
const MOST_RECORDS = 8192;
const NONE: Chain = [];

const enum Reply {
  None = 0,
  News = 1,
  /** The logs part. */
  Parts = 2,
}

export class Replication {
  /** By pair (follower × brokers + leader): replicas at the follower whose leader it is; the fetch under way, 0: none. */
  private readonly replicas: number[][];
  private readonly under: Int32Array;
  private readonly number: Int32Array;
  private readonly waiting: Purgatory;
  // The body of the fetch under way and of its answer, by replica of the follower.
  private readonly askedEpoch: Int32Array;
  private readonly askedEnd: Float64Array;
  private readonly leaderEpoch: Int32Array;
  private readonly reply: Uint8Array;
  private readonly replyChain: Chain[];
  private readonly replyEnd: Float64Array;
  private readonly replyHigh: Float64Array;
  private readonly replyEpoch: Int32Array;

  constructor(
    private readonly cluster: Cluster,
    private readonly brokers: Brokers,
  ) {
    const { layout } = cluster;
    const pairs = layout.brokers * layout.brokers;
    const n = layout.replicas;
    this.replicas = Array.from({ length: pairs }, () => []);
    this.under = new Int32Array(pairs);
    this.number = new Int32Array(pairs);
    this.waiting = new Purgatory(cluster, Clock.FollowWait);
    this.askedEpoch = new Int32Array(n);
    this.askedEnd = new Float64Array(n);
    this.leaderEpoch = new Int32Array(n).fill(-1);
    this.reply = new Uint8Array(n);
    this.replyChain = Array.from({ length: n }, () => NONE);
    this.replyEnd = new Float64Array(n);
    this.replyHigh = new Float64Array(n);
    this.replyEpoch = new Int32Array(n);
  }

  /** Node of the leader that a fetch of the pair goes to. */
  target(pair: number): number {
    return this.cluster.nodeOf(pair % this.cluster.layout.brokers);
  }

  /** The replica follows the broker from now on; Id.None: nobody. */
  follow(replica: number, leader: number): void {
    const { layout } = this.cluster;
    const follower = layout.brokerOf[replica];
    for (let b = 0; b < layout.brokers; b++) {
      const list = this.replicas[follower * layout.brokers + b];
      const i = list.indexOf(replica);
      if (i >= 0 && b !== leader) {
        list.splice(i, 1);
        // A fetcher that has nothing left to fetch goes, with its connection: it waits for no answer of a dead leader.
        if (list.length === 0) this.under[follower * layout.brokers + b] = 0;
      } else if (i < 0 && b === leader) {
        list.push(replica);
        // It is not in the fetch that is under way.
        this.leaderEpoch[replica] = -1;
        this.reply[replica] = Reply.None;
      }
    }
    if (leader !== Id.None) this.fetch(follower * layout.brokers + leader);
  }

  /** The follower sends its next fetch. */
  private fetch(pair: number): void {
    const { cluster } = this;
    const list = this.replicas[pair];
    if (list.length === 0 || this.under[pair] !== 0) return;
    for (let i = 0; i < list.length; i++) {
      const r = list[i];
      this.askedEpoch[r] = cluster.logs.lastEpoch(r);
      this.askedEnd[r] = cluster.logs.end[r];
      this.leaderEpoch[r] = this.brokers.inSync.epoch[r];
      this.reply[r] = Reply.None;
    }
    const number = (this.number[pair] = (this.number[pair] + 1) | 0);
    this.under[pair] = number;
    const follower = Math.floor(pair / cluster.layout.brokers);
    cluster.kernel.spawn(cluster.nodeOf(follower), cluster.compiled.follow, pair, 0, number);
  }

  // At the leader.

  /** A fetch is here: notes how far the follower is, and answers, or waits for news. */
  onFetch(row: number): number {
    const I = this.cluster.world.rows.I;
    const at = row * Stride.I;
    const pair = I[at + ICol.Key];
    if (I[at + ICol.User] !== this.under[pair]) return Step.Continue;
    if (this.hasNews(pair)) return Step.Continue;
    this.waiting.hold(row, pair, I[at + ICol.Node], this.cluster.own.replication.fetchWaitNs);
    return Step.Suspend;
  }

  private leaderOf(pair: number, replica: number): number {
    const { layout } = this.cluster;
    const { inSync } = this.brokers;
    const r = layout.at[(pair % layout.brokers) * layout.partitions + layout.partitionOf[replica]];
    // Who has not heard of the same election yet gets no answer.
    return inSync.leads[r] === 1 && inSync.epoch[r] === this.leaderEpoch[replica] ? r : Id.None;
  }

  private hasNews(pair: number): boolean {
    const { logs } = this.cluster;
    const list = this.replicas[pair];
    let news = false;
    for (let i = 0; i < list.length; i++) {
      const leader = this.leaderOf(pair, list[i]);
      if (leader === Id.None) continue;
      const end = this.askedEnd[list[i]];
      if (logs.divergence(leader, this.askedEpoch[list[i]], end) !== null) news = true;
      else {
        this.brokers.inSync.heard(leader, this.brokers.inSync.slotOf(list[i]), end);
        if (end < logs.end[leader]) news = true;
        this.brokers.advance(leader);
      }
    }
    return news;
  }

  /** The leader has appended: followers' fetches need not wait any longer. */
  wake(leader: number): void {
    const { layout } = this.cluster;
    const broker = layout.brokerOf[leader];
    const p = layout.partitionOf[leader];
    for (let slot = 0; slot < layout.copies[p]; slot++) {
      const follower = layout.brokerOf[layout.start[p] + slot];
      if (follower !== broker) this.waiting.wake(follower * layout.brokers + broker);
    }
  }

  onWait(pair: number): void {
    this.waiting.onTimer(pair);
  }

  /** The answer leaves. */
  onAnswer(row: number): number {
    const I = this.cluster.world.rows.I;
    const at = row * Stride.I;
    const pair = I[at + ICol.Key];
    if (I[at + ICol.User] !== this.under[pair]) return Step.Continue;
    const { logs } = this.cluster;
    const list = this.replicas[pair];
    for (let i = 0; i < list.length; i++) {
      const r = list[i];
      const leader = this.leaderOf(pair, r);
      if (leader === Id.None) continue;
      const parts = logs.divergence(leader, this.askedEpoch[r], this.askedEnd[r]);
      if (parts !== null) {
        this.reply[r] = Reply.Parts;
        this.replyEpoch[r] = parts.epoch;
        this.replyEnd[r] = parts.offset;
        continue;
      }
      this.reply[r] = Reply.News;
      this.replyChain[r] = logs.chain[leader];
      this.replyEnd[r] = Math.min(logs.end[leader], this.askedEnd[r] + MOST_RECORDS);
      this.replyHigh[r] = logs.highWatermark[leader];
    }
    return Step.Continue;
  }

  // At the follower.

  /** Does the answer bring anything that is to be written? */
  bringsRecords(row: number): boolean {
    const list = this.replicas[this.cluster.world.rows.I[row * Stride.I + ICol.Key]];
    for (let i = 0; i < list.length; i++)
      if (this.reply[list[i]] === Reply.News && this.replyEnd[list[i]] > this.askedEnd[list[i]]) return true;
    return false;
  }

  /** The answer is here, and written. */
  onReply(row: number): number {
    const I = this.cluster.world.rows.I;
    const at = row * Stride.I;
    const pair = I[at + ICol.Key];
    if (I[at + ICol.User] !== this.under[pair]) return Step.Continue;
    this.under[pair] = 0;
    const list = this.replicas[pair];
    for (let i = 0; i < list.length; i++) this.accept(list[i]);
    this.fetch(pair);
    return Step.Continue;
  }

  private accept(r: number): void {
    const { logs } = this.cluster;
    const { inSync } = this.brokers;
    if (this.reply[r] === Reply.None || inSync.leads[r] === 1 || inSync.epoch[r] !== this.leaderEpoch[r]) return;
    if (this.reply[r] === Reply.Parts) logs.part(r, this.replyEpoch[r], this.replyEnd[r]);
    else {
      logs.follow(r, this.replyChain[r], this.replyEnd[r]);
      const high = Math.min(this.replyHigh[r], logs.end[r]);
      if (high > logs.highWatermark[r]) logs.highWatermark[r] = high;
    }
    this.reply[r] = Reply.None;
    this.replyChain[r] = NONE;
  }

  /** No answer: tries again after a while. */
  onFailure(row: number): number {
    const I = this.cluster.world.rows.I;
    const at = row * Stride.I;
    const pair = I[at + ICol.Key];
    if (I[at + ICol.User] !== this.under[pair]) return Step.Continue;
    this.cluster.timer(I[at + ICol.Node], Clock.FollowAgain, BACKOFF_NS, pair, this.under[pair]);
    return Step.Continue;
  }

  again(pair: number, number: number): void {
    if (this.under[pair] !== number) return;
    this.under[pair] = 0;
    this.fetch(pair);
  }

  /** The broker's process is gone: its fetches, and those that waited at it. */
  crashed(broker: number): void {
    const { brokers } = this.cluster.layout;
    for (let b = 0; b < brokers; b++) {
      this.under[broker * brokers + b] = 0;
      this.replicas[broker * brokers + b].length = 0;
      this.waiting.forget(b * brokers + broker);
    }
  }
}
