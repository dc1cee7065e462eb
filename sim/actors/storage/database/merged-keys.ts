/**
 * What each copy of a multi-primary database holds of each key, and how a write from elsewhere is merged in.
 *
 * A version vector says of how many writes of each copy a value knows (Parker et al., "Detection of Mutual Inconsistency
 * in Distributed Systems", 1983); two writes neither of which knows the other are concurrent. Last-writer-wins keeps the
 * one with the later clock, as Cassandra does, and drops the other, which had been acknowledged. Version vectors keep
 * both, as siblings that the next write of somebody who has seen them replaces (Riak's dotted version vectors; Preguiça
 * et al., 2010). Both are joins: whatever the order in which writes arrive, copies that have the same writes agree.
 */
import { KeyTable } from '../../../engine/key-table.ts';
import { Id } from '../../../engine/rows.ts';
import type { OriginLog } from './origin-log.ts';

/** Keys remembered; later ones are merged all the same, but not looked at for conflicts and stale reads. */
const MOST = 1 << 21;

export type Merge = 'last-writer-wins' | 'version-vector';

export class MergedKeys {
  private readonly table = new KeyTable(MOST);
  /** Per key, holder and writer: writes of the writer to the key that the holder knows of, as a log position. */
  vectors: Int32Array;
  /** The same shape: position of a write whose value is still there, 0: it has been replaced. More than one: siblings. */
  private alive: Int32Array;
  /** Per key and holder: clock of the last writer and when that was in fact, ns; who it was. */
  private stampNs: Float64Array;
  private committedNs: Float64Array;
  private winner: Int8Array;
  /** Per key: the last acknowledged write, position · copies + writer; -1: none. */
  private acknowledged: Float64Array;
  /** Writes of keys beyond the most. */
  unrecorded = 0;

  constructor(
    private readonly copies: number,
    private readonly merge: Merge,
  ) {
    const n = this.table.capacity;
    this.vectors = new Int32Array(n * copies * copies);
    this.alive = new Int32Array(n * copies * copies);
    this.stampNs = new Float64Array(n * copies);
    this.committedNs = new Float64Array(n * copies);
    this.winner = new Int8Array(n * copies);
    this.acknowledged = new Float64Array(n);
  }

  find(key: number): number {
    return this.table.find(key);
  }

  /** Entry of a key, a new one if need be; Id.None: there is no more room. */
  entry(key: number): number {
    const known = this.table.find(key);
    if (known !== Id.None) return known;
    if (this.table.size === MOST) {
      this.unrecorded++;
      return Id.None;
    }
    const entry = this.table.add(key);
    this.makeRoom();
    const { copies } = this;
    this.vectors.fill(0, entry * copies * copies, (entry + 1) * copies * copies);
    this.alive.fill(0, entry * copies * copies, (entry + 1) * copies * copies);
    this.stampNs.fill(0, entry * copies, (entry + 1) * copies);
    this.committedNs.fill(0, entry * copies, (entry + 1) * copies);
    this.winner.fill(-1, entry * copies, (entry + 1) * copies);
    this.acknowledged[entry] = -1;
    return entry;
  }

  /** Where the vector of a holder begins. */
  vectorAt(entry: number, holder: number): number {
    return (entry * this.copies + holder) * this.copies;
  }

  /** A holder takes a write of its own. False: its value lost at once to one with a later clock. */
  write(entry: number, holder: number, position: number, stampNs: number, nowNs: number): boolean {
    const at = this.vectorAt(entry, holder);
    this.vectors[at + holder] = position;
    this.alive.fill(0, at, at + this.copies);
    this.alive[at + holder] = position;
    return this.stamp(entry, holder, holder, stampNs, nowNs);
  }

  /** Of two values the one with the later clock stays, of two of one instant that of the later copy. */
  private stamp(entry: number, holder: number, writer: number, stampNs: number, nowNs: number): boolean {
    const i = entry * this.copies + holder;
    this.committedNs[i] = Math.max(this.committedNs[i], nowNs);
    if (stampNs < this.stampNs[i] || (stampNs === this.stampNs[i] && writer < this.winner[i])) return false;
    this.stampNs[i] = stampNs;
    this.winner[i] = writer;
    return true;
  }

  /** A holder takes a write of another copy. True: one of its own writes and this one know nothing of each other. */
  take(entry: number, holder: number, writer: number, log: OriginLog, position: number): boolean {
    const at = this.vectorAt(entry, holder);
    // By the clocks even a write that is known to have been replaced may stay.
    this.stamp(entry, holder, writer, log.stampNs(position), log.timeNs(position));
    if (position <= this.vectors[at + writer]) return false;
    const concurrent = this.vectors[at + holder] > log.seen(position, holder);
    for (let copy = 0; copy < this.copies; copy++) {
      const knew = log.seen(position, copy);
      if (this.alive[at + copy] <= knew) this.alive[at + copy] = 0;
      if (knew > this.vectors[at + copy]) this.vectors[at + copy] = knew;
    }
    this.alive[at + writer] = position;
    this.vectors[at + writer] = position;
    return concurrent;
  }

  /** Values of the key that a holder has side by side. */
  siblings(entry: number, holder: number): number {
    if (this.merge === 'last-writer-wins') return 1;
    const at = this.vectorAt(entry, holder);
    let count = 0;
    for (let copy = 0; copy < this.copies; copy++) if (this.alive[at + copy] > 0) count++;
    return count;
  }

  /** When the newest value that a holder has was written, ns. */
  timeNs(entry: number, holder: number): number {
    return this.committedNs[entry * this.copies + holder];
  }

  acknowledge(entry: number, writer: number, position: number): void {
    this.acknowledged[entry] = position * this.copies + writer;
  }

  /** The last acknowledged write of a key, for `isStale`; -1: none. */
  snapshot(key: number): number {
    const entry = this.table.find(key);
    return entry === Id.None ? -1 : this.acknowledged[entry];
  }

  /** Does the holder lack the write of the snapshot? */
  isStale(entry: number, holder: number, snapshot: number): boolean {
    if (snapshot < 0) return false;
    const writer = snapshot % this.copies;
    return this.vectors[this.vectorAt(entry, holder) + writer] < (snapshot - writer) / this.copies;
  }

  /** Keys of which two copies hold different values. Cold: looks at all. */
  divergent(): number {
    let count = 0;
    this.table.each((entry) => {
      for (let holder = 1; holder < this.copies; holder++)
        if (!this.agree(entry, holder)) {
          count++;
          return;
        }
    });
    return count;
  }

  /** Does a holder have the same value as the first? */
  private agree(entry: number, holder: number): boolean {
    const { copies } = this;
    if (this.merge === 'last-writer-wins') {
      const i = entry * copies;
      return this.stampNs[i] === this.stampNs[i + holder] && this.winner[i] === this.winner[i + holder];
    }
    const a = this.vectorAt(entry, 0);
    const b = this.vectorAt(entry, holder);
    for (let copy = 0; copy < copies; copy++) {
      if (this.alive[a + copy] !== this.alive[b + copy]) return false;
      if (this.vectors[a + copy] !== this.vectors[b + copy]) return false;
    }
    return true;
  }

  private makeRoom(): void {
    const n = this.table.capacity;
    if (this.acknowledged.length >= n) return;
    const { copies } = this;
    this.vectors = longer(this.vectors, new Int32Array(n * copies * copies));
    this.alive = longer(this.alive, new Int32Array(n * copies * copies));
    this.stampNs = longer(this.stampNs, new Float64Array(n * copies));
    this.committedNs = longer(this.committedNs, new Float64Array(n * copies));
    this.winner = longer(this.winner, new Int8Array(n * copies));
    this.acknowledged = longer(this.acknowledged, new Float64Array(n));
  }
}

function longer<T extends Int32Array | Float64Array | Int8Array>(old: T, grown: T): T {
  grown.set(old);
  return grown;
}
