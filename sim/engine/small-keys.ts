/**
 * Numbers by key, where keys are small, as ranks of popularity are: the key is their place. So a look at one takes a single
 * line of memory, and what is popular, which is neighbours, takes few in all. Of a database: what was last written to each of its
 * keys. Others than small ones belong into a `KeyTable`.
 */
import { SmallKey, WrittenKeys } from './key-records.ts';
import type { Ground } from './key-table.ts';
import { doublesOf } from './memory.ts';

const FIRST = 1024;

export class SmallKeys {
  /** Numbers are 1 more than they say, so that zeros say -1: nothing is known of the key. */
  private F = new Float64Array(0);
  private readonly records: Int32Array[] = [];

  /** @param ground where the core may look, null: nowhere */
  constructor(private readonly ground: Pick<Ground, 'ints'> | null = null) {}

  static has(key: number): boolean {
    return key >= 0 && key < SmallKey.Most;
  }

  /** From now on the core finds the numbers by this record, too (`Keys`). */
  publishIn(record: Int32Array): void {
    this.records.push(record);
    this.tell(record);
  }

  /** A number of a key, -1: not known. */
  get(key: number, column: SmallKey.Version | SmallKey.Position): number {
    const at = key * SmallKey.Width + column;
    return at < this.F.length ? this.F[at] - 1 : -1;
  }

  set(key: number, column: SmallKey.Version | SmallKey.Position, value: number): void {
    if (key * SmallKey.Width >= this.F.length) this.makeRoomFor(key);
    this.F[key * SmallKey.Width + column] = value + 1;
  }

  private makeRoomFor(key: number): void {
    const keys = Math.min(SmallKey.Most, Math.max(FIRST, 1 << (32 - Math.clz32(key))));
    const length = keys * SmallKey.Width * 2;
    const longer = doublesOf(this.ground?.ints(length) ?? new Int32Array(length));
    longer.set(this.F);
    this.F = longer;
    for (const record of this.records) this.tell(record);
  }

  private tell(record: Int32Array): void {
    const { F } = this;
    record[WrittenKeys.Small] = F.byteOffset;
    // Zero of them are everywhere.
    record[WrittenKeys.SmallRoom] = F.length === 0 || F.buffer === record.buffer ? F.length / SmallKey.Width : -1;
  }
}
