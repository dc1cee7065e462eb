/**
 * Requests that went on through a router that died: nobody can bring their answers back.
 */
import type { Holdings } from './holdings.ts';
import { type Death, type Notices, sortByIdentity } from './notices.ts';
import { Flag, ICol, Id, Kind, Stride } from './rows.ts';
import type { Ways } from './ways.ts';
import type { World } from './world.ts';

export class Stranded {
  constructor(
    private readonly world: World,
    private readonly ways: Ways,
    private readonly holdings: Holdings,
    private readonly notices: Notices,
  ) {}

  /** The router died. */
  cutAt(node: number, how: Death): void {
    const { rows } = this.world;
    const { ways } = this;
    // Most nodes route nothing, and there are far fewer ways than rows.
    if (ways.through(node) === 0) return;
    const routed: number[] = [];
    for (let row = rows.first; row < rows.end; row++) {
      if (this.isRouted(row) && hasPassed(ways, rows.I[row * Stride.I + ICol.Via], node)) routed.push(row);
    }
    sortByIdentity(rows, routed);
    rows.reserve(routed.length + 256);
    for (const row of routed) this.cutOff(row, node, how);
  }

  /** Does the row have a way back? */
  private isRouted(row: number): boolean {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    const kind = I[at + ICol.Kind];
    if ((I[at + ICol.Flags] & (Flag.Request | Flag.Branch)) !== 0) return false;
    const moves = kind === Kind.Arrive || kind === Kind.ReplyVia || kind === Kind.Backoff;
    const served = kind === Kind.CpuDone || kind === Kind.DelayDone || (kind >= Kind.Resume && kind <= Kind.WaitActor);
    return moves || served;
  }

  /**
   * The way back of a row ends at a router that died. Routers nearer to the row wait on for their answer; those beyond
   * it, and the caller, are told by a reset, or find out in the end.
   */
  private cutOff(row: number, router: number, how: Death): void {
    const { ways } = this;
    const I = this.world.rows.I;
    const at = row * Stride.I;
    const nearest = I[at + ICol.Via];
    let above: number = Id.None;
    let way = nearest;
    while (ways.routerOf(way) !== router) {
      above = way;
      way = ways.belowOf(way);
    }
    this.holdings.dropConnection(router);
    const beyond = ways.free(way);
    // From a call it has made, too, which would bring the chain back to a row that goes on working for nobody.
    this.world.spans.recall(row);
    this.tellBeyond(row, router, beyond, how);
    I[at + ICol.Parent] = Id.None;
    this.leavePath(row);
    if (above !== Id.None) ways.cut(above);
    else {
      I[at + ICol.Via] = Id.None;
      if (I[at + ICol.Kind] !== Kind.ReplyVia) return;
      I[at + ICol.Kind] = Kind.Dead;
      I[at + ICol.Gen]++;
      I[at + ICol.Node] = Id.None;
    }
  }

  /** Nobody is on the critical path now, least of all who gets the number of this row one day. */
  private leavePath(row: number): void {
    const { rows, spans } = this.world;
    const at = row * Stride.I + ICol.Flags;
    if ((rows.I[at] & Flag.OwnSpan) !== 0) spans.drop(row);
    else spans.strand(row);
    // What it goes on with must not take it for one that has a chain.
    rows.I[at] &= ~Flag.OwnSpan;
    spans.detach(row);
  }

  /** Sends the reset of a router that died, or lets its peers wait; `beyond` is the way back from it. */
  private tellBeyond(row: number, router: number, beyond: number, how: Death): void {
    const parent = this.world.rows.I[row * Stride.I + ICol.Parent];
    if (beyond === Id.None && (parent === Id.None || how === 'power')) return;
    this.notices.send(row, router, beyond, how);
  }
}

/** Does a way back lead through the router? */
function hasPassed(ways: Ways, from: number, router: number): boolean {
  for (let way = from; way !== Id.None; way = ways.belowOf(way)) if (ways.routerOf(way) === router) return true;
  return false;
}
