/**
 * `queue`: a broker of messages after RabbitMQ: exchanges route what is published to queues, instances of servers compete
 * for what is in them, and a message is there until one of them has acknowledged it.
 *
 * Publishers and consumers have a library in their process (see `Actor.visit`). A consumer that dies gives its messages
 * back; one that fails them, too. So every message is done at least once, and some twice. One node: mirrored and quorum
 * queues are not modelled.
 */
import type { ActorType } from '../../compile/actor-type.ts';
import type { Builder } from '../../compile/builder.ts';
import type { ComponentDraft } from '../../compile/components.ts';
import { Actor, Step } from '../../engine/actor-instance.ts';
import { Verb } from '../../engine/code.ts';
import { Wire } from '../../engine/messages.ts';
import { NodeState } from '../../engine/nodes.ts';
import { FCol, Flag, ICol, Id, Status, Stride } from '../../engine/rows.ts';
import { Route } from '../../engine/world.ts';
import type { ComponentSettings } from '../../scenario/settings.ts';
import { accepts, check, exchangeOf, type QueueBrokerSettings, references, settings } from './queue.settings.ts';
import { Act, Code } from './queue/codes.ts';
import { Consumers } from './queue/consumers.ts';
import { Delivery } from './queue/delivery.ts';
import { routed } from './queue/matching.ts';
import { Tickets } from './queue/tickets.ts';

const DISK = 0;

export interface QueuePrograms {
  publish: number;
  deliver: number;
}

export const queue: ActorType<QueueBrokerSettings> = {
  type: 'queue',
  summary: 'A broker with exchanges, queues and competing consumers (RabbitMQ): each message is done at least once.',
  picture: 'drum',
  settings,
  serves: ['publish'],
  references,
  check,
  accepts,
  nodes: () => 1,
  metrics: {
    published: 'count',
    confirmed: 'count',
    publishFailures: 'count',
    unroutable: 'count',
    delivered: 'count',
    acknowledged: 'count',
    redelivered: 'count',
    deadLettered: 'count',
    dropped: 'count',
    lost: 'count',
    waiting: 'count',
    waitingMax: 'count',
    workP50Ms: 'ms',
    workP99Ms: 'ms',
  },
  create(component, builder) {
    const draft = builder.component(component.name);
    const { own } = component;
    const node = builder.node(draft, { machine: builder.machine(component, 0, Infinity) });
    if (own.fsyncNs > 0) {
      const unbounded = { limit: null, discipline: 'fifo' as const, patience: null };
      builder.nodes[node].stations.push(builder.station(node, 'disk', 1, unbounded));
    }
    draft.route = Route.Single;
    // Any server may publish or consume.
    for (const other of builder.components) {
      if (other.type === 'clients') continue;
      builder.path(draft.id, other.id);
      builder.path(other.id, draft.id);
    }
    return new QueueBroker(component, draft, emit(builder, draft, own), builder);
  },
};

function emit(builder: Builder, draft: ComponentDraft, own: QueueBrokerSettings): QueuePrograms {
  const asm = builder.assembler;
  const cpu = (): void => {
    if (own.timeNs > 0) asm.emit(Verb.Cpu, builder.distribution({ kind: 'constant', value: own.timeNs }));
  };
  const publish = builder.operation('@publish');
  builder.program(draft.id, publish, asm.pc);
  cpu();
  if (own.fsyncNs > 0) {
    asm.emit(Verb.Seize, DISK);
    const time = builder.distribution({ kind: 'constant', value: own.fsyncNs });
    asm.emit(Verb.Hold, time, builder.cell(draft.id, 'disk', 'service'));
    asm.emit(Verb.Release, DISK);
  }
  asm.emit(Verb.Actor, Act.Take);
  asm.emit(Verb.End);
  const deliver = builder.operation('@deliver');
  builder.program(draft.id, deliver, asm.pc);
  cpu();
  asm.emit(Verb.Actor, Act.Send);
  asm.emit(Verb.End);
  return { publish, deliver };
}

export class QueueBroker extends Actor {
  private readonly own: QueueBrokerSettings;
  private readonly tickets = new Tickets();
  private consumers!: Consumers;
  private delivery!: Delivery;
  /** Queues of each publication, by its number. */
  private readonly routes = new Map<number, number[]>();
  private published = 0;
  private confirmed = 0;
  private failures = 0;
  private unroutable = 0;

  constructor(
    component: ComponentSettings<QueueBrokerSettings>,
    draft: ComponentDraft,
    private readonly programs: QueuePrograms,
    private readonly builder: Builder,
  ) {
    super(draft.name, draft.id, draft.firstNode, 1);
    this.own = component.own;
  }

  override start(): void {
    const { own, world } = this;
    this.consumers = new Consumers(own, world);
    this.delivery = new Delivery(this, own, this.consumers, this.programs.deliver);
    this.builder.publications.forEach(({ target, step }, number) => {
      if (target !== this.component) return;
      const exchange = exchangeOf(own, step);
      const names =
        exchange === null
          ? [step.routingKey ?? own.queues[0].name]
          : routed(exchange.kind, exchange.bindings, step.routingKey ?? '');
      this.routes.set(
        number,
        names.map((name) => own.queues.findIndex((q) => q.name === name)),
      );
    });
    for (const node of this.consumers.nodes()) {
      world.rows.reserve(64);
      if (!world.nodes.accepts(node)) continue;
      for (const c of this.consumers.at(node)) {
        this.delivery.subscribe(c);
        this.connected(c);
      }
      this.beat(node);
    }
    this.kernel.timer(this.component, this.firstNode, Code.Sweep, own.heartbeatNs / 2);
    this.kernel.timer(this.component, Id.None, Code.Overdue, own.timeoutNs / 4);
  }

  override isGuestOf(component: number): boolean {
    const { name } = this.world.components;
    const consumes = this.own.queues.some((q) => q.consumers.some(({ server }) => server === name[component]));
    return consumes || this.builder.publications.some((p) => p.from === component && p.target === this.component);
  }

  // In the processes of publishers.

  override visit(row: number, argument: number): number {
    const { rows, clock } = this.world;
    const { I } = rows;
    const at = row * Stride.I;
    const { step, random } = this.builder.publications[argument];
    const { tickets } = this;
    const ticket = tickets.take();
    tickets.row[ticket] = step.wait ? row : Id.None;
    tickets.gen[ticket] = I[at + ICol.Gen];
    tickets.host[ticket] = I[at + ICol.Node];
    tickets.population[ticket] = I[at + ICol.Op] >> 16;
    tickets.key[ticket] =
      step.key === 'random' ? this.kernel.calls.keyOf(row, I[at + ICol.Op] >> 16, random) : I[at + ICol.Key];
    tickets.user[ticket] = I[at + ICol.User];
    tickets.idA[ticket] = I[at + ICol.IdA];
    tickets.idB[ticket] = I[at + ICol.IdB] ^ Math.imul(argument + 1, 0x9e3779b1);
    tickets.publication[ticket] = argument;
    tickets.sinceNs[ticket] = clock[0];
    this.published++;
    this.tell(I[at + ICol.Node], this.firstNode, Code.Publish, ticket, tickets.life[ticket], Wire.Connection);
    return step.wait ? Step.Suspend : Step.Continue;
  }

  private tell(from: number, to: number, code: Code, value: number, data: number, wire: Wire): void {
    this.kernel.message(this.component, from, to, code, value, data, -1, wire);
  }

  /** A publisher knows what became of its message. */
  private settle(ticket: number, isAccepted: boolean): void {
    const { tickets } = this;
    const row = tickets.row[ticket];
    const gen = tickets.gen[ticket];
    tickets.end(ticket);
    if (isAccepted) this.confirmed++;
    else this.failures++;
    if (row === Id.None) return;
    const { I } = this.world.rows;
    const at = row * Stride.I;
    if (I[at + ICol.Gen] !== gen) return;
    I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | (isAccepted ? Status.Ok : Status.Miss);
    this.kernel.resume(row);
  }

  // In the broker.

  override step(row: number, act: number): number {
    const { I, F } = this.world.rows;
    const at = row * Stride.I;
    if (act === Act.Send) this.delivery.send(I[at + ICol.Key], F[row * Stride.F + FCol.Data]);
    else this.take(I[at + ICol.Key], F[row * Stride.F + FCol.Data]);
    return Step.Continue;
  }

  /** The message goes into those of its queues that take it; the publisher is told, no if one of them refused. */
  private take(ticket: number, life: number): void {
    const { tickets } = this;
    if (!tickets.is(ticket, life)) return;
    const queues = this.routes.get(tickets.publication[ticket])!;
    if (queues.length === 0) this.unroutable++;
    let isFull = false;
    for (const q of queues)
      if (this.delivery.refuses(q)) isFull = true;
      else this.delivery.enqueue(q, tickets, ticket);
    const host = tickets.host[ticket];
    this.tell(this.firstNode, host, isFull ? Code.Refuse : Code.Confirm, ticket, life, Wire.Answer);
    if (tickets.row[ticket] === Id.None) this.settle(ticket, !isFull);
  }

  override onMessage(code: number, from: number, to: number, value: number, data: number): void {
    switch (code) {
      case Code.Publish:
        this.kernel.spawn(to, this.programs.publish, value, data);
        return;
      case Code.Confirm:
      case Code.Refuse:
        if (this.tickets.is(value, data)) this.settle(value, code === Code.Confirm);
        return;
      case Code.Deliver:
        this.delivery.work(to, value, data);
        return;
      case Code.Acknowledge:
      case Code.Reject:
        this.delivery.ended(value, data, code === Code.Acknowledge);
        return;
      case Code.Reset:
        for (const c of this.consumers.at(from)) this.delivery.unsubscribe(c);
        return;
      default:
        this.onSession(code, from, to, value);
    }
  }

  /** Sessions of consumers: their beginning, their beats, their end. */
  private onSession(code: number, from: number, to: number, consumer: number): void {
    const { consumers, delivery } = this;
    switch (code) {
      case Code.Subscribe:
        delivery.unsubscribe(consumer);
        delivery.subscribe(consumer);
        this.tell(to, from, Code.Subscribed, consumer, 0, Wire.Answer);
        return;
      case Code.Subscribed:
        this.connected(consumer);
        return;
      case Code.Cancel:
        consumers.all[consumer].isSubscribed = false;
        return;
      case Code.Beat:
        for (const c of consumers.at(from)) {
          consumers.all[c].heardNs = this.world.clock[0];
          // A session of an earlier life of the broker: its machine knows no such connection.
          if (!consumers.all[c].isSubscribed) this.tell(to, from, Code.Broken, c + 1, 0, Wire.Answer);
        }
        this.tell(to, from, Code.BeatBack, 0, 0, Wire.Answer);
        return;
      case Code.BeatBack:
        for (const c of consumers.at(to)) consumers.all[c].brokerHeardNs = this.world.clock[0];
        return;
      default:
        // The broker's machine resets the connections of a consumer.
        for (const c of consumers.at(to))
          if (consumer === 0 || consumer === c + 1) consumers.all[c].isConnected = false;
    }
  }

  override onRefused(code: number, from: number, _to: number, value: number, data: number): void {
    if (code === Code.Publish && this.tickets.is(value, data)) this.settle(value, false);
    else if (code !== Code.Deliver) for (const c of this.consumers.at(from)) this.consumers.all[c].isConnected = false;
  }

  // In the processes of consumers.

  private connected(consumer: number): void {
    const c = this.consumers.all[consumer];
    c.isConnected = true;
    c.brokerHeardNs = this.world.clock[0];
  }

  /** The library beats while it is connected, and connects while it is not. */
  private beat(node: number): void {
    const { consumers, own, world } = this;
    const list = consumers.at(node).map((c) => consumers.all[c]);
    for (const c of list) if (world.clock[0] - c.brokerHeardNs > 2 * own.heartbeatNs) c.isConnected = false;
    const isConnected = list.every((c) => c.isConnected);
    if (list.some((c) => c.isConnected)) this.tell(node, this.firstNode, Code.Beat, 0, 0, Wire.Connection);
    if (world.nodes.state[node] === NodeState.Up)
      for (const c of consumers.at(node))
        if (!consumers.all[c].isConnected) this.tell(node, this.firstNode, Code.Subscribe, c, 0, Wire.Connection);
    const wait = isConnected ? Math.min(own.reconnectNs, own.heartbeatNs / 2) : own.reconnectNs;
    this.kernel.timer(this.component, node, Code.BeatAgain, wait);
  }

  override onDone(row: number, status: number): void {
    this.delivery.done(row, status);
  }

  /** Instances that are to go take no more. */
  override onDirectory(component: number): void {
    const { world } = this;
    const first = world.components.firstNode[component];
    for (let node = first; node < first + world.components.nodeCount[component]; node++) {
      if (world.nodes.state[node] !== NodeState.Draining) continue;
      for (const c of this.consumers.at(node)) this.tell(node, this.firstNode, Code.Cancel, c, 0, Wire.Connection);
    }
  }

  override onHostCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how === 'pause') return;
    const list = this.consumers.at(node);
    for (const c of list) this.consumers.all[c].isConnected = false;
    if (how === 'kill' && list.length > 0) this.tell(node, this.firstNode, Code.Reset, 0, 0, Wire.Answer);
  }

  override onHostRestart(node: number): void {
    if (this.consumers.at(node).length > 0) this.beat(node);
  }

  override onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how === 'pause') return;
    this.delivery.crashed();
    if (how === 'power') return;
    let taken = 0;
    const room = (): void => {
      if ((taken++ & 63) === 0) this.world.rows.reserve(256);
    };
    for (const host of this.consumers.nodes()) {
      room();
      this.tell(node, host, Code.Broken, 0, 0, Wire.Answer);
    }
    this.tickets.each((ticket) => {
      room();
      this.tell(node, this.tickets.host[ticket], Code.Refuse, ticket, this.tickets.life[ticket], Wire.Answer);
    });
  }

  override onRestart(): void {
    this.kernel.timer(this.component, this.firstNode, Code.Sweep, this.own.heartbeatNs / 2);
    this.delivery.restarted();
  }

  override onTimer(code: number, node: number, value: number): void {
    switch (code) {
      case Code.Expire:
        this.delivery.expire(value);
        return;
      case Code.BeatAgain:
        this.beat(node);
        return;
      case Code.Sweep:
        this.delivery.sweep(2 * this.own.heartbeatNs);
        this.kernel.timer(this.component, this.firstNode, Code.Sweep, this.own.heartbeatNs / 2);
        return;
      default:
        this.giveUp();
    }
  }

  /** Publishers whose confirm is long overdue. */
  private giveUp(): void {
    const before = this.world.clock[0] - this.own.timeoutNs;
    this.tickets.each((ticket) => {
      if (this.tickets.sinceNs[ticket] < before) this.settle(ticket, false);
    });
    this.kernel.timer(this.component, Id.None, Code.Overdue, this.own.timeoutNs / 4);
  }

  override resetFigures(): void {
    this.published = 0;
    this.confirmed = 0;
    this.failures = 0;
    this.unroutable = 0;
    this.delivery.resetFigures();
  }

  override figures(): Record<string, number> {
    const { published, confirmed, failures, unroutable } = this;
    return { published, confirmed, publishFailures: failures, unroutable, ...this.delivery.figures() };
  }

  override violation(): string {
    return this.delivery.violation();
  }
}
