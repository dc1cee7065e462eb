/**
 * The users of a population who hold a live connection each, and what they do over it: catch up, think, act, look at
 * what is pushed.
 *
 * A state machine over typed arrays. A row exists only for a user who thinks, has a message under way, or connects. A
 * user knows its own half of the connection and what it was sent.
 */
import { Actor } from '../../engine/actor-instance.ts';
import { FCol, ICol, Id, Status, Stride } from '../../engine/rows.ts';
import { ClientHalves, type ConnectionOwner } from './client-halves.ts';
import { GatewayCode, UserCode } from './codes.ts';
import { Connections } from './connections.ts';
import { Deliveries } from './deliveries.ts';
import { LiveRequests } from './live-requests.ts';
import type { LiveSpec } from './live-spec.ts';
import { Posts } from './posts.ts';
import { Reconnects } from './reconnects.ts';
import { Rooms } from './rooms.ts';
import { Screens } from './screens.ts';

const enum Busy {
  No = 0,
  Thinking = 1,
  /** A message is under way. */
  Sending = 2,
}

export class LiveUsers extends Actor implements ConnectionOwner {
  readonly connections: Connections;
  readonly posts = new Posts();
  readonly rooms: Rooms | null;
  readonly deliveries: Deliveries;
  readonly halves: ClientHalves;
  private readonly requests: LiveRequests;
  private readonly reconnects: Reconnects;
  private readonly screens: Screens;
  /** Is connected, and has caught up since. */
  private readonly there: Uint8Array;
  private readonly busy: Uint8Array;
  /** Has something to send as soon as it may. */
  private readonly wants: Uint8Array;
  /** The connection that the user's last message went over, and that of its last question to the store: see `referenceOf`. */
  private readonly sentOver: Int32Array;
  private readonly askedOver: Int32Array;
  /** Number of the last message it sent. */
  private readonly last: Float64Array;

  constructor(readonly spec: LiveSpec) {
    super(spec.name, spec.component, spec.node, 1);
    const n = spec.users;
    this.connections = new Connections(n);
    this.rooms = spec.room === null ? null : new Rooms(n, spec.room);
    this.deliveries = new Deliveries(spec.gateways, spec.turns ? 0 : n, this);
    this.requests = new LiveRequests(this, this.rooms, n);
    this.reconnects = new Reconnects(spec.backoff, n);
    this.halves = new ClientHalves(this, this.requests, this.reconnects);
    this.screens = new Screens(spec, this.posts, this.rooms, this.deliveries);
    this.there = new Uint8Array(n);
    this.busy = new Uint8Array(n);
    this.wants = new Uint8Array(n);
    this.sentOver = new Int32Array(n).fill(Id.None);
    this.askedOver = new Int32Array(n).fill(Id.None);
    this.last = new Float64Array(n).fill(-1);
  }

  override start(): void {
    this.requests.population = this.world.populations.find(({ live }) => live === this)!;
    this.halves.start();
  }

  // What others ask.

  /** Node of the gateway that the user's message goes to, Id.None: it has no connection. Notes what goes over it. */
  nodeFor(user: number): number {
    const slot = this.halves.current[user];
    if (slot === Id.None) return Id.None;
    this.connections.post[slot] = this.last[user];
    return this.connections.node[slot];
  }

  /** Did the row leave a user over a live connection? */
  isLive(site: number): boolean {
    return this.spec.sites.some((list) => site >= list[0] && site <= list[list.length - 1]);
  }

  /** The last message of a user; -1: none. */
  lastPost(user: number): number {
    return this.last[user];
  }

  /** The store holds the message, as of `atNs`. */
  stored(post: number, atNs: number): void {
    if (atNs <= 0 || !this.posts.has(post) || this.posts.storedNs(post) > 0) return;
    this.posts.store(post, atNs);
    if (this.rooms !== null && this.spec.turns)
      this.rooms.stored(this.rooms.of(this.posts.userOf(post)), this.posts.moveOf(post), atNs);
  }

  // Coming and going.

  opened(user: number): void {
    if (this.spec.catchUp === Id.None) this.arrived(user);
    else this.catchUp(user);
  }

  lost(user: number, gateway: number): void {
    this.there[user] = 0;
    this.deliveries.lost(gateway);
  }

  /** Asks the store what it has missed. */
  private catchUp(user: number): void {
    this.askedOver[user] = this.halves.referenceOf(user);
    this.screens.asks(user);
    this.requests.keepUp(user, this.spec.catchUp, this.siteOf(user, this.spec.catchUp));
  }

  private siteOf(user: number, choice: number): number {
    const gateway = this.halves.gatewayOf(this.halves.current[user]);
    return this.spec.sites[this.spec.gateways.indexOf(gateway)][choice];
  }

  private arrived(user: number): void {
    this.there[user] = 1;
    this.reconnects.reset(user);
    this.progress(user);
  }

  // Acting.

  /** What the user does next, if it is free to do something. */
  private progress(user: number): void {
    if (this.there[user] === 0 || this.busy[user] !== Busy.No) return;
    if (!this.screens.isTurnOf(user)) {
      this.wants[user] = 0;
      if (this.spec.refreshNs !== null)
        this.after(UserCode.Refresh, this.spec.refreshNs, user, this.screens.seen[user]);
    } else if (this.wants[user] === 1) this.act(this.requests.newAct(user), user);
    else this.think(user);
  }

  private think(user: number): void {
    const { rows, sampler, clock, events, ready } = this.world;
    const row = this.requests.newAct(user);
    const { spec } = this.requests.population;
    sampler.sample(spec.think, rows.I[row * Stride.I + ICol.IdA], rows.I[row * Stride.I + ICol.IdB], 1);
    const time = Math.round(sampler.out[0]);
    this.busy[user] = Busy.Thinking;
    rows.F[row * Stride.F + FCol.Time] = clock[0] + time;
    if (time === 0) ready.push(row);
    else events.push(row);
  }

  /** A row of `think` comes up. */
  due(row: number): void {
    const user = this.world.rows.I[row * Stride.I + ICol.User];
    this.busy[user] = Busy.No;
    this.wants[user] = 1;
    if (this.there[user] === 1 && this.screens.isTurnOf(user)) this.act(row, user);
    else this.world.rows.free(row);
  }

  private act(row: number, user: number): void {
    this.wants[user] = 0;
    this.busy[user] = Busy.Sending;
    this.sentOver[user] = this.halves.referenceOf(user);
    this.last[user] = this.posts.add(user, this.screens.seen[user] + 1, this.world.clock[0]);
    const choice = this.requests.population.choose(row);
    this.requests.send(row, user, choice, this.siteOf(user, choice));
  }

  // How requests end.

  /** A request of a user has ended, and its row is about to be freed. */
  ended(row: number, status: number): void {
    const { I, F } = this.world.rows;
    const at = row * Stride.I;
    const user = I[at + ICol.User];
    const data = F[row * Stride.F + FCol.Data];
    const choice = I[at + ICol.Join];
    this.world.rows.free(row);
    if (choice === this.spec.connect) this.halves.handshakeEnded(user, status, data);
    else if (choice === this.spec.catchUp) this.asked(user, status, data);
    else this.acted(user, status, data);
  }

  private asked(user: number, status: number, data: number): void {
    if (this.halves.current[user] === Id.None || this.askedOver[user] !== this.halves.referenceOf(user)) return;
    if (status <= Status.Miss) this.caughtUp(user, data);
    else this.halves.abandon(user);
    if (this.there[user] === 1) this.progress(user);
  }

  /** The store has answered with what it held at `atNs`. */
  private caughtUp(user: number, atNs: number): void {
    this.screens.caughtUp(user, this.halves.gatewayOf(this.halves.current[user]), atNs);
    if (this.there[user] === 0) this.arrived(user);
  }

  private acted(user: number, status: number, data: number): void {
    this.busy[user] = Busy.No;
    if (status <= Status.Miss) {
      this.acknowledged(user, data);
      this.progress(user);
      return;
    }
    if (this.spec.turns) this.wants[user] = 1;
    if (isBroken(status)) {
      // A connection made since then has nothing to do with it.
      if (this.sentOver[user] === this.halves.referenceOf(user)) this.halves.abandon(user);
      else this.progress(user);
    } else if (this.spec.turns) {
      const { acts, population } = this.requests;
      const wait = this.reconnects.wait(user, acts[user], this.world.sampler, population.spec.identity);
      this.after(UserCode.Again, wait, user);
    } else this.progress(user);
  }

  private acknowledged(user: number, data: number): void {
    const post = this.last[user];
    this.stored(post, data);
    if (!this.spec.turns) return;
    this.screens.acknowledged(user, this.posts.moveOf(post));
    this.reconnects.reset(user);
  }

  // What gateways send.

  override onMessage(code: number, from: number, _to: number, value: number, data: number): void {
    const slot = this.halves.heard(value, from);
    if (slot === Id.None) return;
    if (code === UserCode.Ping) this.halves.tell(slot, GatewayCode.Pong);
    else if (this.posts.has(data)) this.pushed(this.connections.user[slot], slot, data);
  }

  private pushed(user: number, slot: number, post: number): void {
    const now = this.world.clock[0];
    if (!this.screens.pushed(user, this.halves.gatewayOf(slot), post, now)) return;
    this.kernel.fingerprint.fold(
      user,
      this.posts.moveOf(post),
      0x9054,
      (now % 4294967296) | 0,
      Math.floor(now / 4294967296),
      this.component,
    );
    this.progress(user);
  }

  // Clocks.

  override onTimer(code: number, _node: number, value: number, data: number): void {
    if (code === UserCode.Again) this.progress(value);
    else if (code === UserCode.Refresh) this.refresh(value, data);
    else this.halves.onTimer(code, value, data);
  }

  /** The other's move is long in coming: perhaps its push was lost. */
  private refresh(user: number, seen: number): void {
    const isIdle = this.there[user] === 1 && this.busy[user] === Busy.No;
    if (isIdle && this.screens.seen[user] === seen && !this.screens.isTurnOf(user)) this.catchUp(user);
  }

  private after(code: UserCode, delayNs: number, value: number, data = 0): void {
    this.kernel.timer(this.component, Id.None, code, delayNs, value, data);
  }

  // What is reported, with the gateways.

  override resetFigures(): void {
    this.deliveries.reset();
  }
}

/** The connection, not the message, is what failed. */
function isBroken(status: number): boolean {
  return status === Status.Timeout || status === Status.Reset || status === Status.Refused;
}
