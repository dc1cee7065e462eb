/**
 * Which reads were stale: the last acknowledged version of each key, noted when a read is sent, against what the copy
 * that serves it has applied. Exact and without a ledger: versions are log positions. A yardstick, nothing decides by it.
 */
import { Keys, Version } from '../../../engine/key-records.ts';
import { type Ground, KeyTable, Room } from '../../../engine/key-table.ts';
import { doublesOf } from '../../../engine/memory.ts';
import { Id } from '../../../engine/rows.ts';
import { branchOf, pack, positionOf, type Logs } from './logs.ts';

/** Keys remembered; beyond them staleness is not judged, to bound the memory. */
const MOST = 1 << 22;
/** Keys before the first look for those that can be forgotten. */
const FEW = 4096;

export class Consistency {
  private readonly table: KeyTable;
  /** Last acknowledged version, packed. */
  private last: Float64Array<ArrayBuffer>;
  private sweepAt = FEW;
  /** Writes that found the table full. */
  unrecorded = 0;

  /** @param ground where the core may look versions up, null: nowhere */
  constructor(
    private readonly logs: Logs,
    readonly ground: Ground | null = null,
  ) {
    this.table = new KeyTable(MOST, Room.Key, ground);
    this.last = this.makeRoom();
  }

  /** Last acknowledged version of the key, for `isStale`; to be taken when the read begins. */
  snapshot(key: number): number {
    const entry = this.table.find(key);
    return entry === Id.None ? Version.None : this.last[entry];
  }

  /** Is a version as old as (branch, applied) older than what the snapshot saw acknowledged? */
  isStale(snapshot: number, branch: number, applied: number): boolean {
    return snapshot !== Version.None && !this.logs.contains(branch, applied, branchOf(snapshot), positionOf(snapshot));
  }

  /** A write is acknowledged. */
  record(key: number, branch: number, position: number): void {
    let entry = this.table.find(key);
    if (entry === Id.None) {
      if (!this.hasRoom()) {
        this.unrecorded++;
        return;
      }
      entry = this.table.add(key);
      if (this.last.length < this.table.capacity) this.last = this.makeRoom(this.last);
    }
    this.last[entry] = pack(position, branch);
  }

  /** Now and then, keys whose last version every copy has are forgotten: no read can miss it any more. */
  private hasRoom(): boolean {
    const { table, logs } = this;
    if (table.size < this.sweepAt) return true;
    table.each((entry) => {
      if (logs.isEverywhere(branchOf(this.last[entry]), positionOf(this.last[entry]))) table.remove(entry);
    });
    this.sweepAt = Math.min(MOST, Math.max(FEW, table.size * 2));
    return table.size < MOST;
  }

  /** Room for the version of every entry, and those that there are. */
  private makeRoom(before: Float64Array | null = null): Float64Array<ArrayBuffer> {
    const { ground, table } = this;
    const last = doublesOf(ground?.ints(table.capacity * 2) ?? new Int32Array(table.capacity * 2));
    if (before !== null) last.set(before);
    if (ground !== null) ground.record[Keys.Beside] = last.buffer === ground.record.buffer ? last.byteOffset : 0;
    return last;
  }
}
