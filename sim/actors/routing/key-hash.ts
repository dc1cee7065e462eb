/**
 * Key hash: the hash of the key modulo the number of targets. Even, and cheap, but when a target comes or goes almost
 * every key moves. Weights count as so many equal parts each.
 */
import { mixKey } from '../../engine/key-table.ts';
import type { Policy } from './policy.ts';
import type { Targets } from './targets.ts';

/** Weights are told apart to this fraction. */
const FINENESS = 1000;

export class KeyHash implements Policy {
  readonly goesByOutstanding = false;
  /** Parts up to and including each active target's, in the order of `active`. */
  private readonly ends: Float64Array;
  private parts = 0;

  constructor(private readonly targets: Targets) {
    this.ends = new Float64Array(targets.size);
  }

  /** A key whose target has been tried is hashed again until it meets another one. */
  pick(key: number): number {
    const { targets } = this;
    let hash = mixKey(key);
    for (;;) {
      const slot = this.ownerOf((hash >>> 0) % this.parts);
      if (!targets.isTried(slot)) return slot;
      hash = mixKey((hash + 0x9e3779b9) | 0);
    }
  }

  private ownerOf(part: number): number {
    const { active, activeCount } = this.targets;
    if (this.parts === activeCount) return active[part];
    let low = 0;
    let high = activeCount - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (part < this.ends[middle]) high = middle;
      else low = middle + 1;
    }
    return active[low];
  }

  moved(_slot: number): void {}

  rebuild(): void {
    const { active, activeCount, weights } = this.targets;
    let divisor = 0;
    for (let i = 0; i < activeCount; i++) divisor = commonDivisor(divisor, partsOf(weights[active[i]]));
    this.parts = 0;
    for (let i = 0; i < activeCount; i++) {
      this.parts += partsOf(weights[active[i]]) / divisor;
      this.ends[i] = this.parts;
    }
  }
}

function partsOf(weight: number): number {
  return Math.max(1, Math.round(weight * FINENESS));
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
