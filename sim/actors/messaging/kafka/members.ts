/**
 * Members of groups: libraries in the processes that consume. Each fetches ahead from the leaders of its partitions,
 * polls, and gives its process one message after the other; what is processed is committed.
 */
import { Step } from '../../../engine/actor-instance.ts';
import { ICol, Id, Status, Stride } from '../../../engine/rows.ts';
import { derive } from '../../../random/counter.ts';
import type { GroupSettings } from '../kafka.settings.ts';
import { Batch } from './batch.ts';
import { Clock } from './codes.ts';
import type { Cluster } from './cluster.ts';
import type { Logs } from './logs.ts';
import type { Membership } from './membership.ts';
import type { Metadata } from './metadata.ts';
import { Col } from './records.ts';

/** Most bytes of a partition in one answer (max.partition.fetch.bytes). */
const MOST_BYTES = 1 << 20;
const MOST_RECORDS = 4096;
/** Positions that are to be found out: the oldest there is, the end. */
const EARLIEST = -1;
const LATEST = -2;
/** From here downwards: the first message published at or after a time, ns before this. */
const BY_TIME = -3;
const NOTHING: readonly number[] = [];

export interface MemberSpec {
  group: number;
  node: number;
  client: number;
}

/** A member's side of its partitions. */
interface Member {
  spec: MemberSpec;
  settings: GroupSettings;
  /** Partitions it reads, ascending. */
  owned: number[];
  /** By partition: the next message to process, what the current poll hands out up to, and what was fetched. */
  position: Float64Array;
  handed: Float64Array;
  committed: Float64Array;
  batches: (Batch | null)[];
  /** Is there a fetch under way that asks for it? */
  asked: Float64Array;
  /** The row that processes a message, Id.None: none; which message it is, and which try. */
  row: number;
  partition: number;
  tries: number;
  /** Positions that are to be written down before it goes on; how often it has waited so. */
  commits: number;
  round: number;
  left: number;
  turn: number;
  polledNs: number;
  committedNs: number;
  /** A replay is due at the next poll. */
  replays: boolean;
  up: boolean;
}

export class Members {
  readonly all: Member[];
  membership!: Membership;
  /** By session (member × brokers): the partitions asked for, and the number of the fetch (0: none is under way). */
  private readonly lists: (readonly number[])[];
  private readonly under: Int32Array;
  private readonly number: Int32Array;
  private readonly identity = new Int32Array(2);
  private readonly atNode = new Map<number, Member[]>();

  constructor(
    private readonly cluster: Cluster,
    private readonly metadata: Metadata,
    specs: readonly MemberSpec[],
  ) {
    const { layout, own } = cluster;
    this.all = specs.map((spec) => ({
      spec,
      settings: own.groups[spec.group],
      owned: [],
      position: new Float64Array(layout.internal),
      handed: new Float64Array(layout.internal),
      committed: new Float64Array(layout.internal),
      batches: Array.from({ length: layout.internal }, () => null),
      asked: new Float64Array(layout.internal),
      row: Id.None,
      partition: 0,
      tries: 0,
      commits: 0,
      round: 0,
      left: 0,
      turn: 0,
      polledNs: 0,
      committedNs: 0,
      replays: false,
      up: false,
    }));
    const sessions = specs.length * layout.brokers;
    this.lists = Array.from({ length: sessions }, () => NOTHING);
    this.under = new Int32Array(sessions);
    this.number = new Int32Array(sessions);
    for (const member of this.all) {
      const list = this.atNode.get(member.spec.node) ?? [];
      list.push(member);
      this.atNode.set(member.spec.node, list);
    }
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

  // What brokers see of a fetch: the body of its message.

  private memberOf(session: number): number {
    return Math.floor(session / this.cluster.layout.brokers);
  }

  target(session: number): number {
    return this.cluster.nodeOf(session % this.cluster.layout.brokers);
  }

  isCurrent(session: number, number: number): boolean {
    return this.under[session] === number;
  }

  fetchWaitNs(session: number): number {
    return this.all[this.memberOf(session)].settings.fetchWaitNs;
  }

  requested(session: number): readonly number[] {
    return this.lists[session];
  }

  /** Offset asked for; negative: to be found out. */
  offset(session: number, partition: number): number {
    return this.all[this.memberOf(session)].asked[partition];
  }

  /** The broker answers that it does not lead the partition. */
  notLeader(session: number, partition: number): void {
    const batch = this.all[this.memberOf(session)].batches[partition]!;
    batch.refuse();
  }

  /** The broker's answer for a partition is made: what its log holds now, up to the high watermark. */
  take(session: number, partition: number, logs: Logs, replica: number): void {
    const member = this.all[this.memberOf(session)];
    const batch = member.batches[partition]!;
    let offset = member.asked[partition];
    const high = logs.highWatermark[replica];
    if (offset === EARLIEST) offset = Math.min(logs.start[replica], high);
    else if (offset === LATEST) offset = high;
    else if (offset <= BY_TIME) offset = Math.min(high, logs.publishedFrom(replica, BY_TIME - offset));
    else if (offset < logs.start[replica] || offset > logs.end[replica]) {
      batch.outOfRange(logs.start[replica]);
      return;
    }
    const { layout } = this.cluster;
    const size = layout.topics[layout.topicOf[partition]].recordBytes;
    const most = Math.min(MOST_RECORDS, Math.max(1, Math.floor(MOST_BYTES / size)));
    batch.fill(logs, replica, offset, Math.max(offset, Math.min(high, offset + most)));
  }

  // Fetching.

  /** Sends the fetches that are possible: what is owned and not at hand, to who is believed to lead it. */
  fetch(m: number): void {
    const member = this.all[m];
    const { brokers } = this.cluster.layout;
    let isLeaderless = false;
    for (const p of member.owned) if (this.isWanted(m, p) && this.leaderOf(member, p) === Id.None) isLeaderless = true;
    for (let b = 0; b < brokers; b++) if (this.under[m * brokers + b] === 0) this.send(m, b);
    if (isLeaderless) this.later(m, Id.None);
  }

  /** Asks who leads, not the broker that failed, and tries again in a moment. */
  private later(m: number, failed: number): void {
    const { spec } = this.all[m];
    this.metadata.refresh(spec.client, failed);
    this.cluster.timer(spec.node, Clock.FetchAgain, this.cluster.own.producer.retryBackoffNs, m);
  }

  private leaderOf(member: Member, p: number): number {
    return this.metadata.leader(member.spec.client, p);
  }

  /** Nothing of it is at hand, nor asked for. */
  private isWanted(m: number, p: number): boolean {
    const batch = this.all[m].batches[p];
    return batch === null || (!batch.isAsked && batch.left === 0);
  }

  private send(m: number, broker: number): void {
    const member = this.all[m];
    let list: number[] | null = null;
    for (const p of member.owned) {
      if (this.leaderOf(member, p) !== broker || !this.isWanted(m, p) || Number.isNaN(member.position[p])) continue;
      const batch = (member.batches[p] ??= new Batch());
      batch.isAsked = true;
      member.asked[p] = member.position[p];
      (list ??= []).push(p);
    }
    if (list === null) return;
    const session = m * this.cluster.layout.brokers + broker;
    this.lists[session] = list;
    const number = (this.number[session] = (this.number[session] + 1) | 0 || 1);
    this.under[session] = number;
    this.cluster.kernel.spawn(member.spec.node, this.cluster.compiled.fetch, session, 0, number);
  }

  /** An answer is here, or there is none. */
  onFetched(row: number, isAnswered: boolean): number {
    const { rows } = this.cluster.world;
    const at = row * Stride.I;
    const session = rows.I[at + ICol.Key];
    if (this.under[session] !== rows.I[at + ICol.User]) return Step.Continue;
    this.under[session] = 0;
    const m = this.memberOf(session);
    const member = this.all[m];
    let isRefused = !isAnswered;
    for (const p of this.lists[session]) {
      const batch = member.batches[p];
      if (batch === null || !batch.isAsked) continue;
      batch.isAsked = false;
      if (!isAnswered || batch.isRefused) {
        batch.drop();
        isRefused = true;
      } else this.accept(member, p, batch);
    }
    this.lists[session] = NOTHING;
    if (isRefused) this.later(m, session % this.cluster.layout.brokers);
    else this.fetch(m);
    this.run(m);
    return Step.Continue;
  }

  private accept(member: Member, p: number, batch: Batch): void {
    const { books } = this.cluster;
    const g = member.spec.group;
    if (batch.isOut) {
      // Deleted, or never written: begins where the settings say.
      batch.drop();
      member.position[p] = member.settings.start === 'earliest' ? EARLIEST : LATEST;
      if (member.settings.start === 'earliest') books.expired(g, p, batch.logStart);
      return;
    }
    if (member.position[p] < 0) {
      if (member.position[p] === LATEST) books.jumped(g, p, batch.offset);
      else if (batch.offset > 0) books.expired(g, p, batch.offset);
      member.position[p] = batch.offset;
    }
  }

  // Polling.

  /** Goes on, unless it waits for something. */
  run(m: number): void {
    const member = this.all[m];
    if (!member.up || member.row !== Id.None || member.commits > 0) return;
    if (member.left > 0 && this.next(m)) return;
    member.left = 0;
    if (member.settings.commit.when === 'batch' && this.commit(m, true)) return;
    this.poll(m);
  }

  private poll(m: number): void {
    const member = this.all[m];
    const { settings } = member;
    const { now } = this.cluster;
    member.polledNs = now;
    if (!this.membership.atPoll(m)) return;
    if (settings.commit.when === 'interval' && now - member.committedNs >= settings.commit.everyNs) {
      member.committedNs = now;
      this.commit(m, false);
    }
    if (member.replays) this.rewind(m);
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
    if (settings.commit.when === 'before' && this.commitHanded(m)) return;
    this.next(m);
  }

  /** Processes the next message of this poll. False: there is none. */
  private next(m: number): boolean {
    const member = this.all[m];
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
    const member = this.all[m];
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
    for (const member of this.atNode.get(rows.I[row * Stride.I + ICol.Node]) ?? []) {
      if (member.row === row) {
        member.row = Id.None;
        this.ended(this.all.indexOf(member), status);
        return;
      }
    }
  }

  private ended(m: number, status: number): void {
    const member = this.all[m];
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
      if (batch.left === 0) this.fetch(m);
    }
    if (settings.commit.when === 'record' && this.commit(m, true)) return;
    this.run(m);
  }

  tryAgain(m: number): void {
    const member = this.all[m];
    if (member.row !== BUSY) return;
    member.row = Id.None;
    if (member.batches[member.partition] === null) this.run(m);
    else this.process(m);
  }

  /** Is a message being processed? */
  isBusy(m: number): boolean {
    return this.all[m].row !== Id.None;
  }

  // Positions.

  /** Writes down what has changed. True: the member waits for that. */
  commit(m: number, waits: boolean): boolean {
    const member = this.all[m];
    let sent = 0;
    for (const p of member.owned) {
      if (!(member.position[p] > member.committed[p])) continue;
      member.committed[p] = member.position[p];
      this.membership.sendCommit(m, p, member.position[p]);
      sent++;
    }
    return this.awaits(m, waits ? sent : 0);
  }

  /** The same for what this poll hands out, before any of it is processed. */
  private commitHanded(m: number): boolean {
    const member = this.all[m];
    let sent = 0;
    for (const p of member.owned) {
      if (!(member.handed[p] > member.committed[p])) continue;
      member.committed[p] = member.handed[p];
      this.membership.sendCommit(m, p, member.handed[p]);
      sent++;
    }
    return this.awaits(m, sent);
  }

  private awaits(m: number, commits: number): boolean {
    const member = this.all[m];
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
    const member = this.all[m];
    if (member.commits === 0 || --member.commits > 0) return;
    this.run(m);
  }

  /** Commits cannot be written down now. */
  giveUpCommits(m: number, round: number): void {
    const member = this.all[m];
    if (member.commits === 0 || member.round !== round) return;
    member.commits = 0;
    this.run(m);
  }

  /** Reads the past again from its next poll on. */
  replay(m: number): void {
    this.all[m].replays = true;
    if (!this.isBusy(m)) this.run(m);
  }

  private rewind(m: number): void {
    const member = this.all[m];
    member.replays = false;
    for (const p of member.owned) {
      this.cluster.books.replays(member.spec.group, p);
      member.batches[p] = null;
      member.position[p] = this.membership.replayFrom(m, p);
      member.committed[p] = Math.min(member.committed[p], Math.max(0, member.position[p]));
    }
    this.unask(m, member.owned);
    this.fetch(m);
  }

  // Partitions come and go.

  /** New partitions, whose positions are not known yet. */
  own(m: number, partitions: readonly number[]): void {
    const member = this.all[m];
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
    const member = this.all[m];
    if (!Number.isNaN(member.position[p])) return;
    member.position[p] = offset >= 0 ? offset : member.settings.start === 'earliest' ? EARLIEST : LATEST;
    member.committed[p] = Math.max(0, offset);
  }

  disown(m: number, partitions: readonly number[]): void {
    const member = this.all[m];
    for (const p of partitions) member.batches[p] = null;
    member.owned = member.owned.filter((p) => !partitions.includes(p));
    member.turn = 0;
    this.unask(m, partitions);
  }

  /**
   * Fetches under way ask for partitions that are not wanted any more: that part of their answers is dropped. They go on
   * for the others, and the next fetch to the same broker waits for them (the consumer's one fetch in flight per node).
   */
  private unask(m: number, partitions: readonly number[]): void {
    const { brokers } = this.cluster.layout;
    for (let session = m * brokers; session < (m + 1) * brokers; session++)
      if (this.lists[session].length > 0)
        this.lists[session] = this.lists[session].filter((p) => !partitions.includes(p));
  }

  /** The process is gone. */
  crashed(m: number): void {
    const member = this.all[m];
    this.disown(m, [...member.owned]);
    const { brokers } = this.cluster.layout;
    this.under.fill(0, m * brokers, (m + 1) * brokers);
    member.up = false;
    member.row = Id.None;
    member.commits = 0;
    member.left = 0;
    member.replays = false;
  }

  membersAt(node: number): number[] {
    return (this.atNode.get(node) ?? []).map((member) => this.all.indexOf(member));
  }
}

/** Not a row: a message waits for its next try. */
const BUSY = -2;
