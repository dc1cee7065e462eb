/** Timeout lanes: calls that wait equally long share one. */
import { Id } from '../engine/rows.ts';

export class LaneDrafts {
  readonly all: number[] = [];
  private readonly shared = new Map<number, number>();

  /** The timeout lane that calls share, Id.None: they wait for ever. */
  of(timeoutNs: number | null): number {
    if (timeoutNs === null) return Id.None;
    const known = this.shared.get(timeoutNs);
    if (known !== undefined) return known;
    const lane = this.own(timeoutNs);
    this.shared.set(timeoutNs, lane);
    return lane;
  }

  /** Another one, for whoever asks. */
  own(timeoutNs: number | null): number {
    return timeoutNs === null ? Id.None : this.all.push(timeoutNs) - 1;
  }
}
