/**
 * Spans that keep, beside the sums, where each request has been and when: the waterfall of a single request.
 *
 * Stands in the place of `Spans` in a recorded run, and books the same figures. At most so many requests are followed
 * at a time; those that begin while all trails are taken are not, and the recording says how many were.
 */
import { LooseTables, type Memory } from '../engine/memory.ts';
import { ICol, Id, Stride, type Rows } from '../engine/rows.ts';
import { Chain, ChainF, Trail } from '../engine/records.ts';
import { Cell, Slot } from '../engine/slots.ts';
import { Spans } from '../engine/spans.ts';
import { Trails } from './trails.ts';

export class TracedSpans extends Spans {
  readonly trails: Trails;
  /** Trails that were given back, the last one first to be taken. */
  private readonly spare: Int32Array;
  /** When those requests end whose trails the core gave back ahead of that: see engine/core/recorded.ts. */
  private readonly ahead: Float64Array;
  private cellComponent = new Int32Array(0);
  private nodeComponent = new Int32Array(0);

  constructor(
    rows: Rows,
    clock: Float64Array,
    private readonly memory: Memory | null = null,
    most?: number,
  ) {
    super(rows, clock, memory, most);
    const tables = memory ?? new LooseTables();
    this.trails = new Trails(Trail.InUse, tables);
    this.spare = tables.i32(Slot.TrailFree, Trail.InUse);
    this.ahead = tables.f64(Slot.TrailAhead, Trail.Ahead);
  }

  /** Once the world is complete: which component each cell and each node belongs to. */
  know(cellComponent: Int32Array<ArrayBuffer>, nodeComponent: Int32Array<ArrayBuffer>): void {
    this.cellComponent = cellComponent;
    this.memory?.i32(Slot.CellComponent, cellComponent.length).set(cellComponent);
    this.nodeComponent = nodeComponent;
  }

  /** The slot of the trail of a row on a critical path, Id.None: it is not followed. */
  slotOf(row: number): number {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    return chain === Id.None ? Id.None : this.I[chain * Chain.I + Chain.Trail];
  }

  /** A request's last span up to now, before its chain is settled. Returns its slot. */
  conclude(row: number): number {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (
      chain === Id.None ||
      this.I[chain * Chain.I + Chain.Owner] !== row ||
      this.I[chain * Chain.I + Chain.Trail] === Id.None
    )
      return Id.None;
    this.close(chain); // once: when the chain is settled there is nothing left to close
    return this.I[chain * Chain.I + Chain.Trail];
  }

  override begin(row: number, cell: number): void {
    super.begin(row, cell);
    this.follow(row);
  }

  /** A trail for the chain that has just begun. */
  follow(row: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    this.I[chain * Chain.I + Chain.Trail] = this.take();
    this.I[chain * Chain.I + Chain.At] = this.rows.I[row * Stride.I + ICol.Node];
  }

  /** As in `Spans`, written out: it is called at every step of every request. */
  override enter(row: number, cell: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const chain = I[at + ICol.Span];
    const own = chain * Chain.I;
    if (chain === Id.None || this.I[own + Chain.Owner] !== row) return;
    const now = this.clock[0];
    const since = chain * Chain.F + ChainF.Mark;
    const time = now - this.F[since];
    const here = I[at + ICol.Node];
    if (time !== 0) {
      const open = this.I[own + Chain.Open];
      const slot = this.I[chain * Chain.I + Chain.Trail];
      if (slot !== Id.None) this.trails.add(slot, open, this.nodeAt(chain, open, here), now);
      this.F[since] = now;
      this.add(chain, open, time);
    }
    this.I[own + Chain.Open] = cell;
    this.I[chain * Chain.I + Chain.At] = here;
  }

  override reclaim(row: number, cell: number): void {
    super.reclaim(row, cell);
    this.opens(row);
  }

  override recall(row: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain !== Id.None && this.isOnPath(row)) this.stays(chain);
    super.recall(row);
  }

  /** As in `Spans`, written out. */
  override split(row: number, serviceNs: number, waitCell: number): void {
    const at = row * Stride.I;
    const chain = this.rows.I[at + ICol.Span];
    const own = chain * Chain.I;
    if (chain === Id.None || this.I[own + Chain.Owner] !== row) return;
    const now = this.clock[0];
    const since = chain * Chain.F + ChainF.Mark;
    const total = now - this.F[since];
    const service = Math.min(total, Math.round(serviceNs));
    const waiting = total - service;
    const open = this.I[own + Chain.Open];
    const slot = this.I[chain * Chain.I + Chain.Trail];
    if (slot !== Id.None) {
      const node = this.rows.I[at + ICol.Node];
      // On a shared core they alternate too fast to draw: the waiting comes first.
      if (waiting > 0) this.trails.add(slot, waitCell, node, now - service);
      if (service > 0) this.trails.add(slot, open, node, now);
    }
    this.add(chain, open, service);
    if (waiting > 0) this.add(chain, waitCell, waiting);
    this.F[since] = now;
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
    const slot = this.I[to * Chain.I + Chain.Trail];
    if (slot === Id.None) return;
    if (this.I[from * Chain.I + Chain.Trail] !== Id.None)
      this.trails.absorb(slot, this.I[from * Chain.I + Chain.Trail]);
    else this.trails.add(slot, this.I[from * Chain.I + Chain.Open], I[branch * Stride.I + ICol.Node], this.clock[0]);
  }

  override strand(row: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain !== Id.None && this.I[chain * Chain.I + Chain.Owner] === row) this.stays(chain);
    super.strand(row);
  }

  override drop(row: number): void {
    this.forget(row);
    super.drop(row);
  }

  /** The row's trail, if it has one, goes to whoever begins next. */
  forget(row: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain !== Id.None && this.I[chain * Chain.I + Chain.Trail] !== Id.None) {
      this.spare[this.cells[Cell.TrailsFree]++] = this.I[chain * Chain.I + Chain.Trail];
      this.I[chain * Chain.I + Chain.Trail] = Id.None;
    }
  }

  protected override close(chain: number): void {
    if (this.I[chain * Chain.I + Chain.Trail] !== Id.None) this.log(chain);
    super.close(chain);
  }

  private opens(row: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain !== Id.None && this.I[chain * Chain.I + Chain.Owner] === row)
      this.I[chain * Chain.I + Chain.At] = this.rows.I[row * Stride.I + ICol.Node];
  }

  /** What is open goes on where it is, whoever has the chain from now on. */
  private stays(chain: number): void {
    const at = chain * Chain.I;
    const owner = this.I[at + Chain.Owner];
    if (owner === Id.None) return;
    this.I[at + Chain.At] = this.nodeAt(chain, this.I[at + Chain.Open], this.rows.I[owner * Stride.I + ICol.Node]);
  }

  /** The time since the mark was spent where its owner is (or was last, if it is gone), or where it was when the span began. */
  private log(chain: number): void {
    const now = this.clock[0];
    if (now === this.F[chain * Chain.F + ChainF.Mark]) return;
    const cell = this.I[chain * Chain.I + Chain.Open];
    const owner = this.I[chain * Chain.I + Chain.Owner];
    const here = owner === Id.None ? Id.None : this.rows.I[owner * Stride.I + ICol.Node];
    this.trails.add(this.I[chain * Chain.I + Chain.Trail], cell, this.nodeAt(chain, cell, here), now);
  }

  /** The node on which a chain spent its time in a cell: where its owner is, or else where the span began. */
  private nodeAt(chain: number, cell: number, here: number): number {
    return here >= 0 && this.nodeComponent[here] === this.cellComponent[cell]
      ? here
      : this.I[chain * Chain.I + Chain.At];
  }

  /** Are all in use? Those are, too, that the core gave back of requests which have not come to their end. */
  private isExhausted(): boolean {
    const { cells, ahead } = this;
    const taken = cells[Cell.TrailsUsed] - cells[Cell.TrailsFree];
    const given = cells[Cell.TrailsAhead];
    if (taken + given < Trail.InUse) return false;
    let still = 0;
    for (let i = 0; i < given; i++) if (ahead[i] > this.clock[0]) still++;
    return taken + still >= Trail.InUse;
  }

  private take(): number {
    const { cells } = this;
    if (this.isExhausted()) return Id.None;
    let slot: number;
    if (cells[Cell.TrailsFree] > 0) slot = this.spare[--cells[Cell.TrailsFree]];
    else slot = cells[Cell.TrailsUsed]++;
    this.trails.begin(slot, this.clock[0]);
    return slot;
  }
}
