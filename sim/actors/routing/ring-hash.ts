/**
 * Consistent hashing: a key belongs to the first healthy target at or after its hash on a ring, so that a target that
 * goes out moves only its own keys. With a bound, a target that has its fill passes the key on to the next.
 *
 * Karger et al., STOC 1997; bounded loads: Mirrokni, Thorup, Zadimoghaddam, "Consistent hashing with bounded loads",
 * SODA 2018 (arXiv 1608.01350, 2016): no target takes more than ⌈bound · (requests outstanding + 1) ÷ targets⌉.
 */
import { HashRing } from '../../engine/hash-ring.ts';
import type { Policy } from './policy.ts';
import { Standing, type Targets } from './targets.ts';

export class RingHash implements Policy {
  readonly goesByOutstanding: boolean;
  private ring: HashRing | null = null;
  /** Slot of each member of the ring. */
  private members = new Int32Array(0);

  constructor(
    private readonly targets: Targets,
    private readonly names: readonly string[],
    private readonly virtualNodes: number,
    private readonly bound: number | null,
  ) {
    this.goesByOutstanding = bound !== null;
  }

  pick(key: number): number {
    const ring = this.ring!;
    const { targets, members } = this;
    const most = this.bound === null ? Infinity : Math.ceil((this.bound * (targets.total + 1)) / targets.activeCount);
    let place = ring.placeOf(key);
    let fallback = -1;
    for (let i = 0; i < ring.length; i++) {
      const slot = members[ring.ownerAt(place)];
      if (targets.isActive[slot] === 1 && !targets.isTried(slot)) {
        if (targets.outstanding[slot] < most) return slot;
        if (fallback < 0) fallback = slot;
      }
      place = ring.after(place);
    }
    // Only where all but targets already tried are full.
    return fallback;
  }

  moved(_slot: number): void {}

  /** The ring holds who is registered; who is out of health only is passed over, so that it finds its keys again. */
  rebuild(): void {
    const { targets } = this;
    const slots: number[] = [];
    for (let slot = 0; slot < targets.size; slot++) if (targets.is(slot, Standing.Member)) slots.push(slot);
    if (
      this.ring !== null &&
      slots.length === this.members.length &&
      slots.every((slot, i) => slot === this.members[i])
    )
      return;
    this.members = Int32Array.from(slots);
    const places = slots.map((slot) => Math.max(1, Math.round(this.virtualNodes * targets.weights[slot])));
    this.ring = new HashRing(
      slots.map((slot) => this.names[slot]),
      places,
    );
  }
}
