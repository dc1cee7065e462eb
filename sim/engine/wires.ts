/**
 * What a network costs beyond its delays: bytes that take their time on a link of limited bandwidth, one message after the
 * other, and round trips (with core time at the other end) before a new connection carries its first request.
 *
 * A connection belongs to a user, or to an instance that calls, and to the instance it leads to; it is used again until it
 * has been idle for longer than it is kept alive. Requests of one caller share it (HTTP/2), and a user has one for each
 * link. Arrivals of an open population are new users: each opens one.
 */
import type { Nodes } from './nodes.ts';
import { ICol, Id, Kind, Stride, type Rows } from './rows.ts';
import type { Sites } from './sites.ts';

/** One direction of a link. */
export interface Pipe {
  nsPerByte: number;
  /** One after the other, or each for itself. */
  shared: boolean;
}

export interface ConnectionSpec {
  roundTrips: number;
  keepAliveNs: number;
}

export interface WireSpecs {
  pipes: Pipe[];
  /** By path: pipes there and back, Id.None: no limit. */
  there: number[];
  back: number[];
  /** By path: pipe from each place to each, where the link is one between places; null: it is not. */
  betweenPlaces: (Int32Array | null)[];
  connections: ConnectionSpec[];
  /** By path: the connection's costs, Id.None: none. */
  connection: number[];
  /** By kind of connection, component and operation: the same with the handshake's core time before it. */
  opened: Int32Array;
  components: number;
  /** By operation: itself without such a thing. */
  plain: Int32Array;
  /** By path: users of the calling population, 0: open, or no population; and the calling and called components' nodes. */
  users: number[];
  fromFirst: number[];
  fromCount: number[];
  toFirst: number[];
  toCount: number[];
}

export class Wires {
  private readonly busyUntilNs: Float64Array;
  /** By path, then by user, or by caller and called: when its connection was last used, and the life of its other end. */
  private readonly usedNs: (Float64Array | null)[];
  private readonly life: (Int32Array | null)[];
  private readonly operations: number;

  constructor(
    readonly specs: WireSpecs,
    private readonly rows: Rows,
    private readonly sites: Sites,
    private readonly nodes: Nodes,
    private readonly placeOf: Int32Array,
    private readonly places: number,
    private readonly clock: Float64Array,
  ) {
    this.busyUntilNs = new Float64Array(specs.pipes.length);
    this.usedNs = specs.connection.map(() => null);
    this.life = specs.connection.map(() => null);
    this.operations = specs.plain.length;
  }

  /** Time a message takes to get onto the link, waiting for those before it included, ns. */
  transmission(row: number, path: number, back: boolean, from: number, to: number): number {
    const pipe = this.pipeOf(path, back, from, to);
    if (pipe === Id.None) return 0;
    const { nsPerByte, shared } = this.specs.pipes[pipe];
    const takes = this.bytesOf(row, back) * nsPerByte;
    if (!shared) return takes;
    const now = this.clock[0];
    const begins = Math.max(now, this.busyUntilNs[pipe]);
    this.busyUntilNs[pipe] = begins + takes;
    return begins + takes - now;
  }

  private pipeOf(path: number, back: boolean, from: number, to: number): number {
    const between = this.specs.betweenPlaces[path];
    if (between !== null) return between[this.placeOf[from] * this.places + this.placeOf[to]];
    return back ? this.specs.back[path] : this.specs.there[path];
  }

  private bytesOf(row: number, back: boolean): number {
    const { I } = this.rows;
    const at = row * Stride.I;
    if (I[at + ICol.Kind] === Kind.Cancel) return 0;
    const site = I[at + ICol.Site];
    if (site < 0) return 0;
    return back ? this.sites.responseBytes[site] : this.sites.requestBytes[site];
  }

  /** Round trips that a request must wait for before it can be sent; the row asks for the handshake's work besides. */
  roundTrips(row: number, path: number, from: number, to: number): number {
    const { specs } = this;
    const { I } = this.rows;
    const at = row * Stride.I;
    if (I[at + ICol.Kind] !== Kind.Arrive) return 0;
    const op = I[at + ICol.Op] & 0xffff;
    const plain = specs.plain[op];
    const kind = specs.connection[path];
    const opens = kind !== Id.None && !this.isOpen(row, path, from, to, specs.connections[kind].keepAliveNs);
    const wanted = opens
      ? specs.opened[(kind * specs.components + this.nodes.component[to]) * this.operations + plain]
      : plain;
    if (wanted !== op) I[at + ICol.Op] = (I[at + ICol.Op] & ~0xffff) | wanted;
    return opens ? specs.connections[kind].roundTrips : 0;
  }

  /** Is there a connection that can be used? From now on there is. */
  private isOpen(row: number, path: number, from: number, to: number, keepAliveNs: number): boolean {
    const i = this.connectionOf(row, path, from, to);
    if (i === Id.None) return false;
    const used = this.usedNs[path]!;
    const life = this.life[path]!;
    if (!this.nodes.accepts(to)) {
      // Nobody answers: what was open is not any more, and no handshake comes to its end.
      life[i] = Id.None;
      return true;
    }
    // The other end by number and life: another one, or a new process there, knows nothing of it.
    const end = this.nodes.incarnation[to] * this.nodes.count + to;
    const open = life[i] === end && this.clock[0] - used[i] <= keepAliveNs;
    used[i] = this.clock[0];
    life[i] = end;
    return open;
  }

  /** Index of the connection among those of the path, Id.None: nobody keeps one. */
  private connectionOf(row: number, path: number, from: number, to: number): number {
    const { users, fromFirst, fromCount, toFirst, toCount } = this.specs;
    const isUser = users[path] >= 0;
    const size = isUser ? users[path] : fromCount[path] * toCount[path];
    if (size === 0) return Id.None;
    if (this.usedNs[path] === null) {
      this.usedNs[path] = new Float64Array(size).fill(-Infinity);
      this.life[path] = new Int32Array(size).fill(Id.None);
    }
    return isUser
      ? this.rows.I[row * Stride.I + ICol.User] % size
      : (from - fromFirst[path]) * toCount[path] + (to - toFirst[path]);
  }
}
