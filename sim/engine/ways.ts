/**
 * The way back of routed rows: which routers (balancers, gateways) a request has passed, the nearest first.
 *
 * A way is one hop through one router: the router's node, the target it chose, the path between them, and the way
 * below it, of the router before. A row's `Via` names its nearest. Kept beside the rows, since a program that runs at
 * the target needs the row's own columns. Hot: no allocation but growth.
 */
import { Id } from './rows.ts';

export class Ways {
  /** Node of the router. */
  router = new Int32Array(0);
  /** Index of the chosen target, in the router's own numbering. */
  target = new Int32Array(0);
  /** Path from the router's component to the target's. */
  path = new Int32Array(0);
  /** Targets tried before this one. */
  tries = new Int32Array(0);
  /** The way of the router before, Id.None: none. In a free way the next free one. */
  below = new Int32Array(0);
  private head: number = Id.None;

  take(router: number, target: number, path: number, below: number): number {
    if (this.head === Id.None) this.grow();
    const way = this.head;
    this.head = this.below[way];
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
    this.below[way] = this.head;
    this.head = way;
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

  private grow(): void {
    const from = this.router.length;
    const size = Math.max(1024, from * 2);
    this.router = enlarge(this.router, size).fill(Id.None, from);
    this.target = enlarge(this.target, size);
    this.path = enlarge(this.path, size);
    this.tries = enlarge(this.tries, size);
    this.below = enlarge(this.below, size);
    for (let way = size - 1; way >= from; way--) {
      this.below[way] = this.head;
      this.head = way;
    }
  }
}

function enlarge(old: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(size);
  grown.set(old);
  return grown;
}
