/**
 * Where a request's time goes: spans on its critical path, booked while it moves.
 *
 * A chain belongs to one request (or to one branch of a fork) and is written by the row that is on the critical path
 * at the moment, its owner: a caller hands it to its call and takes it back with the answer or the timeout. Time since
 * the last mark always has a name, the open cell, so even the wait of an attempt that never came back is booked where
 * it was spent. A cell is (component, resource, kind). Durations are whole ns and sum to the latency exactly. A recorder
 * overrides the methods below to see each span as it is booked.
 */
import { LooseTables, type Memory } from './memory.ts';
import { Flag, ICol, Stride, Id, RowPoolExhausted, type Rows } from './rows.ts';
import { Chain, ChainF, ChainGroup } from './records.ts';
import { Cell } from './slots.ts';

const NO_MORE = 'the requests in flight no longer fit into the memory budget: their spans are too many';

export class Spans {
  /** The chains, through two views: see `Chain`. */
  readonly I: Int32Array;
  readonly F: Float64Array;
  private readonly most: number;
  protected readonly cells: Int32Array;

  /** @param memory where the chains are to stand; null: in a place of their own */
  constructor(
    protected readonly rows: Rows,
    protected readonly clock: Float64Array,
    memory: Memory | null = null,
    most = 1024,
  ) {
    this.cells = (memory ?? new LooseTables()).cells;
    this.most = memory?.mostChains ?? most;
    const buffer = memory?.buffer ?? new ArrayBuffer(most * Chain.Bytes);
    this.I = new Int32Array(buffer, memory?.chainsAt ?? 0, this.most * Chain.I);
    this.F = new Float64Array(buffer, memory?.chainsAt ?? 0, this.most * Chain.F);
    this.cells[Cell.ChainsHead] = Id.None;
    this.cells[Cell.ChainsAvailable] = this.most;
  }

  /** Chains that can still be begun. */
  get available(): number {
    return this.cells[Cell.ChainsAvailable];
  }

  /** Chains that have ever been in use. */
  get touched(): number {
    return this.cells[Cell.ChainsFresh];
  }

  /** Opens a chain for the row; time from now on goes to `cell`. */
  begin(row: number, cell: number): void {
    const { I, cells } = this;
    let chain = cells[Cell.ChainsHead];
    if (chain === Id.None) {
      chain = cells[Cell.ChainsFresh];
      if (chain === this.most) throw new RowPoolExhausted(NO_MORE);
      cells[Cell.ChainsFresh] = chain + 1;
    } else cells[Cell.ChainsHead] = I[chain * Chain.I + Chain.Seen];
    cells[Cell.ChainsAvailable]--;
    const at = chain * Chain.I;
    I[at + Chain.Count] = 0;
    I[at + Chain.Owner] = row;
    I[at + Chain.Open] = cell;
    I[at + Chain.Seen] = 0;
    this.F[chain * Chain.F + ChainF.Mark] = this.clock[0];
    this.rows.I[row * Stride.I + ICol.Span] = chain;
  }

  /** From now on the row's time goes to `cell`. */
  enter(row: number, cell: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain === Id.None || this.I[chain * Chain.I + Chain.Owner] !== row) return;
    this.close(chain);
    this.I[chain * Chain.I + Chain.Open] = cell;
  }

  /** A CPU step ended: of the time since the mark `serviceNs` was service, the rest waiting for a core. */
  split(row: number, serviceNs: number, waitCell: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain === Id.None || this.I[chain * Chain.I + Chain.Owner] !== row) return;
    const total = this.clock[0] - this.F[chain * Chain.F + ChainF.Mark];
    const service = Math.min(total, Math.round(serviceNs));
    this.add(chain, this.I[chain * Chain.I + Chain.Open], service);
    if (total > service) this.add(chain, waitCell, total - service);
    this.F[chain * Chain.F + ChainF.Mark] = this.clock[0];
  }

  /**
   * The chain follows the message `to`, if it is the row's. Who has been given up knows a chain that is another's by now,
   * perhaps of another request, and must not hand it on: `to` may have the number of a row that was its owner and is lost.
   */
  give(row: number, to: number): void {
    const I = this.rows.I;
    const chain = I[row * Stride.I + ICol.Span];
    if (chain === Id.None || this.I[chain * Chain.I + Chain.Owner] !== row) return;
    I[to * Stride.I + ICol.Span] = chain;
    this.I[chain * Chain.I + Chain.Owner] = to;
  }

  /** The chain follows a new row `to` that is the row's copy. Where an owner is gone that had the number of the copy, this is none. */
  inherit(row: number, to: number): void {
    const chain = this.rows.I[to * Stride.I + ICol.Span];
    if (chain === Id.None) return;
    const at = chain * Chain.I + Chain.Owner;
    if (this.I[at] === row) this.I[at] = to;
    else if (this.I[at] === to) this.I[at] = Id.None;
  }

  /** The row takes its chain back from whoever it went on to; not if its own caller has given it up meanwhile, and taken the chain. */
  reclaim(row: number, cell: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain === Id.None || !this.isOnPath(row)) return;
    this.close(chain);
    this.I[chain * Chain.I + Chain.Owner] = row;
    this.I[chain * Chain.I + Chain.Open] = cell;
  }

  /**
   * The row has its chain again, whoever it went on to, and time goes on to the open cell. Of a row that nobody waits for
   * any more: what it has begun elsewhere must not bring it a chain that it no longer works for.
   */
  recall(row: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain === Id.None || !this.isOnPath(row)) return;
    this.I[chain * Chain.I + Chain.Owner] = row;
  }

  /** Does everybody between the row and the one whose chain it is still wait for it? */
  protected isOnPath(row: number): boolean {
    const { I } = this.rows;
    let at = row * Stride.I;
    while ((I[at + ICol.Flags] & Flag.OwnSpan) === 0) {
      const parent = I[at + ICol.Parent];
      if (parent === Id.None) return false;
      const p = parent * Stride.I;
      if (I[p + ICol.Gen] !== I[at + ICol.ParentGen] || I[p + ICol.Attempt] !== I[at + ICol.Tag]) return false;
      at = p;
    }
    return true;
  }

  /** A fork's last branch decided how long it took: its spans become the parent's. */
  absorb(parent: number, branch: number): void {
    const I = this.rows.I;
    const to = I[parent * Stride.I + ICol.Span];
    const from = I[branch * Stride.I + ICol.Span];
    if (
      to === Id.None ||
      from === Id.None ||
      this.I[from * Chain.I + Chain.Owner] !== branch ||
      this.I[to * Chain.I + Chain.Owner] !== parent
    )
      return;
    this.close(from);
    for (let i = 0; i < this.I[from * Chain.I + Chain.Count]; i++)
      this.add(to, this.I[cellOf(from, i)], this.F[timeOf(from, i)]);
    this.F[to * Chain.F + ChainF.Mark] = this.F[from * Chain.F + ChainF.Mark];
  }

  /** The row is gone, and nobody is on the critical path until whoever waits for it takes the chain back. */
  strand(row: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain === Id.None || this.I[chain * Chain.I + Chain.Owner] !== row) return;
    this.I[chain * Chain.I + Chain.Owner] = Id.None;
  }

  /** The row, which began its chain, is gone: that goes back to the pool, whoever it went on to. */
  drop(row: number): void {
    const at = row * Stride.I + ICol.Span;
    const chain = this.rows.I[at];
    this.rows.I[at] = Id.None;
    if (chain === Id.None) return;
    this.I[chain * Chain.I + Chain.Owner] = Id.None;
    this.I[chain * Chain.I + Chain.Seen] = this.cells[Cell.ChainsHead];
    this.cells[Cell.ChainsHead] = chain;
    this.cells[Cell.ChainsAvailable]++;
  }

  /** The row leaves the critical path without ending it (it answered early): its chain is its parent's now. */
  detach(row: number): void {
    this.rows.I[row * Stride.I + ICol.Span] = Id.None;
  }

  /** Closes the row's chain at now and adds its spans to `sums[offset + cell]`. Returns their total. */
  settle(row: number, sums: Float64Array, offset: number): number {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain === Id.None || this.I[chain * Chain.I + Chain.Owner] !== row) return NaN;
    this.close(chain);
    let total = 0;
    const count = this.I[chain * Chain.I + Chain.Count];
    for (let i = 0; i < count; i++) {
      const time = this.F[timeOf(chain, i)];
      sums[offset + this.I[cellOf(chain, i)]] += time;
      total += time;
    }
    return total;
  }

  /** Hash of the row's spans so far, for the fingerprint. */
  digest(row: number): number {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain === Id.None) return 0;
    let h = 0;
    const count = this.I[chain * Chain.I + Chain.Count];
    for (let i = 0; i < count; i++) {
      const time = this.F[timeOf(chain, i)];
      // Low 32 bits of the duration, its high part, and the cell; addition makes the order of cells irrelevant.
      h =
        (h +
          Math.imul(
            (time | 0) ^ Math.imul(Math.floor(time / 4294967296) + this.I[cellOf(chain, i)] + 1, 0x9e3779b1),
            0x85ebca6b,
          )) |
        0;
    }
    return h;
  }

  protected close(chain: number): void {
    const time = this.clock[0] - this.F[chain * Chain.F + ChainF.Mark];
    if (time === 0) return;
    this.F[chain * Chain.F + ChainF.Mark] = this.clock[0];
    this.add(chain, this.I[chain * Chain.I + Chain.Open], time);
  }

  /** Books time to a cell of a chain. */
  add(chain: number, cell: number, time: number): void {
    const { I, F } = this;
    const at = chain * Chain.I;
    const count = I[at + Chain.Count];
    const bit = 1 << (cell & 31);
    if ((I[at + Chain.Seen] & bit) !== 0) {
      for (let i = count - 1; i >= 0; i--) {
        if (I[cellOf(chain, i)] === cell) {
          F[timeOf(chain, i)] += time;
          return;
        }
      }
    }
    if (count === Chain.Length) {
      I[cellOf(chain, 0)] = 0;
      I[at + Chain.Seen] |= 1;
      F[timeOf(chain, 0)] += time;
      return;
    }
    I[at + Chain.Seen] |= bit;
    I[cellOf(chain, count)] = cell;
    F[timeOf(chain, count)] = time;
    I[at + Chain.Count] = count + 1;
  }

  /** May so many chains be begun before somebody looks again? False: over the memory budget. */
  reserve(count: number): boolean {
    return this.available >= count;
  }
}

/** Places of the cell and of the time of a chain's i-th span. */
const cellOf = (chain: number, i: number): number =>
  chain * Chain.I + Chain.Cells + (i >> ChainGroup.Shift) * ChainGroup.I + (i & ChainGroup.Mask);
const timeOf = (chain: number, i: number): number =>
  chain * Chain.F + ChainF.Times + (i >> ChainGroup.Shift) * ChainGroup.F + (i & ChainGroup.Mask);
