/**
 * The users' own halves of their live connections: connecting, losing one, trying again after a backoff. How a gateway
 * fares a user learns from answers, resets, timeouts and silence; what goes over a connection is not decided here.
 */
import type { Actor } from '../../engine/actor-instance.ts';
import { Wire } from '../../engine/messages.ts';
import { Flag, ICol, Id, Kind, Status, Stride } from '../../engine/rows.ts';
import { GatewayCode, UserCode } from './codes.ts';
import type { Connections } from './connections.ts';
import type { LiveRequests } from './live-requests.ts';
import type { LiveSpec } from './live-spec.ts';
import type { Reconnects } from './reconnects.ts';

/** Whose connections they are, and who is told what becomes of them. */
export interface ConnectionOwner {
  readonly spec: LiveSpec;
  readonly connections: Connections;
  opened(user: number): void;
  /** @param gateway component at the other end */
  lost(user: number, gateway: number): void;
}

/** Silence is looked for this many times per longest silence. */
const LOOKS = 16;

export class ClientHalves {
  /** Slot of the user's own half, Id.None: none. */
  readonly current: Int32Array;
  /** Is a handshake under way? */
  private readonly connecting: Uint8Array;
  /** By place of its users: stands for the clients' ends of the connections from there. What ends one comes to it. */
  private readonly anchors: number[] = [];
  private looking = false;

  constructor(
    private readonly actor: Actor & ConnectionOwner,
    private readonly requests: LiveRequests,
    private readonly reconnects: Reconnects,
  ) {
    this.current = new Int32Array(actor.spec.users).fill(Id.None);
    this.connecting = new Uint8Array(actor.spec.users);
  }

  start(): void {
    const { spec, world, firstNode } = this.actor;
    for (let i = 0; i < spec.places; i++) this.anchors.push(this.takeAnchor(firstNode + i));
    const { users, rampNs } = spec;
    // The order in which they come is a permutation: neighbours share a room, and must not come together.
    const stride = coprime(users);
    for (let i = 0; i < users; i++) {
      world.rows.reserve(64);
      this.after(UserCode.Connect, (rampNs * i) / users, (i * stride) % users);
      this.untilMove(i);
    }
  }

  /** The row that what ends a connection comes to. */
  anchorOf(slot: number): number {
    return this.anchors[this.actor.connections.client[slot] - this.actor.firstNode];
  }

  private takeAnchor(node: number): number {
    const { rows } = this.actor.world;
    const row = rows.take();
    const at = row * Stride.I;
    rows.I[at + ICol.Kind] = Kind.WaitActor;
    rows.I[at + ICol.Node] = node;
    rows.I[at + ICol.Parent] = Id.None;
    rows.I[at + ICol.Via] = Id.None;
    rows.I[at + ICol.Span] = Id.None;
    return row;
  }

  onTimer(code: number, value: number, data: number): void {
    if (code === UserCode.Connect) this.connect(value);
    else if (code === UserCode.Look) this.lookForSilence(data);
    else if (code === UserCode.Break) this.broken(value);
    else this.move(value);
  }

  // Connecting.

  private connect(user: number): void {
    if (this.connecting[user] === 1 || this.current[user] !== Id.None) return;
    this.connecting[user] = 1;
    const { spec } = this.actor;
    this.requests.keepUp(user, spec.connect, spec.handshake);
  }

  handshakeEnded(user: number, status: number, reference: number): void {
    if (status <= Status.Miss) this.connected(user, reference);
    else this.again(user);
  }

  private connected(user: number, reference: number): void {
    const { connections, spec, world } = this.actor;
    const slot = connections.slotOf(reference);
    if (slot === Id.None) {
      // It was closed before the answer was here.
      this.again(user);
      return;
    }
    connections.openClient(slot);
    connections.clientHeard[slot] = world.clock[0];
    this.connecting[user] = 0;
    this.current[user] = slot;
    if (this.hasLeft(user)) {
      this.abandon(user);
      return;
    }
    this.look(connections.silence[slot]);
    if (spec.lasts !== Id.None) this.breakLater(user, reference);
    this.actor.opened(user);
  }

  /** Tries again after its backoff. */
  private again(user: number): void {
    this.connecting[user] = 0;
    const { upkeeps, population } = this.requests;
    const wait = this.reconnects.wait(user, upkeeps[user], this.actor.world.sampler, population.spec.identity);
    this.after(UserCode.Connect, wait, user);
  }

  /** The user's connection, as no other one is called before or after; Id.None: it has none. */
  referenceOf(user: number): number {
    const slot = this.current[user];
    return slot === Id.None ? Id.None : this.actor.connections.reference(slot);
  }

  // The other end.

  /** Component of the gateway at the other end of a connection. */
  gatewayOf(slot: number): number {
    const { world, connections } = this.actor;
    return world.nodes.component[connections.node[slot]];
  }

  tell(slot: number, code: GatewayCode): void {
    const { connections, kernel } = this.actor;
    const from = connections.client[slot];
    const to = connections.node[slot];
    kernel.message(this.gatewayOf(slot), from, to, code, connections.reference(slot), 0, -1, Wire.Connection);
  }

  /** A message of the gateway's node is here. Slot of its connection, Id.None: the user has that one no more. */
  heard(reference: number, from: number): number {
    const { connections, world } = this.actor;
    const slot = connections.slotOf(reference);
    if (slot === Id.None || !connections.isOpenAtClient(slot) || connections.node[slot] !== from) return Id.None;
    if (this.current[connections.user[slot]] !== slot) return Id.None;
    connections.clientHeard[slot] = world.clock[0];
    return slot;
  }

  /** An answer that nobody awaits: of a handshake the user gave up, or the end of a connection. */
  late(row: number): void {
    const { connections, spec, world } = this.actor;
    const { I } = world.rows;
    const at = row * Stride.I;
    if ((I[at + ICol.Op] & 0xffff) !== spec.connectOperation) return;
    const slot = connections.slotOf(I[at + ICol.Key]);
    if (slot === Id.None || connections.user[slot] !== I[at + ICol.User]) return;
    const user = I[at + ICol.User];
    if (this.current[user] === slot) this.drop(user);
    else if ((I[at + ICol.Flags] & Flag.StatusMask) === Status.Ok) this.tell(slot, GatewayCode.Close);
  }

  // Losing it.

  /** Closes a connection that does not work; a gateway that is well is told. */
  abandon(user: number): void {
    const slot = this.current[user];
    if (slot === Id.None) return;
    this.tell(slot, GatewayCode.Close);
    this.drop(user);
  }

  /** The user's half of the connection is gone. */
  private drop(user: number): void {
    const slot = this.current[user];
    if (slot === Id.None) return;
    this.current[user] = Id.None;
    this.actor.lost(user, this.gatewayOf(slot));
    this.actor.connections.closeClient(slot);
    this.again(user);
  }

  private breakLater(user: number, reference: number): void {
    const { world, spec } = this.actor;
    const { upkeeps, population } = this.requests;
    const { identity } = population.spec;
    world.sampler.sample(spec.lasts, identity[0] ^ user, identity[1], 0x6c617374 + upkeeps[user]);
    this.after(UserCode.Break, world.sampler.out[0], reference);
  }

  /** The user's network broke, and the gateway is not told; or the gateway's machine says that nobody listens there. */
  broken(reference: number): void {
    const { connections } = this.actor;
    const slot = connections.slotOf(reference);
    if (slot !== Id.None && connections.isOpenAtClient(slot) && this.current[connections.user[slot]] === slot)
      this.drop(connections.user[slot]);
  }

  // Travelling.

  /** A clock for the user's next departure or return. */
  private untilMove(user: number): void {
    const leavesNs = this.requests.population.journeys?.leavesNs(user) ?? Infinity;
    if (leavesNs < Infinity) this.after(UserCode.Move, leavesNs - this.actor.world.clock[0], user);
  }

  /** Is the user elsewhere by now than where it connected? */
  private hasLeft(user: number): boolean {
    const { journeys } = this.requests.population;
    return journeys !== null && journeys.nodeOf(user) !== this.actor.connections.client[this.current[user]];
  }

  /** Another network, another address: the connection is gone, and its gateway is not told. */
  private move(user: number): void {
    if (this.current[user] !== Id.None && this.hasLeft(user)) this.drop(user);
    this.requests.population.journeys!.nodeOf(user);
    this.untilMove(user);
  }

  // Silence.

  /** The first connection with a heartbeat starts the look-out for silence. */
  private look(silenceNs: number): void {
    if (this.looking || silenceNs === Infinity) return;
    this.looking = true;
    this.after(UserCode.Look, silenceNs / LOOKS, 0, silenceNs / LOOKS);
  }

  private lookForSilence(everyNs: number): void {
    const { connections, spec, world } = this.actor;
    const now = world.clock[0];
    let room = 0;
    for (let user = 0; user < spec.users; user++) {
      const slot = this.current[user];
      if (slot === Id.None || now - connections.clientHeard[slot] <= connections.silence[slot]) continue;
      if ((room++ & 31) === 0) world.rows.reserve(256);
      this.drop(user);
    }
    this.after(UserCode.Look, everyNs, 0, everyNs);
  }

  private after(code: UserCode, delayNs: number, value: number, data = 0): void {
    this.actor.kernel.timer(this.actor.component, Id.None, code, delayNs, value, data);
  }
}

/** A number near 0.618 n that has no divisor in common with n: multiples of it modulo n visit everybody, far apart. */
function coprime(n: number): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  for (let k = Math.max(1, Math.floor(n * 0.618)); ; k++) if (gcd(k, n) === 1) return k;
}
