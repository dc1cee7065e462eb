/**
 * The core: the loop in WebAssembly (its source is core/, compiled by `npm run core`), and what it asks of TypeScript. It is
 * compiled three times: for any run, and for those in which nothing fails and nobody has priority, recorded or not.
 *
 * It works on the tables of the run's `Memory`. Whatever it does not know itself it leaves to the classes that define it,
 * which see the same tables.
 */
import type { Actor } from './actor-instance.ts';
import { fractions } from '../random/exp.ts';
import { exponentialDensity, exponentialEdges } from '../random/ziggurat.ts';
import { fromBase64 } from './base64.ts';
import { GENERAL, QUIET, QUIET_RECORDED } from './core-binary.ts';
import type { FutureEvents } from './event-list.ts';
import type { Kernel } from './kernel.ts';
import { doublesOf, type Memory } from './memory.ts';
import { Drawn } from './records.ts';
import { Id, ORDER, RowPoolExhausted } from './rows.ts';
import { Cell, Slot } from './slots.ts';

/** Of the host's WebAssembly, what is used here. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

interface Exports {
  run(most: number): number;
  findSent(boundaryNs: number, longestNs: number): number;
  beginSent(boundaryNs: number): void;
  push(row: number): void;
  pop(limitNs: number): number;
}

const FIRST_EVENTS = 1024;
/** Numbers of an entry of the event list, and of a distribution in the sampler's table. */
const ENTRY = 3;
const PARAMETERS = 4;

/** Compiled once each, by their text; instances of them run in turn. */
const compiled = new Map<string, object>();

function moduleOf(text: string): object {
  let module = compiled.get(text);
  if (module === undefined) compiled.set(text, (module = new WebAssembly.Module(fromBase64(text))));
  return module;
}

export class Core implements FutureEvents {
  private exports!: Exports;
  private eventsRoom = FIRST_EVENTS;

  constructor(private readonly memory: Memory) {
    memory.u8(Slot.Order, ORDER.length).set(ORDER);
    memory.f64(Slot.ExponentialEdges, exponentialEdges.length).set(exponentialEdges);
    memory.f64(Slot.ExponentialDensity, exponentialDensity.length).set(exponentialDensity);
    memory.f64(Slot.ExpFractions, fractions.length).set(fractions);
    memory.f64(Slot.Heap, this.eventsRoom * ENTRY);
    memory.cells[Cell.HeapRoom] = this.eventsRoom;
  }

  /** The kernel whose rows it handles, complete; null: there are only events. */
  attach(kernel: Kernel | null): void {
    const { memory } = this;
    const env = { memory: memory.wasm };
    const rooms = this.ownRooms();
    const host =
      kernel === null
        ? silent(rooms)
        : { ...rowsOf(kernel), ...actorsOf(kernel), ...recordersOf(kernel), ...roomsOf(kernel), ...rooms };
    this.exports = new WebAssembly.Instance(moduleOf(this.text), { env, host }).exports as Exports;
    if (kernel === null) return;
    const { sampler } = kernel.world;
    const publish = (): void => {
      const { kinds, parameters } = sampler;
      const drawn = memory.i32(Slot.Distributions, kinds.length * Drawn.I);
      const doubles = doublesOf(drawn);
      for (let id = 0; id < kinds.length; id++) {
        drawn[id * Drawn.I + Drawn.Kind] = kinds[id];
        doubles[id * Drawn.F + Drawn.Parameter] = parameters[id * PARAMETERS];
      }
    };
    sampler.onChange = publish;
    publish();
  }

  /** Handles rows until about `most` are done, nothing is due before the limit, or room must be made. Returns how many. */
  run(most: number): number {
    return this.exports.run(most);
  }

  /**
   * Begins the requests that were sent by then and have not arrived: see core/first-hop.ts.
   *
   * @param longestNs the longest first hop of such requests
   * @param makeRoom is told how many there are
   */
  beginSent(boundaryNs: number, longestNs: number, makeRoom: (requests: number) => void): void {
    makeRoom(this.exports.findSent(boundaryNs, longestNs));
    this.exports.beginSent(boundaryNs);
  }

  push(row: number): void {
    this.exports.push(row);
  }

  /** Takes the earliest row if it is due at or before the limit, else Id.None. Here for tests: `run` does it itself. */
  pop(limitNs: number): number {
    return this.exports.pop(limitNs);
  }

  /** The fastest of the cores that can do the run: see core/circumstances.ts. */
  private get text(): string {
    const { cells } = this.memory;
    if (cells[Cell.IsCalm] === 0 || cells[Cell.HasPriorities] === 1) return GENERAL;
    return cells[Cell.Recorded] === 1 ? QUIET_RECORDED : QUIET;
  }

  private ownRooms(): Host {
    return {
      growHeap: () => this.growHeap(),
      room: (bytes) => this.memory.room(bytes),
    };
  }

  private growHeap(): void {
    const from = this.memory.addressOf(Slot.Heap);
    const old = new Float64Array(this.memory.buffer, from, this.eventsRoom * ENTRY);
    this.eventsRoom *= 2;
    this.memory.f64(Slot.Heap, this.eventsRoom * ENTRY).set(old);
    this.memory.cells[Cell.HeapRoom] = this.eventsRoom;
  }
}

/** See core/host.ts. Numbers only; conditions are 0 and 1. */
type Host = Record<string, (...numbers: number[]) => number | void>;

/** A host that does what is given, and nothing where more is asked of it. */
function silent(known: Host): Host {
  return new Proxy(known, { get: (host, name) => host[name as string] ?? (() => {}) });
}

/** What happens to rows out of the ordinary. */
function rowsOf(kernel: Kernel): Host {
  const { frames, calls } = kernel;
  return {
    dispatch: (row) => kernel.dispatch(row),
    arrive: (row) => frames.admission.arrive(row),
    advance: (row, pc) => frames.programs.advance(row, pc),
    answer: (row, status) => frames.answers.answer(row, status),
    travel: (row, path, back, from, to) =>
      frames.transit.travel(row, path, back === 1, from, to === Id.None ? frames.answers.callerNode(row, path) : to),
    forwardAgain: (row, way) => (frames.routing.forwardAgain(row, way) ? 1 : 0),
    doorOf: (population, user) => kernel.world.populations[population].doorOf(user),
    prioritise: (row, component) => frames.admission.prioritise(row, component),
    watchPatience: (row, station, patience) => frames.waits.watchPatience(row, station, patience),
    startCall: (row, site) => calls.start(row, site),
    timedOut: (row) => calls.timedOut(row),
    failed: (row, status) => calls.failed(row, status),
    send: (child, node) => calls.dispatch(child, node),
    join: (row, status) => calls.join(row, status),
    turn: (site) => calls.turn(site),
    freshKey: (row, population, from) => calls.keyOf(row, population, from),
    goesBack: (timeNs) => kernel.goesBack(timeNs),
    standsStill: (row) => kernel.standsStill(row),
    exhausted: () => {
      throw new RowPoolExhausted('more rows taken in one event than were reserved');
    },
  };
}

function actorsOf(kernel: Kernel): Host {
  const { world } = kernel;
  const { sampler } = world;
  const actors = world.components.actor as readonly Actor[];
  return {
    step: (component, row, argument) => actors[component].step(row, argument),
    choose: (component, row) => actors[component].choose(row),
    route: (component, row, site) => actors[component].route(row, site),
    returned: (component, row, status) => (actors[component].returned(row, status) ? 1 : 0),
    pathBetween: (from, to) => world.pathBetween(from, to),
    ended: (row, status) => kernel.requests.over(row, status),
    sample: (id, a, b, step) => {
      sampler.sample(id, a, b, step);
      return sampler.out[0];
    },
  };
}

function recordersOf({ requests }: Kernel): Host {
  return {
    completes: (row) => requests.completes(row),
  };
}

/** Tables that are full. */
function roomsOf({ frames, world }: Kernel): Host {
  return {
    growLane: (lane, kept) => world.lanes[lane].grow(kept),
    growReady: () => world.ready.grow(),
    growWays: () => frames.ways.grow(),
    growMachine: (machine) => world.machines.makeRoom(machine),
    growHistogram: (histogram, valueNs) => world.histograms.all[histogram].makeRoomFor(valueNs),
  };
}
