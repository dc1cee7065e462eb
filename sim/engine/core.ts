/**
 * The core: the loop in WebAssembly (its source is core/, compiled by `npm run core`), and what it asks of TypeScript.
 *
 * It works on the tables of the run's `Memory`. Whatever it does not know itself it leaves to the classes that define it,
 * which see the same tables.
 */
import { exponentialEdges } from '../random/ziggurat.ts';
import { fromBase64 } from './base64.ts';
import { CORE } from './core-binary.ts';
import type { FutureEvents } from './event-list.ts';
import type { Kernel } from './kernel.ts';
import type { Memory } from './memory.ts';
import { ORDER, RowPoolExhausted } from './rows.ts';
import { Cell, Slot } from './slots.ts';

/** Of the host's WebAssembly, what is used here. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

interface Exports {
  run(most: number): number;
  push(row: number): void;
  pop(limitNs: number): number;
}

/** Slots of a wheel of the event list, and the words that tell which of them hold something. */
const WHEEL = 4096;
const WORDS = WHEEL / 32;
const FIRST_EVENTS = 1024;

/** Compiled once; instances of it run in turn. */
let compiled: object | null = null;

export class Core implements FutureEvents {
  private readonly exports: Exports;
  private kernel!: Kernel;
  private eventsRoom = FIRST_EVENTS;

  constructor(private readonly memory: Memory) {
    memory.u8(Slot.Order, ORDER.length).set(ORDER);
    memory.f64(Slot.ExponentialEdges, exponentialEdges.length).set(exponentialEdges);
    for (const slot of [Slot.Near, Slot.Far]) memory.i32(slot, WHEEL + WORDS);
    memory.f64(Slot.Heap, this.eventsRoom * 2);
    memory.cells[Cell.HeapRoom] = this.eventsRoom;
    compiled ??= new WebAssembly.Module(fromBase64(CORE));
    const env = { memory: memory.wasm, rows: memory.rowsAt, chains: memory.chainsAt };
    this.exports = new WebAssembly.Instance(compiled, { env, host: this.host() }).exports as Exports;
  }

  /** The kernel whose rows it handles, complete. */
  attach(kernel: Kernel): void {
    this.kernel = kernel;
    const { sampler } = kernel.world;
    sampler.onChange = () => this.publish();
    this.publish();
  }

  /** Handles rows until about `most` are done, nothing is due before the limit, or room must be made. Returns how many. */
  run(most: number): number {
    return this.exports.run(most);
  }

  push(row: number): void {
    this.exports.push(row);
  }

  /** Takes the earliest row if it is due at or before the limit, else Id.None. Here for tests: `run` does it itself. */
  pop(limitNs: number): number {
    return this.exports.pop(limitNs);
  }

  /** The distributions, which may grow in number. */
  private publish(): void {
    const { kinds, parameters } = this.kernel.world.sampler;
    this.memory.i32(Slot.DistributionKind, kinds.length).set(kinds);
    this.memory.f64(Slot.DistributionParameters, parameters.length).set(parameters);
  }

  /** See core/host.ts. */
  private host(): Record<string, (...numbers: number[]) => number | void> {
    return { ...this.rowsOf(), ...this.actors(), ...this.recorders(), ...this.rooms() };
  }

  /** What happens to rows out of the ordinary. */
  private rowsOf(): Record<string, (...numbers: number[]) => number | void> {
    const kernel = () => this.kernel;
    return {
      dispatch: (row) => kernel().dispatch(row),
      arrive: (row) => kernel().frames.arrive(row),
      advance: (row, pc) => kernel().frames.advance(row, pc),
      answer: (row, status) => kernel().frames.answer(row, status),
      travel: (row, path, back, from, to) => kernel().frames.travel(row, path, back === 1, from, to),
      forwardAgain: (row, way) => (kernel().frames.forwardAgain(row, way) ? 1 : 0),
      prioritise: (row, component) => kernel().frames.prioritise(row, component),
      outOfMemory: (node) => kernel().frames.onOutOfMemory(node),
      watchPatience: (row, station, patience) => kernel().frames.watchPatience(row, station, patience),
      startCall: (row, site) => kernel().calls.start(row, site),
      failed: (row, status) => kernel().calls.failed(row, status),
      send: (child, node) => kernel().calls.dispatch(child, node),
      join: (row, status) => kernel().calls.join(row, status),
      turn: (site) => kernel().calls.turn(site),
      freshKey: (row, population, from) => kernel().calls.keyOf(row, population, from),
      goesBack: (timeNs) => kernel().goesBack(timeNs),
      standsStill: (row) => kernel().standsStill(row),
      exhausted: () => {
        throw new RowPoolExhausted('more rows taken in one event than were reserved');
      },
    };
  }

  private actors(): Record<string, (...numbers: number[]) => number | void> {
    const world = () => this.kernel.world;
    const actor = (component: number) => world().components.actor[component]!;
    return {
      step: (component, row, argument) => actor(component).step(row, argument),
      choose: (component, row) => actor(component).choose(row),
      route: (component, row, site) => actor(component).route(row, site),
      returned: (component, row, status) => (actor(component).returned(row, status) ? 1 : 0),
      pathBetween: (from, to) => world().pathBetween(from, to),
      ended: (row, status) => this.kernel.requests.over(row, status),
      sample: (id, a, b, step) => {
        const { sampler } = world();
        sampler.sample(id, a, b, step);
        return sampler.out[0];
      },
    };
  }

  private recorders(): Record<string, (...numbers: number[]) => number | void> {
    const kernel = () => this.kernel;
    return {
      openRequest: (row, choice, site, key) => kernel().requests.open(row, choice, site, key),
      attempted: (row) => kernel().requests.attempted(row),
      succeeded: (row) => kernel().requests.succeeded(row),
      enter: (row, cell) => kernel().world.spans.enter(row, cell),
      split: (row, serviceNs, cell) => kernel().world.spans.split(row, serviceNs, cell),
      passed: (path, back, delayNs) => kernel().world.network.passed(path, back === 1, delayNs),
    };
  }

  /** Tables that are full. */
  private rooms(): Record<string, (...numbers: number[]) => number | void> {
    const kernel = () => this.kernel;
    return {
      armLane: (lane) => kernel().world.lanes[lane].arm(),
      growLane: (lane) => kernel().world.lanes[lane].grow(),
      growReady: () => kernel().world.ready.grow(),
      growWays: () => kernel().frames.ways.grow(),
      growMachine: (machine) => kernel().world.machines.makeRoom(machine),
      growHistogram: (histogram, valueNs) => kernel().world.histograms.all[histogram].makeRoomFor(valueNs),
      growSeries: (second) => kernel().outcomes.growSeries(second),
      growSlots: (second) => kernel().outcomes.growSlots(second),
      growHeap: () => this.growHeap(),
      room: (bytes) => this.memory.room(bytes),
    };
  }

  private growHeap(): void {
    const from = this.memory.addressOf(Slot.Heap);
    const old = new Float64Array(this.memory.buffer, from, this.eventsRoom * 2);
    this.eventsRoom *= 2;
    this.memory.f64(Slot.Heap, this.eventsRoom * 2).set(old);
    this.memory.cells[Cell.HeapRoom] = this.eventsRoom;
  }
}
