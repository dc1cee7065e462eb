/**
 * Where requests have been, span after span: for each slot a start and up to so many (until when, cell, node).
 *
 * Spans follow each other without gaps, so a span begins where the one before it ended.
 */

/** Spans a trail holds; what comes after them is part of the last one. */
export const MOST_SPANS = 48;

export class Trails {
  /** When the trail began, ns. */
  start: Float64Array;
  /** Spans so far, and tries of the request. */
  count: Int32Array;
  tries: Int32Array;
  /** 1: there were more spans than fit. */
  cut: Uint8Array;
  /** slot * MOST_SPANS + i: when span i ended, ns; its cell; its node. */
  ends: Float64Array;
  cells: Int32Array;
  nodes: Int32Array;

  constructor(slots: number) {
    this.start = new Float64Array(slots);
    this.count = new Int32Array(slots);
    this.tries = new Int32Array(slots);
    this.cut = new Uint8Array(slots);
    this.ends = new Float64Array(slots * MOST_SPANS);
    this.cells = new Int32Array(slots * MOST_SPANS);
    this.nodes = new Int32Array(slots * MOST_SPANS);
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

  /** The span that ends at `endNs`. One like the one before makes that one longer. */
  add(slot: number, cell: number, node: number, endNs: number): void {
    const count = this.count[slot];
    const last = slot * MOST_SPANS + count - 1;
    if (count > 0 && this.cells[last] === cell && this.nodes[last] === node) {
      this.ends[last] = endNs;
      return;
    }
    if (count === MOST_SPANS) {
      this.ends[last] = endNs;
      this.cut[slot] = 1;
      return;
    }
    this.ends[last + 1] = endNs;
    this.cells[last + 1] = cell;
    this.nodes[last + 1] = node;
    this.count[slot] = count + 1;
  }

  /** Appends a trail that began where this one has come to (the branch that a fork waited for). */
  append(slot: number, from: number): void {
    const first = from * MOST_SPANS;
    for (let i = first; i < first + this.count[from]; i++) this.add(slot, this.cells[i], this.nodes[i], this.ends[i]);
    if (this.cut[from] === 1) this.cut[slot] = 1;
  }

  /** Slot `to` becomes a copy of a slot of another store. */
  copy(to: number, other: Trails, from: number): void {
    this.start[to] = other.start[from];
    this.count[to] = other.count[from];
    this.tries[to] = other.tries[from];
    this.cut[to] = other.cut[from];
    const a = to * MOST_SPANS;
    const b = from * MOST_SPANS;
    for (let i = 0; i < other.count[from]; i++) {
      this.ends[a + i] = other.ends[b + i];
      this.cells[a + i] = other.cells[b + i];
      this.nodes[a + i] = other.nodes[b + i];
    }
  }

  /** Twice the slots. */
  grow(): void {
    const grown = new Trails(this.slots * 2);
    for (const column of ['start', 'count', 'tries', 'cut', 'ends', 'cells', 'nodes'] as const)
      grown[column].set(this[column]);
    Object.assign(this, grown);
  }
}
