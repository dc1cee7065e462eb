/**
 * Requests that pass a router (a balancer, a gateway): on to the target it chose, and back with the answer.
 */
import type { Answers } from './answers.ts';
import type { Holdings } from './holdings.ts';
import type { Ledger } from './ledger.ts';
import { NodeState, type Nodes } from './nodes.ts';
import { FCol, Stride, Flag, ICol, Kind, Id, Status, type Rows } from './rows.ts';
import type { Spans } from './spans.ts';
import type { Transit } from './transit.ts';
import type { Ways } from './ways.ts';
import type { World } from './world.ts';

export class Routing {
  private readonly rows: Rows;
  private readonly nodes: Nodes;
  private readonly spans: Spans;
  private readonly ledger: Ledger;

  constructor(
    private readonly world: World,
    private readonly ways: Ways,
    private readonly holdings: Holdings,
    private readonly transit: Transit,
    private readonly answers: Answers,
  ) {
    this.rows = world.rows;
    this.nodes = world.nodes;
    this.spans = world.spans;
    this.ledger = world.ledger;
  }

  /** A routed row leaves the router for the node it chose. */
  forward(row: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const router = I[at + ICol.Node];
    const component = this.nodes.component[router];
    const target = this.world.components.actor[component]!.choose(row);
    if (target === Id.None) {
      this.answers.finish(row, Status.Refused);
      return;
    }
    if ((I[at + ICol.Flags] & Flag.Inside) !== 0) {
      // The connection stays with the router until the answer has passed; only the row moves on.
      this.ledger.leave(component, this.rows.F, row * Stride.F + FCol.Start, false);
      this.nodes.enter(router, -1);
      this.holdings.dropToken(row, router);
      I[at + ICol.Flags] &= ~Flag.Inside;
    }
    const path = this.world.pathBetween(component, this.nodes.component[target]);
    I[at + ICol.Via] = this.ways.take(router, I[at + ICol.Join], path, I[at + ICol.Via]);
    this.sendOn(row, router, target, path);
  }

  /** A routed row whose target failed goes to another one, on the same connection to its router. False: there is none. */
  forwardAgain(row: number, way: number): boolean {
    const I = this.rows.I;
    const at = row * Stride.I;
    const router = this.ways.routerOf(way);
    const component = this.nodes.component[router];
    const target = this.world.components.actor[component]!.choose(row);
    if (target === Id.None) return false;
    const path = this.world.pathBetween(component, this.nodes.component[target]);
    this.ways.turnTo(way, I[at + ICol.Join], path);
    I[at + ICol.Flags] &= ~Flag.StatusMask;
    this.sendOn(row, router, target, path);
    return true;
  }

  private sendOn(row: number, router: number, target: number, path: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    I[at + ICol.Node] = target;
    I[at + ICol.Kind] = Kind.Arrive;
    this.spans.enter(row, this.world.components.actor[this.nodes.component[router]]!.onwardCell);
    this.transit.travel(row, path, false, router, target);
  }

  /** An answer is back at the router it came through. */
  returnVia(row: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const way = I[at + ICol.Via];
    const router = this.ways.routerOf(way);
    const status = I[at + ICol.Flags] & Flag.StatusMask;
    if (this.nodes.state[router] === NodeState.Paused) {
      this.transit.onParked(row);
      return;
    }
    if (!this.nodes.accepts(router)) {
      // The router died meanwhile; its callers were told, or will find out.
      this.transit.lose(row);
      return;
    }
    I[at + ICol.Node] = router;
    I[at + ICol.Join] = this.ways.targetOf(way);
    if (this.world.components.actor[this.nodes.component[router]]!.returned(row, status) && this.forwardAgain(row, way))
      return;
    this.holdings.dropConnection(router);
    I[at + ICol.Via] = this.ways.free(way);
    // Not `status`: the router may have an answer of its own where its target failed.
    this.answers.answer(row, I[at + ICol.Flags] & Flag.StatusMask);
  }
}
