/** The wait between two tries of a call: exponential backoff; full, equal and decorrelated jitter as in Brooker, AWS Architecture Blog, 2015. */
import { FCol, ICol, Kind, Stride } from './rows.ts';
import type { World } from './world.ts';

/** Steps of a row's randomness from which waits are drawn, by try. */
const DRAW = 0x10000000;

/** As `JITTER` of sites.ts has them; 0: none. */
const enum Jitter {
  Full = 1,
  Equal = 2,
  Decorrelated = 3,
}

export class Backoff {
  constructor(private readonly world: World) {}

  /** The row waits before another try at the site, of which it has made so many. */
  begin(row: number, site: number, tries: number): void {
    const { rows, clock, ready, events } = this.world;
    const { I, F } = rows;
    const at = row * Stride.I;
    const wait = this.waitOf(row, site, tries);
    F[row * Stride.F + FCol.Work] = wait;
    // The number of the try grows, and with it the tag that answers must carry.
    I[at + ICol.Attempt] = (((I[at + ICol.Attempt] >>> 8) + 1) << 8) | (tries + 1);
    I[at + ICol.Kind] = Kind.Backoff;
    F[row * Stride.F + FCol.Time] = clock[0] + Math.round(wait);
    if (Math.round(wait) === 0) ready.push(row);
    else events.push(row);
  }

  private waitOf(row: number, site: number, tries: number): number {
    const { rows, sites, sampler } = this.world;
    const { I, F } = rows;
    const at = row * Stride.I;
    const base = sites.base[site];
    const cap = sites.cap[site];
    let wait = base;
    for (let i = 1; i < tries && wait < cap; i++) wait *= sites.factor[site];
    wait = Math.min(cap, wait);
    sampler.uniform(I[at + ICol.IdA], I[at + ICol.IdB], DRAW + I[at + ICol.Attempt]);
    const u = sampler.out[0];
    switch (sites.jitter[site]) {
      case Jitter.Full:
        return wait * u;
      case Jitter.Equal:
        return wait / 2 + (u * wait) / 2;
      case Jitter.Decorrelated: {
        const before = Math.max(base, F[row * Stride.F + FCol.Work]);
        return Math.min(cap, base + u * (before * 3 - base));
      }
      default:
        return wait;
    }
  }
}
