/** A log's parts put together, and which of them each instruction, timer and message is for. */
import type { Publication } from '../../../compile/publication.ts';
import { Step } from '../../../engine/actor-instance.ts';
import type { Kernel } from '../../../engine/kernel.ts';
import { Flag, ICol, Status, Stride } from '../../../engine/rows.ts';
import type { World } from '../../../engine/world.ts';
import type { KafkaSettings } from '../kafka.settings.ts';
import { Books } from './books.ts';
import { Brokers } from './brokers.ts';
import { Cluster } from './cluster.ts';
import { Act, Clock, HIGH, Message, type Verdict, Visit } from './codes.ts';
import { Commits } from './commits.ts';
import { Controller } from './controller.ts';
import { Coordinators } from './coordinators.ts';
import { Fetches } from './fetches.ts';
import { Layout } from './layout.ts';
import { Logs } from './logs.ts';
import { Members } from './members.ts';
import { Membership } from './membership.ts';
import { Metadata } from './metadata.ts';
import { Polls } from './polls.ts';
import { Producers } from './producers.ts';
import { clientsOf } from './clients.ts';
import type { Compiled } from './programs.ts';
import type { EpochRecords } from './records.ts';
import { Replication } from './replication.ts';
import { Roles } from './roles.ts';
import { Shares } from './shares.ts';

export class Log {
  readonly layout: Layout;
  readonly books: Books;
  readonly cluster: Cluster;
  readonly controller: Controller;
  readonly brokers: Brokers;
  readonly roles: Roles;
  readonly members: Members;
  readonly polls: Polls;
  readonly membership: Membership;
  private readonly replication: Replication;
  private readonly metadata: Metadata;
  private readonly producers: Producers;
  private readonly fetches: Fetches;
  private readonly commits: Commits;
  private readonly coordinators: Coordinators;
  private readonly clientAt: Map<number, number>;

  constructor(
    kernel: Kernel,
    private readonly world: World,
    at: { name: string; component: number; firstNode: number },
    own: KafkaSettings,
    private readonly compiled: Compiled,
    publications: readonly Publication[],
  ) {
    this.layout = new Layout(own);
    this.books = new Books(world, at.component, this.layout, own.groups);
    const logs = new Logs(this.layout, (p, records) => this.makeRoom(p, records));
    this.cluster = new Cluster(kernel, world, at.component, at.firstNode, own, compiled, this.layout, logs, this.books);
    const clients = clientsOf(world, at.component, own, compiled, publications, this.layout);
    this.clientAt = clients.at;
    this.books.producers = clients.producers.length;
    this.controller = new Controller(this.cluster, compiled.controller);
    this.brokers = new Brokers(this.cluster);
    this.replication = new Replication(this.cluster, this.brokers);
    this.roles = new Roles(this.cluster, this.brokers, this.replication, this.controller, compiled.controller);
    this.metadata = new Metadata(this.cluster, clients.nodes);
    this.producers = new Producers(this.cluster, this.metadata, clients.producers, clients.publications);
    this.members = new Members(this.cluster, clients.members);
    this.fetches = new Fetches(this.cluster, this.metadata, this.members);
    this.commits = new Commits(this.cluster, this.members);
    const shares = new Shares(this.cluster, this.members, this.fetches);
    this.polls = new Polls(this.cluster, this.members, this.fetches, this.commits, shares);
    this.membership = new Membership(
      this.cluster,
      this.members,
      this.metadata,
      this.fetches,
      this.commits,
      shares,
      this.polls,
    );
    this.coordinators = new Coordinators(this.cluster, this.brokers, this.members, this.membership);
    this.metadata.roles = this.roles;
    this.brokers.producers = this.producers;
    this.brokers.fetches = this.fetches;
    this.brokers.replication = this.replication;
    this.roles.onCoordinator = (b, g, what) => {
      if (what === 'leads') this.coordinators.load(b, g);
      else if (what === 'resigns') this.coordinators.resign(b, g);
      else this.coordinators.forget(b, g);
    };
  }

  /** Time zero: everything is as if it had long been so. */
  start(): void {
    const { own, now } = this.cluster;
    const numbers = this.world.stream(`${this.world.components.name[this.cluster.component]} phases`);
    const phase = (): number => (numbers.nextInt32() >>> 0) / HIGH;
    this.makeRows();
    const shares = own.groups.map((_, g) => {
      const present = this.members.all.flatMap(({ spec }, m) =>
        spec.group === g && this.world.nodes.accepts(spec.node) ? [m] : [],
      );
      return { present, lists: this.coordinators.begin(g, present) };
    });
    this.controller.start();
    this.roles.start(phase);
    for (const { present, lists } of shares)
      present.forEach((m, i) => {
        this.makeRows();
        this.membership.begin(m, lists[i], phase());
      });
    for (const [m, { settings }] of this.members.all.entries()) {
      if (settings.replay === null) continue;
      const at = this.world.windowStartNs + settings.replay.atNs - now;
      this.cluster.kernel.timer(this.cluster.component, -1, Clock.ReplayNow, at, m);
    }
  }

  /** Room for a message to everybody about everything. Between two events the pool may grow. */
  private makeRows(): void {
    const { brokers, partitions } = this.layout;
    this.world.rows.reserve(brokers * (partitions + brokers) + this.members.all.length * 2 + 1024);
  }

  private makeRoom(p: number, records: EpochRecords): void {
    const { own } = this.cluster;
    if (p >= this.layout.internal) return;
    let floor = Infinity;
    own.groups.forEach((group, g) => {
      const progress = this.books.progress[g][p];
      if (progress === null) return;
      floor = Math.min(floor, group.replay === null ? Math.min(progress.to, this.coordinators.confirmed(g, p)) : 0);
    });
    const r = this.layout.at[records.broker * this.layout.partitions + p];
    this.books.makeRoom(p, records, Math.min(floor, this.cluster.logs.highWatermark[r]));
  }

  // Rows.

  route(row: number, site: number): number {
    const key = this.world.rows.I[row * Stride.I + ICol.Key];
    const op = this.world.sites.op[site];
    if (op === this.compiled.append) return this.producers.target(key);
    return op === this.compiled.replicate ? this.replication.target(key) : this.fetches.target(key);
  }

  step(row: number, act: number): number {
    switch (act) {
      case Act.Append:
        return this.brokers.append(row);
      case Act.Fetch:
        return this.brokers.fetch(row);
      case Act.Fill:
        return this.brokers.fill(row);
      case Act.Replicate:
        return this.replication.onFetch(row);
      case Act.Replicated:
        return this.replication.onAnswer(row);
      case Act.News:
        return this.setStatus(row, this.replication.bringsRecords(row) ? Status.Ok : Status.Miss);
      case Act.Follow:
        return this.replication.onReply(row);
      default:
        return this.replication.onFailure(row);
    }
  }

  private setStatus(row: number, status: Status): number {
    const at = row * Stride.I + ICol.Flags;
    const { I } = this.world.rows;
    I[at] = (I[at] & ~Flag.StatusMask) | status;
    return Step.Continue;
  }

  visit(row: number, argument: number): number {
    switch (argument) {
      case Visit.Sent:
        return this.producers.onSent(row, true);
      case Visit.SendFailed:
        return this.producers.onSent(row, false);
      case Visit.Fetched:
        return this.fetches.onFetched(row, true);
      case Visit.FetchFailed:
        return this.fetches.onFetched(row, false);
      default:
        return this.producers.publish(row, argument);
    }
  }

  // Timers.

  onTimer(code: Clock, value: number, data: number): void {
    switch (code) {
      case Clock.Linger:
        this.producers.onLinger(value, data);
        return;
      case Clock.FetchWait:
        this.brokers.onFetchWait(value);
        return;
      case Clock.FollowWait:
        this.replication.onWait(value);
        return;
      case Clock.Again:
        this.producers.onAgain(value, data);
        return;
      case Clock.TryAgain:
        this.polls.tryAgain(value);
        return;
      default:
        this.makeRows();
        this.onColdTimer(code, value, data);
    }
  }

  private onColdTimer(code: Clock, value: number, data: number): void {
    switch (code) {
      case Clock.FollowAgain:
        this.replication.again(value, data);
        return;
      case Clock.InSync:
        this.roles.checkInSync(value);
        return;
      case Clock.BrokerHeartbeat:
        this.roles.heartbeat(value);
        return;
      case Clock.Flush:
        this.roles.flush(value);
        return;
      case Clock.Retention:
        this.roles.retain(value);
        return;
      case Clock.Watch:
        this.controller.watch();
        return;
      case Clock.LeaderRebalance:
        this.controller.rebalanceLeaders();
        return;
      case Clock.Metadata:
        this.metadata.onPatience(value, data);
        return;
      case Clock.Session:
        this.coordinators.onSession(value, data);
        return;
      case Clock.Rebalance:
        this.coordinators.onRebalance(value, data);
        return;
      default:
        this.onMemberTimer(code, value, data);
    }
  }

  private onMemberTimer(code: Clock, m: number, data: number): void {
    switch (code) {
      case Clock.Heartbeat:
        this.membership.heartbeat(m);
        return;
      case Clock.Rejoin:
        this.membership.rejoin(m, data);
        return;
      case Clock.SyncTimeout:
        this.membership.onSyncTimeout(m, data);
        return;
      case Clock.FetchAgain:
        this.fetches.again(m);
        return;
      case Clock.AskAgain:
        this.membership.askAgain(m, data);
        return;
      case Clock.CommitTimeout:
        this.commits.giveUp(m, data);
        return;
      default:
        this.polls.replay(m);
    }
  }

  // Messages.

  onMessage(code: Message, from: number, to: number, value: number, data: number): void {
    this.makeRows();
    const { firstNode } = this.cluster;
    switch (code) {
      case Message.Alive:
        this.controller.onAlive(value, data);
        return;
      case Message.Change:
        this.roles.onChange(to - firstNode, value, Math.floor(data / HIGH), data % HIGH);
        return;
      case Message.ChangeSeen:
        this.controller.onSeen(from - firstNode, value, Math.floor(data / HIGH), data % HIGH);
        return;
      case Message.ChangeInSync:
        this.controller.onChangeInSync(from - firstNode, value, Math.floor(data / 65536), data % 65536);
        return;
      case Message.AskMetadata:
        this.metadata.onQuestion(to - firstNode, value, data);
        return;
      case Message.Metadata:
        this.metadata.onAnswer(value, data);
        return;
      default:
        if (code === Message.Join || code === Message.Sync) this.toCoordinator(code, to - firstNode, value, data);
        else if (code >= Message.Heartbeat && isQuestion(code)) this.toCoordinator(code, to - firstNode, value, data);
        else this.toMember(code, value, data);
    }
  }

  private toCoordinator(code: Message, b: number, id: number, data: number): void {
    const { coordinators } = this;
    switch (code) {
      case Message.Join:
        coordinators.onJoin(b, id);
        return;
      case Message.Sync:
        coordinators.onSync(b, id, data);
        return;
      case Message.Heartbeat:
        coordinators.onHeartbeat(b, id, data);
        return;
      case Message.Leave:
        coordinators.onLeave(b, id);
        return;
      case Message.Commit:
        coordinators.onCommit(b, id, data);
        return;
      default:
        coordinators.onAskOffsets(b, id, data);
    }
  }

  private toMember(code: Message, id: number, data: number): void {
    const m = this.members.indexOf(id);
    // An answer to the process that was there before.
    if (this.members.idOf(m) !== id) return;
    const verdict = Math.floor(data / HIGH) as Verdict;
    const generation = data % HIGH;
    switch (code) {
      case Message.Joined:
        this.membership.onJoined(m, verdict, generation);
        return;
      case Message.Assigned:
        this.membership.onAssigned(m, verdict, generation, this.coordinators.shareOf(id, generation));
        return;
      case Message.HeartbeatAnswer:
        this.membership.onHeartbeatAnswer(m, verdict, generation);
        return;
      case Message.Committed:
        this.membership.onCommitted(m, data as Verdict);
        return;
      default:
        this.membership.onOffsets(m, generation, this.coordinators.takeOffsets(m, verdict === 0));
    }
  }

  /** Nothing listens where a message went; its sender is told. */
  onRefused(code: Message, value: number, data: number): void {
    if (code === Message.AskMetadata) this.metadata.onRefused(value, data);
    else if (code >= Message.Join && isQuestion(code)) {
      const m = this.members.indexOf(value);
      if (this.members.idOf(m) === value) this.membership.onRefused(m, code);
    }
  }

  // Processes of others.

  hostCrashed(node: number): void {
    this.producers.forget(node);
    for (const m of this.members.membersAt(node)) this.membership.crashed(m);
    const client = this.clientAt.get(node);
    if (client !== undefined) this.metadata.forget(client);
  }

  hostRestarted(node: number): void {
    this.makeRows();
    for (const m of this.members.membersAt(node)) this.membership.restart(m);
  }
}

const isQuestion = (code: Message): boolean =>
  code === Message.Join ||
  code === Message.Sync ||
  code === Message.Heartbeat ||
  code === Message.Leave ||
  code === Message.Commit ||
  code === Message.AskOffsets;
