/**
 * Identities of rows that no request made: of a node, by its name, and a number.
 */
import { derive } from '../random/counter.ts';
import { identityKey } from '../random/keys.ts';
import { ICol, Stride } from './rows.ts';
import type { World } from './world.ts';

export class Identities {
  /** By node: how many it has given so far, and the root of them. */
  private readonly own = [] as ({ root: [number, number]; count: number } | undefined)[];
  private readonly pair = new Int32Array(2);

  constructor(
    private readonly world: World,
    /** Tells these from others of the same node. */
    private readonly purpose: string,
  ) {}

  /** Gives the row the next identity of the node. */
  give(row: number, node: number): void {
    const { rows, nodes, seed } = this.world;
    let own = this.own[node];
    if (own === undefined)
      this.own[node] = own = { root: identityKey(seed, nodes.nameOf(node), this.purpose), count: 0 };
    own.count++;
    derive(own.root[0], own.root[1], own.count | 0, 0, this.pair);
    rows.I[row * Stride.I + ICol.IdA] = this.pair[0];
    rows.I[row * Stride.I + ICol.IdB] = this.pair[1];
  }
}
