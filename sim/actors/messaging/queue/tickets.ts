/** Messages on their way to the broker: what they say, and which row waits for the confirm. Numbers, used again. */
import { Id } from '../../../engine/rows.ts';

export class Tickets {
  private capacity = 0;
  row = new Int32Array(0);
  gen = new Int32Array(0);
  host = new Int32Array(0);
  key = new Int32Array(0);
  user = new Int32Array(0);
  idA = new Int32Array(0);
  idB = new Int32Array(0);
  population = new Int32Array(0);
  /** Number of the step that published it. */
  publication = new Int32Array(0);
  sinceNs = new Float64Array(0);
  /** Counts the lives of a ticket: what comes late carries another number. */
  life = new Int32Array(0);
  isOpen = new Uint8Array(0);
  private next = new Int32Array(0);
  private free: number = Id.None;

  take(): number {
    if (this.free === Id.None) this.grow();
    const ticket = this.free;
    this.free = this.next[ticket];
    this.isOpen[ticket] = 1;
    return ticket;
  }

  /** Is it the message that somebody still waits for? */
  is(ticket: number, life: number): boolean {
    return this.isOpen[ticket] === 1 && this.life[ticket] === life;
  }

  end(ticket: number): void {
    this.isOpen[ticket] = 0;
    this.life[ticket]++;
    this.next[ticket] = this.free;
    this.free = ticket;
  }

  each(visit: (ticket: number) => void): void {
    for (let ticket = 0; ticket < this.capacity; ticket++) if (this.isOpen[ticket] === 1) visit(ticket);
  }

  private grow(): void {
    const from = this.capacity;
    const size = Math.max(64, from * 2);
    const ints = (old: Ints): Ints => {
      const grown = new Int32Array(size);
      grown.set(old);
      return grown;
    };
    this.row = ints(this.row);
    this.gen = ints(this.gen);
    this.host = ints(this.host);
    this.key = ints(this.key);
    this.user = ints(this.user);
    this.idA = ints(this.idA);
    this.idB = ints(this.idB);
    this.population = ints(this.population);
    this.publication = ints(this.publication);
    this.life = ints(this.life);
    this.next = ints(this.next);
    const since = new Float64Array(size);
    since.set(this.sinceNs);
    this.sinceNs = since;
    const open = new Uint8Array(size);
    open.set(this.isOpen);
    this.isOpen = open;
    this.capacity = size;
    for (let ticket = size - 1; ticket >= from; ticket--) {
      this.next[ticket] = this.free;
      this.free = ticket;
    }
  }
}

type Ints = Int32Array<ArrayBuffer>;
