/** Purges: of a key, ordered at a point of presence, and of everything. They hold elsewhere when word has got there, also at the shield. */
import type { Actor } from '../../../engine/actor-instance.ts';
import type { Stream } from '../../../random/keys.ts';
import type { PointOfPresence } from './pop.ts';

/** Codes of the message with a key, and of the timer at whose end everything goes. */
export interface Word {
  key: number;
  everything: number;
}

export class Purges {
  private readonly delays: Stream;

  /**
   * @param pops its points of presence
   * @param delay distribution of how long word takes
   * @param shield another CDN that hears of all purges, too
   */
  constructor(
    private readonly cdn: Actor,
    private readonly pops: readonly PointOfPresence[],
    private readonly delay: number,
    private readonly word: Word,
    private readonly shield: { readonly purges: Purges } | null,
  ) {
    this.delays = cdn.world.stream(`${cdn.name} purges`);
  }

  /** A purge of a key is ordered at a node, where it holds at once. */
  order(from: number, key: number): void {
    this.pops[from - this.cdn.firstNode].purge(key);
    this.spread(from, key);
    this.shield?.purges.spread(from, key);
  }

  /** Everything is to be purged, here and at the shield. */
  release(): void {
    const { component, kernel } = this.cdn;
    for (const pop of this.pops) kernel.timer(component, pop.node, this.word.everything, this.wait());
    this.shield?.purges.release();
  }

  /** Sends word of a key from a node to the points of presence. */
  private spread(from: number, key: number): void {
    const { component, kernel } = this.cdn;
    for (const { node } of this.pops)
      if (node !== from) kernel.message(component, from, node, this.word.key, key, 0, this.wait());
  }

  private wait(): number {
    const { sampler } = this.cdn.world;
    sampler.sample(this.delay, this.delays.nextInt32(), this.delays.nextInt32(), 0);
    return sampler.out[0];
  }
}
