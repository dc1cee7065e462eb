/**
 * What users have on their screens, and how it came there: by an acknowledgement, a push, or a read of the store. Where
 * there are turns, a screen is the number of moves it shows, and whose turn it is follows from that.
 */
import type { Deliveries } from './deliveries.ts';
import type { LiveSpec } from './live-spec.ts';
import type { Posts } from './posts.ts';
import type { Rooms } from './rooms.ts';

export class Screens {
  /** Moves on the user's screen. */
  readonly seen: Int32Array;
  /** What had been acknowledged in the user's room when it last asked the store: a yardstick. */
  private readonly asked: Int32Array;

  constructor(
    private readonly spec: LiveSpec,
    private readonly posts: Posts,
    private readonly rooms: Rooms | null,
    private readonly deliveries: Deliveries,
  ) {
    this.seen = new Int32Array(spec.users);
    this.asked = new Int32Array(spec.users);
  }

  isTurnOf(user: number): boolean {
    if (!this.spec.turns) return true;
    const { size } = this.rooms!;
    return this.seen[user] % size === user % size;
  }

  /** The user asks the store. */
  asks(user: number): void {
    if (this.rooms !== null) this.asked[user] = this.rooms.lastAcknowledged(this.rooms.of(user));
  }

  /** The store has answered, by way of a gateway, with what it held at `atNs`. */
  caughtUp(user: number, gateway: number, atNs: number): void {
    const { rooms } = this;
    if (rooms !== null && this.spec.turns) {
      const shown = rooms.shownAt(rooms.of(user), atNs);
      if (shown > this.seen[user]) this.seen[user] = shown;
      if (this.seen[user] < this.asked[user]) this.deliveries.missed(gateway);
    }
    this.deliveries.caughtUp(user, atNs);
  }

  /** Where there are turns: the user's own move is accepted. */
  acknowledged(user: number, move: number): void {
    if (move > this.seen[user]) this.seen[user] = move;
    this.rooms!.acknowledge(this.rooms!.of(user), move);
  }

  /** A gateway has pushed a message. Is it a move that the user did not have? */
  pushed(user: number, gateway: number, post: number, nowNs: number): boolean {
    const { posts, deliveries, rooms } = this;
    const move = posts.moveOf(post);
    if (rooms !== null && rooms.of(posts.userOf(post)) !== rooms.of(user)) {
      deliveries.unwanted(gateway);
      return false;
    }
    if (!this.spec.turns) {
      deliveries.arrived(gateway, user, post, posts.sentNs(post), posts.storedNs(post), nowNs);
      return false;
    }
    if (move <= this.seen[user]) {
      deliveries.duplicate(gateway);
      return false;
    }
    if (move > rooms!.latest(rooms!.of(user))) deliveries.unstored(gateway);
    this.seen[user] = move;
    deliveries.fresh(gateway, posts.sentNs(post), nowNs);
    return true;
  }
}
