/**
 * Producers: libraries in the processes that publish. A message goes to a partition by its key, or to the one that is
 * the producer's at the moment (KIP-794); there it waits for its batch. One batch per partition is under way.
 */
import type { Publication } from '../../../compile/publication.ts';
import { Step } from '../../../engine/actor-instance.ts';
import { FCol, Flag, ICol, Id, Status, Stride } from '../../../engine/rows.ts';
import type { Stream as Numbers } from '../../../random/keys.ts';
import { Answer, Clock } from './codes.ts';
import type { Cluster } from './cluster.ts';
import type { Metadata } from './metadata.ts';
import { partitionOfKey } from './murmur2.ts';
import { Outbox } from './outbox.ts';
import type { EpochRecords } from './records.ts';

export type Acks = 0 | 1 | 'all';

/** A producer: every process has one for each `acks` it publishes with. */
export interface ProducerSpec {
  node: number;
  client: number;
  acks: Acks;
}

/** A publication as the log sees it: its topic, and the producer of the first instance; the others' follow. */
export interface PublicationSpec {
  publication: Publication;
  topic: number;
  firstProducer: number;
  firstNode: number;
}

export class Producers {
  /** By stream (producer × partitions + partition). */
  private readonly outboxes: (Outbox | null)[];
  /** By producer: bytes not yet accepted. By producer × topics: the partition that keyless messages go to now, and how much went. */
  private readonly bytes: Float64Array;
  private readonly stuckTo: Int32Array;
  private readonly stuckBytes: Float64Array;
  private readonly numbers: Numbers;

  /**
   * @param publications by number; null: of another component
   */
  constructor(
    private readonly cluster: Cluster,
    private readonly metadata: Metadata,
    private readonly specs: readonly ProducerSpec[],
    private readonly publications: readonly (PublicationSpec | null)[],
  ) {
    const { layout } = cluster;
    this.outboxes = Array.from({ length: specs.length * layout.partitions }, () => null);
    this.bytes = new Float64Array(specs.length);
    this.stuckTo = new Int32Array(specs.length * layout.topics.length).fill(Id.None);
    this.stuckBytes = new Float64Array(specs.length * layout.topics.length);
    this.numbers = cluster.world.stream(`${cluster.world.components.name[cluster.component]} partitioner`);
  }

  // What a stream is.

  get count(): number {
    return this.specs.length;
  }

  clientOf(stream: number): number {
    return Math.floor(stream / this.cluster.layout.partitions);
  }

  partitionOf(stream: number): number {
    return stream % this.cluster.layout.partitions;
  }

  acksOf(stream: number): Acks {
    return this.specs[this.clientOf(stream)].acks;
  }

  private recordBytes(partition: number): number {
    const { layout } = this.cluster;
    return layout.topics[layout.topicOf[partition]].recordBytes;
  }

  private mostRecords(partition: number): number {
    return Math.max(1, Math.floor(this.cluster.own.producer.batchBytes / this.recordBytes(partition)));
  }

  /** Node of the broker that the batch in a row's `Key` goes to, Id.None: nobody is known to lead. */
  target(stream: number): number {
    const leader = this.metadata.leader(this.specs[this.clientOf(stream)].client, this.partitionOf(stream));
    return leader === Id.None ? Id.None : this.cluster.nodeOf(leader);
  }

  // Publishing.

  /** A row publishes. */
  publish(row: number, number: number): number {
    const { world, books, own } = this.cluster;
    const spec = this.publications[number]!;
    const { step } = spec.publication;
    const I = world.rows.I;
    const at = row * Stride.I;
    const producer = spec.firstProducer + I[at + ICol.Node] - spec.firstNode;
    const key = this.keyOf(row, spec);
    const partition = this.choose(producer, spec.topic, key, step.key !== 'none');
    const size = this.recordBytes(partition);
    books.published++;
    if (this.bytes[producer] + size > own.producer.bufferBytes) {
      books.failed++;
      return this.ends(row, Status.Miss);
    }
    this.bytes[producer] += size;
    const stream = producer * this.cluster.layout.partitions + partition;
    const outbox = (this.outboxes[stream] ??= new Outbox());
    const waits = step.wait && this.specs[producer].acks !== 0;
    outbox.push(world.rows, row, waits, key, world.clock[0]);
    if (waits) world.spans.enter(row, this.cluster.compiled.batchCell);
    this.consider(stream, outbox);
    return waits ? Step.Suspend : this.ends(row, Status.Ok);
  }

  private ends(row: number, status: Status): number {
    const I = this.cluster.world.rows.I;
    const at = row * Stride.I + ICol.Flags;
    I[at] = (I[at] & ~Flag.StatusMask) | status;
    return Step.Continue;
  }

  private keyOf(row: number, { publication }: PublicationSpec): number {
    const I = this.cluster.world.rows.I;
    const at = row * Stride.I;
    if (publication.step.key !== 'random') return I[at + ICol.Key];
    return this.cluster.kernel.calls.keyOf(row, I[at + ICol.Op] >> 16, publication.random);
  }

  private choose(producer: number, topic: number, key: number, keyed: boolean): number {
    const { layout, own } = this.cluster;
    const first = layout.first[topic];
    const { partitions, recordBytes } = layout.topics[topic];
    if (keyed) return first + partitionOfKey(key, partitions);
    const at = producer * layout.topics.length + topic;
    if (this.stuckTo[at] === Id.None || this.stuckBytes[at] >= own.producer.batchBytes) {
      this.stuckTo[at] = this.pick(producer, first, partitions);
      this.stuckBytes[at] = 0;
    }
    this.stuckBytes[at] += recordBytes;
    return this.stuckTo[at];
  }

  /** One at random, of those that have a leader if any has. */
  private pick(producer: number, first: number, partitions: number): number {
    const { client } = this.specs[producer];
    let led = 0;
    for (let i = 0; i < partitions; i++) if (this.metadata.leader(client, first + i) !== Id.None) led++;
    if (led === 0) return first + this.numbers.below(partitions);
    let nth = this.numbers.below(led);
    for (let p = first; ; p++) if (this.metadata.leader(client, p) !== Id.None && nth-- === 0) return p;
  }

  // Sending.

  /** Sends the next batch if it is time. */
  private consider(stream: number, outbox: Outbox): void {
    if (outbox.isBusy || outbox.waiting === 0) return;
    const { lingerNs } = this.cluster.own.producer;
    const wait = outbox.publishedNs(outbox.head) + lingerNs - this.cluster.now;
    if (wait <= 0 || outbox.waiting >= this.mostRecords(this.partitionOf(stream))) {
      outbox.take(this.mostRecords(this.partitionOf(stream)));
      this.send(stream, outbox);
    } else if (outbox.timerFor !== outbox.head) {
      outbox.timerFor = outbox.head;
      this.cluster.timer(this.nodeOf(stream), Clock.Linger, wait, stream, outbox.head);
    }
  }

  private nodeOf(stream: number): number {
    return this.specs[this.clientOf(stream)].node;
  }

  onLinger(stream: number, head: number): void {
    const outbox = this.outboxes[stream];
    // Its message has left with a full batch before it was due.
    if (outbox === null || outbox.timerFor !== head) return;
    outbox.timerFor = -1;
    this.consider(stream, outbox);
  }

  private send(stream: number, outbox: Outbox): void {
    const { kernel, compiled, world } = this.cluster;
    for (let i = 0; i < outbox.sent; i++) {
      const row = outbox.rowAt(world.rows, outbox.head + i);
      if (row !== Id.None) world.spans.enter(row, compiled.sendCell);
    }
    kernel.spawn(this.nodeOf(stream), compiled.produce, stream, Answer.None, outbox.head | 0);
  }

  /** Messages in the batch with this first number; 0: its process is gone, and so is what it had sent. */
  batchSize(stream: number, first: number): number {
    return this.outboxes[stream]!.sizeOf(first);
  }

  /** What the batch carries, into the leader's log. */
  copy(stream: number, first: number, count: number, into: EpochRecords): void {
    this.outboxes[stream]!.copy(first, count, into, this.clientOf(stream));
  }

  /** A batch was answered; −1: it was not. */
  onSent(row: number, isAnswered: boolean): number {
    const { rows } = this.cluster.world;
    const at = row * Stride.I;
    const stream = rows.I[at + ICol.Key];
    const outbox = this.outboxes[stream];
    if (outbox === null || !outbox.isBusy || (outbox.head | 0) !== rows.I[at + ICol.User]) return Step.Continue;
    const answer = isAnswered ? rows.F[row * Stride.F + FCol.Data] : Answer.None;
    if (answer === Answer.Taken) this.finish(stream, outbox, Status.Ok);
    else this.onTrouble(stream, outbox, answer);
    return Step.Continue;
  }

  private onTrouble(stream: number, outbox: Outbox, answer: number): void {
    const { own, now } = this.cluster;
    const { client } = this.specs[this.clientOf(stream)];
    if (answer !== Answer.NotEnoughReplicas)
      this.metadata.refresh(client, this.metadata.leader(client, this.partitionOf(stream)));
    // Without acknowledgements the producer does not even know.
    const isLost = this.acksOf(stream) === 0;
    const isLate = now - outbox.publishedNs(outbox.head) >= own.producer.deliveryTimeoutNs;
    if (isLost || isLate) this.finish(stream, outbox, Status.Miss);
    else this.cluster.timer(this.nodeOf(stream), Clock.Again, own.producer.retryBackoffNs, stream, outbox.head);
  }

  onAgain(stream: number, head: number): void {
    const outbox = this.outboxes[stream];
    if (outbox !== null && outbox.isBusy && outbox.head === head) this.send(stream, outbox);
  }

  /** The batch has an end: who waits for its messages goes on. */
  private finish(stream: number, outbox: Outbox, status: Status): void {
    const { world, kernel, books } = this.cluster;
    const { rows } = world;
    for (let i = 0; i < outbox.sent; i++) {
      const row = outbox.rowAt(rows, outbox.head + i);
      if (row === Id.None) continue;
      this.ends(row, status);
      kernel.resume(row);
    }
    if (status !== Status.Ok) books.failed += outbox.sent;
    this.bytes[this.clientOf(stream)] -= outbox.sent * this.recordBytes(this.partitionOf(stream));
    outbox.done();
    this.consider(stream, outbox);
  }

  /** The process at a node is gone, with all that waited in it. What it had sent is on its way. */
  forget(node: number): void {
    const { partitions } = this.cluster.layout;
    this.specs.forEach((spec, producer) => {
      if (spec.node !== node) return;
      this.bytes[producer] = 0;
      for (let p = 0; p < partitions; p++) {
        const outbox = this.outboxes[producer * partitions + p];
        if (outbox === null) continue;
        this.cluster.books.abandoned += outbox.tail - outbox.head;
        outbox.forget();
      }
    });
  }
}
