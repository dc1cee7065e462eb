/**
 * Live connections of one population: a table of numbers, a slot each. A connection has two halves, what its client and
 * what its gateway believe, and they may disagree: each side reads and writes its own.
 *
 * Messages name a connection by a reference, its slot and how often the slot was used, so that what comes late is
 * recognised. A slot is free when both halves are closed.
 */
import { Id } from '../../engine/rows.ts';

const SLOT_BITS = 22;
const SLOT_MASK = (1 << SLOT_BITS) - 1;
const LIFE_MASK = 0x1ff;

export class Connections {
  capacity = 0;
  /** Both: who holds it. */
  user = new Int32Array(0);
  /** Both: the gateway's node, and the one where the client was when it connected. */
  node = new Int32Array(0);
  client = new Int32Array(0);
  /** The gateway's half: its row, its place in the node's list, the next connection of the same user. */
  row = new Int32Array(0);
  place = new Int32Array(0);
  private next = new Int32Array(0);
  private serverOpen = new Uint8Array(0);
  /** When each side last heard of the other, and when the gateway pings next, ns. */
  serverHeard = new Float64Array(0);
  clientHeard = new Float64Array(0);
  pingAt = new Float64Array(0);
  private clientOpen = new Uint8Array(0);
  /** Longest silence the heartbeat allows, ns: the handshake says so. Infinity: there is no heartbeat. */
  silence = new Float64Array(0);
  /** Is it proxied by a router? */
  routed = new Uint8Array(0);
  /** Number of the message sent over it last. */
  post = new Float64Array(0);
  private life = new Int32Array(0);
  private free: number = Id.None;
  /** Gateways' halves of each user, the newest first. */
  private readonly first: Int32Array;

  constructor(users: number) {
    this.first = new Int32Array(users).fill(Id.None);
  }

  /** The gateway accepts: its half is open. Returns the slot. */
  accept(user: number, node: number, row: number, client: number): number {
    if (this.free === Id.None) this.grow();
    const slot = this.free;
    this.free = this.next[slot];
    this.user[slot] = user;
    this.node[slot] = node;
    this.client[slot] = client;
    this.row[slot] = row;
    this.serverOpen[slot] = 1;
    this.clientOpen[slot] = 0;
    this.post[slot] = -1;
    this.next[slot] = this.first[user];
    this.first[user] = slot;
    return slot;
  }

  reference(slot: number): number {
    return slot | (this.life[slot] << SLOT_BITS);
  }

  /** Slot of a reference, Id.None: it is used by another connection by now. */
  slotOf(reference: number): number {
    const slot = reference & SLOT_MASK;
    return slot < this.capacity && this.life[slot] === ((reference >>> SLOT_BITS) & LIFE_MASK) ? slot : Id.None;
  }

  isOpenAtServer(slot: number): boolean {
    return this.serverOpen[slot] === 1;
  }

  isOpenAtClient(slot: number): boolean {
    return this.clientOpen[slot] === 1;
  }

  /** The client has the answer to its handshake. */
  openClient(slot: number): void {
    this.clientOpen[slot] = 1;
  }

  closeClient(slot: number): void {
    this.clientOpen[slot] = 0;
    if (this.serverOpen[slot] === 0) this.release(slot);
  }

  closeServer(slot: number): void {
    this.serverOpen[slot] = 0;
    const user = this.user[slot];
    if (this.first[user] === slot) this.first[user] = this.next[slot];
    else {
      let before = this.first[user];
      while (this.next[before] !== slot) before = this.next[before];
      this.next[before] = this.next[slot];
    }
    if (this.clientOpen[slot] === 0) this.release(slot);
  }

  /** The user's newest connection that the gateway at `node` has open, Id.None: none. */
  find(user: number, node: number): number {
    let slot = this.first[user];
    while (slot !== Id.None && this.node[slot] !== node) slot = this.next[slot];
    return slot;
  }

  private release(slot: number): void {
    this.life[slot] = (this.life[slot] + 1) & LIFE_MASK;
    this.next[slot] = this.free;
    this.free = slot;
  }

  private grow(): void {
    const from = this.capacity;
    const size = Math.max(256, from * 2);
    if (size > SLOT_MASK + 1) throw new RangeError('more live connections than there are references');
    const ints = (old: Ints): Ints => enlarge(old, new Int32Array(size));
    const times = (old: Times): Times => enlarge(old, new Float64Array(size));
    const bits = (old: Bits): Bits => enlarge(old, new Uint8Array(size));
    this.user = ints(this.user);
    this.node = ints(this.node);
    this.client = ints(this.client);
    this.row = ints(this.row);
    this.place = ints(this.place);
    this.next = ints(this.next);
    this.life = ints(this.life);
    this.serverOpen = bits(this.serverOpen);
    this.clientOpen = bits(this.clientOpen);
    this.routed = bits(this.routed);
    this.serverHeard = times(this.serverHeard);
    this.clientHeard = times(this.clientHeard);
    this.pingAt = times(this.pingAt);
    this.silence = times(this.silence);
    this.post = times(this.post);
    this.capacity = size;
    for (let slot = size - 1; slot >= from; slot--) {
      this.next[slot] = this.free;
      this.free = slot;
    }
  }
}

type Ints = Int32Array<ArrayBuffer>;
type Times = Float64Array<ArrayBuffer>;
type Bits = Uint8Array<ArrayBuffer>;

function enlarge<T extends Ints | Times | Bits>(old: T, grown: T): T {
  grown.set(old as never);
  return grown;
}
