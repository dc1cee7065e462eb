/**
 * From a queue to its consumers and back: delivery by turns and credit, acknowledgement, requeueing, expiry, overflow and
 * dead letters. All of it is in the broker; what a consumer does with a message is in `work.ts`.
 */
import type { Actor } from '../../../engine/actor-instance.ts';
import { Wire } from '../../../engine/messages.ts';
import { Id } from '../../../engine/rows.ts';
import { Histogram } from '../../../statistics/histogram.ts';
import { Levels } from '../../../statistics/level.ts';
import type { QueueBrokerSettings } from '../queue.settings.ts';
import { Code } from './codes.ts';
import type { Consumers } from './consumers.ts';
import { Copies, Fate } from './copies.ts';
import { tell } from './tell.ts';
import type { Tickets } from './tickets.ts';

export class Delivery {
  readonly copies: Copies;
  private readonly deadLetters: number[];
  private readonly levels: Levels;
  /** Number of the last delivery of each copy, and the number when it came to be. */
  private tag = new Float64Array(0);
  private born = new Float64Array(0);
  private tags = 0;
  /** Is an expiry of the queue's head under way? */
  private readonly expiring: Uint8Array;
  private delivered = 0;
  private redelivered = 0;
  private acknowledged = 0;
  private readonly latency = new Histogram();
  private before = { deadLettered: 0, dropped: 0, lost: 0 };

  constructor(
    private readonly actor: Actor,
    private readonly own: QueueBrokerSettings,
    private readonly consumers: Consumers,
    private readonly operation: number,
  ) {
    this.copies = new Copies(own.queues.length);
    this.deadLetters = own.queues.map((q) => own.queues.findIndex((other) => other.name === q.deadLetter));
    this.levels = new Levels(own.queues.length + 1, actor.world.clock);
    this.expiring = new Uint8Array(own.queues.length);
  }

  // Into a queue.

  /** Is the queue full, and one that refuses? */
  refuses(queue: number): boolean {
    const { limit, overflow } = this.own.queues[queue];
    return overflow === 'reject-publish' && this.copies.waiting[queue] >= limit;
  }

  enqueue(queue: number, from: Tickets, ticket: number): void {
    const { copies } = this;
    const copy = this.fresh(queue);
    copies.key[copy] = from.key[ticket];
    copies.user[copy] = from.user[ticket];
    copies.idA[copy] = from.idA[ticket];
    copies.idB[copy] = from.idB[ticket];
    copies.population[copy] = from.population[ticket];
    copies.publishedNs[copy] = from.sinceNs[ticket];
    this.settled(queue);
  }

  private fresh(queue: number): number {
    const copy = this.copies.add(queue);
    if (copy >= this.tag.length) {
      const size = Math.max(256, this.tag.length * 2);
      this.tag = grown(this.tag, size);
      this.born = grown(this.born, size);
    }
    this.tag[copy] = 0;
    this.born[copy] = this.tags;
    this.copies.sinceNs[copy] = this.actor.world.clock[0];
    return copy;
  }

  /** A queue has one more: at its limit its oldest goes; whoever has credit gets the next. */
  private settled(queue: number): void {
    const { copies } = this;
    if (copies.waiting[queue] > this.own.queues[queue].limit) this.discard(copies.head(queue));
    this.level(queue);
    this.dispatch(queue);
    this.watchExpiry(queue);
  }

  /** Messages have come back: what is above the limit goes, the oldest first; where new ones are refused they stay. */
  private shrink(queue: number): void {
    const { limit, overflow } = this.own.queues[queue];
    if (overflow !== 'drop-head') return;
    const { copies, actor } = this;
    for (let taken = 0; copies.waiting[queue] > limit; taken++) {
      if ((taken & 15) === 0) actor.world.rows.reserve(256);
      this.discard(copies.head(queue));
    }
  }

  private level(queue: number): void {
    this.levels.set(queue, this.copies.waiting[queue]);
    this.levels.set(
      this.own.queues.length,
      this.copies.waiting.reduce((sum, n) => sum + n, 0),
    );
  }

  /** To the queue of dead letters, or away. */
  private discard(copy: number): void {
    const { copies } = this;
    const to = this.deadLetters[copies.queue[copy]];
    if (to < 0) {
      copies.end(copy, Fate.Dropped);
      return;
    }
    const { key, user, idA, idB, population, publishedNs } = copies;
    const what = [key[copy], user[copy], idA[copy], idB[copy], population[copy], publishedNs[copy]];
    copies.end(copy, Fate.DeadLettered);
    const other = this.fresh(to);
    [copies.key[other], copies.user[other], copies.idA[other], copies.idB[other]] = what;
    copies.population[other] = what[4];
    copies.publishedNs[other] = what[5];
    this.settled(to);
  }

  // To a consumer.

  /** @param many more than one may go: only where no event's rows are in use (a message, a timer) */
  private dispatch(queue: number, many = false): void {
    const { copies, consumers, actor } = this;
    while (copies.waiting[queue] > 0) {
      const next = consumers.next(queue);
      if (next < 0) break;
      const copy = copies.deliver(queue, next);
      consumers.all[next].unacknowledged++;
      this.tag[copy] = ++this.tags;
      if (many) actor.world.rows.reserve(64);
      actor.kernel.spawn(actor.firstNode, this.operation, copy, this.tags);
    }
    this.level(queue);
  }

  /** The broker has done its part of a delivery: the message leaves, unless it was taken back meanwhile. */
  send(copy: number, tag: number): void {
    const { copies, actor } = this;
    if (copies.queue[copy] === Id.None || this.tag[copy] !== tag || copies.consumer[copy] === Id.None) return;
    this.delivered++;
    if (copies.again[copy] === 1) {
      this.redelivered++;
      actor.world.history.tally('duplicates');
    }
    const { node } = this.consumers.all[copies.consumer[copy]];
    tell(actor, actor.firstNode, node, Code.Deliver, copy, tag, Wire.Connection);
  }

  /** Is what was delivered still the message of this copy, and not one that came after it? */
  knows(copy: number, tag: number): boolean {
    return this.copies.queue[copy] !== Id.None && tag > this.born[copy];
  }

  /** The broker hears how a delivery ended. One that it has taken back meanwhile is no longer this consumer's. */
  ended(copy: number, tag: number, isGood: boolean): void {
    const { copies } = this;
    if (copies.queue[copy] === Id.None || this.tag[copy] !== tag || copies.consumer[copy] === Id.None) return;
    const queue = copies.queue[copy];
    this.consumers.all[copies.consumer[copy]].unacknowledged--;
    if (isGood) {
      this.acknowledged++;
      this.latency.record(this.actor.world.clock[0] - copies.publishedNs[copy]);
      copies.end(copy, Fate.Acknowledged);
    } else if (++copies.failures[copy] >= this.own.queues[queue].deliveries) this.discard(copy);
    else {
      copies.requeue(copy);
      this.shrink(queue);
    }
    this.dispatch(queue);
    this.watchExpiry(queue);
  }

  // Sessions.

  subscribe(consumer: number): void {
    const c = this.consumers.all[consumer];
    c.isSubscribed = true;
    c.heardNs = this.actor.world.clock[0];
    this.dispatch(c.queue, true);
  }

  /** The consumer's session is over: what it had goes back to the queue. */
  unsubscribe(consumer: number): void {
    const c = this.consumers.all[consumer];
    c.isSubscribed = false;
    if (c.unacknowledged === 0) return;
    c.unacknowledged = 0;
    const back: number[] = [];
    this.copies.each((copy) => {
      if (this.copies.consumer[copy] === consumer) back.push(copy);
    });
    this.copies.requeueAll(back);
    this.shrink(c.queue);
    this.dispatch(c.queue, true);
    this.watchExpiry(c.queue);
  }

  /** The broker is gone: what was only in its memory is lost, the rest is as it was on disk. */
  crashed(): void {
    for (const c of this.consumers.all) {
      c.isSubscribed = false;
      c.unacknowledged = 0;
    }
    const { copies } = this;
    const back: number[] = [];
    copies.each((copy) => {
      if (!this.own.durable) copies.end(copy, Fate.Lost);
      else if (copies.consumer[copy] !== Id.None) back.push(copy);
    });
    copies.requeueAll(back);
    this.expiring.fill(0);
    for (let queue = 0; queue < this.own.queues.length; queue++) this.level(queue);
  }

  restarted(): void {
    for (let queue = 0; queue < this.own.queues.length; queue++) {
      this.shrink(queue);
      this.level(queue);
      this.watchExpiry(queue);
    }
  }

  // Expiry: messages expire at the head, as in RabbitMQ, where all of a queue live equally long.

  private watchExpiry(queue: number): void {
    const { ttlNs } = this.own.queues[queue];
    const head = this.copies.head(queue);
    if (ttlNs === null || head === Id.None || this.expiring[queue] === 1) return;
    this.expiring[queue] = 1;
    const { actor } = this;
    const due = Math.max(0, this.copies.sinceNs[head] + ttlNs - actor.world.clock[0]);
    actor.kernel.timer(actor.component, actor.firstNode, Code.Expire, due, queue);
  }

  expire(queue: number): void {
    const { copies } = this;
    const { ttlNs } = this.own.queues[queue];
    this.expiring[queue] = 0;
    const before = this.actor.world.clock[0] - ttlNs!;
    let taken = 0;
    for (let head = copies.head(queue); head !== Id.None && copies.sinceNs[head] <= before; head = copies.head(queue)) {
      if ((taken++ & 15) === 0) this.actor.world.rows.reserve(256);
      this.discard(head);
    }
    this.level(queue);
    this.watchExpiry(queue);
  }

  // Figures.

  private fates(): { deadLettered: number; dropped: number; lost: number } {
    const sum = (fate: Fate): number =>
      this.own.queues.reduce((total, _, queue) => total + this.copies.gone[queue * 4 + fate], 0);
    return { deadLettered: sum(Fate.DeadLettered), dropped: sum(Fate.Dropped), lost: sum(Fate.Lost) };
  }

  resetFigures(): void {
    this.delivered = 0;
    this.redelivered = 0;
    this.acknowledged = 0;
    this.latency.reset();
    this.levels.reset();
    this.before = this.fates();
  }

  figures(): Record<string, number> {
    const now = this.fates();
    const ms = (q: number): number => this.latency.quantile(q) / 1e6;
    return {
      delivered: this.delivered,
      acknowledged: this.acknowledged,
      redelivered: this.redelivered,
      deadLettered: now.deadLettered - this.before.deadLettered,
      dropped: now.dropped - this.before.dropped,
      lost: now.lost - this.before.lost,
      waiting: this.levels.level(this.own.queues.length),
      waitingMax: this.levels.max(this.own.queues.length),
      // No time is known where nothing was done.
      ...(this.latency.count > 0 && { workP50Ms: ms(0.5), workP99Ms: ms(0.99) }),
    };
  }

  violation(): string {
    for (let queue = 0; queue < this.own.queues.length; queue++) {
      const wrong = this.copies.violation(queue);
      if (wrong !== '') return `queue ${this.own.queues[queue].name}: ${wrong}`;
    }
    return '';
  }
}

function grown(old: Float64Array<ArrayBuffer>, size: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(size);
  next.set(old);
  return next;
}
