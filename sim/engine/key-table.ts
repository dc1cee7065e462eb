/**
 * Integer keys → small dense numbers (entries), by open addressing over typed arrays: the ground of caches, leases and
 * per-key counts. Whoever needs more about an entry keeps arrays of its own, as long as `capacity`.
 *
 * Linear probing with backward-shift deletion (Knuth, TAOCP 3, 6.4, algorithm R), at most half full. Nothing observable
 * depends on the order of the table.
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
  /** Key of each entry in use. */
  keys: Int32Array;
  /** Entry + 1 (0: empty) and key, side by side. */
  private slots: Int32Array;
  private mask: number;
  private nextFree: Int32Array;
  private head = Id.None;
  /** Entries ever used. */
  private top = 0;

  /** @param most keys it will ever hold; room grows by doubling up to that. */
  constructor(readonly most = 0x1fffffff) {
    this.capacity = Math.min(FIRST_CAPACITY, most);
    this.keys = new Int32Array(this.capacity);
    this.nextFree = new Int32Array(this.capacity);
    this.slots = new Int32Array(slotCount(this.capacity) * 2);
    this.mask = slotCount(this.capacity) - 1;
  }

  /** Entry of the key, Id.None: not here. */
  find(key: number): number {
    const slots = this.slots;
    const mask = this.mask;
    let i = mixKey(key) & mask;
    for (;;) {
      const held = slots[2 * i];
      if (held === 0) return Id.None;
      if (slots[2 * i + 1] === key) return held - 1;
      i = (i + 1) & mask;
    }
  }

  /** Adds a key that is not here, and returns its entry. Never more than `most` keys. */
  add(key: number): number {
    let entry = this.head;
    if (entry !== Id.None) this.head = this.nextFree[entry];
    else {
      if (this.top === this.capacity) this.grow();
      entry = this.top++;
    }
    this.size++;
    this.keys[entry] = key;
    this.place(key, entry);
    return entry;
  }

  remove(entry: number): void {
    const { slots, mask } = this;
    const key = this.keys[entry];
    let hole = mixKey(key) & mask;
    while (slots[2 * hole] !== entry + 1) hole = (hole + 1) & mask;
    // Whoever stands beyond the hole and could not be found any more moves into it.
    for (let i = (hole + 1) & mask; slots[2 * i] !== 0; i = (i + 1) & mask) {
      const home = mixKey(slots[2 * i + 1]) & mask;
      if (((i - home) & mask) < ((i - hole) & mask)) continue;
      slots[2 * hole] = slots[2 * i];
      slots[2 * hole + 1] = slots[2 * i + 1];
      hole = i;
    }
    slots[2 * hole] = 0;
    this.nextFree[entry] = this.head;
    this.head = entry;
    this.size--;
  }

  clear(): void {
    this.slots.fill(0);
    this.size = 0;
    this.top = 0;
    this.head = Id.None;
  }

  /** Calls `visit` for every entry, which may remove the one it is shown. Cold. */
  each(visit: (entry: number) => void): void {
    const free = new Uint8Array(this.top);
    for (let entry: number = this.head; entry !== Id.None; entry = this.nextFree[entry]) free[entry] = 1;
    const top = this.top;
    for (let entry = 0; entry < top; entry++) if (free[entry] === 0) visit(entry);
  }

  private place(key: number, entry: number): void {
    const { slots, mask } = this;
    let i = mixKey(key) & mask;
    while (slots[2 * i] !== 0) i = (i + 1) & mask;
    slots[2 * i] = entry + 1;
    slots[2 * i + 1] = key;
  }

  private grow(): void {
    if (this.capacity >= this.most) throw new RangeError(`more than ${this.most} keys in a table made for so many`);
    this.capacity = Math.min(this.capacity * 2, this.most);
    const keys = new Int32Array(this.capacity);
    keys.set(this.keys);
    this.keys = keys;
    const nextFree = new Int32Array(this.capacity);
    nextFree.set(this.nextFree);
    this.nextFree = nextFree;
    const count = slotCount(this.capacity);
    this.slots = new Int32Array(count * 2);
    this.mask = count - 1;
    // Growing happens with every entry in use.
    for (let entry = 0; entry < this.top; entry++) this.place(keys[entry], entry);
  }
}

/** A power of two, at least twice the capacity. */
function slotCount(capacity: number): number {
  return 1 << (33 - Math.clz32(Math.max(1, capacity - 1)));
}
