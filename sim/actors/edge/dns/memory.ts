/**
 * What callers remember of the answers they got: an address until its time to live is over, or that there was none.
 *
 * At time zero the world is not new: the first answer a caller gets has been in the cache of some resolver for a while,
 * so what is left of its life is a random part of it. Otherwise all caches would expire in step.
 */
import { Id } from '../../../engine/rows.ts';
import type { DnsSettings } from '../dns.settings.ts';
import type { Callers } from './callers.ts';

/** No answer: what is remembered of a lookup that failed. */
const NO_ADDRESS = -2;
/** A stale answer is used this long before the name servers are asked again (RFC 8767, section 5). */
const STALE_LIFE_NS = 30_000_000_000;

/** Steps of a caller's own draws. */
const enum Draw {
  FirstLife = 1,
  Ignores = 2,
}

export class Memory {
  /** By slot: an address, Id.None: never had one, NO_ADDRESS: remembers that there was none. */
  private readonly address: Int32Array;
  /** By slot: the end of its life, ns. */
  private readonly until: Float64Array;
  /** By slot: the last address that was answered and the end of its time as a stale one; empty where nobody may use it. */
  private readonly last: Int32Array;
  private readonly lastUntil: Float64Array;

  constructor(
    private readonly own: DnsSettings,
    private readonly callers: Callers,
    private readonly clock: Float64Array,
  ) {
    const { count } = callers;
    const spare = own.staleNs > 0 ? count : 0;
    this.address = new Int32Array(count).fill(Id.None);
    this.until = new Float64Array(count);
    this.last = new Int32Array(spare).fill(Id.None);
    this.lastUntil = new Float64Array(spare);
  }

  /** Is what the slot remembers still to be used? Hot. */
  isFresh(slot: number): boolean {
    return this.clock[0] < this.until[slot];
  }

  /** What the slot remembers: an address, or Id.None: that there was no answer. */
  read(slot: number): number {
    const address = this.address[slot];
    return address === NO_ADDRESS ? Id.None : address;
  }

  /** The caller at `node` got an answer. */
  learn(slot: number, address: number, node: number): void {
    const { own, callers } = this;
    const now = this.clock[0];
    let life = own.ttlNs;
    if (this.address[slot] === Id.None) life *= callers.draw(slot, node, Draw.FirstLife);
    if (own.ignoring !== null && callers.draw(slot, node, Draw.Ignores) < own.ignoring.share)
      life = own.ignoring.forNs ?? Infinity;
    this.address[slot] = address;
    this.until[slot] = now + life;
    if (own.staleNs === 0) return;
    this.last[slot] = address;
    this.lastUntil[slot] = now + life + own.staleNs;
  }

  /** The lookup failed. Returns the address that is used nevertheless, Id.None: none. */
  fail(slot: number): number {
    const { own } = this;
    const now = this.clock[0];
    if (own.staleNs > 0 && this.last[slot] !== Id.None && now < this.lastUntil[slot]) {
      this.until[slot] = Math.min(this.lastUntil[slot], now + STALE_LIFE_NS);
      this.address[slot] = this.last[slot];
      return this.last[slot];
    }
    this.address[slot] = NO_ADDRESS;
    this.until[slot] = now + own.negativeTtlNs;
    return Id.None;
  }
}
