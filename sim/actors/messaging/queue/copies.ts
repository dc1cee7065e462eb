/**
 * Messages in queues: each copy of a message that a queue has taken, over typed arrays, and the order in which it waits.
 *
 * A copy is waiting, with a consumer, or gone; what has become of every copy is counted, so that nothing gets lost in
 * the books.
 */
import { Id } from '../../../engine/rows.ts';

export const enum Fate {
  Acknowledged = 0,
  /** Moved to the queue of dead letters. */
  DeadLettered = 1,
  /** Expired, overflowed or failed too often, and there is no queue for it. */
  Dropped = 2,
  /** In the memory of a broker that died. */
  Lost = 3,
}

export class Copies {
  private capacity = 0;
  queue = new Int32Array(0);
  /** Place in the order of the queue. */
  order = new Float64Array(0);
  key = new Int32Array(0);
  user = new Int32Array(0);
  idA = new Int32Array(0);
  idB = new Int32Array(0);
  population = new Int32Array(0);
  failures = new Int32Array(0);
  /** Since when it waits in this queue, and when it was published, ns. */
  sinceNs = new Float64Array(0);
  publishedNs = new Float64Array(0);
  /** Consumer that has it, Id.None: it waits. */
  consumer = new Int32Array(0);
  /** Counts the lives of a slot. */
  life = new Int32Array(0);
  /** Was it delivered before? */
  again = new Uint8Array(0);
  private next = new Int32Array(0);
  private before = new Int32Array(0);
  private free: number = Id.None;
  private readonly heads: Int32Array;
  private readonly tails: Int32Array;
  private orders = 0;
  /** By queue: waiting, with consumers, taken in all, and by fate. */
  readonly waiting: Int32Array;
  readonly unacknowledged: Int32Array;
  readonly taken: Float64Array;
  readonly gone: Float64Array;

  constructor(readonly queues: number) {
    this.heads = new Int32Array(queues).fill(Id.None);
    this.tails = new Int32Array(queues).fill(Id.None);
    this.waiting = new Int32Array(queues);
    this.unacknowledged = new Int32Array(queues);
    this.taken = new Float64Array(queues);
    this.gone = new Float64Array(queues * 4);
  }

  /** A copy at the end of a queue. */
  add(queue: number): number {
    if (this.free === Id.None) this.grow();
    const copy = this.free;
    this.free = this.next[copy];
    this.queue[copy] = queue;
    this.order[copy] = this.orders++;
    this.consumer[copy] = Id.None;
    this.failures[copy] = 0;
    this.again[copy] = 0;
    this.taken[queue]++;
    this.insert(copy);
    return copy;
  }

  head(queue: number): number {
    return this.heads[queue];
  }

  /** The head of a queue goes to a consumer. */
  deliver(queue: number, consumer: number): number {
    const copy = this.heads[queue];
    this.unlink(copy);
    this.consumer[copy] = consumer;
    this.unacknowledged[queue]++;
    return copy;
  }

  /** Comes back to where it was in the order, as far as that is still ahead. */
  requeue(copy: number): void {
    this.takeBack(copy);
    this.insert(copy);
  }

  /** Many come back, each to its place: one walk along each queue for all of them. They are sorted in place. */
  requeueAll(list: number[]): void {
    list.sort((a, b) => this.queue[a] - this.queue[b] || this.order[a] - this.order[b]);
    let before: number = Id.None;
    let after: number = Id.None;
    list.forEach((copy, i) => {
      const queue = this.queue[copy];
      if (i === 0 || queue !== this.queue[list[i - 1]]) {
        before = Id.None;
        after = this.heads[queue];
      }
      while (after !== Id.None && this.order[after] < this.order[copy]) {
        before = after;
        after = this.next[after];
      }
      this.takeBack(copy);
      this.waiting[queue]++;
      this.link(copy, before, after);
      before = copy;
    });
  }

  /** Its consumer has it no longer. */
  private takeBack(copy: number): void {
    this.unacknowledged[this.queue[copy]]--;
    this.consumer[copy] = Id.None;
    this.again[copy] = 1;
  }

  /** Leaves the books. */
  end(copy: number, fate: Fate): void {
    const queue = this.queue[copy];
    if (this.consumer[copy] === Id.None) this.unlink(copy);
    else this.unacknowledged[queue]--;
    this.gone[queue * 4 + fate]++;
    this.life[copy]++;
    this.queue[copy] = Id.None;
    this.next[copy] = this.free;
    this.free = copy;
  }

  /** Calls `visit` for every copy in a queue or with a consumer; it may end them. */
  each(visit: (copy: number) => void): void {
    for (let copy = 0; copy < this.capacity; copy++) if (this.queue[copy] !== Id.None) visit(copy);
  }

  /** Every copy taken is waiting, with a consumer, or has one fate. */
  violation(queue: number): string {
    const at = queue * 4;
    const gone = this.gone[at] + this.gone[at + 1] + this.gone[at + 2] + this.gone[at + 3];
    const there = this.waiting[queue] + this.unacknowledged[queue];
    return this.taken[queue] === gone + there
      ? ''
      : `${this.taken[queue]} messages were taken, ${gone} are gone and ${there} are there`;
  }

  private insert(copy: number): void {
    const queue = this.queue[copy];
    this.waiting[queue]++;
    // New ones go to the end; those that come back go before whoever came after them.
    let after: number = Id.None;
    let before = this.tails[queue];
    if (before !== Id.None && this.order[before] > this.order[copy]) {
      before = Id.None;
      after = this.heads[queue];
      while (this.order[after] < this.order[copy]) {
        before = after;
        after = this.next[after];
      }
    }
    this.link(copy, before, after);
  }

  /** Stands between the two from now on; Id.None: at the head, at the end. */
  private link(copy: number, before: number, after: number): void {
    const queue = this.queue[copy];
    this.next[copy] = after;
    this.before[copy] = before;
    if (before === Id.None) this.heads[queue] = copy;
    else this.next[before] = copy;
    if (after === Id.None) this.tails[queue] = copy;
    else this.before[after] = copy;
  }

  private unlink(copy: number): void {
    const queue = this.queue[copy];
    this.waiting[queue]--;
    const after = this.next[copy];
    const before = this.before[copy];
    if (before === Id.None) this.heads[queue] = after;
    else this.next[before] = after;
    if (after === Id.None) this.tails[queue] = before;
    else this.before[after] = before;
  }

  private grow(): void {
    const from = this.capacity;
    const size = Math.max(256, from * 2);
    const ints = (old: Ints): Ints => enlarge(old, new Int32Array(size));
    const times = (old: Times): Times => enlarge(old, new Float64Array(size));
    this.queue = ints(this.queue).fill(Id.None, from);
    this.key = ints(this.key);
    this.user = ints(this.user);
    this.idA = ints(this.idA);
    this.idB = ints(this.idB);
    this.population = ints(this.population);
    this.failures = ints(this.failures);
    this.consumer = ints(this.consumer);
    this.life = ints(this.life);
    this.next = ints(this.next);
    this.before = ints(this.before);
    this.order = times(this.order);
    this.sinceNs = times(this.sinceNs);
    this.publishedNs = times(this.publishedNs);
    const again = new Uint8Array(size);
    again.set(this.again);
    this.again = again;
    this.capacity = size;
    for (let copy = size - 1; copy >= from; copy--) {
      this.next[copy] = this.free;
      this.free = copy;
    }
  }
}

type Ints = Int32Array<ArrayBuffer>;
type Times = Float64Array<ArrayBuffer>;

function enlarge<T extends Ints | Times>(old: T, grown: T): T {
  grown.set(old as never);
  return grown;
}
