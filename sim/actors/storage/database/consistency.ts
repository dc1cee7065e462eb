/**
 * Which reads were stale: the last acknowledged version of each key, noted when a read is sent, against what the copy
 * that serves it has applied. Exact and without a ledger: versions are log positions. A yardstick, nothing decides by it.
 */
import { Keys, LastVersion, SmallKey, Version } from '../../../engine/key-records.ts';
import { type Ground, KeyTable, Room } from '../../../engine/key-table.ts';
import { Id } from '../../../engine/rows.ts';
import { SmallKeys } from '../../../engine/small-keys.ts';
import { branchOf, pack, positionOf, type Logs } from './logs.ts';

/** Keys remembered that are not small; beyond them staleness is not judged, to bound the memory. */
const MOST = 1 << 22;
/** Keys before the first look for those that can be forgotten. */
const FEW = 4096;

export class Consistency {
  private readonly table: KeyTable;
  /** See `Keys`. */
  private readonly own: Int32Array;
  /** Writes that found the table full. */
  unrecorded = 0;

  /** @param ground where the core may look versions up, null: nowhere */
  constructor(
    private readonly logs: Logs,
    readonly ground: Ground | null = null,
    private readonly small = new SmallKeys(),
  ) {
    this.table = new KeyTable(MOST, Room.Version, ground);
    this.own = ground?.record ?? new Int32Array(Keys.I);
    this.own[Keys.Sweep] = FEW;
    this.small.publishIn(this.own);
  }

  /** Last acknowledged version of the key, for `isStale`; to be taken when the read begins. */
  snapshot(key: number): number {
    if (SmallKeys.has(key)) return this.small.get(key, SmallKey.Position);
    const entry = this.table.find(key);
    return entry === Id.None ? Version.None : this.lastOf(entry);
  }

  /** Last acknowledged version of an entry's key, packed. */
  private lastOf(entry: number): number {
    return this.table.F[entry * LastVersion.Width + LastVersion.Value];
  }

  /** Is a version as old as (branch, applied) older than what the snapshot saw acknowledged? */
  isStale(snapshot: number, branch: number, applied: number): boolean {
    return snapshot !== Version.None && !this.logs.contains(branch, applied, branchOf(snapshot), positionOf(snapshot));
  }

  /** A write is acknowledged. */
  record(key: number, branch: number, position: number): void {
    if (SmallKeys.has(key)) {
      this.small.set(key, SmallKey.Position, pack(position, branch));
      return;
    }
    let entry = this.table.find(key);
    if (entry === Id.None) {
      if (!this.hasRoom()) {
        this.unrecorded++;
        return;
      }
      entry = this.table.add(key);
    }
    this.table.F[entry * LastVersion.Width + LastVersion.Value] = pack(position, branch);
  }

  /** Now and then, keys whose last version every copy has are forgotten: no read can miss it any more. */
  private hasRoom(): boolean {
    const { table, logs } = this;
    if (table.size < this.own[Keys.Sweep]) return true;
    table.each((entry) => {
      const last = this.lastOf(entry);
      if (logs.isEverywhere(branchOf(last), positionOf(last))) table.remove(entry);
    });
    this.own[Keys.Sweep] = Math.min(MOST, Math.max(FEW, table.size * 2));
    return table.size < MOST;
  }
}
