/**
 * The library in the processes of publishers: a message leaves with a ticket, and whoever waits for it hears whether the
 * broker has it.
 */
import type { Publication } from '../../../compile/publication.ts';
import { type Actor, Step } from '../../../engine/actor-instance.ts';
import { Wire } from '../../../engine/messages.ts';
import { Flag, ICol, Id, Status, Stride } from '../../../engine/rows.ts';
import { Code } from './codes.ts';
import { tell } from './tell.ts';
import { Tickets } from './tickets.ts';

export class Publishers {
  readonly tickets = new Tickets();
  private published = 0;
  private confirmed = 0;
  private failures = 0;

  constructor(
    private readonly actor: Actor,
    private readonly publications: readonly Publication[],
    private readonly timeoutNs: number,
  ) {}

  /** A row publishes. */
  publish(row: number, publication: number): number {
    const { actor, tickets } = this;
    const { rows, clock } = actor.world;
    const { I } = rows;
    const at = row * Stride.I;
    const { step, random } = this.publications[publication];
    const ticket = tickets.take();
    tickets.row[ticket] = step.wait ? row : Id.None;
    tickets.gen[ticket] = I[at + ICol.Gen];
    tickets.host[ticket] = I[at + ICol.Node];
    tickets.population[ticket] = I[at + ICol.Op] >> 16;
    tickets.key[ticket] =
      step.key === 'random' ? actor.kernel.calls.keyOf(row, I[at + ICol.Op] >> 16, random) : I[at + ICol.Key];
    tickets.user[ticket] = I[at + ICol.User];
    tickets.idA[ticket] = I[at + ICol.IdA];
    tickets.idB[ticket] = I[at + ICol.IdB] ^ Math.imul(publication + 1, 0x9e3779b1);
    tickets.publication[ticket] = publication;
    tickets.sinceNs[ticket] = clock[0];
    this.published++;
    tell(actor, I[at + ICol.Node], actor.firstNode, Code.Publish, ticket, tickets.life[ticket], Wire.Connection);
    return step.wait ? Step.Suspend : Step.Continue;
  }

  /** The broker's answer, or that there is no broker, reaches the publisher. */
  answered(ticket: number, life: number, isAccepted: boolean): void {
    if (this.tickets.is(ticket, life)) this.settle(ticket, isAccepted);
  }

  /** A publisher knows what became of its message. */
  settle(ticket: number, isAccepted: boolean): void {
    const { tickets, actor } = this;
    const row = tickets.row[ticket];
    const gen = tickets.gen[ticket];
    tickets.end(ticket);
    if (isAccepted) this.confirmed++;
    else this.failures++;
    if (row === Id.None) return;
    const { I } = actor.world.rows;
    const at = row * Stride.I;
    if (I[at + ICol.Gen] !== gen) return;
    I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | (isAccepted ? Status.Ok : Status.Miss);
    actor.kernel.resume(row);
  }

  /** Looks now and then for confirms that are overdue. */
  watch(): void {
    this.actor.kernel.timer(this.actor.component, Id.None, Code.Overdue, this.timeoutNs / 4);
  }

  /** Publishers whose confirm is long overdue. */
  giveUp(): void {
    const before = this.actor.world.clock[0] - this.timeoutNs;
    this.tickets.each((ticket) => {
      if (this.tickets.sinceNs[ticket] < before) this.settle(ticket, false);
    });
    this.watch();
  }

  /** The broker's process has died, its machine refuses whatever is on its way. @param room makes room for a message */
  refuseAll(room: () => void): void {
    const { tickets, actor } = this;
    tickets.each((ticket) => {
      room();
      tell(actor, actor.firstNode, tickets.host[ticket], Code.Refuse, ticket, tickets.life[ticket], Wire.Answer);
    });
  }

  resetFigures(): void {
    this.published = 0;
    this.confirmed = 0;
    this.failures = 0;
  }

  figures(): Record<string, number> {
    return { published: this.published, confirmed: this.confirmed, publishFailures: this.failures };
  }
}
