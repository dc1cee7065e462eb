/**
 * Where requests have been, span after span: for each slot a start and up to so many (until when, cell, node).
 *
 * Spans follow each other without gaps, so a span begins where the one before it ended. Where and until when stand beside
 * each other: a span is written at every step of every request, and is one line of the processor's cache.
 */

/** Spans a trail holds; what comes after them is part of the last one. */
const MOST_SPANS = 48;

/** Numbers a span: until when, ns; and where, cell and node in one (exact: both are below 2²⁶). */
const WIDTH = 2;
const SLOT = MOST_SPANS * WIDTH;
const NODES = 0x4000000;

export class Trails {
  /** When the trail began, ns. */
  start: Float64Array;
  /** Spans so far, and tries of the request. */
  count: Int32Array;
  tries: Int32Array;
  /** 1: there were more spans than fit. */
  cut: Uint8Array;
  private spans: Float64Array;

  constructor(slots: number) {
    this.start = new Float64Array(slots);
    this.count = new Int32Array(slots);
    this.tries = new Int32Array(slots);
    this.cut = new Uint8Array(slots);
    this.spans = new Float64Array(slots * SLOT);
  }

  get slots(): number {
    return this.count.length;
  }

  begin(slot: number, nowNs: number): void {
    this.start[slot] = nowNs;
    this.count[slot] = 0;
    this.tries[slot] = 0;
    this.cut[slot] = 0;
  }

  /** The span that ends at `endNs`. One like the one before makes that one longer. A node may be Id.None, −1. */
  add(slot: number, cell: number, node: number, endNs: number): void {
    this.append(slot, cell * NODES + node + 1, endNs);
  }

  /** When span i of a slot ended, ns. */
  end(slot: number, i: number): number {
    return this.spans[slot * SLOT + i * WIDTH];
  }

  cell(slot: number, i: number): number {
    return Math.floor(this.spans[slot * SLOT + i * WIDTH + 1] / NODES);
  }

  node(slot: number, i: number): number {
    return (this.spans[slot * SLOT + i * WIDTH + 1] % NODES) - 1;
  }

  /** Appends a trail that began where this one has come to (the branch that a fork waited for). */
  absorb(slot: number, from: number): void {
    const first = from * SLOT;
    const end = first + this.count[from] * WIDTH;
    for (let at = first; at < end; at += WIDTH) this.append(slot, this.spans[at + 1], this.spans[at]);
    if (this.cut[from] === 1) this.cut[slot] = 1;
  }

  /** Slot `to` becomes a copy of a slot of another store. */
  copy(to: number, other: Trails, from: number): void {
    this.start[to] = other.start[from];
    this.count[to] = other.count[from];
    this.tries[to] = other.tries[from];
    this.cut[to] = other.cut[from];
    const first = from * SLOT;
    this.spans.set(other.spans.subarray(first, first + other.count[from] * WIDTH), to * SLOT);
  }

  /** Twice the slots. */
  grow(): void {
    const grown = new Trails(this.slots * 2);
    for (const column of ['start', 'count', 'tries', 'cut', 'spans'] as const) grown[column].set(this[column]);
    Object.assign(this, grown);
  }

  private append(slot: number, where: number, endNs: number): void {
    const { spans } = this;
    const count = this.count[slot];
    const last = slot * SLOT + (count - 1) * WIDTH;
    if (count > 0 && spans[last + 1] === where) {
      spans[last] = endNs;
    } else if (count === MOST_SPANS) {
      spans[last] = endNs;
      this.cut[slot] = 1;
    } else {
      spans[last + WIDTH] = endNs;
      spans[last + WIDTH + 1] = where;
      this.count[slot] = count + 1;
    }
  }
}
