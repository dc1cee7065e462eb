/**
 * Read your writes, as found: whether users who read a key that they have written see their own write. A yardstick,
 * nothing decides by it.
 *
 * Looked at are populations whose users have keys of their own: of each the last acknowledged write is kept until every
 * copy has it, since from then on no read can miss it. Of keys that all share it would take a table of users by keys.
 */
import { KeyTable } from '../../../engine/key-table.ts';
import { Flag, ICol, Id, Stride } from '../../../engine/rows.ts';
import type { World } from '../../../engine/world.ts';

/** The user has written nothing of the key that some copy still lacks. */
export const NOTHING = -1;

/** Accounting for a database, null where no user has keys of its own. */
export function ownWritesOf(world: World, isEverywhere: (version: number) => boolean): OwnWrites | null {
  return world.populations.some(({ spec }) => spec.ownKeys > 0) ? new OwnWrites(world, isEverywhere) : null;
}

export class OwnWrites {
  /** Reads of a key whose user had written it, when some copy still lacked that write: with the write, and without. */
  private seen = 0;
  private missed = 0;
  /** By population: users with writes, and the first of each. */
  private readonly users: KeyTable[] = [];
  private readonly first: Int32Array[] = [];
  // Writes: lists that share one pool.
  private readonly key: number[] = [];
  private readonly version: number[] = [];
  private readonly next: number[] = [];
  private free: number = Id.None;

  constructor(
    private readonly world: World,
    private readonly isEverywhere: (version: number) => boolean,
  ) {}

  get figures(): { ownWritesSeen: number; ownWritesMissed: number } {
    return { ownWritesSeen: this.seen, ownWritesMissed: this.missed };
  }

  resetFigures(): void {
    this.seen = 0;
    this.missed = 0;
  }

  /** The write of a row is acknowledged. */
  wrote(row: number, version: number): void {
    const request = this.requestOf(row);
    if (request === Id.None) return;
    const { I } = this.world.rows;
    const population = I[request * Stride.I + ICol.Op] >> 16;
    const key = I[row * Stride.I + ICol.Key];
    const entry = this.entryOf(population, I[request * Stride.I + ICol.User]);
    this.first[population][entry] = this.put(key, version, this.without(this.first[population][entry], key));
  }

  /** The user's last write of the row's key, if some copy lacks it; else NOTHING. */
  lastOf(row: number): number {
    const request = this.requestOf(row);
    if (request === Id.None) return NOTHING;
    const { I } = this.world.rows;
    const population = I[request * Stride.I + ICol.Op] >> 16;
    if (population >= this.users.length) return NOTHING;
    const entry = this.users[population].find(I[request * Stride.I + ICol.User]);
    if (entry === Id.None) return NOTHING;
    const key = I[row * Stride.I + ICol.Key];
    for (let at = this.first[population][entry]; at !== Id.None; at = this.next[at])
      if (this.key[at] === key) return this.isEverywhere(this.version[at]) ? NOTHING : this.version[at];
    return NOTHING;
  }

  judged(sees: boolean): void {
    if (sees) this.seen++;
    else this.missed++;
  }

  /** The request, of a user with own keys, that waits for the row; Id.None: there is none. */
  private requestOf(row: number): number {
    const { rows, populations } = this.world;
    const { I } = rows;
    let at = row;
    while ((I[at * Stride.I + ICol.Flags] & Flag.Request) === 0) {
      const parent = I[at * Stride.I + ICol.Parent];
      if (parent === Id.None || I[parent * Stride.I + ICol.Gen] !== I[at * Stride.I + ICol.ParentGen]) return Id.None;
      at = parent;
    }
    return populations[I[at * Stride.I + ICol.Op] >> 16].spec.ownKeys > 0 ? at : Id.None;
  }

  private entryOf(population: number, user: number): number {
    while (this.users.length <= population) {
      const table = new KeyTable();
      this.users.push(table);
      this.first.push(new Int32Array(table.capacity));
    }
    const table = this.users[population];
    const known = table.find(user);
    if (known !== Id.None) return known;
    const entry = table.add(user);
    if (this.first[population].length < table.capacity) {
      const grown = new Int32Array(table.capacity);
      grown.set(this.first[population]);
      this.first[population] = grown;
    }
    this.first[population][entry] = Id.None;
    return entry;
  }

  /** A list without the write of a key, and without those that every copy has. */
  private without(list: number, key: number): number {
    let kept: number = Id.None;
    for (let at = list; at !== Id.None; ) {
      const next = this.next[at];
      if (this.key[at] === key || this.isEverywhere(this.version[at])) {
        this.next[at] = this.free;
        this.free = at;
      } else {
        this.next[at] = kept;
        kept = at;
      }
      at = next;
    }
    return kept;
  }

  private put(key: number, version: number, next: number): number {
    let at = this.free;
    if (at === Id.None) at = this.key.length;
    else this.free = this.next[at];
    this.key[at] = key;
    this.version[at] = version;
    this.next[at] = next;
    return at;
  }
}
