/**
 * Frames: a request at a node, running its program. Arrival, admission, the verbs, and leaving.
 *
 * Every method runs within one event and takes at most a few rows (see `Rows.reserve`).
 */
import { Counter, derive } from '../random/counter.ts';
import type { Sampler } from '../random/sampler.ts';
import { Step } from './actor-instance.ts';
import type { Calls } from './calls.ts';
import { Code, Verb } from './code.ts';
import type { FutureEvents } from './event-list.ts';
import type { Ledger } from './ledger.ts';
import type { Machines } from './machines.ts';
import type { Network } from './network.ts';
import { NodeState, type Nodes } from './nodes.ts';
import type { ReadyQueue } from './ready.ts';
import { DrawStep } from './layout.ts';
import { FCol, Stride, Flag, ICol, Kind, Id, Status, type Rows } from './rows.ts';
import { Toss } from './slots.ts';
import type { Spans } from './spans.ts';
import type { Stations } from './stations.ts';
import { Ways } from './ways.ts';
import type { World } from './world.ts';

export class Frames {
  private readonly rows: Rows;
  private readonly events: FutureEvents;
  private readonly ready: ReadyQueue;
  private readonly stations: Stations;
  private readonly machines: Machines;
  private readonly nodes: Nodes;
  private readonly network: Network;
  private readonly spans: Spans;
  private readonly ledger: Ledger;
  private readonly sampler: Sampler;
  private readonly clock: Float64Array;
  private readonly code: Int32Array;
  private readonly programs: Int32Array;
  private readonly operations: number;
  private readonly identity = new Int32Array(2);
  /** The way back of every routed row. */
  readonly ways: Ways;
  private readonly counter = new Counter();
  calls!: Calls;
  /** Set by the kernel: a machine ran out of memory. */
  onOutOfMemory: (node: number) => void = () => {};
  /** Rows that arrived at a paused node wait here. */
  onParked: (row: number) => void = () => {};

  constructor(private readonly world: World) {
    this.ways = new Ways(world.memory);
    this.rows = world.rows;
    this.events = world.events;
    this.ready = world.ready;
    this.stations = world.stations;
    this.machines = world.machines;
    this.nodes = world.nodes;
    this.network = world.network;
    this.spans = world.spans;
    this.ledger = world.ledger;
    this.sampler = world.sampler;
    this.clock = world.clock;
    this.code = world.code;
    this.programs = world.programs;
    this.operations = world.operations.length;
  }

  /** A message reaches the node it was sent to. */
  arrive(row: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const node = I[at + ICol.Node];
    const state = this.nodes.state[node];
    if (state !== NodeState.Up && state !== NodeState.Draining) {
      if (state === NodeState.Silent) this.vanish(row);
      else if (state === NodeState.Paused) this.onParked(row);
      else this.refuse(row, Status.Refused);
      return;
    }
    const machine = this.nodes.machine[node];
    const machines = this.machines;
    if (machines.connectionsUsed(machine) >= machines.connections[machine]) {
      this.refuse(row, Status.Refused);
      return;
    }
    this.admit(row, node, machine);
  }

  private admit(row: number, node: number, machine: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const nodes = this.nodes;
    const component = nodes.component[node];
    if (this.world.priorities !== null) this.prioritise(row, component);
    this.machines.connect(machine, 1);
    nodes.enter(node, 1);
    I[at + ICol.Flags] |= Flag.Inside;
    this.rows.F[row * Stride.F + FCol.Start] = this.clock[0];
    this.ledger.arrive(component);
    const memory = nodes.perRequest[node];
    if (memory > 0) this.useMemory(node, machine, memory);
    const station = nodes.intake[node];
    if (station !== Id.None) {
      if (this.stations.acquire(station)) {
        I[at + ICol.Flags] |= Flag.Token;
        this.begin(row, component);
      } else if (this.stations.isFull(station)) this.turnAway(row, component);
      else this.wait(row, station, Kind.GrantIntake);
      return;
    }
    if (nodes.loopCount[node] > 0 && !this.assignLoop(row, node)) {
      this.turnAway(row, component);
      return;
    }
    this.begin(row, component);
  }

  /** Gives a request to the next of the node's event loops. False: too many wait for it. */
  assignLoop(row: number, node: number): boolean {
    const nodes = this.nodes;
    const I = this.rows.I;
    const at = row * Stride.I + ICol.Flags;
    const process = nodes.nextLoop(node);
    I[at] = (I[at] & ~Flag.ProcessMask) | (process << Flag.ProcessShift);
    return this.stations.queued(nodes.loops[node] + process) < nodes.loopLimit[node];
  }

  /** The component's own priority for the operation, where it has one. */
  prioritise(row: number, component: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const own = this.world.priorities![component * this.operations + (I[at + ICol.Op] & 0xffff)];
    if (own !== Id.None) I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.PriorityMask) | (own << Flag.PriorityShift);
  }

  /** The queue is full: it was inside for no time, and nothing was done for it. */
  private turnAway(row: number, component: number): void {
    this.ledger.turnedAway[component]++;
    this.finish(row, Status.Rejected);
  }

  /** The node takes memory of its machine; when that has no more, the process is killed at the end of the instant. */
  useMemory(node: number, machine: number, bytes: number): void {
    if (!this.machines.useMemory(machine, bytes)) this.onOutOfMemory(node);
  }

  /** Queues the row for a token; it goes on as `kind` when it gets one. */
  wait(row: number, station: number, kind: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    I[at + ICol.Kind] = kind;
    this.rows.F[row * Stride.F + FCol.Mark] = this.clock[0];
    this.spans.enter(row, this.stations.waitCell[station]);
    this.stations.enqueue(station, row);
    const patience = this.stations.patience[station];
    if (patience !== Id.None) this.watchPatience(row, station, patience);
  }

  /** The row waits only so long. */
  watchPatience(row: number, station: number, patience: number): void {
    const timer = this.rows.take();
    const I = this.rows.I;
    const from = row * Stride.I;
    const at = timer * Stride.I;
    this.sampler.sample(patience, I[from + ICol.IdA], I[from + ICol.IdB], 0x30000000);
    I[at + ICol.Kind] = Kind.Patience;
    I[at + ICol.Node] = I[from + ICol.Node];
    I[at + ICol.IdA] = I[from + ICol.IdA];
    I[at + ICol.IdB] = I[from + ICol.IdB];
    I[at + ICol.Parent] = row;
    I[at + ICol.ParentGen] = I[from + ICol.Gen];
    I[at + ICol.Key] = station;
    I[at + ICol.Tag] = 0;
    this.rows.F[timer * Stride.F + FCol.Data] = this.clock[0];
    this.rows.F[timer * Stride.F + FCol.Time] = this.clock[0] + Math.round(this.sampler.out[0]);
    this.events.push(timer);
  }

  /** The patience of a waiting row is over. */
  outOfPatience(timer: number): void {
    const I = this.rows.I;
    const at = timer * Stride.I;
    const row = I[at + ICol.Parent];
    const station = I[at + ICol.Key];
    const kind = I[row * Stride.I + ICol.Kind];
    const F = this.rows.F;
    // The same wait: a row may wait for an event loop many times.
    const same =
      I[row * Stride.I + ICol.Gen] === I[at + ICol.ParentGen] &&
      (kind === Kind.GrantIntake || kind === Kind.GrantLoop) &&
      F[row * Stride.F + FCol.Mark] === F[timer * Stride.F + FCol.Data];
    this.rows.free(timer);
    if (!same || !this.stations.isQueued(row)) return;
    this.stations.remove(station, row);
    this.finish(row, Status.Rejected);
  }

  /** A waiting row got its token. */
  granted(row: number, kind: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const component = this.nodes.component[I[at + ICol.Node]];
    this.ledger.waitNs[component] += this.clock[0] - this.rows.F[row * Stride.F + FCol.Mark];
    if (kind === Kind.GrantIntake) {
      I[at + ICol.Flags] |= Flag.Token;
      this.begin(row, component);
    } else if (kind === Kind.GrantLoop) this.runCpu(row, component);
    else this.advance(row, I[at + ICol.Pc] + 1);
  }

  private begin(row: number, component: number): void {
    const I = this.rows.I;
    const op = I[row * Stride.I + ICol.Op] & 0xffff;
    const pc = this.programs[component * this.operations + op];
    if (pc === Id.None) this.finish(row, Status.Error);
    else this.advance(row, pc);
  }

  /** Runs the program from `pc` until the row has to wait. */
  advance(row: number, from: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const code = this.code;
    let pc = from;
    for (;;) {
      const op = pc * Code.Width;
      switch (code[op]) {
        case Verb.Cpu:
          I[at + ICol.Pc] = pc;
          this.cpu(row, code[op + 1]);
          return;
        case Verb.Call:
          I[at + ICol.Pc] = pc;
          this.calls.start(row, code[op + 1]);
          return;
        case Verb.Jump:
          pc = code[op + 1];
          break;
        case Verb.IfMiss:
          pc = (I[at + ICol.Flags] & Flag.StatusMask) === Status.Miss ? code[op + 1] : pc + 1;
          break;
        case Verb.Choose:
          pc = this.draws(row, pc) < code[op + 2] ? code[op + 1] : pc + 1;
          break;
        case Verb.End:
          this.finish(row, I[at + ICol.Flags] & Flag.StatusMask);
          return;
        case Verb.Sleep:
        case Verb.Hold:
          I[at + ICol.Pc] = pc;
          this.hold(row, code[op + 1], code[op + 2], code[op] === Verb.Hold);
          return;
        case Verb.Seize: {
          I[at + ICol.Pc] = pc;
          const station = this.nodes.station(I[at + ICol.Node], code[op + 1]);
          if (!this.stations.acquire(station)) {
            if (this.stations.isFull(station)) this.finish(row, Status.Rejected);
            else this.wait(row, station, Kind.GrantSeize);
            return;
          }
          pc++;
          break;
        }
        case Verb.Release:
          this.release(this.nodes.station(I[at + ICol.Node], code[op + 1]));
          pc++;
          break;
        case Verb.Actor: {
          I[at + ICol.Pc] = pc;
          const actor = this.world.components.actor[this.nodes.component[I[at + ICol.Node]]]!;
          const outcome = actor.step(row, code[op + 1]);
          if (outcome === Step.Suspend) {
            I[at + ICol.Kind] = Kind.WaitActor;
            return;
          }
          if (outcome === Step.Finish) {
            this.finish(row, I[at + ICol.Flags] & Flag.StatusMask);
            return;
          }
          pc++;
          break;
        }
        case Verb.Forward:
          this.forward(row);
          return;
        case Verb.Toss:
          this.toss(row, code[op + 1]);
          pc++;
          break;
        case Verb.Fork:
          I[at + ICol.Pc] = pc;
          this.fork(row, pc);
          return;
        case Verb.BranchEnd:
          this.calls.join(row, I[at + ICol.Flags] & Flag.StatusMask);
          return;
        case Verb.Respond:
          this.respond(row);
          pc++;
          break;
        default:
          // Fail: the only verb left.
          if (this.draws(row, pc) < code[op + 1]) {
            this.finish(row, Status.Error);
            return;
          }
          pc++;
      }
    }
  }

  /** A number in 0…2^31 - 1 that belongs to the row and this instruction. */
  private draws(row: number, pc: number): number {
    const I = this.rows.I;
    const at = row * Stride.I;
    this.counter.start(I[at + ICol.IdA], I[at + ICol.IdB], this.code[pc * Code.Width + 3]);
    return this.counter.next() >>> 1;
  }

  private cpu(row: number, distribution: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const node = I[at + ICol.Node];
    this.sampler.sample(distribution, I[at + ICol.IdA], I[at + ICol.IdB], this.code[I[at + ICol.Pc] * Code.Width + 3]);
    this.rows.F[row * Stride.F + FCol.Work] = this.sampler.out[0];
    if (this.nodes.loopCount[node] > 0) {
      const station = this.loopOf(row, node);
      if (!this.stations.acquire(station)) {
        this.wait(row, station, Kind.GrantLoop);
        return;
      }
    }
    this.runCpu(row, this.nodes.component[node]);
  }

  private loopOf(row: number, node: number): number {
    return (
      this.nodes.loops[node] + ((this.rows.I[row * Stride.I + ICol.Flags] & Flag.ProcessMask) >> Flag.ProcessShift)
    );
  }

  private runCpu(row: number, component: number): void {
    const F = this.rows.F;
    const at = row * Stride.F;
    F[at + FCol.Demand] = F[at + FCol.Work];
    F[at + FCol.Mark] = this.clock[0];
    this.spans.enter(row, this.world.components.cpuCell[component]);
    this.machines.run(this.nodes.machine[this.rows.I[row * Stride.I + ICol.Node]], row);
  }

  /** A CPU step is done. */
  cpuDone(row: number): void {
    const I = this.rows.I;
    const F = this.rows.F;
    const at = row * Stride.I;
    const node = I[at + ICol.Node];
    const machine = this.nodes.machine[node];
    const component = this.nodes.component[node];
    const elapsed = this.clock[0] - F[row * Stride.F + FCol.Mark];
    let service = elapsed;
    if (this.machines.isShared[machine] === 0) this.machines.finish(machine);
    else {
      const wanted = Math.round(F[row * Stride.F + FCol.Demand] / this.machines.speed(machine));
      if (wanted < elapsed) service = wanted;
      this.spans.split(row, service, this.world.components.cpuWaitCell[component]);
      this.ledger.waitNs[component] += elapsed - service;
    }
    this.ledger.serviceNs[component] += service;
    if (this.nodes.loopCount[node] > 0) this.release(this.loopOf(row, node));
    this.advance(row, I[at + ICol.Pc] + 1);
  }

  private hold(row: number, distribution: number, cell: number, stretch: boolean): void {
    const I = this.rows.I;
    const F = this.rows.F;
    const at = row * Stride.I;
    this.sampler.sample(distribution, I[at + ICol.IdA], I[at + ICol.IdB], this.code[I[at + ICol.Pc] * Code.Width + 3]);
    let time = this.sampler.out[0];
    const node = I[at + ICol.Node];
    if (stretch) time *= this.nodes.slowness(node);
    time = Math.round(time);
    this.ledger.serviceNs[this.nodes.component[node]] += time;
    this.spans.enter(row, cell);
    I[at + ICol.Kind] = Kind.DelayDone;
    F[row * Stride.F + FCol.Time] = this.clock[0] + time;
    if (time === 0) this.ready.push(row);
    else this.events.push(row);
  }

  /** By chance a hit or a miss, without a value. */
  private toss(row: number, entry: number): void {
    const { sampler, tosses } = this.world;
    const { I, F } = this.rows;
    const at = row * Stride.I;
    sampler.uniform(I[at + ICol.IdA], I[at + ICol.IdB], DrawStep.Toss);
    const isHit = sampler.out[0] < tosses[entry * Toss.F + Toss.Probability];
    tosses[entry * Toss.F + (isHit ? Toss.Hits : Toss.Misses)]++;
    F[row * Stride.F + FCol.Data] = 0;
    I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | (isHit ? Status.Ok : Status.Miss);
  }

  /** Gives a token back and wakes whoever gets it. */
  release(station: number): void {
    const next = this.stations.release(station);
    if (next !== Id.None) this.ready.push(next);
  }

  private fork(row: number, pc: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const op = pc * Code.Width;
    const branches = this.code[op + 2];
    I[at + ICol.Attempt] = nextSequence(I[at + ICol.Attempt]);
    I[at + ICol.Calling] = Id.None;
    I[at + ICol.Kind] = Kind.WaitJoin;
    I[at + ICol.Join] = this.code[op + Code.Width + 2];
    this.rows.F[row * Stride.F + FCol.Work] = branches;
    for (let i = 0; i < branches; i++) {
      const branch = this.child(row, Id.None, i);
      const b = branch * Stride.I;
      I[b + ICol.Node] = I[at + ICol.Node];
      I[b + ICol.Pc] = this.code[op + (1 + i) * Code.Width + 1];
      I[b + ICol.Flags] = (I[at + ICol.Flags] & (Flag.PriorityMask | Flag.ProcessMask)) | Flag.Branch;
      this.openBranchSpan(row, branch, this.world.components.cpuCell[this.nodes.component[I[at + ICol.Node]]]);
      I[b + ICol.Kind] = Kind.Resume;
      this.ready.push(branch);
    }
  }

  /** A branch of a fork measures its own path, if its parent is on one. */
  openBranchSpan(parent: number, branch: number, cell: number): void {
    const I = this.rows.I;
    if (I[parent * Stride.I + ICol.Span] === Id.None) return;
    // The parent's time up to here is booked now; from here on the branch that ends last decides.
    this.spans.enter(parent, cell);
    this.spans.begin(branch, cell);
    I[branch * Stride.I + ICol.Flags] |= Flag.OwnSpan;
  }

  /** A new row that answers to `row`, identity derived from what it is for. */
  child(row: number, site: number, index: number): number {
    const child = this.rows.take();
    const I = this.rows.I;
    const at = row * Stride.I;
    const to = child * Stride.I;
    const attempt = I[at + ICol.Attempt] & 0xff;
    const place = (I[at + ICol.Flags] & Flag.Request) !== 0 ? 0 : this.code[I[at + ICol.Pc] * Code.Width + 3] + 1;
    derive(I[at + ICol.IdA], I[at + ICol.IdB], place, (index << 8) | attempt, this.identity);
    I[to + ICol.IdA] = this.identity[0];
    I[to + ICol.IdB] = this.identity[1];
    I[to + ICol.Key] = I[at + ICol.Key];
    I[to + ICol.User] = I[at + ICol.User];
    I[to + ICol.Op] = I[at + ICol.Op];
    I[to + ICol.Flags] = I[at + ICol.Flags] & Flag.PriorityMask;
    I[to + ICol.Parent] = row;
    I[to + ICol.ParentGen] = I[at + ICol.Gen];
    I[to + ICol.Tag] = I[at + ICol.Attempt];
    I[to + ICol.Site] = site;
    I[to + ICol.Via] = Id.None;
    I[to + ICol.Join] = 0;
    I[to + ICol.Span] = Id.None;
    I[to + ICol.Attempt] = 0;
    I[to + ICol.Calling] = Id.None;
    this.rows.F[child * Stride.F + FCol.Data] = 0;
    return child;
  }

  /** Answers the caller of the operation now; the row goes on working for nobody. */
  private respond(row: number): void {
    const I = this.rows.I;
    const frame = this.frameOf(row);
    if (frame === Id.None) return;
    const at = frame * Stride.I;
    if (I[at + ICol.Parent] === Id.None) return;
    const answer = this.rows.take();
    const to = answer * Stride.I;
    const gen = I[to + ICol.Gen];
    I.copyWithin(to + ICol.Node, at + ICol.Node, at + Stride.I);
    I[to + ICol.Gen] = gen;
    I[to + ICol.Flags] = I[at + ICol.Flags] & (Flag.PriorityMask | Flag.OwnSpan);
    this.spans.give(frame, answer);
    I[at + ICol.Parent] = Id.None;
    I[at + ICol.Via] = Id.None;
    I[at + ICol.Flags] &= ~Flag.OwnSpan;
    this.spans.detach(frame);
    this.answer(answer, Status.Ok);
  }

  /**
   * The frame whose operation the row works for: itself, or for a branch the frame that forked, while it waits for the
   * branch; Id.None when it no longer does. The branch's time so far is then on the path to the answer.
   */
  private frameOf(row: number): number {
    const I = this.rows.I;
    const at = row * Stride.I;
    if ((I[at + ICol.Flags] & Flag.Branch) === 0) return row;
    const parent = I[at + ICol.Parent];
    const p = parent * Stride.I;
    if (I[p + ICol.Gen] !== I[at + ICol.ParentGen] || I[p + ICol.Attempt] !== I[at + ICol.Tag]) return Id.None;
    this.spans.absorb(parent, row);
    return this.frameOf(parent);
  }

  /** A routed row leaves the router for the node it chose. */
  forward(row: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const router = I[at + ICol.Node];
    const component = this.nodes.component[router];
    const target = this.world.components.actor[component]!.choose(row);
    if (target === Id.None) {
      this.finish(row, Status.Refused);
      return;
    }
    if ((I[at + ICol.Flags] & Flag.Inside) !== 0) {
      // The connection stays with the router until the answer has passed; only the row moves on.
      this.ledger.leave(component, this.rows.F, row * Stride.F + FCol.Start, false);
      this.nodes.enter(router, -1);
      this.dropToken(row, router);
      I[at + ICol.Flags] &= ~Flag.Inside;
    }
    const path = this.world.pathBetween(component, this.nodes.component[target]);
    I[at + ICol.Via] = this.ways.take(router, I[at + ICol.Join], path, I[at + ICol.Via]);
    this.sendOn(row, router, target, path);
  }

  /** A routed row whose target failed goes to another one, on the same connection to its router. False: there is none. */
  forwardAgain(row: number, way: number): boolean {
    const I = this.rows.I;
    const at = row * Stride.I;
    const router = this.ways.router[way];
    const component = this.nodes.component[router];
    const target = this.world.components.actor[component]!.choose(row);
    if (target === Id.None) return false;
    const path = this.world.pathBetween(component, this.nodes.component[target]);
    this.ways.target[way] = I[at + ICol.Join];
    this.ways.path[way] = path;
    this.ways.tries[way]++;
    I[at + ICol.Flags] &= ~Flag.StatusMask;
    this.sendOn(row, router, target, path);
    return true;
  }

  private sendOn(row: number, router: number, target: number, path: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    I[at + ICol.Node] = target;
    I[at + ICol.Kind] = Kind.Arrive;
    this.spans.enter(row, this.world.components.actor[this.nodes.component[router]]!.onwardCell);
    this.travel(row, path, false, router, target);
  }

  /** Puts the row on its way; a cut swallows it. */
  travel(row: number, path: number, back: boolean, from: number, to: number): void {
    if (this.network.isCut && !this.network.passes(from, to)) {
      this.vanish(row);
      return;
    }
    const I = this.rows.I;
    const at = row * Stride.I;
    // The path is part of the step: a row that passes a router draws the delays of its hops independently.
    this.network.travel(
      path,
      back,
      I[at + ICol.IdA],
      I[at + ICol.IdB],
      (back ? 0x50000000 : 0x40000000) + this.network.place[path],
      from,
      to,
      row,
    );
    const delay = this.network.out[0];
    if (delay === 0) this.ready.push(row);
    else {
      this.rows.F[row * Stride.F + FCol.Time] = this.clock[0] + delay;
      this.events.push(row);
    }
  }

  /** The operation is over at this node: give everything back and answer. */
  finish(row: number, status: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const flags = I[at + ICol.Flags];
    if ((flags & Flag.Branch) !== 0) {
      this.calls.join(row, status);
      return;
    }
    const node = I[at + ICol.Node];
    if ((flags & Flag.Inside) !== 0) {
      this.ledger.leave(this.nodes.component[node], this.rows.F, row * Stride.F + FCol.Start, status > Status.Miss);
      this.nodes.enter(node, -1);
      this.dropConnection(node);
      this.dropToken(row, node);
      I[at + ICol.Flags] &= ~Flag.Inside;
    }
    this.answer(row, status);
  }

  dropToken(row: number, node: number): void {
    const at = row * Stride.I + ICol.Flags;
    if ((this.rows.I[at] & Flag.Token) === 0) return;
    this.rows.I[at] &= ~Flag.Token;
    this.release(this.nodes.intake[node]);
  }

  /** A connection to the node is closed. */
  dropConnection(node: number): void {
    const machine = this.nodes.machine[node];
    this.machines.connect(machine, -1);
    this.machines.useMemory(machine, -this.nodes.perRequest[node]);
  }

  /** Turned away at the door. */
  refuse(row: number, status: number): void {
    this.ledger.refuse(this.nodes.component[this.rows.I[row * Stride.I + ICol.Node]]);
    this.answer(row, status);
  }

  /** Sends the row back to whoever called, if anybody still waits. */
  answer(row: number, status: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | status;
    const node = I[at + ICol.Node];
    const way = I[at + ICol.Via];
    if (way !== Id.None) {
      const router = this.ways.router[way];
      I[at + ICol.Kind] = Kind.ReplyVia;
      this.spans.enter(row, this.world.components.actor[this.nodes.component[router]]!.onwardCell);
      this.travel(row, this.ways.path[way], true, node, router);
      return;
    }
    const parent = I[at + ICol.Parent];
    if (parent !== Id.None) this.answerTo(row, node, parent);
    else {
      if ((I[at + ICol.Flags] & Flag.Work) !== 0) this.world.components.actor[I[at + ICol.Site]]!.onDone(row, status);
      this.rows.free(row);
    }
  }

  private answerTo(row: number, node: number, parent: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const site = I[at + ICol.Site];
    I[at + ICol.Kind] = Kind.Reply;
    this.spans.enter(row, this.world.sites.backCell[site]);
    this.travel(row, this.world.sites.path[site], true, node, I[parent * Stride.I + ICol.Node]);
  }

  /** An answer is back at the router it came through. */
  returnVia(row: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const way = I[at + ICol.Via];
    const router = this.ways.router[way];
    const status = I[at + ICol.Flags] & Flag.StatusMask;
    if (this.nodes.state[router] === NodeState.Paused) {
      this.onParked(row);
      return;
    }
    if (!this.nodes.accepts(router)) {
      // The router died meanwhile; its callers were told, or will find out.
      this.lose(row);
      return;
    }
    I[at + ICol.Node] = router;
    I[at + ICol.Join] = this.ways.target[way];
    if (this.world.components.actor[this.nodes.component[router]]!.returned(row, status) && this.forwardAgain(row, way))
      return;
    this.dropConnection(router);
    I[at + ICol.Via] = this.ways.free(way);
    // Not `status`: the router may have an answer of its own where its target failed.
    this.answer(row, I[at + ICol.Flags] & Flag.StatusMask);
  }

  /** The message is gone and nobody is told; a router on the way finds out when its own patience ends. */
  vanish(row: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const way = I[at + ICol.Via];
    if (way === Id.None) {
      this.lose(row);
      return;
    }
    const actor = this.world.components.actor[this.nodes.component[this.ways.router[way]]]!;
    I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | Status.Timeout;
    I[at + ICol.Kind] = Kind.ReplyVia;
    this.rows.F[row * Stride.F + FCol.Time] = this.clock[0] + actor.answerTimeoutNs;
    this.events.push(row);
  }

  lose(row: number): void {
    const I = this.rows.I;
    if ((I[row * Stride.I + ICol.Flags] & Flag.OwnSpan) !== 0) this.spans.drop(row);
    this.ways.drop(I[row * Stride.I + ICol.Via]);
    this.rows.free(row);
  }
}

/** The next call sequence number, first attempt. */
export function nextSequence(attempt: number): number {
  return (((attempt >>> 8) + 1) << 8) | 1;
}
