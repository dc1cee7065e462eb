/** What reached the screens of a population, how late, how often again, and what did not; its connections lost. By gateway. */
import type { Actor } from '../../engine/actor-instance.ts';
import { Histogram } from '../../statistics/histogram.ts';

export interface Delivered {
  latency: Histogram;
  duplicates: number;
  /** About rooms that the receiver is not in: its program throws them away. */
  unwanted: number;
  /** Connections to it. */
  lost: number;
  /** Catch-ups by way of it that missed a move which had been acknowledged when they began. */
  missed: number;
  /** Moves that were on a screen before the store had them: a crash would have taken them back. */
  unstored: number;
}

const none = (): Delivered => ({
  latency: new Histogram(),
  duplicates: 0,
  unwanted: 0,
  lost: 0,
  missed: 0,
  unstored: 0,
});

export class Deliveries {
  private by: Delivered[];
  /** Where there are no turns: as of when each user has read the store, and the number of its last push. */
  private readonly readAt: Float64Array;
  private readonly last: Float64Array;

  constructor(
    private readonly gateways: readonly number[],
    users: number,
    private readonly receivers: Pick<Actor, 'world'>,
  ) {
    this.by = gateways.map(none);
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
    this.receivers.world.history.tally('duplicates');
  }

  unwanted(gateway: number): void {
    this.by[this.gateways.indexOf(gateway)].unwanted++;
  }

  lost(gateway: number): void {
    this.by[this.gateways.indexOf(gateway)].lost++;
  }

  missed(gateway: number): void {
    this.by[this.gateways.indexOf(gateway)].missed++;
  }

  unstored(gateway: number): void {
    this.by[this.gateways.indexOf(gateway)].unstored++;
  }

  caughtUp(user: number, atNs: number): void {
    if (user < this.readAt.length) this.readAt[user] = atNs;
  }

  /** What came through a gateway's connections, null: the population has none to it. */
  through(gateway: number): Delivered | null {
    return this.by[this.gateways.indexOf(gateway)] ?? null;
  }

  reset(): void {
    this.by = this.gateways.map(none);
  }
}
