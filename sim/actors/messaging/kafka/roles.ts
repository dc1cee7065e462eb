/** A broker learns from the controller what it is to which partition, keeps a map of all leaders, and says that it lives. */
import { Id } from '../../../engine/rows.ts';
import type { Brokers } from './brokers.ts';
import { Clock, HIGH, Message } from './codes.ts';
import type { Cluster } from './cluster.ts';
import type { Change, Controller } from './controller.ts';
import type { Replication } from './replication.ts';

/** Of several leaderships that a broker takes over, those within this are one line of the story. */
const ONE_STORY_NS = 1_000_000_000;

export class Roles {
  /** By broker × partitions: the version it knows, and who leads in which epoch according to it. What clients are told. */
  private readonly version: Int32Array;
  readonly leader: Int32Array;
  readonly epoch: Int32Array;
  private readonly toldNs: Float64Array;
  /** A group's own partition is led from now on, or no more, or its leader's process is gone. */
  onCoordinator: (broker: number, group: number, what: 'leads' | 'resigns' | 'dies') => void = () => {};

  constructor(
    private readonly cluster: Cluster,
    private readonly brokers: Brokers,
    private readonly replication: Replication,
    private readonly controller: Controller,
    private readonly controllerNode: number,
  ) {
    const n = cluster.layout.brokers * cluster.layout.partitions;
    this.version = new Int32Array(n).fill(-1);
    this.leader = new Int32Array(n).fill(Id.None);
    this.epoch = new Int32Array(n).fill(-1);
    this.toldNs = new Float64Array(cluster.layout.brokers).fill(-ONE_STORY_NS);
    brokers.inSync.controller = controllerNode;
  }

  /** Time zero: all know the first state; leaders first, so that followers find them. */
  start(offset: (broker: number) => number): void {
    const { layout, own } = this.cluster;
    for (const leads of [true, false])
      for (let p = 0; p < layout.partitions; p++)
        for (let b = 0; b < layout.brokers; b++) {
          const change = this.controller.changes[p][0];
          if ((change.leader === b) === leads) this.learn(b, p, change);
        }
    for (let b = 0; b < layout.brokers; b++) {
      this.cluster.timer(
        this.cluster.nodeOf(b),
        Clock.BrokerHeartbeat,
        Math.round(own.controller.heartbeatNs * offset(b)),
        b,
      );
      this.clocks(b);
    }
  }

  private clocks(b: number): void {
    const { own } = this.cluster;
    this.cluster.timer(this.cluster.nodeOf(b), Clock.InSync, Math.ceil(own.replication.lagMaxNs / 2), b);
    this.cluster.timer(this.cluster.nodeOf(b), Clock.Flush, own.flushNs, b);
    this.cluster.timer(this.cluster.nodeOf(b), Clock.Retention, this.retentionNs, b);
  }

  /** How often retention is looked at: a twentieth of the shortest, five minutes at most (log.retention.check.interval.ms). */
  private get retentionNs(): number {
    const shortest = this.cluster.own.topics.reduce((least, t) => Math.min(least, t.retentionNs), Infinity);
    return Math.min(300_000_000_000, Math.ceil(shortest / 20));
  }

  heartbeat(b: number): void {
    const { own, world } = this.cluster;
    const node = this.cluster.nodeOf(b);
    this.cluster.timer(node, Clock.BrokerHeartbeat, own.controller.heartbeatNs, b);
    this.cluster.ask(node, this.controllerNode, Message.Alive, b, world.nodes.incarnation[node]);
  }

  /** The process is new: it has a log, but no part in anything until the controller tells. */
  restart(b: number): void {
    this.heartbeat(b);
    this.clocks(b);
  }

  /**
   * The controller tells. What is meant for an earlier life of the process says nothing to this one (the broker epoch of
   * KIP-631): the controller does not know yet that it has forgotten what it led, and has moved nothing away from it.
   */
  onChange(b: number, p: number, incarnation: number, version: number): void {
    const node = this.cluster.nodeOf(b);
    if (incarnation !== this.cluster.world.nodes.incarnation[node]) return;
    this.cluster.answer(node, this.controllerNode, Message.ChangeSeen, p, incarnation * HIGH + version);
    this.learn(b, p, this.controller.changes[p][version]);
  }

  private learn(b: number, p: number, change: Change): void {
    const { layout } = this.cluster;
    const at = b * layout.partitions + p;
    const r = layout.at[at];
    if (change.version <= this.version[at]) {
      // Told again: what it asked for was not granted.
      if (r !== Id.None && this.brokers.inSync.leads[r] === 1 && change.version === this.version[at])
        this.brokers.inSync.decided(r, change.set);
      return;
    }
    this.version[at] = change.version;
    this.leader[at] = change.leader;
    this.epoch[at] = change.epoch;
    if (r === Id.None) return;
    const { inSync } = this.brokers;
    inSync.version[r] = change.version;
    if (inSync.epoch[r] !== change.epoch) this.begin(b, p, r, change);
    else if (inSync.leads[r] === 1) {
      inSync.decided(r, change.set);
      this.brokers.advance(r);
    }
  }

  /** A new epoch: the replica leads, follows, or waits for a leader. */
  private begin(b: number, p: number, r: number, change: Change): void {
    const { inSync } = this.brokers;
    const { layout, logs } = this.cluster;
    const isInternal = p >= layout.internal;
    if (inSync.leads[r] === 1) {
      inSync.leads[r] = 0;
      this.brokers.resign(r);
      if (isInternal) this.onCoordinator(b, p - layout.internal, 'resigns');
    }
    inSync.epoch[r] = change.epoch;
    if (change.leader !== b) {
      this.replication.follow(r, change.leader);
      return;
    }
    this.replication.follow(r, Id.None);
    inSync.leads[r] = 1;
    inSync.set[r] = change.set;
    inSync.lead(r);
    logs.lead(r, change.epoch);
    if (change.epoch > 0) this.tellStory(b);
    this.brokers.lead(r);
    if (isInternal) this.onCoordinator(b, p - layout.internal, 'leads');
  }

  private tellStory(b: number): void {
    const { now, world, component } = this.cluster;
    if (now - this.toldNs[b] < ONE_STORY_NS) return;
    this.toldNs[b] = now;
    world.history.add('promoted', component, this.cluster.nodeOf(b), `${this.cluster.nameOf(b)} leads partitions anew`);
  }

  /** Followers that lag are to leave the in-sync sets. */
  checkInSync(b: number): void {
    this.cluster.timer(this.cluster.nodeOf(b), Clock.InSync, Math.ceil(this.cluster.own.replication.lagMaxNs / 2), b);
    this.eachReplica(b, (r) => this.brokers.inSync.check(r));
  }

  flush(b: number): void {
    const { logs, own } = this.cluster;
    this.cluster.timer(this.cluster.nodeOf(b), Clock.Flush, own.flushNs, b);
    this.eachReplica(b, (r) => (logs.flushed[r] = logs.end[r]));
  }

  /** What is older than its topic keeps is deleted. */
  retain(b: number): void {
    this.cluster.timer(this.cluster.nodeOf(b), Clock.Retention, this.retentionNs, b);
    const { logs, layout, now } = this.cluster;
    this.eachReplica(b, (r) => {
      const { retentionNs } = layout.topics[layout.topicOf[layout.partitionOf[r]]];
      const most = logs.highWatermark[r];
      let offset = logs.start[r];
      while (offset < most) {
        const records = logs.holder(logs.chain[r], offset);
        if (records === undefined) break;
        if (offset < records.first) offset = Math.min(most, records.first);
        else if (now - records.F[records.at(offset)] > retentionNs) offset++;
        else break;
      }
      logs.start[r] = offset;
    });
  }

  private eachReplica(b: number, visit: (replica: number) => void): void {
    const { layout } = this.cluster;
    for (let p = 0; p < layout.partitions; p++) {
      const r = layout.at[b * layout.partitions + p];
      if (r !== Id.None) visit(r);
    }
  }

  /** The process does nothing from now on: so long have messages been safe with what it leads. */
  stopped(b: number): void {
    const { logs, now } = this.cluster;
    this.eachReplica(b, (r) => {
      if (this.brokers.inSync.leads[r] === 1) logs.head(r).goneNs = now;
    });
  }

  /** The process is gone. A loss of power takes what had not reached the disk. */
  crashed(b: number, how: 'kill' | 'power'): void {
    const { layout, logs } = this.cluster;
    this.version.fill(-1, b * layout.partitions, (b + 1) * layout.partitions);
    this.leader.fill(Id.None, b * layout.partitions, (b + 1) * layout.partitions);
    this.eachReplica(b, (r) => {
      if (layout.partitionOf[r] >= layout.internal && this.brokers.inSync.leads[r] === 1)
        this.onCoordinator(b, layout.partitionOf[r] - layout.internal, 'dies');
      this.brokers.inSync.forget(r);
      if (how === 'power') logs.truncate(r, logs.flushed[r]);
    });
    this.replication.crashed(b);
    this.brokers.crashed(b);
  }
}
