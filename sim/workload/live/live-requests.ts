/**
 * Rows of live users: each begins with a number, from which all that is drawn for it comes. Actions have the even ones;
 * what keeps up the connection (handshakes, reads that catch up) has the odd ones, so that neither shifts the other.
 */
import type { Actor } from '../../engine/actor-instance.ts';
import { ICol, Stride } from '../../engine/rows.ts';
import type { Population } from '../population.ts';
import type { Rooms } from './rooms.ts';

export class LiveRequests {
  /** Whose users they are; known when the run starts. */
  population!: Population;
  /** Rows begun so far, by user: for its actions, and for its connections. */
  readonly acts: Int32Array;
  readonly upkeeps: Int32Array;

  constructor(
    private readonly actor: Actor,
    private readonly rooms: Rooms | null,
    users: number,
  ) {
    this.acts = new Int32Array(users);
    this.upkeeps = new Int32Array(users);
  }

  /** The row of an action, which is thought about before it is sent. */
  newAct(user: number): number {
    return this.population.newRequest(user + this.acts[user]++ * 2 * 4294967296);
  }

  /** A request that keeps up the connection goes out at once. */
  keepUp(user: number, choice: number, site: number): void {
    const number = this.upkeeps[user]++ * 2 + 1;
    this.send(this.population.newRequest(user + number * 4294967296), user, choice, site);
  }

  send(row: number, user: number, choice: number, site: number): void {
    this.actor.kernel.requests.send(row, choice, site, this.keyOf(user, row));
  }

  /** What the user's messages are about: its room, or a key of its own choice. */
  private keyOf(user: number, row: number): number {
    if (this.rooms !== null) return this.rooms.of(user);
    const { I } = this.actor.world.rows;
    return this.population.keyFor(I[row * Stride.I + ICol.IdA], I[row * Stride.I + ICol.IdB]);
  }
}
