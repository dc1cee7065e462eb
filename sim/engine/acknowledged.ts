/**
 * The last acknowledged write of each key of a database, so that whoever serves reads can count the stale ones.
 *
 * A yardstick of the measurement, not a part of the model: nothing may decide by it. Versions are times: the instant
 * (ns) at which a write was committed. What a read returns carries the version it was taken at in `FCol.Data`, and a
 * read is stale when a newer version of its key had been acknowledged before the read began.
 */
import { type Ground, KeyTable, Room } from './key-table.ts';
import { doublesOf } from './memory.ts';
import { Id } from './rows.ts';
import { Keys } from './key-records.ts';

/** Keys remembered per database; beyond them staleness is not judged, to bound the memory. */
const MOST = 1 << 20;
/** Numbers an entry. */
const TIMES = 4;

export class AcknowledgedWrites {
  /** Somebody asks: set by caches and replicas when they start. Otherwise `record` costs nothing. */
  wanted = false;
  /** Writes that found the table full. */
  unrecorded = 0;
  private readonly table: KeyTable;
  /** Per entry: version and time of acknowledgement of the newest write, then of the one before it. */
  private times!: Float64Array;

  /** @param ground where the core may look keys up, null: nowhere */
  constructor(
    private readonly clock: Float64Array,
    readonly ground: Ground | null = null,
  ) {
    this.table = new KeyTable(MOST, Room.Key, ground);
    this.makeTimes();
  }

  /** A write of `key`, committed at `versionNs`, is acknowledged now. */
  record(key: number, versionNs: number): void {
    if (!this.wanted) return;
    let entry = this.table.find(key);
    if (entry === Id.None) {
      if (this.table.size === MOST) {
        this.unrecorded++;
        return;
      }
      entry = this.table.add(key);
      if (this.times.length < this.table.capacity * TIMES) this.makeTimes(this.times);
      this.times.fill(-1, entry * 4, entry * 4 + 4);
    }
    const times = this.times;
    const at = entry * 4;
    // Of two writes acknowledged out of order the newer version counts.
    if (versionNs < times[at]) return;
    times[at + 2] = times[at];
    times[at + 3] = times[at + 1];
    times[at] = versionNs;
    times[at + 1] = this.clock[0];
  }

  /** Version of the newest acknowledged write of the key, ns; -1: none. */
  lastWriteNs(key: number): number {
    const entry = this.table.find(key);
    return entry === Id.None ? -1 : this.times[entry * 4];
  }

  /** Is what was taken at `asOfNs` older than what had been acknowledged when a read began at `beganNs`? */
  isStale(key: number, asOfNs: number, beganNs: number): boolean {
    const entry = this.table.find(key);
    if (entry === Id.None) return false;
    const times = this.times;
    const at = entry * 4;
    if (times[at + 1] <= beganNs) return times[at] > asOfNs;
    return times[at + 3] <= beganNs && times[at + 2] > asOfNs;
  }

  /** Room for the times of every entry, and those that there are. */
  private makeTimes(before: Float64Array | null = null): void {
    const length = this.table.capacity * TIMES;
    const { ground } = this;
    this.times = doublesOf(ground === null ? new Int32Array(length * 2) : ground.ints(length * 2));
    if (before !== null) this.times.set(before);
    if (ground === null) return;
    ground.record[Keys.Beside] = this.times.buffer === ground.record.buffer ? this.times.byteOffset : 0;
  }
}
