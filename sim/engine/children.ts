/**
 * Rows that answer to a row: the calls it makes, and the branches of its forks.
 */
import { derive } from '../random/counter.ts';
import { Code } from './code.ts';
import type { Nodes } from './nodes.ts';
import type { ReadyQueue } from './ready.ts';
import { FCol, Stride, Flag, ICol, Kind, Id, type Rows } from './rows.ts';
import type { Spans } from './spans.ts';
import type { World } from './world.ts';

/** The next call sequence number, first attempt. */
export function nextSequence(attempt: number): number {
  return (((attempt >>> 8) + 1) << 8) | 1;
}

export class Children {
  private readonly rows: Rows;
  private readonly ready: ReadyQueue;
  private readonly nodes: Nodes;
  private readonly spans: Spans;
  private readonly code: Int32Array;
  private readonly identity = new Int32Array(2);

  constructor(private readonly world: World) {
    this.rows = world.rows;
    this.ready = world.ready;
    this.nodes = world.nodes;
    this.spans = world.spans;
    this.code = world.code;
  }

  /** A new row that answers to `row`, identity derived from what it is for. */
  child(row: number, site: number, index: number): number {
    const child = this.rows.take();
    const I = this.rows.I;
    const at = row * Stride.I;
    const to = child * Stride.I;
    const attempt = I[at + ICol.Attempt] & 0xff;
    const place = (I[at + ICol.Flags] & Flag.Request) !== 0 ? 0 : this.code[I[at + ICol.Pc] * Code.Width + 3] + 1;
    derive(I[at + ICol.IdA], I[at + ICol.IdB], place, (index << 8) | attempt, this.identity);
    I[to + ICol.IdA] = this.identity[0];
    I[to + ICol.IdB] = this.identity[1];
    I[to + ICol.Key] = I[at + ICol.Key];
    I[to + ICol.User] = I[at + ICol.User];
    I[to + ICol.Op] = I[at + ICol.Op];
    // It sets out from there; a recorder asks where it is before it has been sent.
    I[to + ICol.Node] = I[at + ICol.Node];
    I[to + ICol.Flags] = I[at + ICol.Flags] & Flag.PriorityMask;
    I[to + ICol.Parent] = row;
    I[to + ICol.ParentGen] = I[at + ICol.Gen];
    I[to + ICol.Tag] = I[at + ICol.Attempt];
    I[to + ICol.Site] = site;
    I[to + ICol.Via] = Id.None;
    I[to + ICol.Join] = 0;
    I[to + ICol.Span] = Id.None;
    I[to + ICol.Attempt] = 0;
    I[to + ICol.Calling] = Id.None;
    this.rows.F[child * Stride.F + FCol.Data] = 0;
    return child;
  }

  /** Begins the branches of the fork at `pc`; the row waits until enough of them are done. */
  fork(row: number, pc: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const op = pc * Code.Width;
    const branches = this.code[op + 2];
    I[at + ICol.Attempt] = nextSequence(I[at + ICol.Attempt]);
    I[at + ICol.Calling] = Id.None;
    I[at + ICol.Kind] = Kind.WaitJoin;
    I[at + ICol.Join] = this.code[op + Code.Width + 2];
    this.rows.F[row * Stride.F + FCol.Work] = branches;
    for (let i = 0; i < branches; i++) {
      const branch = this.child(row, Id.None, i);
      const b = branch * Stride.I;
      I[b + ICol.Pc] = this.code[op + (1 + i) * Code.Width + 1];
      I[b + ICol.Flags] = (I[at + ICol.Flags] & (Flag.PriorityMask | Flag.ProcessMask)) | Flag.Branch;
      this.openBranchSpan(row, branch, this.world.components.cpuCell[this.nodes.component[I[at + ICol.Node]]]);
      I[b + ICol.Kind] = Kind.Resume;
      this.ready.push(branch);
    }
  }

  /** A branch of a fork measures its own path, if its parent is on one. */
  openBranchSpan(parent: number, branch: number, cell: number): void {
    const I = this.rows.I;
    if (I[parent * Stride.I + ICol.Span] === Id.None) return;
    // The parent's time up to here is booked now; from here on the branch that ends last decides.
    this.spans.enter(parent, cell);
    this.spans.begin(branch, cell);
    I[branch * Stride.I + ICol.Flags] |= Flag.OwnSpan;
  }
}
