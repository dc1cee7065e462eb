/** A broker in a running stage: which part of it a message, a timer, a crash is for, and the way of a message into it. */
import type { Builder } from '../../../compile/builder.ts';
import type { ComponentDraft } from '../../../compile/components.ts';
import { Actor, Step } from '../../../engine/actor-instance.ts';
import { Wire } from '../../../engine/messages.ts';
import { FCol, ICol, Id, Stride } from '../../../engine/rows.ts';
import type { QueueBrokerSettings } from '../queue.settings.ts';
import { Act, Code } from './codes.ts';
import { Consumers } from './consumers.ts';
import { Delivery } from './delivery.ts';
import { routesOf } from './exchanges.ts';
import type { QueuePrograms } from './programs.ts';
import { Publishers } from './publishers.ts';
import { Sessions } from './sessions.ts';
import { tell } from './tell.ts';
import { Work } from './work.ts';

export class QueueBroker extends Actor {
  private publishers!: Publishers;
  private delivery!: Delivery;
  private work!: Work;
  private sessions!: Sessions;
  /** Queues of each publication, by its number. */
  private routes!: ReadonlyMap<number, readonly number[]>;
  private unroutable = 0;

  constructor(
    private readonly own: QueueBrokerSettings,
    draft: ComponentDraft,
    private readonly programs: QueuePrograms,
    private readonly builder: Builder,
  ) {
    super(draft.name, draft.id, draft.firstNode, 1);
  }

  override start(): void {
    const { own, programs } = this;
    const { publications } = this.builder;
    const consumers = new Consumers(own, this.world);
    this.publishers = new Publishers(this, publications, own.timeoutNs);
    this.delivery = new Delivery(this, own, consumers, programs.deliver);
    this.work = new Work(this, consumers, this.delivery);
    this.sessions = new Sessions(this, own, consumers, this.delivery);
    this.routes = routesOf(own, publications, this.component);
    this.sessions.start();
    this.publishers.watch();
  }

  override isGuestOf(component: number): boolean {
    const { name } = this.world.components;
    const consumes = this.own.queues.some((q) => q.consumers.some(({ server }) => server === name[component]));
    return consumes || this.builder.publications.some((p) => p.from === component && p.target === this.component);
  }

  override visit(row: number, argument: number): number {
    return this.publishers.publish(row, argument);
  }

  override step(row: number, act: number): number {
    const { I, F } = this.world.rows;
    const at = row * Stride.I;
    if (act === Act.Send) this.delivery.send(I[at + ICol.Key], F[row * Stride.F + FCol.Data]);
    else this.take(I[at + ICol.Key], F[row * Stride.F + FCol.Data]);
    return Step.Continue;
  }

  /** The message goes into those of its queues that take it; the publisher is told, no if one of them refused. */
  private take(ticket: number, life: number): void {
    const { tickets } = this.publishers;
    if (!tickets.is(ticket, life)) return;
    const queues = this.routes.get(tickets.publication[ticket])!;
    if (queues.length === 0) this.unroutable++;
    let isFull = false;
    for (const q of queues)
      if (this.delivery.refuses(q)) isFull = true;
      else this.delivery.enqueue(q, tickets, ticket);
    const host = tickets.host[ticket];
    tell(this, this.firstNode, host, isFull ? Code.Refuse : Code.Confirm, ticket, life, Wire.Answer);
    if (tickets.row[ticket] === Id.None) this.publishers.settle(ticket, !isFull);
  }

  override onMessage(code: number, from: number, to: number, value: number, data: number): void {
    switch (code) {
      case Code.Publish:
        this.kernel.spawn(to, this.programs.publish, value, data);
        return;
      case Code.Confirm:
      case Code.Refuse:
        this.publishers.answered(value, data, code === Code.Confirm);
        return;
      case Code.Deliver:
        this.work.begin(to, value, data);
        return;
      case Code.Acknowledge:
      case Code.Reject:
        this.delivery.ended(value, data, code === Code.Acknowledge);
        return;
      default:
        this.sessions.onMessage(code, from, to, value);
    }
  }

  override onRefused(code: number, from: number, _to: number, value: number, data: number): void {
    // Publishers have connections of their own: what is refused them says nothing to consumers beside them.
    if (code === Code.Publish) {
      if (this.publishers.tickets.is(value, data)) this.publishers.settle(value, false);
    } else if (code !== Code.Deliver) this.sessions.disconnected(from);
  }

  override onDone(row: number, status: number): void {
    this.work.done(row, status);
  }

  override onDirectory(component: number): void {
    this.sessions.drained(component);
  }

  override onHostCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how !== 'pause') this.sessions.crashed(node, how);
  }

  override onHostRestart(node: number): void {
    this.sessions.restarted(node);
  }

  override onCrash(_node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how === 'pause') return;
    this.delivery.crashed();
    if (how === 'power') return;
    let taken = 0;
    const room = (): void => {
      if ((taken++ & 63) === 0) this.world.rows.reserve(256);
    };
    this.sessions.breakAll(room);
    this.publishers.refuseAll(room);
  }

  override onRestart(): void {
    this.sessions.watch();
    this.delivery.restarted();
  }

  override onTimer(code: number, node: number, value: number): void {
    switch (code) {
      case Code.Expire:
        this.delivery.expire(value);
        return;
      case Code.BeatAgain:
        this.sessions.beat(node);
        return;
      case Code.Sweep:
        this.sessions.sweep();
        return;
      default:
        this.publishers.giveUp();
    }
  }

  override resetFigures(): void {
    this.unroutable = 0;
    this.publishers.resetFigures();
    this.delivery.resetFigures();
  }

  override figures(): Record<string, number> {
    return { ...this.publishers.figures(), unroutable: this.unroutable, ...this.delivery.figures() };
  }

  override violation(): string {
    return this.delivery.violation();
  }
}
