/**
 * What a component stores by key, as the core sees it: whoever asks for what is there is answered without a word to the
 * component. It tells the core where its stores are, and takes over what the core has counted whenever it is asked itself.
 *
 * A look-up is the `Actor` verb with the operand that `Lookup.Operand` names. The component says the same in `step`, which is asked wherever the core
 * does not know: what has expired, who waits for somebody else's fill, stores that count how often they are read.
 */
import type { AcknowledgedWrites } from './acknowledged.ts';
import type { Ground } from './key-table.ts';
import { doublesOf } from './memory.ts';
import { Keys, Lookup, type LookupF } from './key-records.ts';
import { Component } from './records.ts';
import { Cell } from './slots.ts';
import type { World } from './world.ts';

/** A component and where its nodes are. */
export interface Owner {
  component: number;
  firstNode: number;
  nodeCount: number;
}

export class Lookups {
  /** See `Lookup`. */
  readonly I: Int32Array;
  private readonly F: Float64Array<ArrayBuffer>;
  private readonly stores: Int32Array<ArrayBuffer>;

  constructor(
    private readonly world: World,
    { component, firstNode, nodeCount }: Owner,
    sources: readonly AcknowledgedWrites[],
  ) {
    const { memory, components } = world;
    this.I = memory.i32s(Lookup.I);
    this.F = doublesOf(this.I);
    this.stores = memory.i32s(nodeCount * Keys.I);
    this.I[Lookup.FirstNode] = firstNode;
    this.I[Lookup.Stores] = this.stores.byteOffset;
    const list = memory.i32s(sources.length);
    sources.forEach(({ ground }, i) => (list[i] = ground?.record.byteOffset ?? 0));
    this.I[Lookup.Sources] = list.byteOffset;
    this.I[Lookup.SourceCount] = sources.length;
    components.records[component * Component.I + Component.Lookup] = this.I.byteOffset;
    memory.cells[Cell.HasLookups] = 1;
  }

  /** Where the store of the i-th node is to stand. */
  groundOf(i: number): Ground {
    return this.world.memory.ground(this.stores.subarray(i * Keys.I, (i + 1) * Keys.I));
  }

  /** A number for each node, that both sides change; a column of the record leads to them. */
  byNode(column: Lookup, nodeCount: number): Int32Array<ArrayBuffer> {
    const numbers = this.world.memory.i32s(nodeCount);
    this.I[column] = numbers.byteOffset;
    return numbers;
  }

  /** A number that both sides see: a limit, or a sum to which both add, since the order of the terms may show in its last bits. */
  shared(counter: LookupF): Float64Array<ArrayBuffer> {
    return this.F.subarray(counter, counter + 1);
  }

  /** What the core has counted since it was last asked. */
  take(counter: LookupF): number {
    const count = this.F[counter];
    this.F[counter] = 0;
    return count;
  }
}
