/** What a replicated database promises: looked at once, at the end of a run. Each answers '' when nothing is wrong. */
import type { DatabaseSettings } from '../database.settings.ts';
import type { Cluster } from './cluster.ts';
import type { Losses } from './losses.ts';

export function violationOf(cluster: Cluster, own: DatabaseSettings, losses: Losses): string {
  return cluster.logs.violation() || twoLeaders(cluster) || brokenPromise(cluster, own, losses);
}

/** Two branches of a shard with acknowledged writes in one term: two leaders. */
function twoLeaders({ logs, members }: Cluster): string {
  const seen = new Set<string>();
  for (let b = 0; b < logs.branches; b++) {
    if (logs.acknowledged[b] === logs.start[b]) continue;
    const name = `${members.shardOf(logs.leader[b])} ${logs.term[b]}`;
    if (seen.has(name)) return `two leaders acknowledged writes in term ${logs.term[b]}`;
    seen.add(name);
  }
  return '';
}

/** Where no majority of voters can do without a holder of an acknowledged write, elections lose none. */
function brokenPromise({ members }: Cluster, own: DatabaseSettings, losses: Losses): string {
  const { replication, failover } = own;
  if (failover.by !== 'election' || !failover.fencing || replication.mode !== 'semi-synchronous') return '';
  if (members.size - (replication.acks + 1) >= members.majority) return '';
  return losses.everLost > 0 ? `${losses.everLost} writes were lost that every majority held` : '';
}
