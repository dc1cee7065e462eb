/**
 * Round robin, and smooth weighted round robin where weights differ.
 *
 * Smooth weighted round robin as in nginx (commit 27e94984486058d73157038f7950a0a36ecc6e35, 2012): every choice raises
 * each target's current weight by its weight, takes the largest, and lowers that one by the sum. Weights 5, 1, 1 give
 * a a b a c a a: the heavy one is spread, not sent a burst.
 */
import type { Policy } from './policy.ts';
import { NOBODY, type Targets } from './targets.ts';

export class Rotation implements Policy {
  readonly goesByOutstanding = false;
  /** Position in `active` of whose turn it is, and the slot that stands there. */
  private turn = 0;
  private next = 0;
  private readonly current: Float64Array;

  constructor(private readonly targets: Targets) {
    this.current = new Float64Array(targets.size);
  }

  pick(_key: number): number {
    return this.targets.isUniform() ? this.inTurn() : this.smooth();
  }

  private inTurn(): number {
    const { active, activeCount } = this.targets;
    let slot: number;
    do {
      slot = active[this.turn];
      this.turn = this.turn + 1 === activeCount ? 0 : this.turn + 1;
    } while (this.targets.isTried(slot));
    this.next = active[this.turn];
    return slot;
  }

  private smooth(): number {
    const { targets, current } = this;
    const { active, activeCount } = targets;
    let best: number = NOBODY;
    let sum = 0;
    for (let i = 0; i < activeCount; i++) {
      const slot = active[i];
      if (targets.isTried(slot)) continue;
      const weight = targets.weight(slot);
      sum += weight;
      current[slot] += weight;
      if (best === NOBODY || current[slot] > current[best]) best = slot;
    }
    current[best] -= sum;
    return best;
  }

  moved(_slot: number): void {}

  /** Whose turn it was keeps it, or whoever comes after. Targets that come back start even. */
  rebuild(): void {
    const { active, activeCount, isActive, size } = this.targets;
    for (let slot = 0; slot < size; slot++) if (isActive[slot] === 0) this.current[slot] = 0;
    this.turn = 0;
    while (this.turn < activeCount && active[this.turn] < this.next) this.turn++;
    if (this.turn >= activeCount) this.turn = 0;
  }
}
