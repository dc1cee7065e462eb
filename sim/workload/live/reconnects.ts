/** How long users wait before they try to connect again: an exponential backoff with a jitter, per user. */
import type { Sampler } from '../../random/sampler.ts';
import type { LiveSpec } from './live-spec.ts';

const DRAW = 0x72656300;

export class Reconnects {
  private readonly tries: Uint8Array;
  /** Last wait, for decorrelated jitter, ns. */
  private readonly waited: Float64Array;

  constructor(
    private readonly backoff: LiveSpec['backoff'],
    users: number,
  ) {
    this.tries = new Uint8Array(users);
    this.waited = new Float64Array(users);
  }

  reset(user: number): void {
    this.tries[user] = 0;
    this.waited[user] = 0;
  }

  /** Wait before the next try, ns. `turn` tells one wait of the user from another. Jitters as in `Calls`. */
  wait(user: number, turn: number, sampler: Sampler, identity: readonly [number, number]): number {
    const { baseNs, capNs, factor, jitter } = this.backoff;
    let wait = baseNs;
    for (let i = 0; i < this.tries[user] && wait < capNs; i++) wait *= factor;
    wait = Math.min(capNs, wait);
    if (this.tries[user] < 255) this.tries[user]++;
    sampler.uniform(identity[0] ^ user, identity[1] ^ turn, DRAW);
    const u = sampler.out[0];
    if (jitter === 'full') wait *= u;
    else if (jitter === 'equal') wait = wait / 2 + (u * wait) / 2;
    else if (jitter === 'decorrelated') {
      const before = Math.max(baseNs, this.waited[user]);
      wait = Math.min(capNs, baseNs + u * (before * 3 - baseNs));
    }
    this.waited[user] = wait;
    return Math.round(wait);
  }
}
