/**
 * The logs of all replicas: chains of epochs with an end and a high watermark each, and what a leader and a follower do
 * when theirs differ (KIP-101: the epochs tell where two logs part).
 */
import { InvariantError } from '../../../engine/errors.ts';
import type { Layout } from './layout.ts';
import { EpochRecords } from './records.ts';

export type Chain = readonly EpochRecords[];

export class Logs {
  /** By replica. A chain is never changed, only replaced: who holds one holds what it was. */
  readonly chain: Chain[];
  readonly end: Float64Array;
  readonly highWatermark: Float64Array;
  /** Oldest offset that may be read: retention. */
  readonly start: Float64Array;
  /** What a loss of power leaves. */
  readonly flushed: Float64Array;
  /** By partition, then epoch: who appends. */
  private readonly epochs: Map<number, EpochRecords>[];

  constructor(
    readonly layout: Layout,
    private readonly makeRoom: (partition: number, records: EpochRecords) => void,
  ) {
    const n = layout.replicas;
    this.chain = Array.from({ length: n }, () => []);
    this.end = new Float64Array(n);
    this.highWatermark = new Float64Array(n);
    this.start = new Float64Array(n);
    this.flushed = new Float64Array(n);
    this.epochs = Array.from({ length: layout.partitions }, () => new Map());
  }

  /** A replica leads from now on: its epoch begins at the end of its log. */
  lead(replica: number, epoch: number): void {
    const p = this.layout.partitionOf[replica];
    const broker = this.layout.brokerOf[replica];
    const known = this.epochs[p].get(epoch);
    if (known !== undefined)
      throw new InvariantError(
        `brokers ${known.broker} and ${broker} both lead ${this.layout.nameOf(p)} in epoch ${epoch}`,
      );
    const records = new EpochRecords(epoch, broker, this.end[replica], (full) => this.makeRoom(p, full));
    this.epochs[p].set(epoch, records);
    this.chain[replica] = [...this.chain[replica], records];
  }

  /** Where the leader appends: the last of its chain. */
  head(replica: number): EpochRecords {
    const chain = this.chain[replica];
    return chain[chain.length - 1];
  }

  /** Epoch of a log's last record; −1: the log is empty. */
  lastEpoch(replica: number): number {
    const chain = this.chain[replica];
    for (let i = chain.length - 1; i >= 0; i--)
      if (chain[i].start < this.end[replica] || i === 0) return chain[i].epoch;
    return -1;
  }

  /** The epoch that holds an offset of a chain; undefined: before the chain. */
  holder(chain: Chain, offset: number): EpochRecords | undefined {
    for (let i = chain.length - 1; i >= 0; i--) if (chain[i].start <= offset) return chain[i];
    return undefined;
  }

  /** Offset of the first record published at or after a time, ns. */
  publishedFrom(replica: number, timeNs: number): number {
    for (const [i, records] of this.chain[replica].entries()) {
      const end = this.endOf(this.chain[replica], i, this.end[replica]);
      for (let offset = Math.max(records.first, this.start[replica]); offset < end; offset++)
        if (records.F[records.at(offset)] >= timeNs) return offset;
    }
    return this.end[replica];
  }

  /** The largest epoch up to `epoch` in a chain that ends at `end`: its index, −1: none. */
  private upTo(chain: Chain, epoch: number): number {
    for (let i = chain.length - 1; i >= 0; i--) if (chain[i].epoch <= epoch) return i;
    return -1;
  }

  private endOf(chain: Chain, index: number, end: number): number {
    return index + 1 < chain.length ? chain[index + 1].start : end;
  }

  /**
   * Where a follower whose log ends at `end` in `epoch` parts from the leader's: `end` itself when it does not; and which
   * epoch the leader answers with.
   */
  divergence(leader: number, epoch: number, end: number): { epoch: number; offset: number } | null {
    if (end === 0 || epoch < 0) return null;
    const chain = this.chain[leader];
    const i = this.upTo(chain, epoch);
    if (i < 0) return { epoch: -1, offset: 0 };
    const offset = this.endOf(chain, i, this.end[leader]);
    if (chain[i].epoch === epoch && end <= offset) return null;
    return { epoch: chain[i].epoch, offset };
  }

  /** A follower learns that its log parts from the leader's: the leader has `epoch` up to `offset`. */
  part(replica: number, epoch: number, offset: number): void {
    const chain = this.chain[replica];
    const i = this.upTo(chain, epoch);
    const own = i < 0 ? 0 : this.endOf(chain, i, this.end[replica]);
    this.truncate(replica, Math.min(offset, own));
  }

  /** The follower now has what the chain of its leader has, up to `end`. */
  follow(replica: number, chain: Chain, end: number): void {
    const last = this.upToOffset(chain, end);
    const own = this.chain[replica];
    if (own.length !== last || own[last - 1] !== chain[last - 1]) this.chain[replica] = chain.slice(0, last);
    this.end[replica] = end;
  }

  /** How many of the chain begin before the offset. */
  private upToOffset(chain: Chain, end: number): number {
    let n = chain.length;
    while (n > 0 && chain[n - 1].start >= end) n--;
    return n;
  }

  truncate(replica: number, end: number): void {
    if (end >= this.end[replica]) return;
    this.chain[replica] = this.chain[replica].slice(0, this.upToOffset(this.chain[replica], end));
    this.end[replica] = end;
    this.highWatermark[replica] = Math.min(this.highWatermark[replica], end);
    this.flushed[replica] = Math.min(this.flushed[replica], end);
  }
}
