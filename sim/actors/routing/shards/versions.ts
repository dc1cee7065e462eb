/**
 * The maps that the store has held, one after the other. There is one writer, and a majority has taken each before the
 * next is made, so what a read finds is decided by when it began.
 */
import { ownersOf, type Plan, type Shards } from './plan.ts';

export interface Version {
  shards: Shards;
  /** Slot of the instance that holds each piece. */
  owners: Int32Array<ArrayBuffer>;
  /** When the store had acknowledged it, ns. */
  sinceNs: number;
}

export class Versions {
  private readonly all: Version[];
  /** On its way to the store. */
  private pending: Plan | null = null;

  constructor(
    first: Shards,
    private readonly pieces: number,
  ) {
    this.all = [{ shards: first, owners: ownersOf(first, pieces), sinceNs: 0 }];
  }

  get newest(): Version {
    return this.all[this.all.length - 1];
  }

  get isWriting(): boolean {
    return this.pending !== null;
  }

  /** The map that a read which began then has found. */
  asOf(beganNs: number): Version {
    return this.all.findLast(({ sinceNs }) => sinceNs <= beganNs) ?? this.all[0];
  }

  write(plan: Plan): void {
    this.pending = plan;
  }

  /** The write is over: acknowledged, or not, and then nobody goes by it. Returns what it was. */
  written(nowNs: number, isAcknowledged: boolean): Plan | null {
    const plan = this.pending;
    this.pending = null;
    if (plan !== null && isAcknowledged)
      this.all.push({ shards: plan.shards, owners: ownersOf(plan.shards, this.pieces), sinceNs: nowNs });
    return plan;
  }
}
