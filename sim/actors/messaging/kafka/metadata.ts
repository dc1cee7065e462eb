/**
 * What clients believe about who leads: a map of their own, refreshed from any broker when a leader does not answer or
 * answers that it is none. An older epoch never replaces a newer one (KIP-320).
 */
import { Id } from '../../../engine/rows.ts';
import { Clock, Message } from './codes.ts';
import type { Cluster } from './cluster.ts';
import type { Roles } from './roles.ts';

/** How long a broker's answer is waited for before another one is asked (socket.connection.setup.timeout.ms). */
const PATIENCE_NS = 10_000_000_000;

export class Metadata {
  /** By client × partitions. */
  private readonly leaders: Int32Array;
  private readonly epochs: Int32Array;
  /** By client: number of the question under way (0: none), of all so far, and whom to ask next. */
  private readonly under: Int32Array;
  private readonly asked: Int32Array;
  private readonly next: Int32Array;
  /** Answers under way, by client: what the broker knew when it answered. */
  private readonly body: ({ leaders: Int32Array; epochs: Int32Array } | null)[];
  roles!: Roles;

  /** @param nodes of the clients */
  constructor(
    private readonly cluster: Cluster,
    private readonly nodes: readonly number[],
  ) {
    const { layout } = cluster;
    this.leaders = new Int32Array(nodes.length * layout.partitions);
    this.epochs = new Int32Array(nodes.length * layout.partitions);
    this.under = new Int32Array(nodes.length);
    this.asked = new Int32Array(nodes.length);
    this.next = Int32Array.from(nodes, (_, i) => i % layout.brokers);
    this.body = nodes.map(() => null);
    for (let c = 0; c < nodes.length; c++)
      for (let p = 0; p < layout.partitions; p++)
        this.leaders[c * layout.partitions + p] = layout.brokerOf[layout.start[p]];
  }

  /** Broker that the client believes to lead, Id.None: nobody. */
  leader(client: number, partition: number): number {
    return this.leaders[client * this.cluster.layout.partitions + partition];
  }

  /** Asks a broker, unless a question is under way: not the one that has just failed to answer. */
  refresh(client: number, failed: number = Id.None): void {
    if (this.under[client] !== 0) return;
    if (this.next[client] === failed) this.next[client] = (failed + 1) % this.cluster.layout.brokers;
    this.ask(client);
  }

  private ask(client: number): void {
    const number = ++this.asked[client];
    this.under[client] = number;
    const broker = this.next[client];
    this.next[client] = (broker + 1) % this.cluster.layout.brokers;
    this.cluster.ask(this.nodes[client], this.cluster.nodeOf(broker), Message.AskMetadata, client, number);
    this.cluster.timer(this.nodes[client], Clock.Metadata, PATIENCE_NS, client, number);
  }

  /** At a broker. */
  onQuestion(broker: number, client: number, number: number): void {
    if (this.under[client] !== number) return;
    const { partitions } = this.cluster.layout;
    const { roles } = this;
    this.body[client] = {
      leaders: roles.leader.slice(broker * partitions, (broker + 1) * partitions),
      epochs: roles.epoch.slice(broker * partitions, (broker + 1) * partitions),
    };
    this.cluster.answer(this.cluster.nodeOf(broker), this.nodes[client], Message.Metadata, client, number);
  }

  onAnswer(client: number, number: number): void {
    const body = this.body[client];
    if (this.under[client] !== number || body === null) return;
    this.under[client] = 0;
    this.body[client] = null;
    const { partitions } = this.cluster.layout;
    for (let p = 0; p < partitions; p++) {
      const at = client * partitions + p;
      if (body.epochs[p] < this.epochs[at]) continue;
      this.epochs[at] = body.epochs[p];
      this.leaders[at] = body.leaders[p];
    }
  }

  /** The broker that was asked does not answer: another one. */
  onPatience(client: number, number: number): void {
    if (this.under[client] === number) this.ask(client);
  }

  /** It is not there: another one, in a moment. */
  onRefused(client: number, number: number): void {
    if (this.under[client] === number)
      this.cluster.timer(this.nodes[client], Clock.Metadata, this.cluster.own.producer.retryBackoffNs, client, number);
  }

  /** The process is gone, or new: it asks when it begins. */
  forget(client: number): void {
    this.under[client] = 0;
  }
}
