/**
 * `pubsub`: messages between gateways, after Redis: a message goes to whoever listens to its channel at that moment, at
 * most once, and nothing is kept. One event loop an instance, as in Redis; channels are spread over instances by key.
 *
 * A gateway's library keeps a connection to every instance and asks now and then whether it is still subscribed; after a
 * restart it is not, and subscribes again.
 */
import * as z from 'zod';
import { Actor, Step } from '../../engine/actor-instance.ts';
import type { ActorType } from '../../compile/actor-type.ts';
import type { Builder } from '../../compile/builder.ts';
import type { ComponentDraft } from '../../compile/components.ts';
import { Verb } from '../../engine/code.ts';
import { Wire } from '../../engine/messages.ts';
import { FCol, Flag, ICol, Id, Status, Stride } from '../../engine/rows.ts';
import { Route } from '../../engine/world.ts';
import { duration, positiveDuration, word } from '../../scenario/fields.ts';
import type { ComponentSettings } from '../../scenario/settings.ts';
import { Gateway } from './gateway.ts';
import { Subscriptions } from './subscriptions.ts';
import { Tickets } from './tickets.ts';

const settings = z
  .strictObject({
    channels: word(
      ['one', 'room'],
      'one: every gateway hears every message. room: a gateway hears of the rooms it has somebody of.',
    ).prefault('one'),
    time: duration('Core time of each command (publish, subscribe).').prefault('10us'),
    send: duration('Core time of each message to one subscriber.').prefault('5us'),
    keepalive: positiveDuration('Gateways ask this often whether they are still subscribed.').prefault('1s'),
    timeout: positiveDuration('Who publishes waits this long for the answer.').prefault('1s'),
  })
  .transform((s) => ({
    channels: s.channels,
    timeNs: s.time,
    sendNs: s.send,
    keepaliveNs: s.keepalive,
    timeoutNs: s.timeout,
  }));

type PubsubSettings = z.output<typeof settings>;

const enum Act {
  Command = 1,
  HasOne = 2,
  SendOne = 3,
  Answer = 4,
}

/** Messages and timers. */
const enum Code {
  Publish = 1,
  Published = 2,
  Deliver = 3,
  Subscribe = 4,
  Ask = 5,
  Unknown = 6,
  Keepalive = 10,
  Overdue = 11,
}

interface Programs {
  publish: number;
  command: number;
}

export const pubsub: ActorType<PubsubSettings> = {
  type: 'pubsub',
  summary: 'Messages between gateways (Redis pub/sub): at most once, to whoever listens now.',
  picture: 'drum',
  settings,
  serves: ['publish'],
  references: () => [],
  metrics: { published: 'count', delivered: 'count', unheard: 'count', publishFailures: 'count' },
  accepts(_own, step) {
    const given = (['topic', 'exchange', 'acks'] as const).find((name) => step[name] !== null);
    if (given !== undefined) return { option: given, message: `\`${given}\` has no effect on a pubsub` };
    if (step.routingKey !== null) return { option: 'routing-key', message: '`routing-key` has no effect on a pubsub' };
    if (step.key !== 'request') return { option: 'key', message: 'a pubsub goes by the key of the request' };
    return null;
  },
  create(component, builder) {
    const draft = builder.component(component.name);
    for (let i = 0; i < component.instances; i++) addInstance(builder, draft, component, i);
    draft.route = Route.Single;
    // Any server may publish, and any gateway listen.
    for (const other of builder.components) {
      if (other.type === 'clients') continue;
      builder.path(draft.id, other.id);
      builder.path(other.id, draft.id);
    }
    return new Pubsub(component, draft, emit(builder, draft, component.own), builder);
  },
};

function addInstance(
  builder: Builder,
  draft: ComponentDraft,
  component: ComponentSettings<PubsubSettings>,
  i: number,
): void {
  const node = builder.node(draft, { machine: builder.machine(component, i, 1) });
  const spec = builder.nodes[node];
  spec.loopCount = 1;
  spec.loops = builder.station(node, 'event-loop', 1, { limit: null, discipline: 'fifo', patience: null });
}

function emit(builder: Builder, draft: ComponentDraft, own: PubsubSettings): Programs {
  const asm = builder.assembler;
  const publish = builder.operation('@publish');
  const command = builder.operation('@subscribe');
  const cpu = (ns: number): void => {
    if (ns > 0) asm.emit(Verb.Cpu, builder.distribution({ kind: 'constant', value: ns }));
  };
  builder.program(draft.id, publish, asm.pc);
  cpu(own.timeNs);
  const begin = asm.emit(Verb.Actor, Act.HasOne);
  const end = asm.emit(Verb.IfMiss);
  cpu(own.sendNs);
  asm.emit(Verb.Actor, Act.SendOne);
  asm.patch(asm.emit(Verb.Jump), begin);
  asm.patch(end);
  asm.emit(Verb.Actor, Act.Answer);
  asm.emit(Verb.End);
  builder.program(draft.id, command, asm.pc);
  cpu(own.timeNs);
  asm.emit(Verb.Actor, Act.Command);
  asm.emit(Verb.End);
  return { publish, command };
}

export class Pubsub extends Actor {
  readonly byRoom: boolean;
  private readonly own: PubsubSettings;
  private readonly tickets: Tickets;
  /** What each instance knows, and what each listening node wants. */
  private subscriptions: Subscriptions[] = [];
  private wanted!: Subscriptions;
  private gateways: Gateway[] = [];
  private published = 0;
  private delivered = 0;
  private unheard = 0;
  private failed = 0;

  constructor(
    component: ComponentSettings<PubsubSettings>,
    draft: ComponentDraft,
    private readonly programs: Programs,
    private readonly builder: Builder,
  ) {
    super(draft.name, draft.id, draft.firstNode, draft.nodes);
    this.own = component.own;
    this.byRoom = component.own.channels === 'room';
    this.tickets = new Tickets();
  }

  override start(): void {
    this.gateways = this.world.actors.filter(
      (actor): actor is Gateway => actor instanceof Gateway && actor.settings.listens === this.name,
    );
    this.wanted = new Subscriptions();
    this.subscriptions = Array.from({ length: this.nodeCount }, () => new Subscriptions());
    for (const gateway of this.gateways) {
      gateway.holding.bus = this.byRoom ? this : null;
      for (let i = 0; i < gateway.nodeCount; i++) {
        const node = gateway.firstNode + i;
        this.world.rows.reserve(64);
        this.listen(node);
        if (!this.byRoom) for (const each of this.subscriptions) each.add(0, node);
      }
    }
    this.kernel.timer(this.component, Id.None, Code.Overdue, this.own.timeoutNs / 4);
  }

  override isGuestOf(component: number): boolean {
    return this.gateways.some((gateway) => gateway.component === component) || this.publishes(component);
  }

  private publishes(component: number): boolean {
    return this.builder.publications.some(({ from, target }) => from === component && target === this.component);
  }

  /** A gateway's process begins to listen. */
  private listen(node: number): void {
    if (!this.byRoom) this.wanted.add(0, node);
    this.kernel.timer(this.component, node, Code.Keepalive, this.own.keepaliveNs);
  }

  override onHostCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how !== 'pause') this.wanted.removeNode(node);
  }

  override onHostRestart(node: number): void {
    if (!this.gateways.some((g) => node >= g.firstNode && node < g.firstNode + g.nodeCount)) return;
    this.listen(node);
    if (!this.byRoom) for (let i = 0; i < this.nodeCount; i++) this.subscribe(this.firstNode + i, node, 0, true);
  }

  // In the processes of others.

  /** A row publishes: its message goes to the instance of its channel. */
  override visit(row: number, argument: number): number {
    const { rows, nodes, populations, clock } = this.world;
    const { I } = rows;
    const at = row * Stride.I;
    const host = I[at + ICol.Node];
    const population = I[at + ICol.Op] >> 16;
    const actor = this.world.components.actor[nodes.component[host]];
    const live = populations[population]?.live ?? null;
    const post = actor instanceof Gateway ? actor.postOf(row) : (live?.lastPost(I[at + ICol.User]) ?? -1);
    if (actor instanceof Gateway) actor.note(row);
    const { wait } = this.builder.publications[argument].step;
    const ticket = this.tickets.take(
      wait ? row : Id.None,
      I[at + ICol.Gen],
      host,
      population,
      post,
      I[at + ICol.Key],
      clock[0],
    );
    const to = this.firstNode + ((I[at + ICol.Key] >>> 0) % this.nodeCount);
    this.kernel.message(this.component, host, to, Code.Publish, ticket, 0, -1, Wire.Connection);
    return wait ? Step.Suspend : Step.Continue;
  }

  /** A room has its first member at a node, or none any more. */
  roomChanged(node: number, population: number, room: number, isThere: boolean): void {
    const channel = channelOf(population, room);
    if (isThere) this.wanted.add(channel, node);
    else this.wanted.remove(channel, node);
    this.subscribe(this.firstNode + (room % this.nodeCount), node, channel, isThere);
  }

  private subscribe(instance: number, node: number, channel: number, isThere: boolean): void {
    this.kernel.message(this.component, node, instance, Code.Subscribe, isThere ? 1 : 0, channel, -1, Wire.Connection);
  }

  private answered(ticket: number, status: Status): void {
    const row = this.tickets.rowOf(ticket);
    const gen = this.tickets.genOf(ticket);
    this.tickets.free(ticket);
    if (row === Id.None) return;
    const { I } = this.world.rows;
    if (I[row * Stride.I + ICol.Gen] !== gen) return;
    I[row * Stride.I + ICol.Flags] = (I[row * Stride.I + ICol.Flags] & ~Flag.StatusMask) | status;
    this.kernel.resume(row);
  }

  override onMessage(code: number, from: number, to: number, value: number, data: number): void {
    switch (code) {
      case Code.Publish:
        this.kernel.spawn(to, this.programs.publish, 0, value);
        return;
      case Code.Published:
        if (this.tickets.isOpen(value) && this.tickets.hostOf(value) === to) this.answered(value, Status.Ok);
        return;
      case Code.Deliver:
        this.gatewayAt(to).received(to, value, data);
        return;
      case Code.Subscribe:
        this.kernel.spawn(to, this.programs.command, value, data, from);
        return;
      case Code.Ask:
        if (!this.subscriptions[to - this.firstNode].has(from))
          this.kernel.message(this.component, to, from, Code.Unknown, 0, 0, -1, Wire.Answer);
        return;
      default:
        this.subscribeAgain(to, from);
    }
  }

  private gatewayAt(node: number): Gateway {
    return this.world.components.actor[this.world.nodes.component[node]] as Gateway;
  }

  private subscribeAgain(node: number, instance: number): void {
    let taken = 0;
    for (const channel of this.wanted.of(node)) {
      const isIts = !this.byRoom || this.firstNode + (roomOf(channel) % this.nodeCount) === instance;
      if (!isIts) continue;
      if ((taken++ & 63) === 0) this.world.rows.reserve(256);
      this.subscribe(instance, node, channel, true);
    }
  }

  /** Nobody listens where a message was sent to: of a subscriber, it is forgotten; of this, publishing has failed. */
  override onRefused(code: number, _from: number, to: number, value: number, _data: number): void {
    if (code === Code.Deliver) for (const each of this.subscriptions) each.removeNode(to);
    else if (code === Code.Publish && this.tickets.isOpen(value)) this.fail(value);
  }

  private fail(ticket: number): void {
    this.failed++;
    this.answered(ticket, Status.Miss);
  }

  override onTimer(code: number, node: number): void {
    if (code === Code.Overdue) {
      for (const ticket of this.tickets.before(this.world.clock[0] - this.own.timeoutNs)) this.fail(ticket);
      this.kernel.timer(this.component, Id.None, Code.Overdue, this.own.timeoutNs / 4);
      return;
    }
    if (this.wanted.has(node))
      for (let i = 0; i < this.nodeCount; i++)
        this.kernel.message(this.component, node, this.firstNode + i, Code.Ask, 0, 0, -1, Wire.Datagram);
    this.kernel.timer(this.component, node, Code.Keepalive, this.own.keepaliveNs);
  }

  // In its own processes.

  override step(row: number, act: number): number {
    const { I, F } = this.world.rows;
    const at = row * Stride.I;
    const node = I[at + ICol.Node];
    const known = this.subscriptions[node - this.firstNode];
    const data = F[row * Stride.F + FCol.Data];
    if (act === Act.Command) {
      if (I[at + ICol.Key] === 1) known.add(data, I[at + ICol.User]);
      else known.remove(data, I[at + ICol.User]);
      return Step.Continue;
    }
    if (!this.tickets.isOpen(data)) return Step.Finish;
    const population = this.tickets.populationOf(data);
    const post = this.tickets.postOf(data);
    const list = known.to(this.byRoom ? channelOf(population, this.tickets.keyOf(data)) : 0);
    if (act === Act.HasOne) {
      // The row's key counts those it has been sent to.
      const more = I[at + ICol.Key] < list.length;
      I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | (more ? Status.Ok : Status.Miss);
    } else if (act === Act.SendOne) this.sendOne(row, list, population, post);
    else this.answer(row, data);
    return Step.Continue;
  }

  private sendOne(row: number, list: readonly number[], population: number, post: number): void {
    const { I } = this.world.rows;
    const at = row * Stride.I;
    const next = I[at + ICol.Key]++;
    if (next >= list.length) return;
    this.delivered++;
    this.kernel.message(
      this.component,
      I[at + ICol.Node],
      list[next],
      Code.Deliver,
      population,
      post,
      -1,
      Wire.Connection,
    );
  }

  private answer(row: number, ticket: number): void {
    const { I } = this.world.rows;
    this.published++;
    if (I[row * Stride.I + ICol.Key] === 0) this.unheard++;
    const host = this.tickets.hostOf(ticket);
    if (this.tickets.rowOf(ticket) === Id.None) this.tickets.free(ticket);
    else
      this.kernel.message(
        this.component,
        I[row * Stride.I + ICol.Node],
        host,
        Code.Published,
        ticket,
        0,
        -1,
        Wire.Answer,
      );
  }

  override onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how !== 'pause') this.subscriptions[node - this.firstNode].clear();
  }

  override resetFigures(): void {
    this.published = 0;
    this.delivered = 0;
    this.unheard = 0;
    this.failed = 0;
  }

  override figures(): Record<string, number> {
    return {
      published: this.published,
      delivered: this.delivered,
      unheard: this.unheard,
      publishFailures: this.failed,
    };
  }
}

/** A room of a population, as one number. */
const channelOf = (population: number, room: number): number => population * 4294967296 + (room >>> 0);
const roomOf = (channel: number): number => channel % 4294967296;
