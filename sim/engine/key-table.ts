/**
 * Integer keys → small dense numbers (entries), over typed arrays: the ground of caches, leases and per-key counts.
 * Whoever needs more about an entry keeps arrays of its own, as long as `capacity`.
 *
 * Separate chaining with at least twice as many chains as entries: adding and removing touch one chain, and unlike
 * probing nothing else ever moves. Nothing observable depends on the order of the table.
 */
import { Id } from './rows.ts';

const FIRST_CAPACITY = 16;

/** Spreads an int32 over all 32 bits (Wellons' lowbias32). */
export function mixKey(key: number): number {
  let h = Math.imul(key ^ (key >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}

export class KeyTable {
  /** Entries there is room for now: arrays beside the table must be this long. */
  capacity: number;
  /** Keys held. */
  size = 0;
  /** First entry of each chain, plus 1; 0: empty. */
  private chains: Int32Array<ArrayBuffer>;
  private mask: number;
  /** By entry, side by side: its key, and the next entry of its chain (or of the free list), plus 1. */
  private links: Int32Array<ArrayBuffer>;
  private free = 0;
  /** Entries ever used. */
  private top = 0;

  /** @param most keys it will ever hold; room grows by doubling up to that. */
  constructor(readonly most = 0x1fffffff) {
    this.capacity = Math.min(FIRST_CAPACITY, most);
    this.links = new Int32Array(this.capacity * 2);
    this.chains = new Int32Array(chainCount(this.capacity));
    this.mask = this.chains.length - 1;
  }

  /** Entry of the key, Id.None: not here. */
  find(key: number): number {
    const links = this.links;
    let at = this.chains[mixKey(key) & this.mask];
    while (at !== 0 && links[2 * at - 2] !== key) at = links[2 * at - 1];
    return at - 1;
  }

  /** Key of an entry in use. */
  keyOf(entry: number): number {
    return this.links[2 * entry];
  }

  /** Adds a key that is not here, and returns its entry. Never more than `most` keys. */
  add(key: number): number {
    let entry = this.free - 1;
    if (entry !== Id.None) this.free = this.links[2 * entry + 1];
    else {
      if (this.top === this.capacity) this.grow();
      entry = this.top++;
    }
    this.size++;
    this.place(key, entry);
    return entry;
  }

  remove(entry: number): void {
    const { links, chains } = this;
    const chain = mixKey(links[2 * entry]) & this.mask;
    const after = links[2 * entry + 1];
    let at = chains[chain];
    if (at === entry + 1) chains[chain] = after;
    else {
      while (links[2 * at - 1] !== entry + 1) at = links[2 * at - 1];
      links[2 * at - 1] = after;
    }
    links[2 * entry + 1] = this.free;
    this.free = entry + 1;
    this.size--;
  }

  clear(): void {
    this.chains.fill(0);
    this.size = 0;
    this.top = 0;
    this.free = 0;
  }

  /** Calls `visit` for every entry, which may remove the one it is shown. Cold. */
  each(visit: (entry: number) => void): void {
    const free = new Uint8Array(this.top);
    for (let at = this.free; at !== 0; at = this.links[2 * at - 1]) free[at - 1] = 1;
    for (let entry = 0; entry < free.length; entry++) if (free[entry] === 0) visit(entry);
  }

  private place(key: number, entry: number): void {
    const chain = mixKey(key) & this.mask;
    this.links[2 * entry] = key;
    this.links[2 * entry + 1] = this.chains[chain];
    this.chains[chain] = entry + 1;
  }

  /** Twice the room. Happens with every entry in use. */
  private grow(): void {
    if (this.capacity >= this.most) throw new RangeError(`more than ${this.most} keys in a table made for so many`);
    this.capacity = Math.min(this.capacity * 2, this.most);
    const links = new Int32Array(this.capacity * 2);
    links.set(this.links);
    this.links = links;
    this.chains = new Int32Array(chainCount(this.capacity));
    this.mask = this.chains.length - 1;
    for (let entry = 0; entry < this.top; entry++) this.place(links[2 * entry], entry);
  }
}

/** A power of two, at least twice the capacity. */
function chainCount(capacity: number): number {
  return 1 << (33 - Math.clz32(Math.max(1, capacity - 1)));
}
