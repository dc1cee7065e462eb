/**
 * The users of a population who hold a live connection each: away, connecting, catching up, there.
 *
 * A state machine over typed arrays. A row exists only for a user who thinks, has a message under way, or connects. A
 * user knows its own half of the connection and what it was sent; how a gateway fares it learns from answers, resets,
 * timeouts and silence.
 */
import { Actor } from '../../engine/actor-instance.ts';
import { Wire } from '../../engine/messages.ts';
import { FCol, Flag, ICol, Id, Kind, Status, Stride } from '../../engine/rows.ts';
import type { Population } from '../population.ts';
import { Connections } from './connections.ts';
import { GatewayCode, UserCode } from './codes.ts';
import { Deliveries } from './deliveries.ts';
import { Posts } from './posts.ts';
import { Reconnects } from './reconnects.ts';
import { Rooms } from './rooms.ts';

/** What the compiler knows of them. Operations are numbered as in the population: what users do, connect, catch up. */
export interface LiveSpec {
  name: string;
  component: number;
  node: number;
  /** Where its users may be: at home, and where they travel to, a node each. */
  places: number;
  users: number;
  rampNs: number;
  room: number | null;
  turns: boolean;
  refreshNs: number | null;
  backoff: { baseNs: number; capNs: number; factor: number; jitter: 'none' | 'full' | 'equal' | 'decorrelated' };
  /** Distribution of how long a connection lasts, Id.None: for ever. */
  lasts: number;
  /** Operation id of the handshake, and its number in the population. */
  connectOperation: number;
  connect: number;
  /** Number of the operation that catches up, Id.None: there is none. */
  catchUp: number;
  /** Components of gateways, and of each its sites by number of the operation. */
  gateways: number[];
  sites: number[][];
  /** Site of the handshake. */
  handshake: number;
}

const enum State {
  Away = 0,
  Connecting = 1,
  CatchingUp = 2,
  There = 3,
}

const enum Busy {
  No = 0,
  Thinking = 1,
  /** A message is under way. */
  Sending = 2,
}

/** Silence is looked for this many times per longest silence. */
const LOOKS = 16;

export class LiveUsers extends Actor {
  readonly connections: Connections;
  readonly posts = new Posts();
  readonly rooms: Rooms | null;
  readonly deliveries: Deliveries;
  private population!: Population;
  private readonly reconnects: Reconnects;
  private readonly state: Uint8Array;
  private readonly busy: Uint8Array;
  /** Has something to send as soon as it may. */
  private readonly wants: Uint8Array;
  /** Slot of the user's own half, Id.None: none; and of the message under way. */
  private readonly current: Int32Array;
  private readonly used: Int32Array;
  /** Moves on the user's screen, and the number of the last message it sent. */
  private readonly seen: Int32Array;
  private readonly last: Float64Array;
  /** Rows begun so far: for its actions, and for its connections. */
  private readonly acts: Int32Array;
  private readonly links: Int32Array;
  /** By place of its users: stands for the clients' ends of the connections from there. What ends one comes to it. */
  private readonly anchors: number[] = [];
  private looking = false;

  constructor(readonly spec: LiveSpec) {
    super(spec.name, spec.component, spec.node, 1);
    const n = spec.users;
    this.connections = new Connections(n);
    this.rooms = spec.room === null ? null : new Rooms(n, spec.room);
    this.deliveries = new Deliveries(spec.gateways, spec.turns ? 0 : n);
    this.reconnects = new Reconnects(spec.backoff, n);
    this.state = new Uint8Array(n);
    this.busy = new Uint8Array(n);
    this.wants = new Uint8Array(n);
    this.current = new Int32Array(n).fill(Id.None);
    this.used = new Int32Array(n).fill(Id.None);
    this.seen = new Int32Array(n);
    this.last = new Float64Array(n).fill(-1);
    this.acts = new Int32Array(n);
    this.links = new Int32Array(n);
  }

  override start(): void {
    this.population = this.world.populations.find(({ live }) => live === this)!;
    for (let i = 0; i < this.spec.places; i++) this.anchors.push(this.takeAnchor(this.firstNode + i));
    const { users, rampNs } = this.spec;
    // The order in which they come is a permutation: neighbours share a room, and must not come together.
    const stride = coprime(users);
    for (let i = 0; i < users; i++) {
      this.world.rows.reserve(64);
      this.after(UserCode.Connect, (rampNs * i) / users, (i * stride) % users);
      this.untilMove(i);
    }
  }

  /** The row that what ends a connection comes to. */
  anchorOf(slot: number): number {
    return this.anchors[this.connections.client[slot] - this.firstNode];
  }

  private takeAnchor(node: number): number {
    const { rows } = this.world;
    const row = rows.take();
    const at = row * Stride.I;
    rows.I[at + ICol.Kind] = Kind.WaitActor;
    rows.I[at + ICol.Node] = node;
    rows.I[at + ICol.Parent] = Id.None;
    rows.I[at + ICol.Via] = Id.None;
    rows.I[at + ICol.Span] = Id.None;
    return row;
  }

  // What others ask.

  /** Node of the gateway that the user's message goes to, Id.None: it has no connection. Notes what goes over it. */
  nodeFor(user: number): number {
    const slot = this.current[user];
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

  // Connecting.

  private connect(user: number): void {
    if (this.state[user] !== State.Away) return;
    this.state[user] = State.Connecting;
    this.request(user, this.links[user]++ * 2 + 1, this.spec.connect, this.spec.handshake);
  }

  private request(user: number, number: number, choice: number, site: number): void {
    const row = this.population.newRequest(user + number * 4294967296);
    this.kernel.requests.send(row, choice, site, this.keyOf(user, row));
  }

  /** What the user's messages are about: its room, or a key of its own choice. */
  private keyOf(user: number, row: number): number {
    if (this.rooms !== null) return this.rooms.of(user);
    const { I } = this.world.rows;
    return this.population.keyFor(I[row * Stride.I + ICol.IdA], I[row * Stride.I + ICol.IdB]);
  }

  private connected(user: number, reference: number): void {
    const { connections, spec } = this;
    const slot = connections.slotOf(reference);
    if (slot === Id.None) {
      // It was closed before the answer was here.
      this.again(user);
      return;
    }
    connections.openClient(slot);
    connections.clientHeard[slot] = this.world.clock[0];
    this.current[user] = slot;
    if (this.hasLeft(user)) {
      this.abandon(user);
      return;
    }
    this.look(connections.silence[slot]);
    if (spec.lasts !== Id.None) this.breakLater(user, reference);
    if (spec.catchUp === Id.None) this.arrived(user);
    else this.catchUp(user);
  }

  private catchUp(user: number): void {
    this.state[user] = State.CatchingUp;
    this.used[user] = this.current[user];
    // A yardstick: what had been acknowledged when the question was asked.
    if (this.rooms !== null) this.reconnects.asked[user] = this.rooms.lastAcknowledged(this.rooms.of(user));
    this.request(user, this.links[user]++ * 2 + 1, this.spec.catchUp, this.siteOf(user, this.spec.catchUp));
  }

  /** Component of the gateway at the other end of a connection. */
  private gatewayOf(slot: number): number {
    return this.world.nodes.component[this.connections.node[slot]];
  }

  private siteOf(user: number, choice: number): number {
    const component = this.gatewayOf(this.current[user]);
    return this.spec.sites[this.spec.gateways.indexOf(component)][choice];
  }

  /** The store has answered with what it held at `atNs`. */
  private caughtUp(user: number, atNs: number): void {
    const { rooms } = this;
    if (rooms !== null && this.spec.turns) {
      const room = rooms.of(user);
      const shown = rooms.shownAt(room, atNs);
      if (shown > this.seen[user]) this.seen[user] = shown;
      if (this.seen[user] < this.reconnects.asked[user]) this.deliveries.missed(this.gatewayOf(this.used[user]));
    }
    this.deliveries.caughtUp(user, atNs);
    if (this.state[user] === State.CatchingUp) this.arrived(user);
  }

  private arrived(user: number): void {
    this.state[user] = State.There;
    this.reconnects.reset(user);
    this.progress(user);
  }

  /** The user's half of the connection is gone. */
  private drop(user: number): void {
    const slot = this.current[user];
    if (slot === Id.None) return;
    this.current[user] = Id.None;
    this.deliveries.lost(this.gatewayOf(slot));
    this.connections.closeClient(slot);
    this.again(user);
  }

  /** Tries again after its backoff. */
  private again(user: number): void {
    this.state[user] = State.Away;
    const { identity } = this.population.spec;
    this.after(UserCode.Connect, this.reconnects.wait(user, this.links[user], this.world.sampler, identity), user);
  }

  /** Closes a connection that does not work; a gateway that is well is told. */
  private abandon(user: number): void {
    const slot = this.current[user];
    if (slot === Id.None) return;
    this.tell(slot, GatewayCode.Close);
    this.drop(user);
  }

  private tell(slot: number, code: GatewayCode): void {
    const { connections } = this;
    const node = connections.node[slot];
    const gateway = this.world.nodes.component[node];
    const from = connections.client[slot];
    this.kernel.message(gateway, from, node, code, connections.reference(slot), 0, -1, Wire.Connection);
  }

  // Travelling.

  /** A clock for the user's next departure or return. */
  private untilMove(user: number): void {
    const leavesNs = this.population.journeys?.leavesNs(user) ?? Infinity;
    if (leavesNs < Infinity) this.after(UserCode.Move, leavesNs - this.world.clock[0], user);
  }

  /** Is the user elsewhere by now than where it connected? */
  private hasLeft(user: number): boolean {
    const { journeys } = this.population;
    return journeys !== null && journeys.nodeOf(user) !== this.connections.client[this.current[user]];
  }

  /** Another network, another address: the connection is gone, and its gateway is not told. */
  private move(user: number): void {
    if (this.current[user] !== Id.None && this.hasLeft(user)) this.drop(user);
    this.population.journeys!.nodeOf(user);
    this.untilMove(user);
  }

  private breakLater(user: number, reference: number): void {
    const { sampler } = this.world;
    const { identity } = this.population.spec;
    sampler.sample(this.spec.lasts, identity[0] ^ user, identity[1], 0x6c617374 + this.links[user]);
    this.after(UserCode.Break, sampler.out[0], reference);
  }

  // Acting.

  /** What the user does next, if it is free to do something. */
  private progress(user: number): void {
    if (this.state[user] !== State.There || this.busy[user] !== Busy.No) return;
    if (!this.isTurnOf(user)) {
      this.wants[user] = 0;
      if (this.spec.refreshNs !== null) this.after(UserCode.Refresh, this.spec.refreshNs, user, this.seen[user]);
    } else if (this.wants[user] === 1) this.act(this.newAct(user), user);
    else this.think(user);
  }

  private isTurnOf(user: number): boolean {
    if (!this.spec.turns) return true;
    const { size } = this.rooms!;
    return this.seen[user] % size === user % size;
  }

  private newAct(user: number): number {
    return this.population.newRequest(user + this.acts[user]++ * 2 * 4294967296);
  }

  private think(user: number): void {
    const { rows, sampler, clock, events, ready } = this.world;
    const row = this.newAct(user);
    sampler.sample(this.population.spec.think, rows.I[row * Stride.I + ICol.IdA], rows.I[row * Stride.I + ICol.IdB], 1);
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
    if (this.state[user] === State.There && this.isTurnOf(user)) this.act(row, user);
    else this.world.rows.free(row);
  }

  private act(row: number, user: number): void {
    this.wants[user] = 0;
    this.busy[user] = Busy.Sending;
    this.used[user] = this.current[user];
    this.last[user] = this.posts.add(user, this.seen[user] + 1, this.world.clock[0]);
    const choice = this.population.choose(row);
    this.kernel.requests.send(row, choice, this.siteOf(user, choice), this.keyOf(user, row));
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
    if (choice === this.spec.connect) {
      if (status <= Status.Miss) this.connected(user, data);
      else this.again(user);
    } else if (choice === this.spec.catchUp) this.asked(user, status, data);
    else this.acted(user, status, data);
  }

  private asked(user: number, status: number, data: number): void {
    if (this.used[user] !== this.current[user] || this.current[user] === Id.None) return;
    if (status <= Status.Miss) this.caughtUp(user, data);
    else this.abandon(user);
    if (this.state[user] === State.There) this.progress(user);
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
      if (this.used[user] === this.current[user]) this.abandon(user);
      else this.progress(user);
    } else if (this.spec.turns) {
      const { identity } = this.population.spec;
      const wait = this.reconnects.wait(user, this.acts[user], this.world.sampler, identity);
      this.after(UserCode.Again, wait, user);
    } else this.progress(user);
  }

  private acknowledged(user: number, data: number): void {
    const post = this.last[user];
    this.stored(post, data);
    if (!this.spec.turns) return;
    const move = this.posts.moveOf(post);
    if (move > this.seen[user]) this.seen[user] = move;
    this.rooms!.acknowledge(this.rooms!.of(user), move);
    this.reconnects.reset(user);
  }

  /** An answer that nobody awaits: of a handshake the user gave up, or the end of a connection. */
  late(row: number): void {
    const { I } = this.world.rows;
    const at = row * Stride.I;
    if ((I[at + ICol.Op] & 0xffff) !== this.spec.connectOperation) return;
    const { connections } = this;
    const slot = connections.slotOf(I[at + ICol.Key]);
    if (slot === Id.None || connections.user[slot] !== I[at + ICol.User]) return;
    const user = I[at + ICol.User];
    if (this.current[user] === slot) this.drop(user);
    else if ((I[at + ICol.Flags] & Flag.StatusMask) === Status.Ok) this.tell(slot, GatewayCode.Close);
  }

  // What gateways send.

  override onMessage(code: number, from: number, _to: number, value: number, data: number): void {
    const { connections } = this;
    const slot = connections.slotOf(value);
    if (slot === Id.None || !connections.isOpenAtClient(slot) || connections.node[slot] !== from) return;
    const user = connections.user[slot];
    if (this.current[user] !== slot) return;
    connections.clientHeard[slot] = this.world.clock[0];
    if (code === UserCode.Ping) this.tell(slot, GatewayCode.Pong);
    else if (this.posts.has(data)) this.pushed(user, slot, data);
  }

  private pushed(user: number, slot: number, post: number): void {
    const { posts, deliveries, rooms } = this;
    const gateway = this.gatewayOf(slot);
    const now = this.world.clock[0];
    const move = posts.moveOf(post);
    if (rooms !== null && rooms.of(posts.userOf(post)) !== rooms.of(user)) {
      deliveries.unwanted(gateway);
      return;
    }
    if (!this.spec.turns) {
      deliveries.arrived(gateway, user, post, posts.sentNs(post), posts.storedNs(post), now);
      return;
    }
    if (move <= this.seen[user]) {
      deliveries.duplicate(gateway);
      return;
    }
    if (move > rooms!.latest(rooms!.of(user))) deliveries.unstored(gateway);
    this.seen[user] = move;
    deliveries.fresh(gateway, posts.sentNs(post), now);
    this.kernel.fingerprint.fold(
      user,
      move,
      0x9054,
      (now % 4294967296) | 0,
      Math.floor(now / 4294967296),
      this.component,
    );
    this.progress(user);
  }

  // Clocks.

  override onTimer(code: number, _node: number, value: number, data: number): void {
    if (code === UserCode.Connect) this.connect(value);
    else if (code === UserCode.Again) this.progress(value);
    else if (code === UserCode.Look) this.lookForSilence(data);
    else if (code === UserCode.Break) this.broken(value);
    else if (code === UserCode.Move) this.move(value);
    else if (
      this.state[value] === State.There &&
      this.busy[value] === Busy.No &&
      this.seen[value] === data &&
      !this.isTurnOf(value)
    )
      this.refresh(value);
  }

  /** The other's move is long in coming: perhaps its push was lost. */
  private refresh(user: number): void {
    this.used[user] = this.current[user];
    if (this.rooms !== null) this.reconnects.asked[user] = this.rooms.lastAcknowledged(this.rooms.of(user));
    this.request(user, this.links[user]++ * 2 + 1, this.spec.catchUp, this.siteOf(user, this.spec.catchUp));
  }

  /** The user's network broke, and the gateway is not told; or the gateway's machine says that nobody listens there. */
  broken(reference: number): void {
    const slot = this.connections.slotOf(reference);
    if (slot !== Id.None && this.connections.isOpenAtClient(slot) && this.current[this.connections.user[slot]] === slot)
      this.drop(this.connections.user[slot]);
  }

  /** The first connection with a heartbeat starts the look-out for silence. */
  private look(silenceNs: number): void {
    if (this.looking || silenceNs === Infinity) return;
    this.looking = true;
    this.after(UserCode.Look, silenceNs / LOOKS, 0, silenceNs / LOOKS);
  }

  private lookForSilence(everyNs: number): void {
    const { connections } = this;
    const now = this.world.clock[0];
    let room = 0;
    for (let user = 0; user < this.spec.users; user++) {
      const slot = this.current[user];
      if (slot === Id.None || now - connections.clientHeard[slot] <= connections.silence[slot]) continue;
      if ((room++ & 31) === 0) this.world.rows.reserve(256);
      this.drop(user);
    }
    this.after(UserCode.Look, everyNs, 0, everyNs);
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

/** A number near 0.618 n that has no divisor in common with n: multiples of it modulo n visit everybody, far apart. */
function coprime(n: number): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  for (let k = Math.max(1, Math.floor(n * 0.618)); ; k++) if (gcd(k, n) === 1) return k;
}
