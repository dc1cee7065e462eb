/**
 * Where requests have been, span after span: for each slot a start and up to so many (until when, cell, node).
 *
 * Spans follow each other without gaps, so a span begins where the one before it ended. Where and until when stand beside
 * each other: a span is written at every step of every request, and is one line of the processor's cache.
 */

import { LooseTables, type Tables } from '../engine/memory.ts';
import { Trail } from '../engine/records.ts';
import { Slot } from '../engine/slots.ts';

/** Numbers a trail. */
const SLOT = Trail.Most * Trail.Width;

export class Trails {
  /** When the trail began, ns. */
  readonly start: Float64Array;
  /** Spans so far, and tries of the request. */
  readonly count: Int32Array;
  readonly tries: Int32Array;
  /** 1: there were more spans than fit. */
  readonly cut: Uint8Array;
  private readonly spans: Float64Array;

  /** @param tables where they are to stand, for the core to write them too */
  constructor(slots: number, tables: Tables = new LooseTables()) {
    this.start = tables.f64(Slot.TrailStart, slots);
    this.count = tables.i32(Slot.TrailCount, slots);
    this.tries = tables.i32(Slot.TrailTries, slots);
    this.cut = tables.u8(Slot.TrailCut, slots);
    this.spans = tables.f64(Slot.TrailSpans, slots * SLOT);
  }

  begin(slot: number, nowNs: number): void {
    this.start[slot] = nowNs;
    this.count[slot] = 0;
    this.tries[slot] = 0;
    this.cut[slot] = 0;
  }

  /** The span that ends at `endNs`. One like the one before makes that one longer. A node may be Id.None, −1. */
  add(slot: number, cell: number, node: number, endNs: number): void {
    this.append(slot, cell * Trail.Nodes + node + 1, endNs);
  }

  /** When span i of a slot ended, ns. */
  end(slot: number, i: number): number {
    return this.spans[slot * SLOT + i * Trail.Width];
  }

  cell(slot: number, i: number): number {
    return Math.floor(this.spans[slot * SLOT + i * Trail.Width + 1] / Trail.Nodes);
  }

  node(slot: number, i: number): number {
    return (this.spans[slot * SLOT + i * Trail.Width + 1] % Trail.Nodes) - 1;
  }

  /** Appends a trail that began where this one has come to (the branch that a fork waited for). */
  absorb(slot: number, from: number): void {
    const first = from * SLOT;
    const end = first + this.count[from] * Trail.Width;
    for (let at = first; at < end; at += Trail.Width) this.append(slot, this.spans[at + 1], this.spans[at]);
    if (this.cut[from] === 1) this.cut[slot] = 1;
  }

  /** Slot `to` becomes a copy of a slot of another store. */
  copy(to: number, other: Trails, from: number): void {
    this.start[to] = other.start[from];
    this.count[to] = other.count[from];
    this.tries[to] = other.tries[from];
    this.cut[to] = other.cut[from];
    const first = from * SLOT;
    this.spans.set(other.spans.subarray(first, first + other.count[from] * Trail.Width), to * SLOT);
  }

  private append(slot: number, where: number, endNs: number): void {
    const { spans } = this;
    const count = this.count[slot];
    const last = slot * SLOT + (count - 1) * Trail.Width;
    if (count > 0 && spans[last + 1] === where) {
      spans[last] = endNs;
    } else if (count === Trail.Most) {
      spans[last] = endNs;
      this.cut[slot] = 1;
    } else {
      spans[last + Trail.Width] = endNs;
      spans[last + Trail.Width + 1] = where;
      this.count[slot] = count + 1;
    }
  }
}
