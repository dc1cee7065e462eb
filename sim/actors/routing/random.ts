/**
 * Random choices: one target, or the least loaded of several distinct ones ("the power of two choices": Mitzenmacher,
 * IEEE TPDS 12(10), 2001). A target that weighs less than the heaviest is accepted with its share of that weight.
 */
import type { Stream } from '../../random/keys.ts';
import type { Policy } from './policy.ts';
import type { Targets } from './targets.ts';

const UNIT = 0x40000000;

export class RandomTarget implements Policy {
  readonly goesByOutstanding = false;

  /** @param draws of the request in hand, or a stream of whoever chooses */
  constructor(
    private readonly targets: Targets,
    private readonly draws: Pick<Stream, 'below'>,
  ) {}

  pick(_key: number): number {
    const { targets, draws } = this;
    const isUniform = targets.isUniform();
    for (;;) {
      const slot = targets.active[draws.below(targets.activeCount)];
      if (targets.isTried(slot)) continue;
      if (isUniform || draws.below(UNIT) < (targets.weight(slot) / targets.heaviest) * UNIT) return slot;
    }
  }

  moved(_slot: number): void {}
  rebuild(): void {}
}

export class RandomOf implements Policy {
  readonly goesByOutstanding = true;
  /** Slots drawn for the request in hand. */
  private readonly drawn: Int32Array;

  constructor(
    private readonly targets: Targets,
    private readonly stream: Stream,
    count: number,
  ) {
    this.drawn = new Int32Array(count);
  }

  /** Among equals the first drawn is taken, so nobody is preferred. */
  pick(_key: number): number {
    const { targets, drawn } = this;
    const isUniform = targets.isUniform();
    const wanted = Math.min(drawn.length, targets.choices);
    let best = 0;
    for (let i = 0; i < wanted; i++) {
      const slot = wanted * 2 > targets.choices ? this.drawOfFew(i) : this.draw(i);
      drawn[i] = slot;
      if (i > 0 && this.isLess(slot, drawn[best], isUniform)) best = i;
    }
    return drawn[best];
  }

  /** Fewer outstanding; where weights differ, fewer per weight with this request added. */
  private isLess(a: number, b: number, isUniform: boolean): boolean {
    const { outstanding } = this.targets;
    if (isUniform) return outstanding[a] < outstanding[b];
    return (outstanding[a] + 1) * this.targets.weight(b) < (outstanding[b] + 1) * this.targets.weight(a);
  }

  /** A slot not among the first i drawn, by trying: at least half of all draws hit. */
  private draw(i: number): number {
    const { targets, stream } = this;
    for (;;) {
      const slot = targets.active[stream.below(targets.activeCount)];
      if (!targets.isTried(slot) && !this.has(slot, i)) return slot;
    }
  }

  /** The same where most are to be drawn: the r-th of those left. */
  private drawOfFew(i: number): number {
    const { targets } = this;
    let rest = this.stream.below(targets.choices - i);
    for (let at = 0; ; at++) {
      const slot = targets.active[at];
      if (!targets.isTried(slot) && !this.has(slot, i) && rest-- === 0) return slot;
    }
  }

  private has(slot: number, i: number): boolean {
    for (let k = 0; k < i; k++) if (this.drawn[k] === slot) return true;
    return false;
  }

  moved(_slot: number): void {}
  rebuild(): void {}
}
