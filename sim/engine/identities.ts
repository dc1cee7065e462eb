/**
 * Identities of rows that no request made: of a node, by its name, and a number.
 */
import { derive } from '../random/counter.ts';
import { identityKey } from '../random/keys.ts';
import { doublesOf } from './memory.ts';
import { ICol, Stride } from './rows.ts';
import type { World } from './world.ts';

export class Identities {
  /** By node: the root of them, two words, where it is known; and how many it has given so far. The core sees both. */
  readonly roots: Int32Array<ArrayBuffer>;
  readonly given: Float64Array<ArrayBuffer>;
  private readonly isKnown: Uint8Array;
  private readonly pair = new Int32Array(2);

  constructor(
    private readonly world: World,
    /** Tells these from others of the same node. */
    private readonly purpose: string,
  ) {
    const { memory, nodes } = world;
    this.roots = memory.i32s(nodes.count * 2);
    this.given = doublesOf(memory.i32s(nodes.count * 2));
    this.isKnown = new Uint8Array(nodes.count);
  }

  /** Makes the root of a node known. */
  prepare(node: number): void {
    if (this.isKnown[node] === 1) return;
    this.isKnown[node] = 1;
    const { nodes, seed } = this.world;
    this.roots.set(identityKey(seed, nodes.nameOf(node), this.purpose), 2 * node);
  }

  /** Gives the row the next identity of the node. */
  give(row: number, node: number): void {
    const { rows } = this.world;
    this.prepare(node);
    derive(this.roots[2 * node], this.roots[2 * node + 1], ++this.given[node] | 0, 0, this.pair);
    rows.I[row * Stride.I + ICol.IdA] = this.pair[0];
    rows.I[row * Stride.I + ICol.IdB] = this.pair[1];
  }
}
