/**
 * Sticky sessions: which target each user stays with.
 *
 * As with a session cookie: the user's side remembers it, so every process of the balancer honours it and a restart
 * forgets nothing. It is set by the first answer a target gives (a connection that fails sets nothing) and renewed by
 * every further one. Only users of closed populations come back: an open arrival is a new user each time.
 */
import { ICol, Stride, Status } from '../../engine/rows.ts';
import type { World } from '../../engine/world.ts';
import { NOBODY, type Targets } from './targets.ts';

export class Sticky {
  /** By population and user: slot + 1, 0: none; and when it was last renewed, ns. */
  private readonly slots: Int32Array[];
  private readonly renewed: Float64Array[];
  /** Users who had to change their target. */
  moved = 0;

  /** @param forNs idle time after which a user is free again; null: never */
  constructor(
    private readonly world: World,
    private readonly forNs: number | null,
  ) {
    const users = world.populations.map(({ spec }) => spec.users);
    this.slots = users.map((count) => new Int32Array(count));
    this.renewed = users.map((count) => new Float64Array(forNs === null ? 0 : count));
  }

  /** The target that the user of the row stays with, NOBODY: none, or it takes no requests any more. */
  find(row: number, targets: Targets): number {
    const I = this.world.rows.I;
    const population = I[row * Stride.I + ICol.Op] >> 16;
    const user = I[row * Stride.I + ICol.User];
    if (user >= this.slots[population].length) return NOBODY;
    const slot = this.slots[population][user] - 1;
    if (slot < 0 || this.hasExpired(population, user) || !targets.mayStay(slot)) return NOBODY;
    return slot;
  }

  /** A target answered the user of the row. */
  answered(row: number, slot: number, status: number): void {
    if (status >= Status.Refused) return;
    const I = this.world.rows.I;
    const population = I[row * Stride.I + ICol.Op] >> 16;
    const user = I[row * Stride.I + ICol.User];
    if (user >= this.slots[population].length) return;
    const before = this.slots[population][user] - 1;
    if (before >= 0 && before !== slot && !this.hasExpired(population, user)) this.moved++;
    this.slots[population][user] = slot + 1;
    if (this.forNs !== null) this.renewed[population][user] = this.world.clock[0];
  }

  private hasExpired(population: number, user: number): boolean {
    return this.forNs !== null && this.world.clock[0] - this.renewed[population][user] > this.forNs;
  }
}
