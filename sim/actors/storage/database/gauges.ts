/** What a dashboard sees of a replicated database: who leads, and how far behind the others are. Nothing decides by it. */
import type { Readings } from '../../../engine/actor-instance.ts';
import { Role, type Cluster } from './cluster.ts';

/** 'primary', also while it still promotes itself, 'candidate', 'replica'; '' where there is one copy. */
export function roleOf({ members, role }: Cluster, node: number): string {
  if (members.copies === 1) return '';
  if (node === members.witness) return 'witness';
  const own = role[members.ofNode(node)];
  return own === Role.Leader ? 'primary' : own === Role.Candidate ? 'candidate' : 'replica';
}

/** Counters, and the age of the oldest write that a copy which is up has yet to apply, of the copy furthest behind. */
export function readingsOf(cluster: Cluster, counts: Record<string, number>): Readings {
  const levels: Record<string, number> = {};
  if (cluster.members.copies > 1) levels.replicationLagMs = furthestBehindNs(cluster) / 1e6;
  return { counts, levels };
}

function furthestBehindNs({ members, logs, world, now }: Cluster): number {
  let most = 0;
  for (let member = 0; member < members.count; member++) {
    if (members.isWitness(member) || !world.nodes.accepts(members.nodeOf(member))) continue;
    const main = logs.main[members.shardOf(member)];
    const applied = logs.applied[member];
    if (applied >= logs.head[main]) continue;
    // Of a copy that has gone another way only the common part counts.
    const shared = logs.common(logs.branch[member], applied, main, logs.head[main]);
    most = Math.max(most, now - logs.timeOf(main, shared + 1));
  }
  return most;
}
