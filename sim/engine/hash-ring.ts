/**
 * A consistent-hash ring: which of several named members a key belongs to, so that a member that comes or goes moves
 * only its own share of the keys.
 *
 * Karger et al., "Consistent hashing and random trees" (STOC 1997): every member stands at many places of the ring, and
 * a key belongs to the member at the first place at or after its hash. Places follow from names (`cache#2`) alone,
 * never from the order of a file or from a seed.
 */
import { Counter } from '../random/counter.ts';
import { identityKey } from '../random/keys.ts';
import { mixKey } from './key-table.ts';
import type { Memory } from './memory.ts';
import { Lookup } from './key-records.ts';

/** Places of a member, as in libketama: the shares of ten members then differ by about 8 %. */
export const PLACES_PER_MEMBER = 160;

/** More members than any ring has. */
const MEMBERS = 1 << 20;

export class HashRing {
  /** Places on the ring, ascending, unsigned; and whose each is. */
  private readonly places: Uint32Array;
  private readonly owners: Int32Array;
  /** First place at or after the beginning of each of equally wide parts of the ring: a look-up takes a step or two. */
  private readonly parts: Int32Array;
  private readonly shift: number;

  /**
   * @param names of the members, all different; look-ups answer with an index into this list
   * @param places of each member: one number for all, or one each (weights)
   */
  constructor(names: readonly string[], places: number | readonly number[] = PLACES_PER_MEMBER) {
    const all = placesOf(names, places);
    this.places = Uint32Array.from(all, (place) => Math.floor(place / MEMBERS));
    // Members are numbered by name in there, so that whoever has the lesser name owns a place that two hash to.
    const byName = inOrderOfNames(names);
    this.owners = Int32Array.from(all, (place) => byName[place % MEMBERS]);
    const bits = Math.min(24, 33 - Math.clz32(all.length));
    this.shift = 32 - bits;
    this.parts = new Int32Array(1 << bits);
    for (let part = 0, at = 0; part < this.parts.length; part++) {
      while (at < all.length && this.places[at] >>> this.shift < part) at++;
      this.parts[part] = at;
    }
  }

  /** Tells the core of the ring, by copies, since it never changes. */
  publish(memory: Memory, lookup: Int32Array): void {
    const copyOf = (numbers: ArrayLike<number>): number => {
      const copy = memory.i32s(numbers.length);
      for (let i = 0; i < numbers.length; i++) copy[i] = numbers[i];
      return copy.byteOffset;
    };
    lookup[Lookup.Places] = copyOf(this.places);
    lookup[Lookup.Owners] = copyOf(this.owners);
    lookup[Lookup.Parts] = copyOf(this.parts);
    lookup[Lookup.PartShift] = this.shift;
    lookup[Lookup.Length] = this.places.length;
  }

  /** Places on the whole ring. */
  get length(): number {
    return this.places.length;
  }

  /** Place that owns the key: the first at or after the key's hash. 0 … length - 1. */
  placeOf(key: number): number {
    const hash = mixKey(key) >>> 0;
    const places = this.places;
    let at = this.parts[hash >>> this.shift];
    while (at < places.length && places[at] < hash) at++;
    return at === places.length ? 0 : at;
  }

  /** The next place clockwise, for who looks past a member that is full or gone. */
  after(place: number): number {
    return place + 1 === this.places.length ? 0 : place + 1;
  }

  /** Index of the member that stands at a place. */
  ownerAt(place: number): number {
    return this.owners[place];
  }

  /** Index of the member that the key belongs to. */
  ownerOf(key: number): number {
    return this.owners[this.placeOf(key)];
  }
}

/** Every place · MEMBERS + the number of its member by name, ascending: exact in a double. */
function placesOf(names: readonly string[], places: number | readonly number[]): Float64Array {
  const all: number[] = [];
  const counter = new Counter();
  inOrderOfNames(names).forEach((member, number) => {
    const [a, b] = identityKey('', names[member], 'ring');
    const count = typeof places === 'number' ? places : places[member];
    for (let i = 0; i < count; i++) {
      counter.start(a, b, i);
      all.push((counter.next() >>> 0) * MEMBERS + number);
    }
  });
  return Float64Array.from(all).sort();
}

/** Indices of the names, by name. */
function inOrderOfNames(names: readonly string[]): number[] {
  return names.map((_, i) => i).sort((a, b) => (names[a] < names[b] ? -1 : 1));
}
