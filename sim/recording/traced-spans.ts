/**
 * Spans that keep, beside the sums, where each request has been and when: the waterfall of a single request.
 *
 * Stands in the place of `Spans` in a recorded run, and books the same figures. At most so many requests are followed
 * at a time; those that begin while all trails are taken are not, and the recording says how many were.
 */
import { ICol, Id, Stride } from '../engine/rows.ts';
import { Chain, ChainF } from '../engine/slots.ts';
import { Spans } from '../engine/spans.ts';
import { Trails } from './trails.ts';

/** Trails in use at a time, at most: 13 MB. */
const MOST = 16_384;
const FIRST = 256;

export class TracedSpans extends Spans {
  readonly trails = new Trails(FIRST);
  /** Slot of each chain, Id.None: not followed. */
  private slots = new Int32Array(FIRST).fill(Id.None);
  /** Where the owner of each chain was when its open span began. */
  private openedAt = new Int32Array(FIRST).fill(Id.None);
  private readonly free: number[] = [];
  private used = 0;
  private cellComponent = new Int32Array(0);
  private nodeComponent = new Int32Array(0);

  /** Once the world is complete: which component each cell and each node belongs to. */
  know(cellComponent: Int32Array<ArrayBuffer>, nodeComponent: Int32Array<ArrayBuffer>): void {
    this.cellComponent = cellComponent;
    this.nodeComponent = nodeComponent;
  }

  /** The slot of the trail of a row on a critical path, Id.None: it is not followed. */
  slotOf(row: number): number {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    return chain === Id.None ? Id.None : this.slots[chain];
  }

  /** A request's last span up to now, before its chain is settled. Returns its slot. */
  conclude(row: number): number {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain === Id.None || this.I[chain * Chain.I + Chain.Owner] !== row || this.slots[chain] === Id.None)
      return Id.None;
    this.log(chain);
    return this.slots[chain];
  }

  override begin(row: number, cell: number): void {
    super.begin(row, cell);
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain >= this.slots.length) this.growTo(chain);
    this.slots[chain] = this.take();
    this.openedAt[chain] = this.rows.I[row * Stride.I + ICol.Node];
  }

  /** As in `Spans`, written out: it is called at every step of every request. */
  override enter(row: number, cell: number): void {
    const I = this.rows.I;
    const chain = I[row * Stride.I + ICol.Span];
    if (chain === Id.None || this.I[chain * Chain.I + Chain.Owner] !== row) return;
    if (this.clock[0] !== this.F[chain * Chain.F + ChainF.Mark]) this.close(chain);
    this.I[chain * Chain.I + Chain.Open] = cell;
    this.openedAt[chain] = I[row * Stride.I + ICol.Node];
  }

  override reclaim(row: number, cell: number): void {
    super.reclaim(row, cell);
    this.opens(row);
  }

  override split(row: number, serviceNs: number, waitCell: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain !== Id.None && this.I[chain * Chain.I + Chain.Owner] === row && this.slots[chain] !== Id.None) {
      const slot = this.slots[chain];
      const node = this.rows.I[row * Stride.I + ICol.Node];
      const from = this.F[chain * Chain.F + ChainF.Mark];
      const waiting = this.clock[0] - from - Math.round(serviceNs);
      // On a shared core they alternate too fast to draw: the waiting comes first.
      if (waiting > 0) this.trails.add(slot, waitCell, node, from + waiting);
      if (this.clock[0] > from + waiting)
        this.trails.add(slot, this.I[chain * Chain.I + Chain.Open], node, this.clock[0]);
    }
    super.split(row, serviceNs, waitCell);
  }

  override absorb(parent: number, branch: number): void {
    const { I } = this.rows;
    const to = I[parent * Stride.I + ICol.Span];
    const from = I[branch * Stride.I + ICol.Span];
    super.absorb(parent, branch);
    if (
      to === Id.None ||
      from === Id.None ||
      this.I[from * Chain.I + Chain.Owner] !== branch ||
      this.I[to * Chain.I + Chain.Owner] !== parent
    )
      return;
    const slot = this.slots[to];
    if (slot === Id.None) return;
    if (this.slots[from] !== Id.None) this.trails.append(slot, this.slots[from]);
    else this.trails.add(slot, this.I[from * Chain.I + Chain.Open], I[branch * Stride.I + ICol.Node], this.clock[0]);
  }

  override drop(row: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain !== Id.None && this.I[chain * Chain.I + Chain.Owner] === row && this.slots[chain] !== Id.None) {
      this.free.push(this.slots[chain]);
      this.slots[chain] = Id.None;
    }
    super.drop(row);
  }

  protected override close(chain: number): void {
    if (this.slots[chain] !== Id.None) this.log(chain);
    super.close(chain);
  }

  private opens(row: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain !== Id.None && this.I[chain * Chain.I + Chain.Owner] === row)
      this.openedAt[chain] = this.rows.I[row * Stride.I + ICol.Node];
  }

  /** The time since the mark was spent where its owner is (or was last), or where it was when the span began. */
  private log(chain: number): void {
    const now = this.clock[0];
    if (now === this.F[chain * Chain.F + ChainF.Mark]) return;
    const cell = this.I[chain * Chain.I + Chain.Open];
    const here = this.rows.I[this.I[chain * Chain.I + Chain.Owner] * Stride.I + ICol.Node];
    const isHere = here >= 0 && this.nodeComponent[here] === this.cellComponent[cell];
    this.trails.add(this.slots[chain], cell, isHere ? here : this.openedAt[chain], now);
  }

  private take(): number {
    let slot = this.free.pop() ?? Id.None;
    if (slot === Id.None) {
      if (this.used === MOST) return Id.None;
      if (this.used === this.trails.slots) this.trails.grow();
      slot = this.used++;
    }
    this.trails.begin(slot, this.clock[0]);
    return slot;
  }

  private growTo(chain: number): void {
    let length = this.slots.length;
    while (length <= chain) length *= 2;
    const grown = new Int32Array(length).fill(Id.None);
    grown.set(this.slots);
    this.slots = grown;
    const opened = new Int32Array(length);
    opened.set(this.openedAt);
    this.openedAt = opened;
  }
}
