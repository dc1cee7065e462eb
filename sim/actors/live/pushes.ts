/**
 * Pushes: one message to many connections of one instance. Each costs core time; the program loops (see `programs.ts`),
 * and this says who is next. What a row is about, and how far it has come, stands in arrays by row.
 */
import { Step, type Actor } from '../../engine/actor-instance.ts';
import { Wire } from '../../engine/messages.ts';
import { FCol, Flag, ICol, Id, Status, Stride } from '../../engine/rows.ts';
import { UserCode } from '../../workload/live/codes.ts';
import type { LiveUsers } from '../../workload/live/live-users.ts';
import type { Holding } from './holding.ts';
import { Act, CHUNK } from './programs.ts';

export class Pushes {
  /** Since the end of the warm-up. */
  sent = 0;
  /** By row: number of the message it is about, -1: none; next place in the list, or next user of the room. */
  private post = new Float64Array(1024).fill(-1);
  private cursor = new Int32Array(1024);
  private target = new Int32Array(1024);

  constructor(
    private readonly actor: Actor,
    private readonly holding: Holding,
  ) {}

  /** An operation begins that is about the message `post`. */
  begin(row: number, post: number): void {
    if (row >= this.post.length) this.grow();
    this.post[row] = post;
  }

  /** Message that the row, or the operation it is a branch of, is about; -1: none. */
  postOf(row: number): number {
    const { I } = this.actor.world.rows;
    let at = row;
    while ((I[at * Stride.I + ICol.Flags] & Flag.Branch) !== 0) at = I[at * Stride.I + ICol.Parent];
    const post = at < this.post.length ? this.post[at] : -1;
    if (post >= 0) return post;
    // Work that a log brought: the last message of who sent it.
    return this.usersOf(row)?.lastPost(I[row * Stride.I + ICol.User]) ?? -1;
  }

  /** The operation is done: what it has written, the store has. */
  done(row: number): void {
    this.note(row, this.postOf(row));
  }

  /** Data of a row after a write: when it was committed. */
  private note(row: number, post: number): void {
    const { F } = this.actor.world.rows;
    if (post >= 0) this.usersOf(row)?.stored(post, F[row * Stride.F + FCol.Data]);
  }

  step(row: number, act: number): number {
    if (row >= this.post.length) this.grow();
    switch (act) {
      case Act.Receive: {
        // The row has brought the number of the message where others have the time of what they wrote.
        const { F } = this.actor.world.rows;
        this.post[row] = F[row * Stride.F + FCol.Data];
        F[row * Stride.F + FCol.Data] = 0;
        return Step.Continue;
      }
      case Act.PushToAll:
        this.start(row, this.holding.count(this.nodeOf(row)) - 1);
        return Step.Continue;
      case Act.PushToRoom:
        this.startRoom(row);
        return Step.Continue;
      case Act.HasChunk:
        return this.say(row, this.target[row] < 0 && this.cursor[row] >= CHUNK);
      case Act.SendChunk:
        for (let i = 0; i < CHUNK; i++) this.sendNext(row);
        return Step.Continue;
      case Act.HasOne:
        return this.say(row, this.hasNext(row));
      case Act.SendOne:
        this.sendNext(row);
        return Step.Continue;
      default:
        return this.say(row, true);
    }
  }

  /** `Miss` ends a loop. */
  private say(row: number, isOk: boolean): number {
    const { I } = this.actor.world.rows;
    const at = row * Stride.I + ICol.Flags;
    I[at] = (I[at] & ~Flag.StatusMask) | (isOk ? Status.Ok : Status.Miss);
    return Step.Continue;
  }

  private nodeOf(row: number): number {
    return this.actor.world.rows.I[row * Stride.I + ICol.Node];
  }

  private usersOf(row: number): LiveUsers | null {
    return this.actor.world.populations[this.actor.world.rows.I[row * Stride.I + ICol.Op] >> 16]?.live ?? null;
  }

  private start(row: number, cursor: number): void {
    const post = this.postOf(row);
    this.note(row, post);
    this.post[row] = post;
    this.cursor[row] = post < 0 ? -1 : cursor;
    this.target[row] = -1;
  }

  private startRoom(row: number): void {
    const live = this.usersOf(row);
    const post = this.postOf(row);
    const isKnown = live !== null && live.rooms !== null && live.posts.has(post);
    this.start(row, -1);
    if (!isKnown) return;
    // Of the room, counted down; the target is what the loop counts down to.
    const { size } = live.rooms!;
    const room = live.rooms!.of(live.posts.userOf(post));
    this.target[row] = room * size;
    this.cursor[row] = Math.min(live.spec.users, (room + 1) * size) - 1;
  }

  /** Moves the cursor of a room to the next member who is connected here; a list has one wherever it is not at its end. */
  private hasNext(row: number): boolean {
    const first = this.target[row];
    if (first < 0) return this.cursor[row] >= 0;
    const live = this.usersOf(row)!;
    const node = this.nodeOf(row);
    const sender = live.posts.userOf(this.post[row]);
    for (; this.cursor[row] >= first; this.cursor[row]--)
      if (this.cursor[row] !== sender && live.connections.find(this.cursor[row], node) !== Id.None) return true;
    return false;
  }

  private sendNext(row: number): void {
    const node = this.nodeOf(row);
    const cursor = this.cursor[row]--;
    if (this.target[row] >= 0) {
      const live = this.usersOf(row)!;
      const slot = live.connections.find(cursor, node);
      if (slot !== Id.None) this.send(live, slot, node, this.post[row]);
      return;
    }
    const held = this.holding.at(node);
    const own = this.actor.world.rows.I[row * Stride.I + ICol.Op] >> 16;
    if (cursor >= held.slots.length || held.populations[cursor] !== own) return;
    const live = this.holding.usersAt(held, cursor);
    const slot = held.slots[cursor];
    if (live.connections.user[slot] !== live.posts.userOf(this.post[row])) this.send(live, slot, node, this.post[row]);
  }

  private send(live: LiveUsers, slot: number, node: number, post: number): void {
    this.sent++;
    if (this.holding.isCut(live, slot)) return;
    const reference = live.connections.reference(slot);
    const client = live.connections.client[slot];
    this.actor.kernel.message(live.component, node, client, UserCode.Push, reference, post, -1, Wire.Answer);
  }

  private grow(): void {
    const { rows } = this.actor.world;
    const size = rows.first + rows.capacity;
    const post = new Float64Array(size).fill(-1);
    post.set(this.post);
    this.post = post;
    const cursor = new Int32Array(size);
    cursor.set(this.cursor);
    this.cursor = cursor;
    const target = new Int32Array(size);
    target.set(this.target);
    this.target = target;
  }
}
