/**
 * Operations of a quorum that are under way: one slot each, kept until every message of it has been delivered, so that a
 * late copy still finds its key and version. Parallel arrays that grow; a handle carries the generation of its slot.
 */
import { Id } from '../../../engine/rows.ts';

const GENERATIONS = 1024;
const MOST_SLOTS = 1 << 21;

export class Operations {
  /** The request that waits at the coordinator, -1: it was answered, or is gone. */
  row = new Int32Array(0);
  key = new Int32Array(0);
  coordinator = new Int32Array(0);
  /** Answers still needed, and messages still to come. */
  needs = new Int32Array(0);
  left = new Int32Array(0);
  idA = new Int32Array(0);
  idB = new Int32Array(0);
  isWrite = new Int32Array(0);
  /** Of a write its version, of a read the newest seen. */
  version = new Float64Array(0);
  startedNs = new Float64Array(0);
  private generation = new Int32Array(0);
  private nextFree = new Int32Array(0);
  private head: number = Id.None;
  /** Slots in use. */
  live = 0;

  /** Takes a slot, -1: there are none left. */
  take(): number {
    if (this.head === Id.None && !this.grow()) return Id.None;
    const slot = this.head;
    this.head = this.nextFree[slot];
    this.nextFree[slot] = slot;
    this.live++;
    return slot;
  }

  free(slot: number): void {
    this.generation[slot] = (this.generation[slot] + 1) % GENERATIONS;
    this.row[slot] = Id.None;
    this.nextFree[slot] = this.head;
    this.head = slot;
    this.live--;
  }

  /** Is in use: a slot that is not has a link to another one, or to none. */
  isLive(slot: number): boolean {
    return this.nextFree[slot] === slot;
  }

  /** Least version of a write that is not over, Infinity: there is none. Cold. */
  oldestVersion(): number {
    let oldest = Infinity;
    for (let slot = 0; slot < this.capacity; slot++) {
      if (this.isLive(slot) && this.isWrite[slot] === 1) oldest = Math.min(oldest, this.version[slot]);
    }
    return oldest;
  }

  get capacity(): number {
    return this.row.length;
  }

  handle(slot: number): number {
    return slot * GENERATIONS + this.generation[slot];
  }

  /** The slot of a handle, -1: it has been given to another operation since. */
  find(handle: number): number {
    const slot = Math.floor(handle / GENERATIONS);
    return this.generation[slot] === handle % GENERATIONS ? slot : Id.None;
  }

  private grow(): boolean {
    const from = this.capacity;
    if (from === MOST_SLOTS) return false;
    const size = Math.max(64, from * 2);
    const integers = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(size);
      grown.set(old);
      return grown;
    };
    const doubles = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(size);
      grown.set(old);
      return grown;
    };
    this.row = integers(this.row).fill(Id.None, from);
    this.key = integers(this.key);
    this.coordinator = integers(this.coordinator);
    this.needs = integers(this.needs);
    this.left = integers(this.left);
    this.idA = integers(this.idA);
    this.idB = integers(this.idB);
    this.isWrite = integers(this.isWrite);
    this.version = doubles(this.version);
    this.startedNs = doubles(this.startedNs);
    this.generation = integers(this.generation);
    this.nextFree = integers(this.nextFree);
    for (let slot = size - 1; slot >= from; slot--) {
      this.nextFree[slot] = this.head;
      this.head = slot;
    }
    return true;
  }
}
