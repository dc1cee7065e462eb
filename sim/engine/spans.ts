/**
 * Where a request's time goes: spans on its critical path, booked while it moves.
 *
 * A chain belongs to one request (or to one branch of a fork) and is written by the row that is on the critical path
 * at the moment, its owner: a caller hands it to its call and takes it back with the answer or the timeout. Time since
 * the last mark always has a name, the open cell, so even the wait of an attempt that never came back is booked where
 * it was spent. A cell is (component, resource, kind). Durations are whole ns and sum to the latency exactly. A recorder
 * overrides the methods below to see each span as it is booked.
 */
import { Flag, ICol, Stride, Id, type Rows } from './rows.ts';

/** Distinct cells a chain can hold; a request that visits more books the rest under the last one's cell 0, "other". */
const LENGTH = 24;

export class Spans {
  private cells: Int32Array;
  private times: Float64Array;
  private length: Int32Array;
  owner: Int32Array;
  open: Int32Array;
  mark: Float64Array;
  private nextFree: Int32Array;
  private head = Id.None;
  private capacity: number;
  /** Chains that can be begun before the tables must grow. */
  available = 0;
  /** Does nobody look at single spans? Then the loop may book them itself. */
  get isPlain(): boolean {
    return true;
  }

  constructor(
    protected readonly rows: Rows,
    protected readonly clock: Float64Array,
    capacity = 1024,
  ) {
    this.capacity = capacity;
    this.cells = new Int32Array(capacity * LENGTH);
    this.times = new Float64Array(capacity * LENGTH);
    this.length = new Int32Array(capacity);
    this.owner = new Int32Array(capacity);
    this.open = new Int32Array(capacity);
    this.mark = new Float64Array(capacity);
    this.nextFree = new Int32Array(capacity);
    this.link(0);
  }

  /** Opens a chain for the row; time from now on goes to `cell`. */
  begin(row: number, cell: number): void {
    if (this.head === Id.None) this.grow();
    const chain = this.head;
    this.head = this.nextFree[chain];
    this.available--;
    this.length[chain] = 0;
    this.owner[chain] = row;
    this.open[chain] = cell;
    this.mark[chain] = this.clock[0];
    this.rows.I[row * Stride.I + ICol.Span] = chain;
  }

  /** From now on the row's time goes to `cell`. */
  enter(row: number, cell: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain === Id.None || this.owner[chain] !== row) return;
    this.close(chain);
    this.open[chain] = cell;
  }

  /** A CPU step ended: of the time since the mark `serviceNs` was service, the rest waiting for a core. */
  split(row: number, serviceNs: number, waitCell: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain === Id.None || this.owner[chain] !== row) return;
    const total = this.clock[0] - this.mark[chain];
    const service = Math.min(total, Math.round(serviceNs));
    this.add(chain, this.open[chain], service);
    if (total > service) this.add(chain, waitCell, total - service);
    this.mark[chain] = this.clock[0];
  }

  /** The chain follows the message `to`. */
  give(row: number, to: number): void {
    const I = this.rows.I;
    const chain = I[row * Stride.I + ICol.Span];
    I[to * Stride.I + ICol.Span] = chain;
    if (chain !== Id.None && this.owner[chain] === row) this.owner[chain] = to;
  }

  /** The row takes its chain back from whoever it went on to; not if its own caller has given it up meanwhile, and taken the chain. */
  reclaim(row: number, cell: number): void {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain === Id.None || !this.isOnPath(row)) return;
    this.close(chain);
    this.owner[chain] = row;
    this.open[chain] = cell;
  }

  /** Does everybody between the row and the one whose chain it is still wait for it? */
  private isOnPath(row: number): boolean {
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
    if (to === Id.None || from === Id.None || this.owner[from] !== branch || this.owner[to] !== parent) return;
    this.close(from);
    for (let i = 0; i < this.length[from]; i++)
      this.add(to, this.cells[from * LENGTH + i], this.times[from * LENGTH + i]);
    this.mark[to] = this.mark[from];
  }

  /** Gives the row's chain back to the pool, if it is the row's. */
  drop(row: number): void {
    const at = row * Stride.I + ICol.Span;
    const chain = this.rows.I[at];
    this.rows.I[at] = Id.None;
    if (chain === Id.None || this.owner[chain] !== row) return;
    this.owner[chain] = Id.None;
    this.nextFree[chain] = this.head;
    this.head = chain;
    this.available++;
  }

  /** The row leaves the critical path without ending it (it answered early): its chain is its parent's now. */
  detach(row: number): void {
    this.rows.I[row * Stride.I + ICol.Span] = Id.None;
  }

  /** Closes the row's chain at now and adds its spans to `sums[offset + cell]`. Returns their total. */
  settle(row: number, sums: Float64Array, offset: number): number {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain === Id.None || this.owner[chain] !== row) return NaN;
    this.close(chain);
    let total = 0;
    const end = chain * LENGTH + this.length[chain];
    for (let i = chain * LENGTH; i < end; i++) {
      const time = this.times[i];
      sums[offset + this.cells[i]] += time;
      total += time;
    }
    return total;
  }

  /** Hash of the row's spans so far, for the fingerprint. */
  digest(row: number): number {
    const chain = this.rows.I[row * Stride.I + ICol.Span];
    if (chain === Id.None) return 0;
    let h = 0;
    const end = chain * LENGTH + this.length[chain];
    for (let i = chain * LENGTH; i < end; i++) {
      const time = this.times[i];
      // Low 32 bits of the duration, its high part, and the cell; addition makes the order of cells irrelevant.
      h =
        (h +
          Math.imul(
            (time | 0) ^ Math.imul(Math.floor(time / 4294967296) + this.cells[i] + 1, 0x9e3779b1),
            0x85ebca6b,
          )) |
        0;
    }
    return h;
  }

  protected close(chain: number): void {
    const time = this.clock[0] - this.mark[chain];
    if (time === 0) return;
    this.mark[chain] = this.clock[0];
    this.add(chain, this.open[chain], time);
  }

  /** Books time to a cell of a chain. */
  add(chain: number, cell: number, time: number): void {
    const first = chain * LENGTH;
    const length = this.length[chain];
    for (let i = first + length - 1; i >= first; i--) {
      if (this.cells[i] === cell) {
        this.times[i] += time;
        return;
      }
    }
    if (length === LENGTH) {
      this.cells[first] = 0;
      this.times[first] += time;
      return;
    }
    this.cells[first + length] = cell;
    this.times[first + length] = time;
    this.length[chain] = length + 1;
  }

  private link(from: number): void {
    for (let i = this.capacity - 1; i >= from; i--) {
      this.nextFree[i] = this.head;
      this.owner[i] = Id.None;
      this.head = i;
    }
    this.available += this.capacity - from;
  }

  /** Makes room, between events only, for so many chains. */
  reserve(count: number): void {
    while (this.available < count) this.grow();
  }

  private grow(): void {
    const from = this.capacity;
    this.capacity *= 2;
    this.cells = enlarge(this.cells, new Int32Array(this.capacity * LENGTH));
    this.times = enlarge(this.times, new Float64Array(this.capacity * LENGTH));
    this.length = enlarge(this.length, new Int32Array(this.capacity));
    this.owner = enlarge(this.owner, new Int32Array(this.capacity));
    this.open = enlarge(this.open, new Int32Array(this.capacity));
    this.mark = enlarge(this.mark, new Float64Array(this.capacity));
    this.nextFree = enlarge(this.nextFree, new Int32Array(this.capacity));
    this.link(from);
  }
}

function enlarge<T extends Int32Array | Float64Array>(old: T, grown: T): T {
  grown.set(old as never);
  return grown;
}
