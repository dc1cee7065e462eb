/** Commits: a member has its positions written down by the coordinator, and may wait until they are. */
import { Clock } from './codes.ts';
import type { Cluster } from './cluster.ts';
import type { Members } from './members.ts';

export class Commits {
  /** Sends a position to the coordinator. */
  send: (m: number, partition: number, offset: number) => void = () => {};
  /** The member has nothing left to wait for. */
  onEnd: (m: number) => void = () => {};

  constructor(
    private readonly cluster: Cluster,
    private readonly members: Members,
  ) {}

  /** Writes down what has changed. True: the member waits for that. */
  commit(m: number, waits: boolean): boolean {
    const sent = this.write(m, this.members.all[m].position);
    return waits && this.awaits(m, sent);
  }

  /** The same for what this poll hands out, before any of it is processed. */
  commitHanded(m: number): boolean {
    return this.awaits(m, this.write(m, this.members.all[m].handed));
  }

  /** Returns how many positions are on their way. */
  private write(m: number, offsets: Float64Array): number {
    const { owned, committed } = this.members.all[m];
    let sent = 0;
    for (const p of owned) {
      // A position that is not known yet is not more than any.
      if (!(offsets[p] > committed[p])) continue;
      committed[p] = offsets[p];
      this.send(m, p, offsets[p]);
      sent++;
    }
    return sent;
  }

  private awaits(m: number, commits: number): boolean {
    const member = this.members.all[m];
    if (commits === 0) return false;
    member.commits = commits;
    member.round++;
    this.cluster.timer(
      member.spec.node,
      Clock.CommitTimeout,
      this.cluster.own.producer.requestTimeoutNs,
      m,
      member.round,
    );
    return true;
  }

  onCommitted(m: number): void {
    const member = this.members.all[m];
    if (member.commits === 0 || --member.commits > 0) return;
    this.onEnd(m);
  }

  /** Commits cannot be written down now. */
  giveUp(m: number, round: number): void {
    const member = this.members.all[m];
    if (member.commits === 0 || member.round !== round) return;
    member.commits = 0;
    this.onEnd(m);
  }
}
