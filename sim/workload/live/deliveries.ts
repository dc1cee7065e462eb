/** What reached the screens of a population: how many messages, how late, how often again. By gateway. */
import { Histogram } from '../../statistics/histogram.ts';

export interface Delivered {
  latency: Histogram;
  duplicates: number;
  /** About rooms that the receiver is not in: its program throws them away. */
  unwanted: number;
}

export class Deliveries {
  private readonly by: Delivered[];
  /** Where there are no turns: as of when each user has read the store, and the number of its last push. */
  private readonly readAt: Float64Array;
  private readonly last: Float64Array;

  constructor(
    private readonly gateways: readonly number[],
    users: number,
  ) {
    this.by = gateways.map(() => ({ latency: new Histogram(), duplicates: 0, unwanted: 0 }));
    this.readAt = new Float64Array(users);
    this.last = new Float64Array(users).fill(-1);
  }

  /** A message without a turn: it is new unless the user has read it in the store, or has just had it. */
  arrived(gateway: number, user: number, post: number, sentNs: number, storedNs: number, nowNs: number): void {
    if (this.last[user] === post || (storedNs > 0 && storedNs <= this.readAt[user])) {
      this.duplicate(gateway);
      return;
    }
    this.last[user] = post;
    this.fresh(gateway, sentNs, nowNs);
  }

  fresh(gateway: number, sentNs: number, nowNs: number): void {
    this.by[this.gateways.indexOf(gateway)].latency.record(nowNs - sentNs);
  }

  duplicate(gateway: number): void {
    this.by[this.gateways.indexOf(gateway)].duplicates++;
  }

  unwanted(gateway: number): void {
    this.by[this.gateways.indexOf(gateway)].unwanted++;
  }

  caughtUp(user: number, atNs: number): void {
    if (user < this.readAt.length) this.readAt[user] = atNs;
  }

  /** What came through a gateway's connections, null: the population has none to it. */
  through(gateway: number): Delivered | null {
    return this.by[this.gateways.indexOf(gateway)] ?? null;
  }

  reset(): void {
    for (const each of this.by) {
      each.latency.reset();
      each.duplicates = 0;
      each.unwanted = 0;
    }
  }
}
