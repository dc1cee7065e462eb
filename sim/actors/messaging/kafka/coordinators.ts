/**
 * Coordinators: the leader of a group's own partition keeps its members, shares out partitions, and writes positions
 * down in that partition. What it has written survives it; a successor reads it from its copy.
 */
import { Id } from '../../../engine/rows.ts';
import { assign, type TopicRange } from './assignors.ts';
import type { Brokers } from './brokers.ts';
import { Clock, Message, Verdict } from './codes.ts';
import type { Cluster } from './cluster.ts';
import type { Members } from './members.ts';
import type { Membership } from './membership.ts';
import { Col } from './records.ts';

const enum Phase {
  Empty = 0,
  /** Waits for all members to join. */
  Preparing = 1,
  /** Waits for all to ask for their share. */
  Completing = 2,
  Stable = 3,
}

/** The members as a record has them: never changed. */
interface Snapshot {
  generation: number;
  members: number[];
  shares: number[][];
}

interface Known {
  heardNs: number;
  joined: boolean;
}

/** What a coordinator has in memory. */
interface Group {
  phase: Phase;
  generation: number;
  /** By the member's id, which a new process has anew. */
  members: Map<number, Known>;
  snapshot: Snapshot;
  /** Positions by partition, Id.None: none. */
  offsets: Float64Array;
  /** Commits written and not yet at all in-sync replicas. */
  pending: { at: number; member: number; partition: number; offset: number }[];
  /** Number of the rebalance that a timer would end. */
  round: number;
  /** It was empty: waits for more members than the first (group.initial.rebalance.delay.ms). */
  gathers: boolean;
  /** The rebalance mends a loss. */
  hasLost: boolean;
  /** Positions that all in-sync replicas have. */
  confirmed: Float64Array;
}

/** Key of a record that holds the members; others are partitions. */
const MEMBERS = -1;

export class Coordinators {
  /** By group: all snapshots that were ever written; a record says which. */
  private readonly snapshots: Snapshot[][];
  /** By broker × groups, null: it is not the coordinator. */
  private readonly groups: (Group | null)[];
  /** Answers with positions under way, by member. */
  private readonly offsets: (Float64Array | null)[];
  private readonly topics: TopicRange[][];

  constructor(
    private readonly cluster: Cluster,
    private readonly brokers: Brokers,
    private readonly members: Members,
    private readonly membership: Membership,
  ) {
    const { layout, own } = cluster;
    this.snapshots = own.groups.map(() => []);
    this.groups = Array.from({ length: layout.brokers * own.groups.length }, () => null);
    this.offsets = members.all.map(() => null);
    this.topics = own.groups.map((group) =>
      group.topics.map((name) => {
        const t = layout.topicIndex(name);
        return { first: layout.first[t], count: layout.topics[t].partitions };
      }),
    );
    brokers.onCommitted = (broker, group) => this.onReplicated(broker, group);
  }

  private get count(): number {
    return this.cluster.own.groups.length;
  }

  private replicaOf(b: number, g: number): number {
    const { layout } = this.cluster;
    return layout.at[b * layout.partitions + layout.internal + g];
  }

  private share(g: number, present: readonly number[], owned: (m: number) => readonly number[]): number[][] {
    const wanted = this.topics[g].map((_, i) => i);
    const candidates = present.map((m) => ({ topics: wanted, owned: owned(m) }));
    return assign(this.cluster.own.groups[g].assignor, this.topics[g], candidates);
  }

  /** Time zero: those who are up are the members. Returns what each gets. */
  begin(g: number, present: readonly number[]): number[][] {
    const shares = this.share(g, present, () => []);
    this.snapshots[g].push({ generation: present.length > 0 ? 1 : 0, members: [...present], shares });
    return shares;
  }

  /** A broker coordinates a group from now on: it reads its copy of what was written. */
  load(b: number, g: number): void {
    const { layout, logs } = this.cluster;
    const offsets = new Float64Array(layout.internal).fill(Id.None);
    let snapshot = this.snapshots[g][0] ?? { generation: 0, members: [], shares: [] };
    const replica = this.replicaOf(b, g);
    for (const [i, records] of logs.chain[replica].entries()) {
      const end = i + 1 < logs.chain[replica].length ? logs.chain[replica][i + 1].start : logs.end[replica];
      for (let offset = records.first; offset < end; offset++) {
        const at = records.at(offset);
        const key = records.I[at * Col.Stride + Col.Key];
        if (key === MEMBERS) snapshot = this.snapshots[g][records.I[at * Col.Stride + Col.User]];
        else offsets[key] = records.F[at];
      }
    }
    const group: Group = {
      phase: snapshot.members.length === 0 ? Phase.Empty : Phase.Stable,
      generation: snapshot.generation,
      members: new Map(),
      snapshot,
      offsets,
      pending: [],
      round: 0,
      gathers: false,
      hasLost: false,
      confirmed: offsets.slice(),
    };
    this.groups[b * this.count + g] = group;
    for (const m of snapshot.members) this.admit(b, g, group, m);
  }

  /** Another broker coordinates from now on: who waits for the end of a rebalance here is sent on (onGroupUnloaded). */
  resign(b: number, g: number): void {
    const group = this.groups[b * this.count + g];
    this.forget(b, g);
    if (group === null || group.phase !== Phase.Preparing) return;
    for (const [m, known] of group.members)
      if (known.joined) this.reply(b, m, Message.Joined, Verdict.NotCoordinator * 4294967296);
  }

  /** The broker's process is gone. */
  forget(b: number, g: number): void {
    this.groups[b * this.count + g] = null;
  }

  private admit(b: number, g: number, group: Group, m: number): Known {
    const known = { heardNs: this.cluster.now, joined: false };
    group.members.set(m, known);
    this.watch(b, g, m, this.cluster.own.groups[g].sessionNs);
    return known;
  }

  private watch(b: number, g: number, m: number, delayNs: number): void {
    this.cluster.timer(this.cluster.nodeOf(b), Clock.Session, delayNs, m, b * this.count + g);
  }

  private groupAt(b: number, id: number): { g: number; group: Group | null } {
    const g = this.members.of(id).spec.group;
    return { g, group: this.groups[b * this.count + g] };
  }

  private reply(b: number, id: number, code: Message, data: number): void {
    this.cluster.answer(this.cluster.nodeOf(b), this.members.of(id).spec.node, code, id, data);
  }

  // Sessions.

  /** Has the member been heard of? */
  onSession(m: number, at: number): void {
    const group = this.groups[at];
    const known = group?.members.get(m);
    if (group == null || known === undefined) return;
    const b = Math.floor(at / this.count);
    const g = at % this.count;
    const { sessionNs } = this.cluster.own.groups[g];
    // Who waits in a rebalance need not say anything.
    const since = this.cluster.now - known.heardNs;
    if (since < sessionNs || (known.joined && group.phase === Phase.Preparing)) {
      this.watch(b, g, m, since < sessionNs ? sessionNs - since : sessionNs);
      return;
    }
    const { world, component } = this.cluster;
    const { node } = this.members.of(m).spec;
    world.history.add(
      'detected',
      component,
      node,
      `group ${this.cluster.own.groups[g].name}: the session of ${world.nodes.nameOf(node)} is over`,
    );
    group.members.delete(m);
    group.hasLost = true;
    this.prepare(b, g, group);
  }

  onHeartbeat(b: number, m: number, generation: number): void {
    const { group } = this.groupAt(b, m);
    this.reply(b, m, Message.HeartbeatAnswer, this.verdict(group, m, generation) * 4294967296 + generation);
  }

  private verdict(group: Group | null, m: number, generation: number): Verdict {
    if (group === null) return Verdict.NotCoordinator;
    const known = group.members.get(m);
    if (known === undefined || generation !== group.generation) return Verdict.Unknown;
    known.heardNs = this.cluster.now;
    return group.phase === Phase.Preparing ? Verdict.Rebalancing : Verdict.Fine;
  }

  onLeave(b: number, m: number): void {
    const { g, group } = this.groupAt(b, m);
    if (group === null || !group.members.delete(m)) return;
    this.prepare(b, g, group);
  }

  // Rebalances.

  onJoin(b: number, m: number): void {
    const { g, group } = this.groupAt(b, m);
    if (group === null) {
      this.reply(b, m, Message.Joined, Verdict.NotCoordinator * 4294967296);
      return;
    }
    const known = group.members.get(m) ?? this.admit(b, g, group, m);
    known.heardNs = this.cluster.now;
    known.joined = true;
    this.prepare(b, g, group);
  }

  /** Members are to join anew. */
  private prepare(b: number, g: number, group: Group): void {
    if (group.phase !== Phase.Preparing) {
      const settings = this.cluster.own.groups[g];
      group.gathers = group.phase === Phase.Empty;
      group.phase = Phase.Preparing;
      group.round++;
      const wait = group.gathers ? settings.initialDelayNs : settings.maxPollIntervalNs;
      this.cluster.timer(this.cluster.nodeOf(b), Clock.Rebalance, wait, group.round, b * this.count + g);
    }
    this.considerJoined(b, g, group);
  }

  /** The rebalance has taken long enough: who has not joined is out. */
  onRebalance(round: number, at: number): void {
    const group = this.groups[at];
    if (group === null || group.phase !== Phase.Preparing || group.round !== round) return;
    this.complete(Math.floor(at / this.count), at % this.count, group);
  }

  private considerJoined(b: number, g: number, group: Group): void {
    if (group.phase !== Phase.Preparing || group.gathers) return;
    for (const known of group.members.values()) if (!known.joined) return;
    this.complete(b, g, group);
  }

  private complete(b: number, g: number, group: Group): void {
    for (const [m, known] of group.members) if (!known.joined) group.members.delete(m);
    if (group.members.size === 0) {
      group.phase = Phase.Empty;
      return;
    }
    group.gathers = false;
    group.generation++;
    group.phase = Phase.Completing;
    this.cluster.books.tallies[g].rebalances++;
    const present = [...group.members.keys()].sort((a, c) => a - c);
    const shares = this.share(g, present, (id) => this.membership.ownedBy(id));
    if (this.cluster.own.groups[g].assignor === 'cooperative-sticky') this.holdBack(present, shares);
    group.snapshot = { generation: group.generation, members: present, shares };
    for (const m of present) {
      const known = group.members.get(m)!;
      known.joined = false;
      known.heardNs = this.cluster.now;
      this.reply(b, m, Message.Joined, Verdict.Fine * 4294967296 + group.generation);
    }
  }

  /** What somebody else still owns is given to nobody yet. */
  private holdBack(present: readonly number[], shares: number[][]): void {
    const owner = new Map<number, number>();
    present.forEach((m, i) => {
      for (const p of this.membership.ownedBy(m)) owner.set(p, i);
    });
    shares.forEach((list, i) => {
      shares[i] = list.filter((p) => !owner.has(p) || owner.get(p) === i);
    });
  }

  /** A member asks for its share. The first to do so is taken for the one that has worked it out. */
  onSync(b: number, m: number, generation: number): void {
    const { g, group } = this.groupAt(b, m);
    const verdict = this.verdict(group, m, generation);
    if (verdict !== Verdict.Fine) {
      this.reply(b, m, Message.Assigned, verdict * 4294967296 + generation);
      return;
    }
    if (group!.phase === Phase.Completing) {
      group!.phase = Phase.Stable;
      this.snapshots[g].push(group!.snapshot);
      this.tellStory(g, group!, m);
      this.brokers.write(this.replicaOf(b, g), MEMBERS, this.snapshots[g].length - 1, 0);
    }
    this.reply(b, m, Message.Assigned, Verdict.Fine * 4294967296 + generation);
  }

  private tellStory(g: number, group: Group, m: number): void {
    const { world, component, own } = this.cluster;
    const what = `group ${own.groups[g].name}: ${group.members.size} members share its partitions`;
    world.history.add(group.hasLost ? 'promoted' : 'ready', component, this.members.of(m).spec.node, what);
    group.hasLost = false;
  }

  /** What a generation's members got: the body of an answer. */
  shareOf(m: number, generation: number): readonly number[] {
    const g = this.members.of(m).spec.group;
    const { length } = this.snapshots[g];
    for (let i = length - 1; i >= 0; i--) {
      const { generation: own, members, shares } = this.snapshots[g][i];
      if (own === generation && members.includes(m)) return shares[members.indexOf(m)];
    }
    return [];
  }

  // Positions.

  onCommit(b: number, m: number, data: number): void {
    const { g, group } = this.groupAt(b, m);
    const offset = data % 8589934592;
    const rest = Math.floor(data / 8589934592);
    const partition = rest % 4096;
    const known = group?.members.get(m);
    if (group === null || known === undefined || (group.generation & 0xff) !== Math.floor(rest / 4096)) {
      this.reply(b, m, Message.Committed, group === null ? Verdict.NotCoordinator : Verdict.Unknown);
      return;
    }
    known.heardNs = this.cluster.now;
    group.offsets[partition] = offset;
    const replica = this.replicaOf(b, g);
    group.pending.push({ at: this.cluster.logs.end[replica], member: m, partition, offset });
    this.brokers.write(replica, partition, 0, offset);
    this.onReplicated(b, g);
  }

  /** Commits that all in-sync replicas have by now are confirmed. */
  private onReplicated(b: number, g: number): void {
    const group = this.groups[b * this.count + g];
    if (group == null) return;
    const high = this.cluster.logs.highWatermark[this.replicaOf(b, g)];
    while (group.pending.length > 0 && group.pending[0].at < high) {
      const { member, partition, offset } = group.pending.shift()!;
      group.confirmed[partition] = offset;
      this.reply(b, member, Message.Committed, Verdict.Fine);
    }
  }

  onAskOffsets(b: number, m: number, generation: number): void {
    const { group } = this.groupAt(b, m);
    this.offsets[this.members.indexOf(m)] = group === null ? null : group.offsets.slice();
    this.reply(b, m, Message.Offsets, (group === null ? 1 : 0) * 4294967296 + generation);
  }

  /** Up to where all positions of a group have gone for good; what nobody coordinates is not known. */
  confirmed(g: number, partition: number): number {
    let least = Infinity;
    for (let b = 0; b < this.cluster.layout.brokers; b++) {
      const group = this.groups[b * this.count + g];
      if (group !== null) least = Math.min(least, group.confirmed[partition]);
    }
    return least === Infinity ? Id.None : least;
  }

  takeOffsets(m: number, wasCoordinator: boolean): Float64Array | null {
    return wasCoordinator ? this.offsets[m] : null;
  }
}
