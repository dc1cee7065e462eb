/**
 * The way back of routed rows: which routers (balancers, gateways) a request has passed, the nearest first.
 *
 * A way is one hop through one router: the router's node, the target it chose, the path between them, and the way
 * below it, of the router before. A row's `Via` names its nearest. Kept beside the rows, since a program that runs at
 * the target needs the row's own columns. Hot: no allocation but growth.
 */
import { LooseTables, type Tables } from './memory.ts';
import { Id } from './rows.ts';
import { Cell, Slot } from './slots.ts';

export class Ways {
  /** Node of the router. */
  router: Int32Array = new Int32Array(0);
  /** Index of the chosen target, in the router's own numbering. */
  target: Int32Array = new Int32Array(0);
  /** Path from the router's component to the target's. */
  path: Int32Array = new Int32Array(0);
  /** Targets tried before this one. */
  tries: Int32Array = new Int32Array(0);
  /** The way of the router before, Id.None: none. In a free way the next free one. */
  below: Int32Array = new Int32Array(0);
  private readonly cells: Int32Array;

  constructor(private readonly tables: Tables = new LooseTables()) {
    this.cells = tables.cells;
    this.cells[Cell.WaysHead] = Id.None;
  }

  take(router: number, target: number, path: number, below: number): number {
    const { cells } = this;
    if (cells[Cell.WaysHead] === Id.None) this.grow();
    const way = cells[Cell.WaysHead];
    cells[Cell.WaysHead] = this.below[way];
    this.router[way] = router;
    this.target[way] = target;
    this.path[way] = path;
    this.tries[way] = 0;
    this.below[way] = below;
    return way;
  }

  /** Gives one way back; returns the one below it. */
  free(way: number): number {
    const below = this.below[way];
    this.router[way] = Id.None;
    this.below[way] = this.cells[Cell.WaysHead];
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
    for (let way = 0; way < this.router.length; way++) if (this.router[way] === router) count++;
    return count;
  }

  /** Makes ways, twice as many as there are. */
  grow(): void {
    const from = this.router.length;
    const size = Math.max(1024, from * 2);
    const enlarge = (slot: Slot, old: Int32Array): Int32Array => {
      const grown = this.tables.i32(slot, size);
      grown.set(old);
      return grown;
    };
    this.router = enlarge(Slot.WayRouter, this.router).fill(Id.None, from);
    this.target = enlarge(Slot.WayTarget, this.target);
    this.path = enlarge(Slot.WayPath, this.path);
    this.tries = enlarge(Slot.WayTries, this.tries);
    this.below = enlarge(Slot.WayBelow, this.below);
    for (let way = size - 1; way >= from; way--) {
      this.below[way] = this.cells[Cell.WaysHead];
      this.cells[Cell.WaysHead] = way;
    }
  }
}
