/**
 * What callers believe: which copy of each shard is the primary. They begin with the truth and learn of a promotion from
 * the new primary, which tells every calling node until that node has heard; whoever it cannot reach goes on as before.
 */
import { type Cluster, Message } from './cluster.ts';

export class Topology {
  /** Nodes that call this database. */
  private readonly callers: number[] = [];
  /** Per calling node: slot and term of each shard's primary; null until it hears of a change. */
  private readonly beliefs: (Int32Array | null)[];
  /** Per leader that has news: who has not heard them. */
  private readonly unheard = new Map<number, Set<number>>();

  constructor(private readonly cluster: Cluster) {
    const { world, component } = cluster;
    this.beliefs = Array.from({ length: world.nodes.count }, () => null);
    const calling = new Set<number>();
    for (let site = 0; site < world.sites.count; site++) {
      if (world.sites.target[site] === component) calling.add(world.network.specs[world.sites.path[site]].from);
    }
    for (const c of [...calling].sort((a, b) => a - b)) {
      for (let i = 0; i < world.components.nodeCount[c]; i++) this.callers.push(world.components.firstNode[c] + i);
    }
  }

  /** Slot that the calling node takes for the primary of the shard. */
  primaryOf(caller: number, shard: number): number {
    const belief = this.beliefs[caller];
    return belief === null ? 0 : belief[shard * 2];
  }

  /** The member tells all callers that it is the primary. */
  announce(member: number): void {
    this.unheard.set(member, new Set(this.callers));
    this.repeat(member);
  }

  /** Tells those who have not confirmed, once more. */
  repeat(member: number): void {
    const callers = this.unheard.get(member);
    if (callers === undefined) return;
    const { members, term, world, wire } = this.cluster;
    world.rows.reserve(callers.size + 64);
    for (const caller of callers) {
      wire.datagram(members.nodeOf(member), caller, Message.Announce, members.shardOf(member), term[member]);
    }
  }

  /** The member leads no longer. */
  silence(member: number): void {
    this.unheard.delete(member);
  }

  /** News reach a calling node. */
  heard(from: number, caller: number, shard: number, term: number): void {
    const { members, wire } = this.cluster;
    let belief = this.beliefs[caller];
    if (belief === null) this.beliefs[caller] = belief = new Int32Array(members.shards * 2);
    if (term > belief[shard * 2 + 1]) {
      belief[shard * 2] = members.slotOf(members.ofNode(from));
      belief[shard * 2 + 1] = term;
    }
    wire.datagram(caller, from, Message.Heard, shard, term);
  }

  confirmed(member: number, caller: number): void {
    this.unheard.get(member)?.delete(caller);
  }
}
