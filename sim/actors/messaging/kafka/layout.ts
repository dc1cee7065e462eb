/**
 * Where everything is: topics → partitions → replicas on brokers, all by number. Besides the topics of the scenario
 * there is one partition of `__consumer_offsets` per group, numbered after all others.
 */
import { Id } from '../../../engine/rows.ts';
import type { KafkaSettings } from '../kafka.settings.ts';

interface Topic {
  name: string;
  partitions: number;
  replicas: number;
  minInsync: number;
  retentionNs: number;
  recordBytes: number;
}

/** Copies of a group's own partition (offsets.topic.replication.factor). */
const OFFSETS_REPLICAS = 3;

export class Layout {
  readonly brokers: number;
  readonly topics: readonly Topic[];
  /** All partitions; those from `internal` on belong to groups, in their order. */
  readonly partitions: number;
  readonly internal: number;
  readonly replicas: number;
  /** By topic: its first partition. */
  readonly first: number[] = [];
  /** By partition: its topic, its first replica (the preferred leader), how many follow. */
  readonly topicOf: Int32Array;
  readonly start: Int32Array;
  readonly copies: Int32Array;
  /** By replica. */
  readonly brokerOf: Int32Array;
  readonly partitionOf: Int32Array;
  /** Replica of partition p at broker b: at[b * partitions + p], Id.None: it has none. */
  readonly at: Int32Array;

  constructor(own: KafkaSettings) {
    this.brokers = own.brokers;
    const offsets = own.groups.map(({ name }) => ({
      name: `__consumer_offsets (${name})`,
      partitions: 1,
      replicas: Math.min(OFFSETS_REPLICAS, own.brokers),
      minInsync: 1,
      retentionNs: Infinity,
      recordBytes: 100,
    }));
    this.topics = [...own.topics, ...offsets];
    this.partitions = this.topics.reduce((sum, t) => sum + t.partitions, 0);
    this.internal = this.partitions - own.groups.length;
    this.replicas = this.topics.reduce((sum, t) => sum + t.partitions * t.replicas, 0);
    this.topicOf = new Int32Array(this.partitions);
    this.start = new Int32Array(this.partitions);
    this.copies = new Int32Array(this.partitions);
    this.brokerOf = new Int32Array(this.replicas);
    this.partitionOf = new Int32Array(this.replicas);
    this.at = new Int32Array(this.brokers * this.partitions).fill(Id.None);
    this.place();
  }

  /** As AdminUtils.assignReplicasToBrokers without racks: leaders in turn, followers shifted once more each time round. */
  private place(): void {
    const n = this.brokers;
    let p = 0;
    let r = 0;
    this.topics.forEach((topic, t) => {
      this.first.push(p);
      for (let i = 0; i < topic.partitions; i++, p++) {
        this.topicOf[p] = t;
        this.start[p] = r;
        this.copies[p] = topic.replicas;
        const leader = p % n;
        const shift = Math.floor(p / n);
        for (let slot = 0; slot < topic.replicas; slot++, r++) {
          const broker = slot === 0 ? leader : (leader + 1 + ((shift + slot - 1) % (n - 1))) % n;
          this.brokerOf[r] = broker;
          this.partitionOf[r] = p;
          this.at[broker * this.partitions + p] = r;
        }
      }
    });
  }

  /** `moves/3` */
  nameOf(partition: number): string {
    const t = this.topicOf[partition];
    const { name, partitions } = this.topics[t];
    return partitions === 1 ? name : `${name}/${partition - this.first[t]}`;
  }

  topicIndex(name: string): number {
    return this.topics.findIndex((t) => t.name === name);
  }
}
