/**
 * Who remembers answers: each user of a closed population, each instance of a component that calls, or a resolver that
 * many users share. Every one is a number (slot) here.
 */
import { Flag, ICol, Id, Stride } from '../../../engine/rows.ts';
import type { World } from '../../../engine/world.ts';
import { derive } from '../../../random/counter.ts';
import { identityKey } from '../../../random/keys.ts';

export class Callers {
  /** Slots in all. */
  readonly count: number;
  /** By component: its first slot, Id.None: it never calls; and how many it has. */
  private readonly first: Int32Array;
  private readonly slots: Int32Array;
  /** By component: slots for each place that its users are in, 0: they are the same everywhere. */
  private readonly perPlace: Int32Array;
  /** By component: what the draws of its slots come from. */
  private readonly identities: [number, number][] = [];
  private readonly pair = new Int32Array(2);

  /**
   * @param name of the `dns`
   * @param component of the `dns`
   * @param resolvers that the users of each population share, null: one each, and one for open arrivals
   */
  constructor(
    private readonly world: World,
    name: string,
    component: number,
    resolvers: number | null,
  ) {
    const { components, sites, network } = world;
    this.first = new Int32Array(components.count).fill(Id.None);
    this.slots = new Int32Array(components.count);
    this.perPlace = new Int32Array(components.count);
    const calls = new Uint8Array(components.count);
    for (let site = 0; site < sites.count; site++)
      if (sites.target[site] === component) calls[network.specs[sites.path[site]].from] = 1;
    let count = 0;
    for (let c = 0; c < components.count; c++) {
      if (calls[c] === 0) continue;
      const population = world.populations.find(({ spec }) => spec.component === c);
      this.first[c] = count;
      this.slots[c] = population === undefined ? components.nodeCount[c] : slotsOf(population.spec.users, resolvers);
      this.identities[c] = identityKey(world.seed, `${name} ${components.name[c]}`, 'answers');
      // Who travels asks the resolvers where it is, and takes along what it remembers itself.
      this.perPlace[c] = population !== undefined && resolvers !== null ? this.slots[c] : 0;
      count += this.perPlace[c] > 0 ? this.slots[c] * components.nodeCount[c] : this.slots[c];
    }
    this.count = count;
  }

  /** Slot of the row that calls: a user's request, or a frame. Hot. */
  slotOf(row: number): number {
    const { rows, nodes } = this.world;
    const at = row * Stride.I;
    const node = rows.I[at + ICol.Node];
    const c = nodes.component[node];
    if ((rows.I[at + ICol.Flags] & Flag.Request) === 0)
      return this.first[c] + node - this.world.components.firstNode[c];
    const away = this.perPlace[c] * (node - this.world.components.firstNode[c]);
    return this.first[c] + away + ((rows.I[at + ICol.User] >>> 0) % this.slots[c]);
  }

  /** A number from 0 to 1 that belongs to the slot of the caller at a node. Cold. */
  draw(slot: number, node: number, step: number): number {
    const c = this.world.nodes.component[node];
    const [a, b] = this.identities[c];
    derive(a, b, slot - this.first[c], 0, this.pair);
    this.world.sampler.uniform(this.pair[0], this.pair[1], step);
    return this.world.sampler.out[0];
  }
}

function slotsOf(users: number, resolvers: number | null): number {
  if (resolvers === null) return Math.max(1, users);
  return users === 0 ? resolvers : Math.min(users, resolvers);
}
