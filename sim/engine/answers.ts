/**
 * How a request leaves a node: it gives back what it held, and the answer goes to whoever called, through the routers it
 * came by. Or the caller is answered early, while the row works on for nobody.
 */
import type { Holdings } from './holdings.ts';
import type { Ledger } from './ledger.ts';
import type { Nodes } from './nodes.ts';
import { FCol, Stride, Flag, ICol, Kind, Id, Status, type Rows } from './rows.ts';
import type { Spans } from './spans.ts';
import type { Transit } from './transit.ts';
import type { Ways } from './ways.ts';
import type { World } from './world.ts';

/** Who is told that a branch of a fork is done. */
export interface BranchEnds {
  join(row: number, status: number): void;
}

export class Answers {
  private readonly rows: Rows;
  private readonly nodes: Nodes;
  private readonly spans: Spans;
  private readonly ledger: Ledger;
  /** Set by the kernel. */
  calls!: BranchEnds;

  constructor(
    private readonly world: World,
    private readonly ways: Ways,
    private readonly holdings: Holdings,
    private readonly transit: Transit,
  ) {
    this.rows = world.rows;
    this.nodes = world.nodes;
    this.spans = world.spans;
    this.ledger = world.ledger;
  }

  /** The operation is over at this node: give everything back and answer. */
  finish(row: number, status: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const flags = I[at + ICol.Flags];
    if ((flags & Flag.Branch) !== 0) {
      this.calls.join(row, status);
      return;
    }
    const node = I[at + ICol.Node];
    if ((flags & Flag.Inside) !== 0) {
      this.ledger.leave(this.nodes.component[node], this.rows.F, row * Stride.F + FCol.Start, status > Status.Miss);
      this.nodes.enter(node, -1);
      this.holdings.dropConnection(node);
      this.holdings.dropToken(row, node);
      I[at + ICol.Flags] &= ~Flag.Inside;
    }
    this.answer(row, status);
  }

  /** Turned away at the door. */
  refuse(row: number, status: number): void {
    this.ledger.refuse(this.nodes.component[this.rows.I[row * Stride.I + ICol.Node]]);
    this.answer(row, status);
  }

  /** Sends the row back to whoever called, if anybody still waits. */
  answer(row: number, status: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | status;
    const node = I[at + ICol.Node];
    const way = I[at + ICol.Via];
    if (way !== Id.None) {
      const router = this.ways.routerOf(way);
      I[at + ICol.Kind] = Kind.ReplyVia;
      this.spans.enter(row, this.world.components.actor[this.nodes.component[router]]!.onwardCell);
      this.transit.travel(row, this.ways.pathOf(way), true, node, router);
      return;
    }
    const parent = I[at + ICol.Parent];
    if (parent !== Id.None) this.answerCaller(row, node);
    else {
      if ((I[at + ICol.Flags] & Flag.Work) !== 0) this.world.components.actor[I[at + ICol.Site]]!.onDone(row, status);
      this.rows.free(row);
    }
  }

  private answerCaller(row: number, node: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const site = I[at + ICol.Site];
    I[at + ICol.Kind] = Kind.Reply;
    this.spans.enter(row, this.world.sites.backCell[site]);
    const path = this.world.sites.path[site];
    this.transit.travel(row, path, true, node, this.callerNode(row, path));
  }

  /**
   * Where the caller of a row is, to whom the answer goes over a path. Of a caller that is gone only the component is known:
   * its first instance stands for it, whatever has taken the caller's row meanwhile.
   */
  callerNode(row: number, path: number): number {
    const I = this.rows.I;
    const at = row * Stride.I;
    const caller = I[at + ICol.Parent] * Stride.I;
    if (I[caller + ICol.Gen] === I[at + ICol.ParentGen]) return I[caller + ICol.Node];
    return this.world.components.firstNode[this.world.network.specs[path].from];
  }

  /** Answers the caller of the operation now; the row goes on working for nobody. */
  respond(row: number): void {
    const I = this.rows.I;
    const frame = this.frameOf(row);
    if (frame === Id.None) return;
    const at = frame * Stride.I;
    if (I[at + ICol.Parent] === Id.None) return;
    this.bringUp(row, frame);
    const answer = this.rows.take();
    const to = answer * Stride.I;
    const gen = I[to + ICol.Gen];
    I.copyWithin(to + ICol.Node, at + ICol.Node, at + Stride.I);
    I[to + ICol.Gen] = gen;
    I[to + ICol.Flags] = I[at + ICol.Flags] & (Flag.PriorityMask | Flag.OwnSpan);
    this.spans.give(frame, answer);
    I[at + ICol.Parent] = Id.None;
    I[at + ICol.Via] = Id.None;
    I[at + ICol.Flags] &= ~Flag.OwnSpan;
    this.spans.detach(frame);
    this.answer(answer, Status.Ok);
  }

  /**
   * The frame whose operation the row works for: itself, or for a branch the frame that forked, while it waits for the
   * branch; Id.None when it no longer does.
   */
  private frameOf(row: number): number {
    const I = this.rows.I;
    const at = row * Stride.I;
    if ((I[at + ICol.Flags] & Flag.Branch) === 0) return row;
    const parent = I[at + ICol.Parent];
    const p = parent * Stride.I;
    if (I[p + ICol.Gen] !== I[at + ICol.ParentGen] || I[p + ICol.Attempt] !== I[at + ICol.Tag]) return Id.None;
    return this.frameOf(parent);
  }

  /**
   * The time of the branch so far is on the path to the answer. Only when there is one: the frame of a branch that goes on
   * with its chain would have that time again when the branch is done.
   */
  private bringUp(row: number, frame: number): void {
    for (let branch = row; branch !== frame; ) {
      const parent = this.rows.I[branch * Stride.I + ICol.Parent];
      this.spans.absorb(parent, branch);
      branch = parent;
    }
  }
}
