/**
 * The last acknowledged write of each key of a database, so that whoever serves reads can count the stale ones: by what was the
 * last when the read began, if somebody noted that then; or, of who can only ask when it ends, by what is remembered.
 *
 * A yardstick of the measurement, not a part of the model: nothing may decide by it. Versions are times: the instant
 * (ns) at which a write was committed. What a read returns carries the version it was taken at in `FCol.Data`, and a
 * read is stale when a newer version of its key had been acknowledged before the read began.
 */
import { type Ground, KeyTable, Room } from './key-table.ts';
import { Id } from './rows.ts';
import { Keys, SmallKey, Write, WrittenKeys } from './key-records.ts';
import { SmallKeys } from './small-keys.ts';

/** Keys remembered per database; beyond them staleness is not judged, to bound the memory. */
const MOST = 1 << 20;

export class AcknowledgedWrites {
  /** Writes that found the table full. */
  unrecorded = 0;
  /** What is known of small keys; where copies follow, by position as well. */
  readonly small: SmallKeys;
  /** Of the others, and with its history of all. */
  private readonly table: KeyTable;
  /** See `Keys`. */
  private readonly own: Int32Array;

  /** @param ground where the core may look keys up, null: nowhere */
  constructor(
    private readonly clock: Float64Array,
    readonly ground: Ground | null = null,
  ) {
    this.table = new KeyTable(MOST, Room.Write, ground);
    this.own = ground?.record ?? new Int32Array(Keys.I);
    this.small = new SmallKeys(ground);
    this.small.publishIn(this.own);
  }

  /** Somebody asks: set by caches and CDNs when they start. Otherwise `record` costs nothing. */
  get wanted(): boolean {
    return this.own[Keys.Wanted] === 1;
  }

  set wanted(isWanted: boolean) {
    this.own[Keys.Wanted] = isWanted ? 1 : 0;
  }

  /** Somebody asks `isStale`: set by CDNs when they start. */
  keepHistory(): void {
    this.own[WrittenKeys.History] = 1;
  }

  /** A write of `key`, committed at `versionNs`, is acknowledged now. */
  record(key: number, versionNs: number): void {
    if (!this.wanted) return;
    const isSmall = SmallKeys.has(key);
    // Of two writes acknowledged out of order the newer version counts.
    if (isSmall && versionNs > this.small.get(key, SmallKey.Version)) this.small.set(key, SmallKey.Version, versionNs);
    if (!isSmall || this.own[WrittenKeys.History] === 1) this.remember(key, versionNs);
  }

  private remember(key: number, versionNs: number): void {
    let entry = this.table.find(key);
    if (entry === Id.None) {
      if (this.table.size === MOST) {
        this.unrecorded++;
        return;
      }
      entry = this.table.add(key);
      this.table.F[entry * Write.Width + Write.Version] = -1;
      this.table.F[entry * Write.Width + Write.Time] = -1;
    }
    const { F } = this.table;
    const at = entry * Write.Width;
    if (versionNs < F[at + Write.Version]) return;
    F[at + Write.VersionBefore] = F[at + Write.Version];
    F[at + Write.TimeBefore] = F[at + Write.Time];
    F[at + Write.Version] = versionNs;
    F[at + Write.Time] = this.clock[0];
  }

  /** Version of the newest acknowledged write of the key, ns; -1: none. */
  lastWriteNs(key: number): number {
    if (SmallKeys.has(key)) return this.small.get(key, SmallKey.Version);
    const entry = this.table.find(key);
    return entry === Id.None ? -1 : this.table.F[entry * Write.Width + Write.Version];
  }

  /** Is what was taken at `asOfNs` older than what had been acknowledged when a read began at `beganNs`? Needs `keepHistory`. */
  isStale(key: number, asOfNs: number, beganNs: number): boolean {
    const entry = this.table.find(key);
    if (entry === Id.None) return false;
    const { F } = this.table;
    const at = entry * Write.Width;
    if (F[at + Write.Time] <= beganNs) return F[at + Write.Version] > asOfNs;
    return F[at + Write.TimeBefore] <= beganNs && F[at + Write.VersionBefore] > asOfNs;
  }
}
