/**
 * Members of groups: libraries in the processes that consume. Each fetches ahead from the leaders of its partitions,
 * polls, and gives its process one message after the other; what is processed is committed. Here is who they are.
 */
import { Id } from '../../../engine/rows.ts';
import type { Cluster } from './cluster.ts';
import { type Member, type MemberSpec, newMember } from './member.ts';

const NOBODY: readonly number[] = [];

export class Members {
  readonly all: readonly Member[];
  private readonly atNode = new Map<number, number[]>();

  constructor(
    private readonly cluster: Cluster,
    specs: readonly MemberSpec[],
  ) {
    const { layout, own } = cluster;
    this.all = specs.map((spec) => newMember(spec, own.groups[spec.group], layout.internal));
    specs.forEach(({ node }, m) => {
      const list = this.atNode.get(node) ?? [];
      list.push(m);
      this.atNode.set(node, list);
    });
  }

  // A member's id is new with each process, as in Kafka without static membership.

  idOf(m: number): number {
    return this.cluster.world.nodes.incarnation[this.all[m].spec.node] * this.all.length + m;
  }

  indexOf(id: number): number {
    return id % this.all.length;
  }

  of(id: number): Member {
    return this.all[this.indexOf(id)];
  }

  /** Those in the process at a node. */
  membersAt(node: number): readonly number[] {
    return this.atNode.get(node) ?? NOBODY;
  }

  /** The process is gone, with what it had in hand. */
  crashed(m: number): void {
    const member = this.all[m];
    member.up = false;
    member.row = Id.None;
    member.commits = 0;
    member.left = 0;
    member.replays = false;
  }
}
