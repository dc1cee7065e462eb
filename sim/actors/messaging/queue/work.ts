/** The library in the processes of consumers: a message that comes is work, and the broker hears how the work ended. */
import type { Actor } from '../../../engine/actor-instance.ts';
import { Wire } from '../../../engine/messages.ts';
import { ICol, Status, Stride } from '../../../engine/rows.ts';
import { Code } from './codes.ts';
import type { Consumers } from './consumers.ts';
import type { Delivery } from './delivery.ts';
import { tell } from './tell.ts';

export class Work {
  /** By row of work: its copy, and the number of its delivery. */
  private copy = new Int32Array(0);
  private tag = new Float64Array(0);

  constructor(
    private readonly actor: Actor,
    private readonly consumers: Consumers,
    private readonly delivery: Delivery,
  ) {}

  /** A message is here, and its work begins. */
  begin(node: number, copy: number, tag: number): void {
    const { actor, consumers, delivery } = this;
    // What it says is known as long as the broker has not forgotten it.
    if (!delivery.knows(copy, tag)) return;
    const { queue, key, user, idA, idB, population, failures } = delivery.copies;
    const consumer = consumers.at(node).find((c) => consumers.all[c].queue === queue[copy]);
    if (consumer === undefined) return;
    const op = consumers.all[consumer].operation | (population[copy] << 16);
    // After a failure chance is drawn anew, as for a call that is tried again.
    const b = idB[copy] ^ Math.imul(failures[copy], 0x85ebca6b);
    const row = actor.kernel.assign(actor.component, node, op, key[copy], user[copy], idA[copy], b);
    if (row >= this.copy.length) this.grow(row);
    this.copy[row] = copy;
    this.tag[row] = tag;
  }

  /** The work has ended, well or not. */
  done(row: number, status: number): void {
    const { actor } = this;
    const node = actor.world.rows.I[row * Stride.I + ICol.Node];
    const code = status <= Status.Miss ? Code.Acknowledge : Code.Reject;
    tell(actor, node, actor.firstNode, code, this.copy[row], this.tag[row], Wire.Connection);
  }

  private grow(row: number): void {
    const { rows } = this.actor.world;
    const size = Math.max(row + 1, rows.first + rows.capacity);
    const copy = new Int32Array(size);
    copy.set(this.copy);
    this.copy = copy;
    const tag = new Float64Array(size);
    tag.set(this.tag);
    this.tag = tag;
  }
}
