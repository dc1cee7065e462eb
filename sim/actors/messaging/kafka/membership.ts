/**
 * A member's side of its group: it says that it lives, joins, learns its partitions, gives some up. Eager assignors make
 * everybody give up everything first; cooperative ones let go only of what moves, and join once more (KIP-429).
 */
import { Id } from '../../../engine/rows.ts';
import { Clock, Message, Verdict } from './codes.ts';
import type { Cluster } from './cluster.ts';
import type { Commits } from './commits.ts';
import type { Fetches } from './fetches.ts';
import type { Members } from './members.ts';
import type { Metadata } from './metadata.ts';
import type { Polls } from './polls.ts';
import type { Shares } from './shares.ts';

const enum State {
  /** Takes part in nothing. */
  Out = 0,
  Joining = 1,
  Stable = 2,
}

/** Longest wait for the end of a rebalance beyond the interval of polls. */
const JOIN_GRACE_NS = 5_000_000_000;

export class Membership {
  private readonly state: Uint8Array;
  private readonly generation: Int32Array;
  /** Number of the attempt to join: older answers are not for it. */
  private readonly attempt: Int32Array;
  private readonly answeredNs: Float64Array;
  /** Number of the question for positions: only the last one is asked again. */
  private readonly question: Int32Array;
  /** The group rebalances; it has been taken for dead. */
  private readonly rejoins: Uint8Array;
  private readonly lost: Uint8Array;
  /** Partitions it has been given and has not taken yet. */
  private readonly given: (readonly number[] | null)[];
  /** What it said it owned when it joined last. */
  private readonly owned: (readonly number[])[];

  constructor(
    private readonly cluster: Cluster,
    private readonly members: Members,
    private readonly metadata: Metadata,
    private readonly fetches: Fetches,
    private readonly commits: Commits,
    private readonly shares: Shares,
    private readonly polls: Polls,
  ) {
    const n = members.all.length;
    this.state = new Uint8Array(n);
    this.generation = new Int32Array(n);
    this.attempt = new Int32Array(n);
    this.answeredNs = new Float64Array(n);
    this.question = new Int32Array(n);
    this.rejoins = new Uint8Array(n);
    this.lost = new Uint8Array(n);
    this.given = Array.from({ length: n }, () => null);
    this.owned = Array.from({ length: n }, () => []);
    polls.atPoll = (m) => this.atPoll(m);
    commits.send = (m, partition, offset) => this.sendCommit(m, partition, offset);
  }

  /** What the member with this id said it owns; nothing, if that process is gone. */
  ownedBy(id: number): readonly number[] {
    const m = this.members.indexOf(id);
    return this.members.idOf(m) === id ? this.owned[m] : [];
  }

  private nodeOf(m: number): number {
    return this.members.all[m].spec.node;
  }

  private groupOf(m: number): number {
    return this.members.all[m].spec.group;
  }

  private isCooperative(m: number): boolean {
    return this.members.all[m].settings.assignor === 'cooperative-sticky';
  }

  /** Broker that coordinates, as far as the member knows; Id.None: none. */
  private coordinator(m: number): number {
    return this.metadata.leader(this.members.all[m].spec.client, this.cluster.layout.internal + this.groupOf(m));
  }

  /** Asks who coordinates now. */
  private search(m: number): void {
    this.metadata.refresh(this.members.all[m].spec.client, this.coordinator(m));
  }

  private send(m: number, code: Message, data: number): void {
    const to = this.coordinator(m);
    if (to === Id.None) this.search(m);
    else this.cluster.ask(this.nodeOf(m), this.cluster.nodeOf(to), code, this.members.idOf(m), data);
  }

  // Beginnings and ends.

  /** Time zero: the group is stable, and this is the member's share. */
  begin(m: number, partitions: readonly number[], phase: number): void {
    const member = this.members.all[m];
    member.up = true;
    this.state[m] = State.Stable;
    this.generation[m] = 1;
    this.answeredNs[m] = this.cluster.now;
    this.shares.own(m, partitions);
    for (const p of partitions) this.shares.seek(m, p, Id.None);
    this.cluster.timer(this.nodeOf(m), Clock.Heartbeat, Math.round(member.settings.heartbeatNs * phase), m);
    this.fetches.fetch(m);
  }

  /** The process is new. */
  restart(m: number): void {
    const member = this.members.all[m];
    member.up = true;
    member.polledNs = this.cluster.now;
    this.cluster.timer(this.nodeOf(m), Clock.Heartbeat, member.settings.heartbeatNs, m);
    this.join(m);
  }

  crashed(m: number): void {
    this.shares.disownAll(m);
    this.fetches.forget(m);
    this.members.crashed(m);
    this.state[m] = State.Out;
    this.attempt[m]++;
    this.rejoins[m] = 0;
    this.lost[m] = 0;
    this.given[m] = null;
  }

  // Heartbeats.

  heartbeat(m: number): void {
    const member = this.members.all[m];
    const { settings } = member;
    const { now } = this.cluster;
    this.cluster.timer(this.nodeOf(m), Clock.Heartbeat, settings.heartbeatNs, m);
    if (this.state[m] !== State.Stable || this.lost[m] === 1) return;
    if (this.polls.isBusy(m) && now - member.polledNs > settings.maxPollIntervalNs) {
      this.send(m, Message.Leave, this.generation[m]);
      this.lost[m] = 1;
      return;
    }
    // Whoever has not heard of its coordinator for a session, or a request, looks for another one.
    if (now - this.answeredNs[m] > Math.min(settings.sessionNs, this.cluster.own.producer.requestTimeoutNs))
      this.search(m);
    this.send(m, Message.Heartbeat, this.generation[m]);
  }

  onHeartbeatAnswer(m: number, verdict: Verdict, generation: number): void {
    if (this.state[m] !== State.Stable || generation !== this.generation[m]) return;
    if (verdict === Verdict.NotCoordinator) {
      this.search(m);
      return;
    }
    this.answeredNs[m] = this.cluster.now;
    if (verdict === Verdict.Rebalancing) this.rejoins[m] = 1;
    if (verdict === Verdict.Unknown) this.lost[m] = 1;
    if (verdict !== Verdict.Fine) this.polls.run(m);
  }

  // Joining.

  /** The member polls. False: it may not go on. */
  private atPoll(m: number): boolean {
    if (this.lost[m] === 1) {
      this.lost[m] = 0;
      this.rejoins[m] = 0;
      this.given[m] = null;
      this.shares.disownAll(m);
      this.join(m);
      return false;
    }
    if (this.given[m] !== null && !this.takeGiven(m)) return false;
    if (this.rejoins[m] === 1 && this.state[m] === State.Stable) {
      if (!this.isCooperative(m)) {
        // What is processed is written down before others go on from there.
        if (this.commits.commit(m, true)) return false;
        this.shares.disownAll(m);
      }
      this.rejoins[m] = 0;
      this.join(m);
    }
    return this.state[m] === State.Stable || this.members.all[m].owned.length > 0;
  }

  private join(m: number): void {
    const { maxPollIntervalNs } = this.members.all[m].settings;
    this.state[m] = State.Joining;
    this.owned[m] = [...this.members.all[m].owned];
    const attempt = ++this.attempt[m];
    this.send(m, Message.Join, attempt);
    const wait =
      this.coordinator(m) === Id.None ? this.cluster.own.producer.retryBackoffNs : maxPollIntervalNs + JOIN_GRACE_NS;
    this.cluster.timer(this.nodeOf(m), Clock.Rejoin, wait, m, attempt);
  }

  /** The attempt to join has come to nothing. */
  rejoin(m: number, attempt: number): void {
    if (this.state[m] === State.Joining && this.attempt[m] === attempt) this.join(m);
  }

  /** Its share was asked for, and has not come: looks for the coordinator, and joins again. */
  onSyncTimeout(m: number, attempt: number): void {
    if (this.state[m] !== State.Joining || this.attempt[m] !== attempt) return;
    this.search(m);
    this.join(m);
  }

  /** All have joined: asks for its share. */
  onJoined(m: number, verdict: Verdict, generation: number): void {
    if (this.state[m] !== State.Joining) return;
    if (verdict === Verdict.Fine) {
      this.generation[m] = generation;
      this.send(m, Message.Sync, generation);
      // Unlike a join, this is answered at once.
      const { requestTimeoutNs } = this.cluster.own.producer;
      this.cluster.timer(this.nodeOf(m), Clock.SyncTimeout, requestTimeoutNs, m, this.attempt[m]);
    } else this.trouble(m);
  }

  /** Whoever was asked is not the coordinator, or not there: looks for it, and joins again in a moment. */
  private trouble(m: number): void {
    const { spec } = this.members.all[m];
    this.search(m);
    this.cluster.timer(spec.node, Clock.Rejoin, this.cluster.own.producer.retryBackoffNs, m, this.attempt[m]);
  }

  /** What this member gets. */
  onAssigned(m: number, verdict: Verdict, generation: number, partitions: readonly number[]): void {
    if (this.state[m] !== State.Joining || (verdict === Verdict.Fine && generation !== this.generation[m])) return;
    if (verdict === Verdict.NotCoordinator) {
      this.trouble(m);
      return;
    }
    if (verdict !== Verdict.Fine) {
      this.join(m);
      return;
    }
    this.state[m] = State.Stable;
    this.answeredNs[m] = this.cluster.now;
    this.given[m] = partitions;
    this.polls.run(m);
  }

  /** Takes what it was given and lets go of the rest. False: has to wait for its commits. */
  private takeGiven(m: number): boolean {
    const member = this.members.all[m];
    const given = this.given[m]!;
    const revoked = member.owned.filter((p) => !given.includes(p));
    if (revoked.length > 0 && this.commits.commit(m, true)) return false;
    this.given[m] = null;
    const added = given.filter((p) => !member.owned.includes(p));
    if (revoked.length > 0) {
      this.shares.disown(m, revoked);
      this.rejoins[m] = 1;
    }
    if (added.length > 0) this.shares.own(m, added);
    // An answer that came while it joined was not for this generation.
    if (this.lacksPositions(m)) this.askOffsets(m);
    return true;
  }

  // Positions.

  private askOffsets(m: number): void {
    this.question[m]++;
    this.send(m, Message.AskOffsets, this.generation[m]);
    this.askLater(m, this.cluster.own.producer.requestTimeoutNs);
  }

  private askLater(m: number, delayNs: number): void {
    this.cluster.timer(this.nodeOf(m), Clock.AskAgain, delayNs, m, this.question[m]);
  }

  /** Positions were asked for and have not come. */
  askAgain(m: number, question: number): void {
    if (this.state[m] !== State.Stable || this.question[m] !== question) return;
    if (this.lacksPositions(m)) this.askOffsets(m);
  }

  private lacksPositions(m: number): boolean {
    const { owned, position } = this.members.all[m];
    return owned.some((p) => Number.isNaN(position[p]));
  }

  /** @param offsets by partition, Id.None: nothing was committed; null: it was not the coordinator */
  onOffsets(m: number, generation: number, offsets: Float64Array | null): void {
    if (this.state[m] !== State.Stable || this.generation[m] !== generation) return;
    if (offsets === null) {
      this.search(m);
      this.askLater(m, this.cluster.own.producer.retryBackoffNs);
      return;
    }
    for (const p of this.members.all[m].owned) this.shares.seek(m, p, offsets[p]);
    this.fetches.fetch(m);
  }

  /** Commit: generation (8 bits), partition (12 bits), offset. */
  private sendCommit(m: number, partition: number, offset: number): void {
    this.send(m, Message.Commit, ((this.generation[m] & 0xff) * 4096 + partition) * 8589934592 + offset);
  }

  onCommitted(m: number, verdict: Verdict): void {
    if (verdict === Verdict.Unknown) this.lost[m] = this.state[m] === State.Stable ? 1 : this.lost[m];
    if (verdict === Verdict.NotCoordinator) this.search(m);
    this.commits.onCommitted(m);
  }

  /** A message for the coordinator found nobody there. */
  onRefused(m: number, code: Message): void {
    this.search(m);
    if (code === Message.Join || code === Message.Sync) this.trouble(m);
    else if (code === Message.Commit) this.commits.onCommitted(m);
    else if (code === Message.AskOffsets) this.askLater(m, this.cluster.own.producer.retryBackoffNs);
  }
}
