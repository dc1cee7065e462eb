/**
 * The library in the processes of publishers: a message goes to the instance of its channel with a ticket, and whoever
 * waits for it hears that it has been published.
 */
import type { Publication } from '../../../compile/publication.ts';
import { type Actor, Step } from '../../../engine/actor-instance.ts';
import { Wire } from '../../../engine/messages.ts';
import { Flag, ICol, Id, Status, Stride } from '../../../engine/rows.ts';
import { Gateway } from '../gateway.ts';
import { Code } from './codes.ts';
import { Tickets } from './tickets.ts';

export class Publishers {
  readonly tickets = new Tickets();
  /** Publications that failed. */
  failed = 0;

  constructor(
    private readonly actor: Actor,
    private readonly publications: readonly Publication[],
    private readonly timeoutNs: number,
  ) {}

  /** A row publishes: its message goes to the instance of its channel. */
  publish(row: number, publication: number): number {
    const bus = this.actor;
    const { rows, nodes, populations, components, clock } = bus.world;
    const { I } = rows;
    const at = row * Stride.I;
    const host = I[at + ICol.Node];
    const population = I[at + ICol.Op] >> 16;
    const actor = components.actor[nodes.component[host]];
    const live = populations[population]?.live ?? null;
    const post = actor instanceof Gateway ? actor.postOf(row) : (live?.lastPost(I[at + ICol.User]) ?? -1);
    if (actor instanceof Gateway) actor.note(row);
    const { wait } = this.publications[publication].step;
    const ticket = this.tickets.take(
      wait ? row : Id.None,
      I[at + ICol.Gen],
      host,
      population,
      post,
      I[at + ICol.Key],
      clock[0],
    );
    const to = bus.firstNode + ((I[at + ICol.Key] >>> 0) % bus.nodeCount);
    bus.kernel.message(bus.component, host, to, Code.Publish, ticket, 0, -1, Wire.Connection);
    return wait ? Step.Suspend : Step.Continue;
  }

  /** The answer is back at a node. */
  published(ticket: number, node: number): void {
    if (this.tickets.isOpen(ticket) && this.tickets.hostOf(ticket) === node) this.answered(ticket, Status.Ok);
  }

  /** Nobody listens where it was to be published. */
  refused(ticket: number): void {
    if (this.tickets.isOpen(ticket)) this.fail(ticket);
  }

  private fail(ticket: number): void {
    this.failed++;
    this.answered(ticket, Status.Miss);
  }

  private answered(ticket: number, status: Status): void {
    const row = this.tickets.rowOf(ticket);
    const gen = this.tickets.genOf(ticket);
    this.tickets.free(ticket);
    if (row === Id.None) return;
    const { I } = this.actor.world.rows;
    if (I[row * Stride.I + ICol.Gen] !== gen) return;
    I[row * Stride.I + ICol.Flags] = (I[row * Stride.I + ICol.Flags] & ~Flag.StatusMask) | status;
    this.actor.kernel.resume(row);
  }

  /** Looks now and then for answers that are overdue. */
  watch(): void {
    this.actor.kernel.timer(this.actor.component, Id.None, Code.Overdue, this.timeoutNs / 4);
  }

  /** Publishers whose answer is overdue. */
  giveUp(): void {
    for (const ticket of this.tickets.before(this.actor.world.clock[0] - this.timeoutNs)) this.fail(ticket);
    this.watch();
  }
}
