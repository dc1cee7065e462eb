/**
 * Rows on their way between nodes: they travel, and some are gone for good.
 */
import type { FutureEvents } from './event-list.ts';
import type { Network } from './network.ts';
import type { Nodes } from './nodes.ts';
import type { ReadyQueue } from './ready.ts';
import { FCol, Stride, Flag, ICol, Kind, Id, Status, type Rows } from './rows.ts';
import type { Spans } from './spans.ts';
import type { Ways } from './ways.ts';
import type { World } from './world.ts';

export class Transit {
  private readonly rows: Rows;
  private readonly events: FutureEvents;
  private readonly ready: ReadyQueue;
  private readonly nodes: Nodes;
  private readonly network: Network;
  private readonly spans: Spans;
  private readonly clock: Float64Array;
  /** Rows that come to a paused node wait here. */
  onParked: (row: number) => void = () => {};

  constructor(
    private readonly world: World,
    private readonly ways: Ways,
  ) {
    this.rows = world.rows;
    this.events = world.events;
    this.ready = world.ready;
    this.nodes = world.nodes;
    this.network = world.network;
    this.spans = world.spans;
    this.clock = world.clock;
  }

  /** Puts the row on its way; a cut swallows it. */
  travel(row: number, path: number, back: boolean, from: number, to: number): void {
    if (this.network.isCut && !this.network.passes(from, to)) {
      this.vanish(row);
      return;
    }
    const I = this.rows.I;
    const at = row * Stride.I;
    // The path is part of the step: a row that passes a router draws the delays of its hops independently.
    this.network.travel(
      path,
      back,
      I[at + ICol.IdA],
      I[at + ICol.IdB],
      (back ? 0x50000000 : 0x40000000) + this.network.place[path],
      from,
      to,
      row,
    );
    const delay = this.network.out[0];
    if (delay === 0) this.ready.push(row);
    else {
      this.rows.F[row * Stride.F + FCol.Time] = this.clock[0] + delay;
      this.events.push(row);
    }
  }

  /** The message is gone and nobody is told; a router on the way finds out when its own patience ends. */
  vanish(row: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const way = I[at + ICol.Via];
    if (way === Id.None) {
      this.lose(row);
      return;
    }
    const actor = this.world.components.actor[this.nodes.component[this.ways.routerOf(way)]]!;
    I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | Status.Timeout;
    I[at + ICol.Kind] = Kind.ReplyVia;
    this.rows.F[row * Stride.F + FCol.Time] = this.clock[0] + actor.answerTimeoutNs;
    this.events.push(row);
  }

  lose(row: number): void {
    const I = this.rows.I;
    if ((I[row * Stride.I + ICol.Flags] & Flag.OwnSpan) !== 0) this.spans.drop(row);
    else this.spans.strand(row);
    this.ways.drop(I[row * Stride.I + ICol.Via]);
    this.rows.free(row);
  }
}
