/**
 * Rooms: users 0…n−1 are room 0, and so on. Of each, the last moves that the store took, so that what a read at a time
 * brings is known; and, as a yardstick that nobody decides by, the last move acknowledged to the player who made it.
 */
/** Moves remembered per room: copies of the store lag by less. */
const KEPT = 4;

export class Rooms {
  readonly count: number;
  private readonly moves: Int32Array;
  private readonly times: Float64Array;
  private readonly acknowledged: Int32Array;

  /** @param size users a room */
  constructor(
    users: number,
    readonly size: number,
  ) {
    this.count = Math.ceil(users / size);
    this.moves = new Int32Array(this.count * KEPT);
    this.times = new Float64Array(this.count * KEPT);
    this.acknowledged = new Int32Array(this.count);
  }

  of(user: number): number {
    return Math.floor(user / this.size);
  }

  /** The store has taken move number `move` (from 1) of a room. */
  stored(room: number, move: number, atNs: number): void {
    const first = room * KEPT;
    if (move <= this.moves[first]) return;
    for (let i = first + KEPT - 1; i > first; i--) {
      this.moves[i] = this.moves[i - 1];
      this.times[i] = this.times[i - 1];
    }
    this.moves[first] = move;
    this.times[first] = atNs;
  }

  /** Moves that a read of the room shows which is as of `atNs`. */
  shownAt(room: number, atNs: number): number {
    const first = room * KEPT;
    for (let i = first; i < first + KEPT; i++) if (this.times[i] <= atNs) return this.moves[i];
    return Math.max(0, this.moves[first + KEPT - 1] - 1);
  }

  /** Moves the store has taken in all. */
  latest(room: number): number {
    return this.moves[room * KEPT];
  }

  acknowledge(room: number, move: number): void {
    if (move > this.acknowledged[room]) this.acknowledged[room] = move;
  }

  /** A yardstick: the last move acknowledged to a player. */
  lastAcknowledged(room: number): number {
    return this.acknowledged[room];
  }
}
