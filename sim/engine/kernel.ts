/**
 * The loop: takes the next row that is due, and hands it to what is due for it.
 *
 * It runs in slices, so that a progress bar, an interrupt and a browser without threads all work. Between events it
 * makes room in the row pool, and at the boundaries of time it does what statistics need (`Milestones`).
 */
import { Calls } from './calls.ts';
import { isCutOff } from './cuts.ts';
import type { Core } from './core.ts';
import type { EventList } from './event-list.ts';
import { InvariantError, LimitError } from './errors.ts';
import { Fingerprint } from './fingerprint.ts';
import { Frames } from './frames.ts';
import { Limits } from './layout.ts';
import type { Identities } from './identities.ts';
import { Messages, Wire } from './messages.ts';
import { Milestones } from './milestones.ts';
import { Outages } from './outages.ts';
import { FCol, Stride, ICol, Kind, Id } from './rows.ts';
import { Cell, Num } from './slots.ts';
import { type Control, Timers } from './timers.ts';
import type { World } from './world.ts';
import { Work } from './work.ts';
import type { Outcomes } from '../workload/outcomes.ts';
import { Requests } from '../workload/population.ts';
import { writePopulations } from '../workload/population-table.ts';

/** Room is made for so many events at once. */
const ROOMS = 64;
/** Rows that the core is told to handle: it counts in int32. */
const MOST_AT_ONCE = 0x7fffffff;

export class Kernel {
  readonly frames: Frames;
  readonly calls: Calls;
  readonly requests: Requests;
  readonly outages: Outages;
  readonly fingerprint: Fingerprint;
  readonly milestones: Milestones;
  /** Rows handled. */
  private handled = 0;
  /** Rows, and chains of spans, for which there is room before an event: as many as it may take, or more. */
  private readonly reserve: number;
  private readonly timers: Timers;
  private readonly messages: Messages;
  private readonly work: Work;

  constructor(
    readonly world: World,
    readonly outcomes: Outcomes,
    /** Rows that one event may take. */
    rowsAtOnce: number,
    /** Whoever handles the rows: the core, or this kernel itself, which then pops them from the list. */
    private readonly loop: Core | EventList,
    requests: typeof Requests = Requests,
  ) {
    const { memory } = world;
    memory.cells[Cell.ReserveBits] = 32 - Math.clz32(rowsAtOnce);
    this.reserve = 1 << memory.cells[Cell.ReserveBits];
    this.fingerprint = new Fingerprint(memory);
    this.milestones = new Milestones(world, outcomes, this.fingerprint);
    this.timers = new Timers(world);
    this.messages = new Messages(world);
    this.work = new Work(world);
    this.frames = new Frames(world);
    this.calls = new Calls(world, this.frames);
    this.requests = new requests(world, this.calls, outcomes, this.fingerprint);
    this.outages = new Outages(world, this.frames, this);
    this.calls.requests = this.requests;
    this.calls.onLate = (row) => this.requests.late(row);
    this.frames.calls = this.calls;
    this.frames.transit.onParked = (row) => this.outages.pauses.park(row);
    this.frames.holdings.onOutOfMemory = (node) => this.outages.outOfMemory(node);
    for (const actor of world.actors) {
      actor.kernel = this;
      actor.world = world;
    }
    const longest = writePopulations(world);
    world.memory.numbers[Num.FirstHop] = longest;
    if ('run' in loop) {
      loop.attach(this);
      if (longest > 0)
        this.milestones.onCount = (boundary) => loop.beginSent(boundary, longest, (count) => this.makeRoomFor(count));
    }
    this.makeRoom();
    for (const population of world.populations) population.start();
    this.makeRoom();
    for (const actor of world.actors) actor.start();
    this.milestones.setLimit();
  }

  /** What has happened so far: in the system, not in the engine, which has clocks of its own. */
  get events(): number {
    return this.handled - this.world.memory.numbers[Num.Uncounted];
  }

  /** Handles about `most` rows. True while there is more to do. */
  advance(most: number): boolean {
    const { loop, milestones } = this;
    let done = 0;
    while (done < most && !milestones.finished) {
      this.makeRoom();
      const left = Math.min(Math.ceil(most - done), MOST_AT_ONCE);
      const count = 'run' in loop ? loop.run(left) : this.run(loop, left);
      done += count;
      // With room, it stops where nothing more is due before the boundary.
      if (count === 0) milestones.pass();
    }
    this.handled += done;
    return !milestones.finished;
  }

  /** What the core does, in plain sight: its oracle. */
  private run(events: EventList, most: number): number {
    const { rows, ready, spans, memory } = this.world;
    let handled = 0;
    while (handled < most && rows.capacity - rows.live >= this.reserve && spans.available >= this.reserve) {
      let row = ready.shift();
      if (row === Id.None) {
        row = events.pop(this.milestones.limit);
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

  /** Room for what one event may take, and for that of many more where there is any, so that it need not be looked at often. */
  private makeRoom(): void {
    const { rows, spans } = this.world;
    const isRoom = rows.reserve(this.reserve * ROOMS) || rows.reserve(this.reserve);
    if (!isRoom || !spans.reserve(this.reserve)) this.outOfRoom();
  }

  /** Room for so many requests, each with a message, and for the clocks of their timeouts. */
  private makeRoomFor(requests: number): void {
    const { rows, spans, lanes } = this.world;
    if (!rows.reserve(2 * requests + lanes.length + this.reserve) || !spans.reserve(requests + this.reserve))
      this.outOfRoom();
  }

  private outOfRoom(): never {
    throw new LimitError('the requests in flight no longer fit into the memory budget: some queue grows without bound');
  }

  /** Hands a row to what is due for it. */
  dispatch(row: number): void {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    const kind = I[at + ICol.Kind];
    if (this.outages.pauses.count > 0 && this.outages.pauses.holdsBack(row, kind)) return;
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
        this.world.memory.numbers[Num.Uncounted]++;
        rows.free(row);
        const overdue = lanes[lane].next();
        if (overdue !== Id.None) this.calls.timedOut(overdue);
        return;
      }
      case Kind.Patience:
        this.frames.waits.outOfPatience(row);
        return;
      case Kind.Timer:
        this.timers.fire(row);
        return;
      case Kind.Message:
        this.messages.deliver(row);
        return;
      case Kind.LateTimeout:
        this.calls.lateTimeout(row);
        return;
      case Kind.Cancel:
        this.calls.cancellations.arrived(row);
        return;
      default:
        throw new InvariantError(`a row of kind ${kind} came up, which is never due`);
    }
  }

  // For actors: see `Timers`, `Messages` and `Work`.

  addControl(control: Control): number {
    return this.timers.addControl(control);
  }

  timer(component: number, node: number, code: number, delayNs: number, value = 0, data = 0): void {
    this.timers.set(component, node, code, delayNs, value, data);
  }

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
    this.messages.send(component, from, to, code, value, data, delayNs, wire);
  }

  /** Those of messages, which the core gives, too. */
  get messageIdentities(): Identities {
    return this.messages.identities;
  }

  spawn(node: number, op: number, key: number, data: number, value = 0): number {
    return this.work.spawn(node, op, key, data, value);
  }

  assign(owner: number, node: number, op: number, key: number, user: number, idA: number, idB: number): number {
    return this.work.assign(owner, node, op, key, user, idA, idB);
  }

  resume(row: number): void {
    this.work.resume(row);
  }

  /** The control plane changed `directory[component]`, or the state of an instance that left it: whoever keeps a list of its own is told. */
  directoryChanged(component: number): void {
    for (const actor of this.world.actors) actor.onDirectory(component);
  }
}
