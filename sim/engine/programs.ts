/**
 * Programs: what a request does at a node, instruction by instruction, until it has to wait.
 */
import { Counter } from '../random/counter.ts';
import type { Sampler } from '../random/sampler.ts';
import { Step } from './actor-instance.ts';
import type { Answers, BranchEnds } from './answers.ts';
import type { Children } from './children.ts';
import { Code, Verb } from './code.ts';
import type { Cpu } from './cpu.ts';
import type { FutureEvents } from './event-list.ts';
import type { Holdings } from './holdings.ts';
import { DrawStep } from './layout.ts';
import type { Ledger } from './ledger.ts';
import type { Nodes } from './nodes.ts';
import type { ReadyQueue } from './ready.ts';
import type { Routing } from './routing.ts';
import { FCol, Stride, Flag, ICol, Kind, Id, Status, type Rows } from './rows.ts';
import { Toss } from './records.ts';
import type { Spans } from './spans.ts';
import type { Stations } from './stations.ts';
import type { Waits } from './waits.ts';
import type { World } from './world.ts';

/** Who makes the calls of programs, and joins their branches. */
export interface CallSteps extends BranchEnds {
  start(row: number, site: number): void;
}

export class Programs {
  private readonly rows: Rows;
  private readonly events: FutureEvents;
  private readonly ready: ReadyQueue;
  private readonly stations: Stations;
  private readonly nodes: Nodes;
  private readonly spans: Spans;
  private readonly ledger: Ledger;
  private readonly sampler: Sampler;
  private readonly clock: Float64Array;
  private readonly code: Int32Array;
  private readonly entries: Int32Array;
  private readonly operations: number;
  private readonly counter = new Counter();
  /** Set by the kernel. */
  calls!: CallSteps;

  constructor(
    private readonly world: World,
    private readonly holdings: Holdings,
    private readonly waits: Waits,
    private readonly cpu: Cpu,
    private readonly routing: Routing,
    private readonly answers: Answers,
    private readonly children: Children,
  ) {
    this.rows = world.rows;
    this.events = world.events;
    this.ready = world.ready;
    this.stations = world.stations;
    this.nodes = world.nodes;
    this.spans = world.spans;
    this.ledger = world.ledger;
    this.sampler = world.sampler;
    this.clock = world.clock;
    this.code = world.code;
    this.entries = world.programs;
    this.operations = world.operations.length;
  }

  /** Runs the program of the operation, from its start. */
  begin(row: number, component: number): void {
    const I = this.rows.I;
    const op = I[row * Stride.I + ICol.Op] & 0xffff;
    const pc = this.entries[component * this.operations + op];
    if (pc === Id.None) this.answers.finish(row, Status.Error);
    else this.advance(row, pc);
  }

  /** A waiting row got its token. */
  granted(row: number, kind: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const component = this.nodes.component[I[at + ICol.Node]];
    this.ledger.addWait(component, this.clock[0] - this.rows.F[row * Stride.F + FCol.Mark]);
    if (kind === Kind.GrantIntake) {
      I[at + ICol.Flags] |= Flag.Token;
      this.begin(row, component);
    } else if (kind === Kind.GrantLoop) this.cpu.run(row, component);
    else this.advance(row, I[at + ICol.Pc] + 1);
  }

  /** A CPU step is done. */
  cpuDone(row: number): void {
    this.cpu.done(row);
    this.advance(row, this.rows.I[row * Stride.I + ICol.Pc] + 1);
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
          this.cpu.start(row, code[op + 1]);
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
          this.answers.finish(row, I[at + ICol.Flags] & Flag.StatusMask);
          return;
        case Verb.Sleep:
        case Verb.Hold:
          I[at + ICol.Pc] = pc;
          this.hold(row, code[op + 1], code[op + 2], code[op] === Verb.Hold);
          return;
        case Verb.Seize:
          I[at + ICol.Pc] = pc;
          if (!this.seize(row, code[op + 1])) return;
          pc++;
          break;
        case Verb.Release:
          this.holdings.release(this.nodes.station(I[at + ICol.Node], code[op + 1]));
          pc++;
          break;
        case Verb.Actor:
          I[at + ICol.Pc] = pc;
          if (!this.act(row, code[op + 1])) return;
          pc++;
          break;
        case Verb.Forward:
          this.routing.forward(row);
          return;
        case Verb.Toss:
          this.toss(row, code[op + 1]);
          pc++;
          break;
        case Verb.Fork:
          I[at + ICol.Pc] = pc;
          this.children.fork(row, pc);
          return;
        case Verb.BranchEnd:
          this.calls.join(row, I[at + ICol.Flags] & Flag.StatusMask);
          return;
        case Verb.Respond:
          this.answers.respond(row);
          pc++;
          break;
        default:
          // Fail: the only verb left.
          if (this.draws(row, pc) < code[op + 1]) {
            this.answers.finish(row, Status.Error);
            return;
          }
          pc++;
      }
    }
  }

  /** Takes a token of a station of the row's node. False: the row waits for it, or is turned away. */
  private seize(row: number, station: number): boolean {
    const local = this.nodes.station(this.rows.I[row * Stride.I + ICol.Node], station);
    if (this.stations.acquire(local)) return true;
    if (this.stations.isFull(local)) this.answers.finish(row, Status.Rejected);
    else this.waits.wait(row, local, Kind.GrantSeize);
    return false;
  }

  /** Lets the actor act. False: it keeps the row, or is done with it. */
  private act(row: number, argument: number): boolean {
    const I = this.rows.I;
    const at = row * Stride.I;
    const actor = this.world.components.actor[this.nodes.component[I[at + ICol.Node]]]!;
    const outcome = actor.step(row, argument);
    if (outcome === Step.Suspend) I[at + ICol.Kind] = Kind.WaitActor;
    else if (outcome === Step.Finish) this.answers.finish(row, I[at + ICol.Flags] & Flag.StatusMask);
    return outcome === Step.Continue;
  }

  /** A number in 0…2^31 - 1 that belongs to the row and this instruction. */
  private draws(row: number, pc: number): number {
    const I = this.rows.I;
    const at = row * Stride.I;
    this.counter.start(I[at + ICol.IdA], I[at + ICol.IdB], this.code[pc * Code.Width + 3]);
    return this.counter.next() >>> 1;
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
    this.ledger.addService(this.nodes.component[node], time);
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
}
