/**
 * The way back of routed rows: which routers (balancers, gateways) a request has passed, the nearest first.
 *
 * A way is one hop through one router: the router's node, the target it chose, the path between them, and the way
 * below it, of the router before. A row's `Via` names its nearest. Kept beside the rows, since a program that runs at
 * the target needs the row's own columns. Hot: no allocation but growth.
 */
import { LooseTables, type Tables } from './memory.ts';
import { Way } from './records.ts';
import { Id } from './rows.ts';
import { Cell, Slot } from './slots.ts';

export class Ways {
  /** Records, `Way.I` numbers each. */
  private I: Int32Array = new Int32Array(0);
  private readonly cells: Int32Array;

  constructor(private readonly tables: Tables = new LooseTables()) {
    this.cells = tables.cells;
    this.cells[Cell.WaysHead] = Id.None;
  }

  take(router: number, target: number, path: number, below: number): number {
    const { cells } = this;
    if (cells[Cell.WaysHead] === Id.None) this.grow();
    const way = cells[Cell.WaysHead];
    const at = way * Way.I;
    const { I } = this;
    cells[Cell.WaysHead] = I[at + Way.Below];
    I[at + Way.Router] = router;
    I[at + Way.Target] = target;
    I[at + Way.Path] = path;
    I[at + Way.Tries] = 0;
    I[at + Way.Below] = below;
    return way;
  }

  routerOf(way: number): number {
    return this.I[way * Way.I + Way.Router];
  }

  targetOf(way: number): number {
    return this.I[way * Way.I + Way.Target];
  }

  pathOf(way: number): number {
    return this.I[way * Way.I + Way.Path];
  }

  triesOf(way: number): number {
    return this.I[way * Way.I + Way.Tries];
  }

  belowOf(way: number): number {
    return this.I[way * Way.I + Way.Below];
  }

  /** The router tries another target. */
  turnTo(way: number, target: number, path: number): void {
    const at = way * Way.I;
    this.I[at + Way.Target] = target;
    this.I[at + Way.Path] = path;
    this.I[at + Way.Tries]++;
  }

  /** Nothing leads on from this one any more. */
  cut(way: number): void {
    this.I[way * Way.I + Way.Below] = Id.None;
  }

  /** Gives one way back; returns the one below it. */
  free(way: number): number {
    const at = way * Way.I;
    const below = this.I[at + Way.Below];
    this.I[at + Way.Router] = Id.None;
    this.I[at + Way.Below] = this.cells[Cell.WaysHead];
    this.cells[Cell.WaysHead] = way;
    return below;
  }

  /** Gives a way and all below it back. */
  drop(way: number): void {
    for (let at = way; at !== Id.None; ) at = this.free(at);
  }

  /** Ways through a router that wait for an answer. Cold: looks at all. */
  through(router: number): number {
    let count = 0;
    this.each((it) => it === router && count++);
    return count;
  }

  /** Tells the router of every way in use. Cold. */
  each(tell: (router: number) => void): void {
    for (let at = Way.Router; at < this.I.length; at += Way.I) if (this.I[at] !== Id.None) tell(this.I[at]);
  }

  /** Makes ways, twice as many as there are. */
  grow(): void {
    const old = this.I;
    const from = old.length / Way.I;
    const size = Math.max(1024, from * 2);
    this.I = this.tables.i32(Slot.Ways, size * Way.I);
    this.I.set(old);
    for (let way = size - 1; way >= from; way--) {
      this.I[way * Way.I + Way.Router] = Id.None;
      this.I[way * Way.I + Way.Below] = this.cells[Cell.WaysHead];
      this.cells[Cell.WaysHead] = way;
    }
  }
}
