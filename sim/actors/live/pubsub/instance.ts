/**
 * Instances of a pubsub in a running stage: which of its parts a message, a timer, a crash is for, and how an instance
 * sends a message to all that it knows of.
 */
import type { Builder } from '../../../compile/builder.ts';
import type { ComponentDraft } from '../../../compile/components.ts';
import { Actor, Step } from '../../../engine/actor-instance.ts';
import { Wire } from '../../../engine/messages.ts';
import { FCol, Flag, ICol, Id, Status, Stride } from '../../../engine/rows.ts';
import type { PubsubSettings } from '../pubsub.settings.ts';
import { channelOf } from './channels.ts';
import { Act, Code } from './codes.ts';
import { Listeners } from './listeners.ts';
import type { PubsubPrograms } from './programs.ts';
import { Publishers } from './publishers.ts';
import { Subscriptions } from './subscriptions.ts';

export class Pubsub extends Actor {
  private readonly publishers: Publishers;
  private readonly listeners: Listeners;
  /** What each instance knows. */
  private subscriptions: Subscriptions[] = [];
  private published = 0;
  private delivered = 0;
  private unheard = 0;

  constructor(
    private readonly own: PubsubSettings,
    draft: ComponentDraft,
    private readonly programs: PubsubPrograms,
    private readonly builder: Builder,
  ) {
    super(draft.name, draft.id, draft.firstNode, draft.nodes);
    this.publishers = new Publishers(this, builder.publications, own.timeoutNs);
    this.listeners = new Listeners(this, own);
  }

  override start(): void {
    this.subscriptions = Array.from({ length: this.nodeCount }, () => new Subscriptions());
    this.listeners.start();
    if (this.own.channels === 'one')
      for (const node of this.listeners.nodes()) for (const each of this.subscriptions) each.add(0, node);
    this.publishers.watch();
  }

  override isGuestOf(component: number): boolean {
    return this.listeners.has(component) || this.publishes(component);
  }

  private publishes(component: number): boolean {
    return this.builder.publications.some(({ from, target }) => from === component && target === this.component);
  }

  override onHostCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how !== 'pause') this.listeners.crashed(node);
  }

  override onHostRestart(node: number): void {
    this.listeners.restarted(node);
  }

  override visit(row: number, argument: number): number {
    return this.publishers.publish(row, argument);
  }

  override onMessage(code: number, from: number, to: number, value: number, data: number): void {
    switch (code) {
      case Code.Publish:
        this.kernel.spawn(to, this.programs.publish, 0, value);
        return;
      case Code.Published:
        this.publishers.published(value, to);
        return;
      case Code.Deliver:
        this.listeners.received(to, value, data);
        return;
      case Code.Subscribe:
        this.kernel.spawn(to, this.programs.command, value, data, from);
        return;
      case Code.Ask:
        if (!this.subscriptions[to - this.firstNode].has(from))
          this.kernel.message(this.component, to, from, Code.Unknown, 0, 0, -1, Wire.Answer);
        return;
      default:
        this.listeners.subscribeAgain(to, from);
    }
  }

  /** Nobody listens where a message was sent to: of a subscriber, it is forgotten; of this, publishing has failed. */
  override onRefused(code: number, _from: number, to: number, value: number, _data: number): void {
    if (code === Code.Deliver) for (const each of this.subscriptions) each.removeNode(to);
    else if (code === Code.Publish) this.publishers.refused(value);
  }

  override onTimer(code: number, node: number): void {
    if (code === Code.Overdue) this.publishers.giveUp();
    else this.listeners.ask(node);
  }

  // In its own processes.

  override step(row: number, act: number): number {
    const { I, F } = this.world.rows;
    const at = row * Stride.I;
    const node = I[at + ICol.Node];
    const known = this.subscriptions[node - this.firstNode];
    const data = F[row * Stride.F + FCol.Data];
    const { tickets } = this.publishers;
    if (act === Act.Command) {
      if (I[at + ICol.Key] === 1) known.add(data, I[at + ICol.User]);
      else known.remove(data, I[at + ICol.User]);
      return Step.Continue;
    }
    if (!tickets.isOpen(data)) return Step.Finish;
    const population = tickets.populationOf(data);
    const post = tickets.postOf(data);
    const list = known.to(this.own.channels === 'room' ? channelOf(population, tickets.keyOf(data)) : 0);
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
    const { tickets } = this.publishers;
    const host = tickets.hostOf(ticket);
    if (tickets.rowOf(ticket) === Id.None) tickets.free(ticket);
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
    this.publishers.failed = 0;
  }

  override figures(): Record<string, number> {
    return {
      published: this.published,
      delivered: this.delivered,
      unheard: this.unheard,
      publishFailures: this.publishers.failed,
    };
  }
}
