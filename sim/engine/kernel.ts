/**
 * The loop: takes the next row that is due, and hands it to what is due for it.
 *
 * It runs in slices, so that a progress bar, an interrupt and a browser without threads all work. Between events it
 * makes room in the row pool, and at the boundaries of time (end of the warm-up, 256 checkpoints, the end) it does
 * what statistics need.
 */
import { Calls } from './calls.ts';
import { isCutOff } from './cuts.ts';
import type { Core } from './core.ts';
import type { EventList } from './event-list.ts';
import { CHECKPOINTS, Fingerprint } from './fingerprint.ts';
import { Frames } from './frames.ts';
import { Outages } from './outages.ts';
import { NodeState } from './nodes.ts';
import { Limits } from './layout.ts';
import { FCol, Stride, Flag, ICol, Kind, Id } from './rows.ts';
import { Cell, Num } from './slots.ts';
import type { World } from './world.ts';
import { derive } from '../random/counter.ts';
import { identityKey } from '../random/keys.ts';
import type { Outcomes } from '../workload/outcomes.ts';
import { Requests } from '../workload/population.ts';
import { writePopulations } from '../workload/population-table.ts';

/** A limit of the run was hit: events, memory, or time standing still. */
export class LimitError extends Error {}

/** Tenfold broke a law it promises to keep. A bug in Tenfold. */
export class InvariantError extends Error {}

/** A number for each node: what it has sent so far, and the root of the identities of what it sends. */
type Own = ({ identity: [number, number]; count: number } | undefined)[];

/** How a message travels. */
export const enum Wire {
  /** Lost when the network loses it. */
  Datagram = 0,
  /** Opens a connection, or uses the sender's: lost segments are sent again, a dead process refuses. */
  Connection = 1,
  /** Back on the connection that the receiver opened. */
  Answer = 2,
  /** The machine of a dead process answers for it. Made by the kernel alone. */
  Refusal = 3,
}

/** The first control's number; the others follow downwards. */
const FIRST_CONTROL = -2;

/** Who has timers without being a component: faults, outages, a recorder. */
export interface Control {
  onTimer(code: number, node: number, value: number, data: number): void;
}

/** Who looks at the run between events, at times of its own choosing, and changes nothing: a recorder. */
export interface Watcher {
  /** When it looks next, ns; grows with every look. */
  nextNs: number;
  look(): void;
}

export class Kernel {
  readonly frames: Frames;
  readonly calls: Calls;
  readonly requests: Requests;
  readonly outages: Outages;
  readonly fingerprint: Fingerprint;
  /** Rows handled. */
  handled = 0;
  finished = false;
  /** Called at the end of the warm-up, by those who keep figures. */
  readonly onWindow: (() => void)[] = [];
  private readonly controls: Control[] = [];
  private watcher: Watcher | null = null;
  private readonly limit: Float64Array;
  private checkpointsDone = 0;
  private windowOpen = false;

  constructor(
    readonly world: World,
    readonly outcomes: Outcomes,
    /** Rows that one event may take. */
    readonly reserve: number,
    /** Whoever handles the rows: the core, or this kernel itself, which then pops them from the list. */
    private readonly loop: Core | EventList,
    requests: typeof Requests = Requests,
  ) {
    const { memory } = world;
    memory.cells[Cell.Reserve] = reserve;
    this.limit = memory.numbers.subarray(Num.Limit, Num.Limit + 1);
    this.fingerprint = new Fingerprint(memory);
    this.frames = new Frames(world);
    this.calls = new Calls(world, this.frames);
    this.requests = new requests(world, this.calls, outcomes, this.fingerprint);
    this.outages = new Outages(world, this.frames, this);
    this.calls.requests = this.requests;
    this.calls.onLate = (row) => this.requests.late(row);
    this.frames.calls = this.calls;
    this.frames.transit.onParked = (row) => this.outages.park(row);
    this.frames.holdings.onOutOfMemory = (node) => this.outages.outOfMemory(node);
    for (const actor of world.actors) {
      actor.kernel = this;
      actor.world = world;
    }
    writePopulations(memory, world.populations);
    if ('run' in loop) loop.attach(this);
    world.rows.reserve(reserve);
    for (const population of world.populations) population.start();
    world.rows.reserve(reserve);
    for (const actor of world.actors) actor.start();
    this.setLimit();
  }

  /** From now on the watcher looks on. */
  watch(watcher: Watcher): void {
    this.watcher = watcher;
    this.setLimit();
  }

  /** Handles up to `most` rows. True while there is more to do. */
  advance(most: number): boolean {
    const { loop } = this;
    let left = most;
    while (left > 0 && !this.finished) {
      this.makeRoom();
      const done = 'run' in loop ? loop.run(left) : this.run(loop, left);
      left -= done;
      // With room, it stops where nothing more is due before the boundary.
      if (done === 0) this.boundary();
    }
    this.handled += most - left;
    return !this.finished;
  }

  /** What the core does, in plain sight: its oracle. */
  private run(events: EventList, most: number): number {
    const { rows, ready, spans, memory } = this.world;
    let handled = 0;
    while (handled < most && rows.capacity - rows.live >= this.reserve && spans.available >= this.reserve) {
      let row = ready.shift();
      if (row === Id.None) {
        row = events.pop(this.limit);
        if (row === Id.None) break;
        this.tick(rows.F[row * Stride.F + FCol.Time]);
      }
      if (++memory.cells[Cell.AtThisInstant] > Limits.MostAtOneInstant) this.standsStill(row);
      this.dispatch(row);
      handled++;
    }
    return handled;
  }

  private tick(time: number): void {
    const { clock, memory } = this.world;
    if (time === clock[0]) return;
    if (!(time > clock[0])) this.goesBack(time);
    clock[0] = time;
    memory.cells[Cell.AtThisInstant] = 0;
  }

  goesBack(time: number): never {
    throw new InvariantError(`the clock would go back from ${this.world.clock[0]} ns to ${time} ns`);
  }

  standsStill(row: number): never {
    const { rows, nodes, clock } = this.world;
    const name = nodes.nameOf(rows.I[row * Stride.I + ICol.Node]);
    throw new LimitError(
      `time stands still at ${clock[0] / 1e9} s: ${Limits.MostAtOneInstant} events in one instant, the last at ${name}; give a think time, a delay or a service time on the way`,
    );
  }

  private makeRoom(): void {
    const { rows, spans } = this.world;
    if (!rows.reserve(this.reserve) || !spans.reserve(this.reserve)) {
      throw new LimitError(
        'the requests in flight no longer fit into the memory budget: some queue grows without bound',
      );
    }
  }

  /** Hands a row to what is due for it. */
  dispatch(row: number): void {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    const kind = I[at + ICol.Kind];
    if (this.outages.paused > 0 && this.outages.holdsBack(row, kind)) return;
    if (this.world.network.isCut && isCutOff(this.world, this.frames, row, kind)) return;
    switch (kind) {
      case Kind.Arrive:
        this.frames.admission.arrive(row);
        return;
      case Kind.Reply:
        this.calls.replied(row);
        return;
      case Kind.ReplyVia:
        this.frames.routing.returnVia(row);
        return;
      case Kind.CpuDone:
        this.frames.programs.cpuDone(row);
        return;
      case Kind.Machine: {
        const done = this.world.machines.complete(row);
        if (done !== Id.None) this.frames.programs.cpuDone(done);
        return;
      }
      case Kind.DelayDone:
      case Kind.Resume:
        this.frames.programs.advance(row, kind === Kind.Resume ? I[at + ICol.Pc] : I[at + ICol.Pc] + 1);
        return;
      case Kind.GrantIntake:
      case Kind.GrantLoop:
      case Kind.GrantSeize:
        this.frames.programs.granted(row, kind);
        return;
      case Kind.GrantPool:
        this.calls.pooled(row);
        return;
      case Kind.Begin:
        this.requests.begin(row);
        return;
      case Kind.Source:
        this.world.populations[I[at + ICol.Op] >> 16].source(row, this.beginRequest);
        return;
      case Kind.Backoff:
        this.calls.again(row);
        return;
      default:
        this.dispatchCold(row, kind);
    }
  }

  private readonly beginRequest = (row: number): void => this.requests.begin(row);

  private dispatchCold(row: number, kind: number): void {
    const { rows, lanes } = this.world;
    const at = row * Stride.I;
    switch (kind) {
      case Kind.Dead:
        rows.free(row);
        return;
      case Kind.Lane: {
        const lane = rows.I[at + ICol.Node];
        rows.free(row);
        const overdue = lanes[lane].next();
        if (overdue !== Id.None) this.calls.timedOut(overdue);
        return;
      }
      case Kind.Patience:
        this.frames.waits.outOfPatience(row);
        return;
      case Kind.Timer:
        this.fireTimer(row);
        return;
      case Kind.Message:
        this.deliver(row);
        return;
      case Kind.LateTimeout:
        this.calls.lateTimeout(row);
        return;
      case Kind.Cancel:
        this.calls.cancelled(row);
        return;
      default:
        throw new InvariantError(`a row of kind ${kind} came up, which is never due`);
    }
  }

  // For actors: timers, messages, work, and resuming rows.

  /** Makes someone known who is not a component; what comes back stands for a component in `timer`. Simultaneous timers fire in this order. */
  addControl(control: Control): number {
    return FIRST_CONTROL - (this.controls.push(control) - 1);
  }

  /** Calls `onTimer(code, node, value, data)` of the component in `delayNs`. A timer of a node dies with its incarnation; node Id.None: the control plane. */
  timer(component: number, node: number, code: number, delayNs: number, value = 0, data = 0): void {
    const { rows, clock, nodes, events, components } = this.world;
    const row = rows.take();
    const I = rows.I;
    const at = row * Stride.I;
    I[at + ICol.Kind] = Kind.Timer;
    I[at + ICol.Node] = node !== Id.None ? node : component >= 0 ? components.firstNode[component] : Id.None;
    I[at + ICol.Via] = node;
    I[at + ICol.Tag] = node === Id.None ? 0 : nodes.incarnation[node];
    I[at + ICol.Site] = component;
    I[at + ICol.Pc] = code;
    I[at + ICol.Key] = value;
    I[at + ICol.IdA] = component >= 0 ? component : FIRST_CONTROL - component;
    I[at + ICol.IdB] = code;
    I[at + ICol.Flags] = 0;
    I[at + ICol.Parent] = Id.None;
    I[at + ICol.Span] = Id.None;
    rows.F[row * Stride.F + FCol.Data] = data;
    rows.F[row * Stride.F + FCol.Time] = clock[0] + Math.round(delayNs);
    events.push(row);
  }

  private fireTimer(row: number): void {
    const { rows, nodes, components } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    const node = I[at + ICol.Via];
    const live = node === Id.None || nodes.incarnation[node] === I[at + ICol.Tag];
    const component = I[at + ICol.Site];
    const code = I[at + ICol.Pc];
    const value = I[at + ICol.Key];
    const data = rows.F[row * Stride.F + FCol.Data];
    rows.free(row);
    if (!live) return;
    const owner = component >= 0 ? components.actor[component]! : this.controls[FIRST_CONTROL - component];
    owner.onTimer(code, node, value, data);
  }

  /**
   * Sends a message from one node to a node, delivered to `onMessage` of `component`; `delayNs` < 0: the path's own
   * delay. A datagram is lost where the network loses it. Over a connection lost segments are sent again, and when the
   * process it is for is dead its machine says so: `onRefused` one trip later. An answer goes back on a connection that
   * `to` opened. Silence is silence: a node without power, a cut, say nothing.
   */
  message(
    component: number,
    from: number,
    to: number,
    code: number,
    value = 0,
    data = 0,
    delayNs = -1,
    wire: Wire = Wire.Datagram,
  ): void {
    const { rows, clock, nodes, events, network } = this.world;
    if (network.isCut && !network.passes(from, to)) return;
    const row = rows.take();
    const I = rows.I;
    const at = row * Stride.I;
    I[at + ICol.Kind] = Kind.Message;
    I[at + ICol.Node] = to;
    I[at + ICol.User] = from;
    I[at + ICol.Tag] = 0;
    I[at + ICol.Via] = Id.None;
    I[at + ICol.Site] = component;
    I[at + ICol.Pc] = code;
    I[at + ICol.Key] = value;
    this.identify(row, from, this.messages, 'messages');
    I[at + ICol.Flags] = wire;
    I[at + ICol.Parent] = Id.None;
    I[at + ICol.Span] = Id.None;
    rows.F[row * Stride.F + FCol.Data] = data;
    let delay = delayNs;
    if (delay < 0) {
      // An answer is the response of the path it came by.
      const back = wire >= Wire.Answer;
      const path = this.world.pathBetween(nodes.component[back ? to : from], nodes.component[back ? from : to]);
      if (wire === Wire.Datagram) {
        if (this.isLost(row, network.lossOn(path, from, to))) {
          rows.free(row);
          return;
        }
        network.travelDatagram(path, I[at + ICol.IdA], I[at + ICol.IdB], 0x70000001, from, to);
      } else network.travel(path, back, I[at + ICol.IdA], I[at + ICol.IdB], 0x70000001, from, to);
      delay = network.out[0];
    }
    rows.F[row * Stride.F + FCol.Time] = clock[0] + Math.round(delay);
    events.push(row);
  }

  private isLost(row: number, loss: number): boolean {
    const { rows, sampler } = this.world;
    if (loss === 0) return false;
    sampler.uniform(rows.I[row * Stride.I + ICol.IdA], rows.I[row * Stride.I + ICol.IdB], 0x70000000);
    return sampler.out[0] < loss;
  }

  /** What each node has sent, and what was started at it. */
  private readonly messages = [] as Own;
  private readonly spawned = [] as Own;

  /** Gives a row that no request made an identity: of its node, by name, and a number. */
  private identify(row: number, node: number, of: Own, purpose: string): void {
    const { rows, nodes, seed } = this.world;
    let own = of[node];
    if (own === undefined) of[node] = own = { identity: identityKey(seed, nodes.nameOf(node), purpose), count: 0 };
    own.count++;
    derive(own.identity[0], own.identity[1], own.count | 0, 0, this.pair);
    rows.I[row * Stride.I + ICol.IdA] = this.pair[0];
    rows.I[row * Stride.I + ICol.IdB] = this.pair[1];
  }

  private readonly pair = new Int32Array(2);

  private deliver(row: number): void {
    const { rows, nodes, components, network } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    const from = I[at + ICol.User];
    const to = I[at + ICol.Node];
    const component = I[at + ICol.Site];
    const code = I[at + ICol.Pc];
    const value = I[at + ICol.Key];
    const wire = I[at + ICol.Flags];
    const data = rows.F[row * Stride.F + FCol.Data];
    rows.free(row);
    if (network.isCut && !network.passes(from, to)) return;
    if (nodes.accepts(to)) {
      const actor = components.actor[component]!;
      if (wire === Wire.Refusal) actor.onRefused(code, to, from, value, data);
      else actor.onMessage(code, from, to, value, data);
    } else if (wire === Wire.Connection && nodes.state[to] !== NodeState.Silent) {
      this.message(component, to, from, code, value, data, -1, Wire.Refusal);
    }
  }

  /** The control plane changed `directory[component]`, or the state of an instance that left it: whoever keeps a list of its own is told. */
  directoryChanged(component: number): void {
    for (const actor of this.world.actors) actor.onDirectory(component);
  }

  /** Starts work at a node that nobody waits for (applying a log, filling a cache): runs operation `op`. */
  spawn(node: number, op: number, key: number, data: number, value = 0): number {
    const { rows, nodes, components, programs, operations } = this.world;
    const row = rows.take();
    const I = rows.I;
    const at = row * Stride.I;
    I[at + ICol.Node] = node;
    I[at + ICol.Parent] = Id.None;
    I[at + ICol.Flags] = 0;
    this.identify(row, node, this.spawned, 'spawned');
    I[at + ICol.Key] = key;
    I[at + ICol.User] = value;
    I[at + ICol.Op] = op;
    I[at + ICol.Tag] = 0;
    I[at + ICol.Attempt] = 0;
    I[at + ICol.Calling] = Id.None;
    I[at + ICol.Site] = Id.None;
    I[at + ICol.Via] = Id.None;
    I[at + ICol.Join] = 0;
    I[at + ICol.Span] = Id.None;
    rows.F[row * Stride.F + FCol.Data] = data;
    I[at + ICol.Pc] = programs[nodes.component[node] * operations.length + op];
    I[at + ICol.Kind] = Kind.Resume;
    if (nodes.loopCount[node] > 0) {
      I[at + ICol.Flags] = nodes.nextLoop(node) << Flag.ProcessShift;
    }
    void components;
    this.world.ready.push(row);
    return row;
  }

  /**
   * A node gets work from the component `owner`, as if a request for operation `op` had come in (bits 16 and up: the
   * population it goes back to): it waits for a thread, counts as a request there, and `onDone` of the owner tells how
   * it ended. The identity is the work's own, so that it asks the same of whoever does it.
   */
  assign(owner: number, node: number, op: number, key: number, user: number, idA: number, idB: number): number {
    const { rows } = this.world;
    const row = rows.take();
    const I = rows.I;
    const at = row * Stride.I;
    I[at + ICol.Kind] = Kind.Arrive;
    I[at + ICol.Node] = node;
    I[at + ICol.Op] = op;
    I[at + ICol.Key] = key;
    I[at + ICol.User] = user;
    I[at + ICol.IdA] = idA;
    I[at + ICol.IdB] = idB;
    I[at + ICol.Flags] = Flag.Work;
    I[at + ICol.Site] = owner;
    I[at + ICol.Parent] = Id.None;
    I[at + ICol.Tag] = 0;
    I[at + ICol.Attempt] = 0;
    I[at + ICol.Calling] = Id.None;
    I[at + ICol.Via] = Id.None;
    I[at + ICol.Join] = 0;
    I[at + ICol.Span] = Id.None;
    rows.F[row * Stride.F + FCol.Data] = 0;
    this.world.ready.push(row);
    return row;
  }

  /** A row that an actor suspended goes on with the next instruction, in this instant. */
  resume(row: number): void {
    const I = this.world.rows.I;
    I[row * Stride.I + ICol.Pc]++;
    I[row * Stride.I + ICol.Kind] = Kind.Resume;
    this.world.ready.push(row);
  }

  // Boundaries of time.

  private setLimit(): void {
    const { windowStartNs, endNs } = this.world;
    let next =
      this.checkpointsDone < CHECKPOINTS ? Math.round((endNs * (this.checkpointsDone + 1)) / CHECKPOINTS) : endNs;
    // What happens at the very start of the window belongs to it.
    if (!this.windowOpen && windowStartNs - 1 < next) next = windowStartNs - 1;
    if (this.watcher !== null && this.watcher.nextNs < next) next = this.watcher.nextNs;
    this.limit[0] = next;
  }

  private boundary(): void {
    const { clock, windowStartNs, endNs } = this.world;
    clock[0] = this.limit[0];
    if (this.watcher !== null && clock[0] >= this.watcher.nextNs) this.watcher.look();
    if (!this.windowOpen && clock[0] === windowStartNs - 1) {
      clock[0] = windowStartNs;
      this.openWindow();
    }
    const due = Math.round((endNs * (this.checkpointsDone + 1)) / CHECKPOINTS);
    if (this.checkpointsDone < CHECKPOINTS && clock[0] >= due) this.checkpoint();
    if (clock[0] >= endNs && this.checkpointsDone === CHECKPOINTS) this.finished = true;
    else this.setLimit();
  }

  /** A run that ends within its warm-up has an empty window, which begins now. */
  closeEarly(): void {
    if (!this.windowOpen) this.openWindow();
  }

  private openWindow(): void {
    this.windowOpen = true;
    this.world.stations.reset();
    this.world.machines.reset();
    this.world.nodes.reset();
    this.world.ledger.reset();
    this.outcomes.reset();
    for (const actor of this.world.actors) actor.resetFigures();
    for (const { journeys } of this.world.populations) journeys?.resetFigures();
    for (const listener of this.onWindow) listener();
  }

  private checkpoint(): void {
    const { ledger, components } = this.world;
    this.checkpointsDone++;
    for (let c = 0; c < components.count; c++) {
      this.fingerprint.figure(c, 1, ledger.arrivals[c]);
      this.fingerprint.figure(c, 2, ledger.completed[c]);
      this.fingerprint.figure(c, 3, ledger.inside[c]);
      this.fingerprint.figure(c, 4, ledger.serviceNs[c]);
    }
    this.fingerprint.checkpoint();
  }
}
