/**
 * Calls: what a caller does from the first send to the answer, the timeout, the retries and the giving up. Callers are
 * frames (a server calling a database) and requests (a user calling the system); the rules are the same.
 */
import { derive } from '../random/counter.ts';
import type { Answers } from './answers.ts';
import { Backoff } from './backoff.ts';
import { Cancellations } from './cancellations.ts';
import { nextSequence, type Children } from './children.ts';
import { Code } from './code.ts';
import type { Frames } from './frames.ts';
import type { Holdings } from './holdings.ts';
import type { Lane } from './lanes.ts';
import { LateTimeouts } from './late-timeouts.ts';
import { NodeState } from './nodes.ts';
import type { Programs } from './programs.ts';
import { FCol, Stride, Flag, ICol, Kind, Id, Status } from './rows.ts';
import { KeyFrom, type Sites } from './sites.ts';
import type { Transit } from './transit.ts';
import { Route, type World } from './world.ts';

/** Tells identities that fresh keys are drawn from apart from those of calls. */
const FRESH_KEY = 0x6b657973;

/** Who is told how a request's call ended. */
export interface RequestEnds {
  succeeded(row: number): void;
  failed(row: number, status: number): void;
  attempted(row: number): void;
}

export class Calls {
  private readonly sites: Sites;
  private readonly lanes: readonly Lane[];
  private readonly children: Children;
  private readonly transit: Transit;
  private readonly holdings: Holdings;
  private readonly programs: Programs;
  private readonly answers: Answers;
  private readonly backoff: Backoff;
  private readonly lateTimeouts: LateTimeouts;
  readonly cancellations: Cancellations;
  private readonly identity = new Int32Array(2);
  requests!: RequestEnds;
  /** Answers that came after their caller had given up: work done for nobody. */
  late = 0;
  /** Told of each of them, before it is dropped. */
  onLate: (row: number) => void = () => {};

  constructor(
    private readonly world: World,
    frames: Frames,
  ) {
    this.sites = world.sites;
    this.lanes = world.lanes;
    this.children = frames.children;
    this.transit = frames.transit;
    this.holdings = frames.holdings;
    this.programs = frames.programs;
    this.answers = frames.answers;
    this.backoff = new Backoff(world);
    this.lateTimeouts = new LateTimeouts(world, frames.transit);
    this.cancellations = new Cancellations(world, frames.transit, frames.answers);
  }

  /** Begins the call at `site` for the row. */
  start(row: number, site: number): void {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    I[at + ICol.Calling] = site;
    I[at + ICol.Attempt] = nextSequence(I[at + ICol.Attempt]);
    this.world.rows.F[row * Stride.F + FCol.Work] = 0;
    this.sites.earn(site, this.callerOf(row));
    this.attempt(row, site, this.sites.firstLane[site]);
  }

  /** One try: a pool connection first, where there is a pool. */
  private attempt(row: number, site: number, lane: number): void {
    const pool = this.sites.pool[site];
    const I = this.world.rows.I;
    if (lane !== Id.None) this.lanes[lane].push(row);
    if (pool !== Id.None) {
      const station = this.world.nodes.station(I[row * Stride.I + ICol.Node], pool);
      const stations = this.world.stations;
      if (!stations.acquire(station)) {
        if (stations.isFull(station)) {
          this.failed(row, Status.Rejected);
          return;
        }
        I[row * Stride.I + ICol.Kind] = Kind.GrantPool;
        this.world.rows.F[row * Stride.F + FCol.Mark] = this.world.clock[0];
        this.world.spans.enter(row, stations.waitCell[station]);
        stations.enqueue(station, row);
        return;
      }
    }
    this.send(row, site);
  }

  /** A pool connection became free for the row. */
  pooled(row: number): void {
    this.send(row, this.world.rows.I[row * Stride.I + ICol.Calling]);
  }

  private send(row: number, site: number): void {
    const I = this.world.rows.I;
    if ((I[row * Stride.I + ICol.Flags] & Flag.Request) !== 0) this.requests.attempted(row);
    if (this.sites.toAll[site] === 1) {
      this.sendToAll(row, site);
      return;
    }
    const child = this.message(row, site, 0);
    I[row * Stride.I + ICol.Kind] = Kind.WaitCall;
    if (this.sites.cancel[site] === 1) {
      I[row * Stride.I + ICol.QNext] = child;
      I[row * Stride.I + ICol.QPrev] = I[child * Stride.I + ICol.Gen];
    }
    this.world.spans.give(row, child);
    this.world.spans.enter(child, this.sites.thereCell[site]);
    this.dispatch(child, this.instance(child, site));
  }

  private sendToAll(row: number, site: number): void {
    const { rows, components } = this.world;
    const I = rows.I;
    const directory = components.directory[this.sites.target[site]];
    const first = this.sites.first[site];
    I[row * Stride.I + ICol.Kind] = Kind.WaitJoin;
    I[row * Stride.I + ICol.Join] = first > 0 ? Math.min(first, directory.length) : directory.length;
    rows.F[row * Stride.F + FCol.Work] = directory.length;
    if (directory.length === 0) {
      this.leavePool(row);
      this.failed(row, Status.Refused);
      return;
    }
    for (let i = 0; i < directory.length; i++) {
      const child = this.message(row, site, i + 1);
      this.children.openBranchSpan(row, child, this.sites.thereCell[site]);
      this.dispatch(child, directory[i]);
    }
  }

  private message(row: number, site: number, index: number): number {
    const child = this.children.child(row, site, index);
    const I = this.world.rows.I;
    const to = child * Stride.I;
    const population = I[to + ICol.Op] & ~0xffff;
    I[to + ICol.Op] = population | this.sites.op[site];
    if (this.sites.key[site] !== KeyFrom.Request)
      I[to + ICol.Key] = this.keyOf(row, population >> 16, this.sites.key[site]);
    return child;
  }

  /** A key other than the request's. A retry asks for the same one. */
  keyOf(row: number, population: number, from: number): number {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    // Ranks of ordinary keys are not negative. The users of a population are a range of what is left, which begins at a
    // number that is the population's own: two ranges of a million users overlap with a chance of one in a thousand.
    if (from === KeyFrom.Session)
      return (1 << 31) | ((this.world.populations[population].spec.identity[0] + I[at + ICol.User]) & 0x7fffffff);
    derive(I[at + ICol.IdA], I[at + ICol.IdB], from, FRESH_KEY, this.identity);
    const asking = this.world.populations[population];
    if (asking.spec.ownKeys > 0) return asking.ownKey(I[at + ICol.User], this.identity[0], this.identity[1]);
    return asking.keyFor(this.identity[0], this.identity[1]);
  }

  /** Sends a call on its way to a node, by the path of its `Site`. */
  dispatch(child: number, node: number): void {
    if (node === Id.Later) return;
    const I = this.world.rows.I;
    const to = child * Stride.I;
    const from = I[I[to + ICol.Parent] * Stride.I + ICol.Node];
    if (node === Id.None) {
      // Nobody to connect to: the caller knows at once, in this instant but not in this call.
      I[to + ICol.Node] = from;
      I[to + ICol.Flags] |= Status.Refused;
      I[to + ICol.Kind] = Kind.Reply;
      this.world.ready.push(child);
      return;
    }
    I[to + ICol.Node] = node;
    I[to + ICol.Kind] = Kind.Arrive;
    this.transit.travel(child, this.sites.path[I[to + ICol.Site]], false, from, node);
  }

  private instance(child: number, site: number): number {
    const components = this.world.components;
    const target = this.sites.target[site];
    switch (components.route[target]) {
      case Route.Single:
        return components.firstNode[target];
      case Route.Turn:
        return this.turn(site);
      default:
        return components.actor[target]!.route(child, site);
    }
  }

  /** The next instance in turn, Id.None when there is none. */
  turn(site: number): number {
    const directory = this.world.components.directory[this.sites.target[site]];
    if (directory.length === 0) return Id.None;
    const turn = this.sites.turnOf(site) % directory.length;
    this.sites.setTurn(site, turn + 1);
    return directory[turn];
  }

  /** An answer reaches its caller. */
  replied(child: number): void {
    const { rows, nodes, spans } = this.world;
    const I = rows.I;
    const c = child * Stride.I;
    const parent = I[c + ICol.Parent];
    const p = parent * Stride.I;
    const kind = I[p + ICol.Kind];
    const awaited =
      I[p + ICol.Gen] === I[c + ICol.ParentGen] &&
      I[p + ICol.Attempt] === I[c + ICol.Tag] &&
      (kind === Kind.WaitCall || kind === Kind.WaitJoin);
    if (!awaited) {
      this.late++;
      this.onLate(child);
      this.transit.lose(child);
      return;
    }
    if (nodes.state[I[p + ICol.Node]] === NodeState.Paused) {
      this.transit.onParked(child);
      return;
    }
    const status = I[c + ICol.Flags] & Flag.StatusMask;
    if (kind === Kind.WaitJoin) {
      this.join(child, status);
      return;
    }
    spans.give(child, parent);
    rows.F[parent * Stride.F + FCol.Data] = rows.F[child * Stride.F + FCol.Data];
    rows.free(child);
    this.leavePool(parent);
    this.settle(parent, status);
  }

  /** One of several awaited children is done. Frees it. */
  join(child: number, status: number): void {
    const { rows, spans } = this.world;
    const I = rows.I;
    const F = rows.F;
    const c = child * Stride.I;
    const parent = I[c + ICol.Parent];
    const p = parent * Stride.I;
    if (
      parent === Id.None ||
      I[p + ICol.Gen] !== I[c + ICol.ParentGen] ||
      I[p + ICol.Attempt] !== I[c + ICol.Tag] ||
      I[p + ICol.Kind] !== Kind.WaitJoin
    ) {
      if (parent !== Id.None) this.late++;
      this.transit.lose(child);
      return;
    }
    const outstanding = --F[parent * Stride.F + FCol.Work];
    const good = status <= Status.Miss;
    if (good) I[p + ICol.Join]--;
    const done = I[p + ICol.Join] === 0;
    const hopeless = outstanding < I[p + ICol.Join];
    if (done || hopeless) spans.absorb(parent, child);
    this.transit.lose(child);
    if (done || hopeless) this.joined(parent, done ? Status.Ok : Status.Error);
  }

  private joined(parent: number, status: number): void {
    const I = this.world.rows.I;
    const p = parent * Stride.I;
    const forked = I[p + ICol.Calling] === Id.None;
    if (!forked) {
      this.leavePool(parent);
      // Which try it was must be known still.
      this.settle(parent, status);
      return;
    }
    I[p + ICol.Attempt] = nextSequence(I[p + ICol.Attempt]);
    if (status > Status.Miss) this.answers.finish(parent, status);
    else this.programs.advance(parent, this.world.code[I[p + ICol.Pc] * Code.Width + 1]);
  }

  /** The call has an end, good or bad. */
  private settle(row: number, status: number): void {
    if (status > Status.Miss) {
      this.failed(row, status);
      return;
    }
    const I = this.world.rows.I;
    const at = row * Stride.I;
    I[at + ICol.Attempt] = nextSequence(I[at + ICol.Attempt]);
    if ((I[at + ICol.Flags] & Flag.Request) !== 0) {
      this.requests.succeeded(row);
      return;
    }
    I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | status;
    this.programs.advance(row, I[at + ICol.Pc] + 1);
  }

  /** The caller's patience for this try is over. */
  timedOut(row: number): void {
    const { rows, nodes, stations } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    if (nodes.state[I[at + ICol.Node]] === NodeState.Paused) {
      this.lateTimeouts.park(row);
      return;
    }
    const site = I[at + ICol.Calling];
    if (I[at + ICol.Kind] === Kind.GrantPool) {
      stations.remove(nodes.station(I[at + ICol.Node], this.sites.pool[site]), row);
    } else {
      if (this.sites.cancel[site] === 1) this.cancellations.send(row);
      this.leavePool(row);
    }
    this.world.spans.reclaim(row, this.sites.retryCell[site]);
    this.failed(row, Status.Timeout);
  }

  /** A paused caller runs again, and notices its timeout. */
  lateTimeout(timer: number): void {
    const row = this.lateTimeouts.noticed(timer);
    if (row !== Id.None) this.timedOut(row);
  }

  /** One try failed: another one, or the end of the call. */
  failed(row: number, status: number): void {
    const { rows, spans } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    const site = I[at + ICol.Calling];
    const tries = I[at + ICol.Attempt] & 0xff;
    spans.reclaim(row, this.sites.retryCell[site]);
    if (tries < this.sites.attempts[site] && this.sites.spend(site, this.callerOf(row))) {
      this.backoff.begin(row, site, tries);
      return;
    }
    I[at + ICol.Attempt] = nextSequence(I[at + ICol.Attempt]);
    if ((I[at + ICol.Flags] & Flag.Request) !== 0) {
      this.requests.failed(row, status);
      return;
    }
    I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | Status.Ok;
    const otherwise = this.sites.otherwise[site];
    if (otherwise === Id.None) this.answers.finish(row, Status.Error);
    else this.programs.advance(row, otherwise);
  }

  /** The wait between two tries is over. */
  again(row: number): void {
    const site = this.world.rows.I[row * Stride.I + ICol.Calling];
    this.attempt(row, site, this.sites.lane[site]);
  }

  private leavePool(row: number): void {
    const I = this.world.rows.I;
    const pool = this.sites.pool[I[row * Stride.I + ICol.Calling]];
    if (pool !== Id.None) this.holdings.release(this.world.nodes.station(I[row * Stride.I + ICol.Node], pool));
  }

  private callerOf(row: number): number {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    return (I[at + ICol.Flags] & Flag.Request) !== 0 ? I[at + ICol.User] : I[at + ICol.Node];
  }
}
