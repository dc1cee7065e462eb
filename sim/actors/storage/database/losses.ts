/**
 * Acknowledged writes that are lost: those of the branch that led before which the new leader lacks, and those that a
 * leader without fencing went on acknowledging after another one had taken over. Accounting only; it looks at
 * everything, and nothing decides by it.
 */
import type { Cluster } from './cluster.ts';

export class Losses {
  /** Acknowledged writes lost. */
  lost = 0;
  /** Writes acknowledged by a leader whose place had been taken. */
  conflicts = 0;
  /** Age at the fault of the oldest write lost, ns. */
  oldestNs = 0;
  /** The same over the whole run, warm-up included: for the invariant. */
  everLost = 0;

  constructor(private readonly cluster: Cluster) {}

  resetFigures(): void {
    this.lost = 0;
    this.conflicts = 0;
    this.oldestNs = 0;
  }

  /** The member's leader acknowledges: does it still lead in fact? */
  acknowledged(member: number): void {
    const { logs, members } = this.cluster;
    if (logs.main[members.shardOf(member)] !== logs.branch[member]) this.conflicts++;
  }

  /** The member takes over: what was acknowledged before and is not in its log is lost. */
  tookOver(member: number): void {
    const { logs, members } = this.cluster;
    const shard = members.shardOf(member);
    const before = logs.main[shard];
    // Without fencing a leader may finish its promotion after it has been replaced.
    if (logs.term[before] > logs.term[logs.branch[member]]) return;
    logs.main[shard] = logs.branch[member];
    this.discard(before, logs.branch[member], member, null);
  }

  /** The member gives up what it held beyond its log's branching off from `branch`: its own late acknowledgements with it. */
  truncated(member: number, branch: number): void {
    this.discard(this.cluster.logs.branch[member], branch, member, member);
  }

  /** Counts what branch `from` and those below it have acknowledged beyond what they share with `to`. */
  private discard(from: number, to: number, member: number, onlyLeader: number | null): void {
    const { logs, now } = this.cluster;
    let lost = 0;
    let oldest = now;
    for (let b = from, end = logs.head[from]; b >= 0; end = Math.min(end, logs.start[b]), b = logs.parent[b]) {
      const kept = logs.common(b, logs.head[b], to, logs.head[to]);
      if (kept >= end) break;
      if (onlyLeader !== null && logs.leader[b] !== onlyLeader) continue;
      const first = Math.max(kept, logs.counted[b], logs.start[b]) + 1;
      const last = Math.min(logs.acknowledged[b], end);
      if (last < first) continue;
      lost += last - first + 1;
      oldest = Math.min(oldest, logs.timeOf(b, first));
      logs.counted[b] = last;
    }
    if (lost > 0) this.count(member, lost, oldest, this.faultNs(onlyLeader ?? logs.leader[from], oldest));
  }

  private count(member: number, lost: number, oldestNs: number, faultNs: number): void {
    const { world, component, members } = this.cluster;
    const age = Math.max(0, faultNs - oldestNs);
    this.lost += lost;
    this.everLost += lost;
    this.oldestNs = Math.max(this.oldestNs, age);
    const what = `${lost} acknowledged ${lost === 1 ? 'write is' : 'writes are'} lost: ${this.cluster.nameOf(member)} goes on without them`;
    world.history.add('lost-writes', component, members.nodeOf(member), what, lost, -1, age / 1e9);
  }

  /**
   * When what led to a loss struck: the leader whose writes are lost crashed while it led, after the oldest of them; or the
   * last fault, which may have cut it off.
   */
  private faultNs(leader: number, oldestNs: number): number {
    const { crashedNs, world, now } = this.cluster;
    if (crashedNs[leader] >= oldestNs) return crashedNs[leader];
    const { list } = world.history;
    for (let i = list.length - 1; i >= 0; i--) if (list[i].kind === 'fault') return list[i].atNs;
    return now;
  }
}
