/**
 * Callers take turns among copies: the calls of a site go round robin, and a retry goes to the copy after the one that
 * failed. What a driver remembers; it does not know who is up.
 */
import { ICol, Stride } from '../../../engine/rows.ts';
import type { World } from '../../../engine/world.ts';

export class Turns {
  /** The last choice made for each calling row. */
  private last = new Int32Array(0);

  constructor(private readonly world: World) {}

  /** Which of `choices` a call of `site` goes to: 0 … choices - 1. */
  next(row: number, site: number, choices: number): number {
    const { rows, sites } = this.world;
    const caller = rows.I[row * Stride.I + ICol.Parent];
    if (caller >= this.last.length) this.grow(rows.capacity);
    const isRetry = (rows.I[caller * Stride.I + ICol.Attempt] & 0xff) > 1;
    let turn = (this.last[caller] + 1) % choices;
    if (!isRetry) {
      turn = sites.turn[site] % choices;
      sites.turn[site] = turn + 1;
    }
    this.last[caller] = turn;
    return turn;
  }

  private grow(capacity: number): void {
    const grown = new Int32Array(capacity);
    grown.set(this.last);
    this.last = grown;
  }
}
