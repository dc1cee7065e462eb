/** What each member reads: partitions come and go, and with them positions and what was fetched of them. */
import type { Cluster } from './cluster.ts';
import type { Fetches } from './fetches.ts';
import type { Members } from './members.ts';
import { replayFrom, startOf } from './positions.ts';

export class Shares {
  constructor(
    private readonly cluster: Cluster,
    private readonly members: Members,
    private readonly fetches: Fetches,
  ) {}

  /** New partitions, whose positions are not known yet. */
  own(m: number, partitions: readonly number[]): void {
    const member = this.members.all[m];
    for (const p of partitions) {
      member.position[p] = Number.NaN;
      member.batches[p] = null;
      member.handed[p] = 0;
    }
    member.owned = [...member.owned, ...partitions].sort((a, b) => a - b);
    member.turn = 0;
  }

  /** The position of a new partition: what was committed, Id.None: nothing. */
  seek(m: number, p: number, offset: number): void {
    const member = this.members.all[m];
    if (!Number.isNaN(member.position[p])) return;
    member.position[p] = offset >= 0 ? offset : startOf(member.settings);
    member.committed[p] = Math.max(0, offset);
  }

  disown(m: number, partitions: readonly number[]): void {
    const member = this.members.all[m];
    for (const p of partitions) member.batches[p] = null;
    member.owned = member.owned.filter((p) => !partitions.includes(p));
    member.turn = 0;
    this.fetches.unask(m, partitions);
  }

  disownAll(m: number): void {
    this.disown(m, this.members.all[m].owned);
  }

  /** A replay: back to where it begins, in all partitions. */
  rewind(m: number): void {
    const member = this.members.all[m];
    const from = replayFrom(member.settings, this.cluster.now);
    member.replays = false;
    for (const p of member.owned) {
      this.cluster.books.replays(member.spec.group, p);
      member.batches[p] = null;
      member.position[p] = from;
      member.committed[p] = Math.min(member.committed[p], Math.max(0, member.position[p]));
    }
    this.fetches.unask(m, member.owned);
    this.fetches.fetch(m);
  }
}
