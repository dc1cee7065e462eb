/**
 * Frames: requests at nodes. Each of these says one thing about them, and knows only those above it.
 *
 * Every method runs within one event and takes at most a few rows (see `Rows.reserve`).
 */
import { Admission } from './admission.ts';
import { Answers } from './answers.ts';
import { Children } from './children.ts';
import { Cpu } from './cpu.ts';
import { Holdings } from './holdings.ts';
import { Programs, type CallSteps } from './programs.ts';
import { Routing } from './routing.ts';
import { Transit } from './transit.ts';
import { Waits } from './waits.ts';
import { Ways } from './ways.ts';
import type { World } from './world.ts';

export class Frames {
  /** The way back of every routed row. */
  readonly ways: Ways;
  readonly holdings: Holdings;
  readonly transit: Transit;
  readonly children: Children;
  readonly answers: Answers;
  readonly waits: Waits;
  readonly routing: Routing;
  readonly programs: Programs;
  readonly admission: Admission;

  constructor(world: World) {
    this.ways = new Ways(world.memory);
    this.holdings = new Holdings(world);
    this.transit = new Transit(world, this.ways);
    this.children = new Children(world);
    this.answers = new Answers(world, this.ways, this.holdings, this.transit);
    this.waits = new Waits(world, this.answers);
    this.routing = new Routing(world, this.ways, this.holdings, this.transit, this.answers);
    const cpu = new Cpu(world, this.holdings, this.waits);
    this.programs = new Programs(world, this.holdings, this.waits, cpu, this.routing, this.answers, this.children);
    this.admission = new Admission(world, this.holdings, this.waits, this.transit, this.answers, this.programs);
  }

  /** Calls know the frames, and are known to them only as this. */
  set calls(calls: CallSteps) {
    this.answers.calls = calls;
    this.programs.calls = calls;
  }
}
