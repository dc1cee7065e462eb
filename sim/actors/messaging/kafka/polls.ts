/**
 * Polls: a member takes some of what it has fetched, and gives its process one message after the other. When the process
 * is done with them, it polls again.
 */
import { ICol, Id, Status, Stride } from '../../../engine/rows.ts';
import { derive } from '../../../random/counter.ts';
import { Clock } from './codes.ts';
import type { Cluster } from './cluster.ts';
import type { Commits } from './commits.ts';
import type { Fetches } from './fetches.ts';
import type { Members } from './members.ts';
import { Col } from './records.ts';
import type { Shares } from './shares.ts';

/** Not a row: a message waits for its next try. */
const BUSY = -2;

export class Polls {
  /** The member polls. False: it may not go on. */
  atPoll: (m: number) => boolean = () => true;
  private readonly identity = new Int32Array(2);

  constructor(
    private readonly cluster: Cluster,
    private readonly members: Members,
    private readonly fetches: Fetches,
    private readonly commits: Commits,
    private readonly shares: Shares,
  ) {
    fetches.onEnd = (m) => this.run(m);
    commits.onEnd = (m) => this.run(m);
  }

  /** Goes on, unless it waits for something. */
  run(m: number): void {
    const member = this.members.all[m];
    if (!member.up || member.row !== Id.None || member.commits > 0) return;
    if (member.left > 0 && this.next(m)) return;
    member.left = 0;
    if (member.settings.commit.when === 'batch' && this.commits.commit(m, true)) return;
    this.poll(m);
  }

  private poll(m: number): void {
    const member = this.members.all[m];
    const { settings } = member;
    const { now } = this.cluster;
    member.polledNs = now;
    if (!this.atPoll(m)) return;
    if (settings.commit.when === 'interval' && now - member.committedNs >= settings.commit.everyNs) {
      member.committedNs = now;
      this.commits.commit(m, false);
    }
    if (member.replays) this.shares.rewind(m);
    let left = settings.maxPollRecords;
    for (let i = 0; i < member.owned.length && left > 0; i++) {
      const p = member.owned[(member.turn + i) % member.owned.length];
      const batch = member.batches[p];
      const n = batch === null || batch.isAsked ? 0 : Math.min(left, batch.left);
      member.handed[p] = member.position[p] + n;
      left -= n;
    }
    member.left = settings.maxPollRecords - left;
    if (member.left === 0) return;
    if (settings.commit.when === 'before' && this.commits.commitHanded(m)) return;
    this.next(m);
  }

  /** Processes the next message of this poll. False: there is none. */
  private next(m: number): boolean {
    const member = this.members.all[m];
    for (let i = 0; i < member.owned.length; i++) {
      const p = member.owned[(member.turn + i) % member.owned.length];
      const batch = member.batches[p];
      if (batch === null || batch.isAsked || batch.left === 0 || member.position[p] >= member.handed[p]) continue;
      member.turn = (member.turn + i) % member.owned.length;
      member.partition = p;
      member.tries = 1;
      this.process(m);
      return true;
    }
    member.turn = member.owned.length === 0 ? 0 : (member.turn + 1) % member.owned.length;
    return false;
  }

  private process(m: number): void {
    const member = this.members.all[m];
    const batch = member.batches[member.partition]!;
    const at = batch.next * Col.Stride;
    const { I } = batch;
    const g = member.spec.group;
    // Whoever processes it finds it as hard; two groups do different things with it.
    derive(I[at + Col.IdA], I[at + Col.IdB], g + 1, member.tries, this.identity);
    const op = (I[at + Col.Op] & ~0xffff) | this.cluster.compiled.operations[g];
    const { kernel, component } = this.cluster;
    member.row = kernel.assign(
      component,
      member.spec.node,
      op,
      I[at + Col.Key],
      I[at + Col.User],
      this.identity[0],
      this.identity[1],
    );
  }

  /** Work that was given to a process has ended. */
  onDone(row: number, status: number): void {
    const { rows } = this.cluster.world;
    for (const m of this.members.membersAt(rows.I[row * Stride.I + ICol.Node])) {
      const member = this.members.all[m];
      if (member.row === row) {
        member.row = Id.None;
        this.ended(m, status);
        return;
      }
    }
  }

  private ended(m: number, status: number): void {
    const member = this.members.all[m];
    const { settings, spec, partition } = member;
    const failed = status > Status.Miss;
    if (failed && member.tries < settings.attempts) {
      member.tries++;
      member.row = BUSY;
      this.cluster.timer(spec.node, Clock.TryAgain, settings.backoffNs, m);
      return;
    }
    const batch = member.batches[partition];
    if (batch !== null && batch.left > 0) {
      this.cluster.books.processed(spec.group, partition, batch.offset, batch.F[batch.next], failed);
      batch.pass();
      member.position[partition] = batch.offset;
      member.left--;
      if (batch.left === 0) this.fetches.fetch(m);
    }
    if (settings.commit.when === 'record' && this.commits.commit(m, true)) return;
    this.run(m);
  }

  tryAgain(m: number): void {
    const member = this.members.all[m];
    if (member.row !== BUSY) return;
    member.row = Id.None;
    if (member.batches[member.partition] === null) this.run(m);
    else this.process(m);
  }

  /** Is a message being processed? */
  isBusy(m: number): boolean {
    return this.members.all[m].row !== Id.None;
  }

  /** Reads the past again from its next poll on. */
  replay(m: number): void {
    this.members.all[m].replays = true;
    if (!this.isBusy(m)) this.run(m);
  }
}
