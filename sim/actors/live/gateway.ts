/**
 * `gateway`: a server that holds live connections (WebSockets): it accepts handshakes up to its limit and its memory,
 * answers what comes over a connection, pushes to those who are connected to it, and finds out who is gone.
 *
 * A connection is a request that was answered and has not ended: its row stays here, suspended, with its way through the
 * balancers. See docs/decisions/0006-live-connections.md.
 */
import { Step } from '../../engine/actor-instance.ts';
import type { ActorType } from '../../compile/actor-type.ts';
import type { ComponentDraft } from '../../compile/components.ts';
import { Verb } from '../../engine/code.ts';
import { Flag, FCol, ICol, Id, Kind, Status, Stride } from '../../engine/rows.ts';
import { Route } from '../../engine/world.ts';
import type { ComponentSettings } from '../../scenario/settings.ts';
import { Histogram } from '../../statistics/histogram.ts';
import { GatewayCode } from '../../workload/live/codes.ts';
import type { LiveUsers } from '../../workload/live/live-users.ts';
import { compileServer, Server, server } from '../compute/server.ts';
import { check, references, settings, type GatewaySettings } from './gateway.settings.ts';
import { Heartbeats } from './heartbeats.ts';
import { Holding } from './holding.ts';
import { Act, costsOf, emitGateway, emitPush, type GatewayPrograms } from './programs.ts';
import { Pushes } from './pushes.ts';
import { Rollout } from './rollout.ts';

export const gateway: ActorType<GatewaySettings> = {
  type: 'gateway',
  summary: 'A server that holds live connections (WebSockets), with limits, heartbeats and pushes over them.',
  picture: 'box',
  settings,
  serves: ['named'],
  references,
  check,
  metrics: {
    ...server.metrics,
    connectionsMean: 'count',
    connectionsMax: 'count',
    connectionsImbalance: 'count',
    connectionsRefused: 'count',
    connectionsLost: 'count',
    deadPeers: 'count',
    pushes: 'count',
    pushesPerSecond: 'perSecond',
    bytesPushed: 'count',
    bytesPushedPerSecond: 'perSecond',
    deliveries: 'count',
    duplicates: 'count',
    unwanted: 'count',
    deliveryP50Ms: 'ms',
    deliveryP99Ms: 'ms',
    deliveryMaxMs: 'ms',
    movesMissed: 'count',
    movesUnstored: 'count',
  },
  create(component, builder) {
    const { own } = component;
    const asm = builder.assembler;
    const costs = costsOf(builder, own);
    const draft = compileServer(component, builder, {
      before: () => asm.emit(Verb.Actor, Act.Check),
      after: () => asm.emit(Verb.Actor, Act.Done),
      push: (to) => emitPush(builder, to, costs.pushNs),
    });
    draft.route = Route.Actor;
    const limit = Math.min(own.connections ?? Infinity, component.machine.connections ?? Infinity);
    for (let i = 0; i < draft.nodes; i++) {
      const node = builder.nodes[draft.firstNode + i];
      node.perRequestBytes = own.memory?.perRequestBytes ?? 0;
      // Messages come over connections that are there already: the limit holds for handshakes.
      if (component.on === null) builder.machines[node.machine].connections = null;
    }
    return new Gateway(component, draft, emitGateway(builder, draft, own, costs), limit, costs.pushBytes);
  },
};

export class Gateway extends Server {
  readonly settings: GatewaySettings;
  readonly holding: Holding;
  private readonly pushing: Pushes;
  private readonly heartbeats: Heartbeats;
  private readonly rollout: Rollout | null;
  /** Live users by component of their population, and by number of it. */
  private byComponent: (LiveUsers | null)[] = [];
  private turn = 0;
  private refused = 0;

  constructor(
    component: ComponentSettings<GatewaySettings>,
    draft: ComponentDraft,
    private readonly programs: GatewayPrograms,
    private readonly limit: number,
    private readonly pushBytes: number,
  ) {
    super(component, draft);
    this.settings = component.own;
    const { memory } = component.own;
    this.holding = new Holding(this, (memory?.perConnectionBytes ?? 0) - (memory?.perRequestBytes ?? 0));
    this.pushing = new Pushes(this, this.holding);
    this.heartbeats = new Heartbeats(this, this.holding, component.own.heartbeat);
    this.rollout =
      component.own.rollout === null ? null : new Rollout(this, component.own.rollout, component.own.drainNs);
  }

  override start(): void {
    super.start();
    this.byComponent = this.world.components.actor.map(
      (_, c) => this.world.populations.find((p) => p.spec.component === c)?.live ?? null,
    );
    this.holding.start();
    for (let i = 0; i < this.nodeCount; i++) this.heartbeats.begin(this.firstNode + i);
    this.rollout?.start();
  }

  /** Users' messages go where their connection is; other callers take instances in turn. */
  override route(row: number, site: number): number {
    const { I } = this.world.rows;
    const live = this.usersOf(row);
    if (live !== null && live.isLive(site)) return live.nodeFor(I[row * Stride.I + ICol.User]);
    const directory = this.world.components.directory[this.component];
    return directory.length === 0 ? Id.None : directory[this.turn++ % directory.length];
  }

  usersOf(row: number): LiveUsers | null {
    return this.world.populations[this.world.rows.I[row * Stride.I + ICol.Op] >> 16]?.live ?? null;
  }

  override step(row: number, argument: number): number {
    switch (argument) {
      case Act.Accept:
        return this.accept(row);
      case Act.Check:
        return this.checkConnection(row);
      case Act.Done:
        this.pushing.done(row);
        return Step.Continue;
      default:
        return argument >= Act.Receive && argument <= Act.PushDone
          ? this.pushing.step(row, argument)
          : super.step(row, argument);
    }
  }

  /** The handshake is done: the connection is open, unless there are too many. */
  private accept(row: number): number {
    const { rows } = this.world;
    const at = row * Stride.I;
    const node = rows.I[at + ICol.Node];
    const live = this.usersOf(row);
    if (live === null || rows.I[at + ICol.Parent] === Id.None) return this.finish(row, Status.Error);
    if (this.holding.count(node) >= this.limit || !this.holding.isTaking(node)) {
      this.refused++;
      return this.finish(row, Status.Refused);
    }
    const slot = this.holding.open(live, row, node);
    const { heartbeat } = this.settings;
    live.connections.silence[slot] = heartbeat === null ? Infinity : heartbeat.intervalNs + heartbeat.timeoutNs;
    this.heartbeats.opened(live, slot);
    this.answer(row, live.connections.reference(slot));
    // From now on its end is told to whoever stands for the clients.
    const anchor = live.halves.anchorOf(slot);
    rows.I[at + ICol.Parent] = anchor;
    rows.I[at + ICol.ParentGen] = rows.I[anchor * Stride.I + ICol.Gen];
    return Step.Suspend;
  }

  /** The answer to the handshake goes back by the way it came, while the connection keeps that way. */
  private answer(row: number, reference: number): void {
    const { rows, spans, sites, clock, events } = this.world;
    const { ways } = this.kernel.frames;
    const { I } = rows;
    const from = row * Stride.I;
    I[from + ICol.Key] = reference;
    const answer = rows.take();
    const at = answer * Stride.I;
    const gen = I[at + ICol.Gen];
    I.copyWithin(at + ICol.Node, from + ICol.Node, from + Stride.I);
    I[at + ICol.Gen] = gen;
    I[at + ICol.Via] = Id.None;
    I[at + ICol.Flags] = (I[from + ICol.Flags] & (Flag.PriorityMask | Flag.OwnSpan)) | Status.Ok;
    I[at + ICol.Kind] = Kind.Reply;
    rows.F[answer * Stride.F + FCol.Data] = reference;
    spans.give(row, answer);
    I[from + ICol.Flags] &= ~Flag.OwnSpan;
    spans.detach(row);
    const site = I[from + ICol.Site];
    spans.enter(answer, sites.backCell[site]);
    let delay = 0;
    let node = I[from + ICol.Node];
    for (let way = I[from + ICol.Via]; way !== Id.None; way = ways.belowOf(way)) {
      delay += this.hop(answer, ways.pathOf(way), node, ways.routerOf(way));
      node = ways.routerOf(way);
    }
    const caller = I[I[from + ICol.Parent] * Stride.I + ICol.Node];
    delay += this.hop(answer, sites.path[site], node, caller);
    rows.F[answer * Stride.F + FCol.Time] = clock[0] + delay;
    events.push(answer);
  }

  private hop(row: number, path: number, from: number, to: number): number {
    const { network, rows } = this.world;
    const at = row * Stride.I;
    const place = 0x50000000 + network.place[path];
    network.travel(path, true, rows.I[at + ICol.IdA], rows.I[at + ICol.IdB], place, from, to);
    return network.out[0];
  }

  /** A message over a connection that this process does not have is answered by a reset, as TCP does. */
  private checkConnection(row: number): number {
    const { I } = this.world.rows;
    const at = row * Stride.I;
    const live = this.usersOf(row);
    if (live === null || I[at + ICol.Site] < 0 || I[at + ICol.Parent] === Id.None || !live.isLive(I[at + ICol.Site])) {
      this.pushing.begin(row, -1);
      return Step.Continue;
    }
    const slot = live.connections.find(I[at + ICol.User], I[at + ICol.Node]);
    if (slot === Id.None || this.holding.isCut(live, slot)) return this.finish(row, Status.Reset);
    live.connections.serverHeard[slot] = this.world.clock[0];
    this.pushing.begin(row, live.connections.post[slot]);
    return Step.Continue;
  }

  private finish(row: number, status: Status): number {
    const at = row * Stride.I + ICol.Flags;
    const { I } = this.world.rows;
    I[at] = (I[at] & ~Flag.StatusMask) | status;
    return Step.Finish;
  }

  /** A message of the bus: the gateway's library hands it to the process at `node`. */
  received(node: number, population: number, post: number): void {
    const row = this.kernel.spawn(node, this.programs.deliver, 0, post);
    this.world.rows.I[row * Stride.I + ICol.Op] = this.programs.deliver | (population << 16);
  }

  /** Number of the message that a row here is about; -1: none. */
  postOf(row: number): number {
    return this.pushing.postOf(row);
  }

  /** What the row has written so far is in the store. */
  note(row: number): void {
    this.pushing.done(row);
  }

  override onMessage(code: number, from: number, to: number, value: number, _data: number): void {
    const live = this.byComponent[this.world.nodes.component[from]];
    const slot = live === null ? Id.None : live.connections.slotOf(value);
    if (live === null || slot === Id.None || live.connections.node[slot] !== to) return;
    if (!live.connections.isOpenAtServer(slot) || this.holding.isCut(live, slot)) return;
    if (code === GatewayCode.Close) this.holding.close(live, slot, false);
    else live.connections.serverHeard[slot] = this.world.clock[0];
  }

  /** Nothing listens at the gateway any more: whoever sent the message has its connection reset. */
  override onRefused(_code: number, from: number, _to: number, value: number, _data: number): void {
    this.byComponent[this.world.nodes.component[from]]?.halves.broken(value);
  }

  override onTimer(code: number, node: number, value: number, data: number): void {
    if (code === GatewayCode.Sweep) this.heartbeats.sweep(node);
    else if (code === GatewayCode.Drain) this.holding.drainOn(node, value, data);
    else if (code === GatewayCode.Rollout || code === GatewayCode.Boot) this.rollout!.onTimer(code, value, data);
    else super.onTimer(code, node, value, data);
  }

  /** An instance that was taken out of the registry has been told to go. */
  override onDirectory(component: number): void {
    if (component === this.component) this.holding.onDirectory(this.settings.drainNs);
  }

  override onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how !== 'pause') this.holding.crashed(node);
    super.onCrash(node, how);
  }

  override onRestart(node: number): void {
    super.onRestart(node);
    this.holding.restarted(node);
    this.heartbeats.begin(node);
  }

  override resetFigures(): void {
    super.resetFigures();
    this.refused = 0;
    this.heartbeats.dead = 0;
    this.holding.resetFigures();
    this.pushing.sent = 0;
  }

  override figures(): Record<string, number> {
    const latency = new Histogram();
    let duplicates = 0;
    let unwanted = 0;
    let lost = 0;
    let missed = 0;
    let unstored = 0;
    for (const live of this.byComponent) {
      const delivered = live?.deliveries.through(this.component) ?? null;
      if (live === null || delivered === null) continue;
      latency.merge(delivered.latency);
      duplicates += delivered.duplicates;
      unwanted += delivered.unwanted;
      lost += delivered.lost;
      missed += delivered.missed;
      unstored += delivered.unstored;
    }
    const ms = (q: number): number => latency.quantile(q) / 1e6;
    const seconds = Math.max(1, this.world.clock[0] - this.world.windowStartNs) / 1e9;
    return {
      ...super.figures(),
      ...this.holding.figures(),
      connectionsRefused: this.refused,
      connectionsLost: lost,
      ...(this.settings.heartbeat !== null && { deadPeers: this.heartbeats.dead }),
      pushes: this.pushing.sent,
      pushesPerSecond: this.pushing.sent / seconds,
      ...(this.settings.message !== undefined && {
        bytesPushed: this.pushing.sent * this.pushBytes,
        bytesPushedPerSecond: (this.pushing.sent * this.pushBytes) / seconds,
      }),
      deliveries: latency.count,
      duplicates,
      unwanted,
      // No time is known where nothing was delivered.
      ...(latency.count > 0 && { deliveryP50Ms: ms(0.5), deliveryP99Ms: ms(0.99), deliveryMaxMs: ms(1) }),
      movesMissed: missed,
      movesUnstored: unstored,
    };
  }

  override violation(): string {
    return this.holding.violation();
  }
}
