/**
 * What a CDN caches, as numbers: which operation is which kind of content, how long it is fresh, how large it is, and
 * how a fetch is written on the row that goes for it.
 */
import type { Memory } from '../../../engine/memory.ts';
import { Lookup, LookupWhat } from '../../../engine/key-records.ts';
import { identityKey } from '../../../random/keys.ts';
import type { CdnSettings } from '../cdn.settings.ts';

/** Not cached. */
export const DYNAMIC = -1;

export class Contents {
  /** By operation: its kind of content, DYNAMIC: none. */
  private readonly kinds: Int32Array;
  // By kind of content:
  readonly operations: Int32Array;
  readonly ttlNs: Float64Array;
  readonly sizeBytes: Float64Array;
  /** Tells the keys of one kind from those of another. */
  private readonly salts: Int32Array;
  /** Operation that asks whether a copy is still good, by kind of content. */
  readonly revalidations: Int32Array;

  /**
   * @param operations of the stage
   * @param variants operations that are another one with core time before it: the same content
   */
  constructor(
    own: CdnSettings,
    operations: readonly string[],
    variants: readonly { operation: number; base: number }[],
  ) {
    const { contents, revalidate } = own;
    this.operations = Int32Array.from(contents, ({ operation }) => operations.indexOf(operation));
    this.kinds = Int32Array.from(operations, (_, o) => this.operations.indexOf(o));
    for (const { operation, base } of variants) this.kinds[operation] = this.kinds[base];
    this.ttlNs = Float64Array.from(contents, ({ ttlNs }) => ttlNs);
    this.sizeBytes = Float64Array.from(contents, ({ sizeBytes }) => sizeBytes);
    this.salts = Int32Array.from(contents, ({ operation }) => identityKey('', operation, 'content')[0]);
    const check = revalidate?.operation ?? null;
    this.revalidations = Int32Array.from(this.operations, (o) => (check === null ? o : operations.indexOf(check)));
  }

  /** Tells the core of them. */
  publish(memory: Memory, lookup: Int32Array): void {
    const copyOf = (numbers: Int32Array): number => {
      const copy = memory.i32s(numbers.length);
      copy.set(numbers);
      return copy.byteOffset;
    };
    lookup[Lookup.What] = LookupWhat.Content;
    lookup[Lookup.Kinds] = copyOf(this.kinds);
    lookup[Lookup.Salts] = copyOf(this.salts);
    lookup[Lookup.Sizes] = copyOf(new Int32Array(this.sizeBytes.buffer));
  }

  kindOf(operation: number): number {
    return this.kinds[operation & 0xffff];
  }

  /** What a copy is found by. */
  keyOf(kind: number, key: number): number {
    return key ^ this.salts[kind];
  }

  /** Keys of every kind that a key of the scenario may mean. Cold. */
  keysOf(key: number): number[] {
    return Array.from(this.salts, (salt) => key ^ salt);
  }
}
