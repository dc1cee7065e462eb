/**
 * Nodes: the instances of components (`app#7`), and what state each is in.
 *
 * Nobody in the model reads another node's state: it decides only how the node itself answers.
 */
import { NodeState } from './layout.ts';
import { doublesOf, fill, LooseTables, type Memory, type Tables } from './memory.ts';
import { Component, Machine, Node, NodeF, NodeSize, Station } from './records.ts';
import { Slot } from './slots.ts';
import { Id } from './rows.ts';

export { NodeState } from './layout.ts';

export interface NodeSpec {
  component: number;
  machine: number;
  /** Station that admits requests (threads, connections), Id.None: everyone enters. */
  intake: number;
  /** First of the event-loop process stations, Id.None: threads. */
  loops: number;
  loopCount: number;
  /** Waiters a loop may have before new requests are turned away. */
  loopLimit: number;
  perRequestBytes: number;
  baseBytes: number;
  /** Local stations (disk, pools, locks) by index in programs. */
  stations: number[];
  state: NodeState;
}

export class Nodes {
  readonly count: number;
  readonly state: Uint8Array;
  readonly component: Int32Array;
  readonly machine: Int32Array;
  readonly intake: Int32Array;
  readonly loops: Int32Array;
  readonly loopCount: Int32Array;
  readonly loopLimit: Float64Array;
  readonly perRequest: Float64Array;
  readonly base: Float64Array;
  readonly incarnation: Int32Array;
  /** Their records, through two views: see `Node`. What never changes stands above, too. */
  private readonly I: Int32Array;
  private readonly F: Float64Array;
  readonly pausedAt: Float64Array;
  /** When the state last changed; time in use and time serving since the end of the warm-up, ns. */
  private readonly since: Float64Array;
  private readonly used: Float64Array;
  private readonly served: Float64Array;
  private readonly stationStart: Int32Array;
  private readonly stations: Int32Array;

  constructor(
    specs: readonly NodeSpec[],
    private readonly firstNode: readonly number[],
    private readonly names: readonly string[],
    private readonly counts: readonly number[],
    private readonly clock: Float64Array,
    tables: Tables = new LooseTables(),
  ) {
    const n = specs.length;
    this.count = n;
    this.state = Uint8Array.from(specs, (s) => s.state);
    this.component = Int32Array.from(specs, (s) => s.component);
    this.machine = Int32Array.from(specs, (s) => s.machine);
    this.intake = Int32Array.from(specs, (s) => s.intake);
    this.loops = Int32Array.from(specs, (s) => s.loops);
    this.loopCount = Int32Array.from(specs, (s) => s.loopCount);
    this.loopLimit = Float64Array.from(specs, (s) => s.loopLimit);
    this.perRequest = Float64Array.from(specs, (s) => s.perRequestBytes);
    this.base = Float64Array.from(specs, (s) => s.baseBytes);
    this.incarnation = new Int32Array(n);
    this.pausedAt = new Float64Array(n);
    this.since = new Float64Array(n);
    this.used = new Float64Array(n);
    this.served = new Float64Array(n);
    this.stationStart = new Int32Array(n + 1);
    const all: number[] = [];
    for (let i = 0; i < n; i++) {
      this.stationStart[i] = all.length;
      all.push(...specs[i].stations);
    }
    this.stationStart[n] = all.length;
    this.stations = fill(tables.i32(Slot.NodeStations, all.length), all, (station) => station);
    this.I = tables.i32(Slot.Nodes, n * NodeSize.I);
    this.F = doublesOf(this.I);
    specs.forEach((s, node) => this.write(s, node));
  }

  private write(s: NodeSpec, node: number): void {
    const at = node * NodeSize.I;
    this.I[at + Node.State] = s.state;
    this.I[at + Node.Loops] = s.loops;
    this.I[at + Node.LoopCount] = s.loopCount;
    this.I[at + Node.StationStart] = this.stationStart[node];
    this.F[node * NodeSize.F + NodeF.LoopLimit] = s.loopLimit;
    this.F[node * NodeSize.F + NodeF.PerRequest] = s.perRequestBytes;
    this.F[node * NodeSize.F + NodeF.Slowness] = 1;
  }

  /** Tells each record where those are that it belongs with, the tables of which stand in the memory. */
  connect(memory: Memory): void {
    const components = memory.addressOf(Slot.Components);
    const machines = memory.addressOf(Slot.Machines);
    const stations = memory.addressOf(Slot.Stations);
    for (let node = 0; node < this.count; node++) {
      const at = node * NodeSize.I;
      const intake = this.intake[node];
      this.I[at + Node.Component] = components + this.component[node] * Component.I * 4;
      this.I[at + Node.Machine] = machines + this.machine[node] * Machine.I * 4;
      this.I[at + Node.Intake] = intake === Id.None ? 0 : stations + intake * Station.I * 4;
    }
  }

  /** Requests inside: admitted or waiting. */
  inside(node: number): number {
    return this.I[node * NodeSize.I + Node.Inside];
  }

  /** One more is inside, or (-1) one less. */
  enter(node: number, change: 1 | -1): void {
    this.I[node * NodeSize.I + Node.Inside] += change;
  }

  /** The event loop whose turn it is; the turn passes to the next. */
  nextLoop(node: number): number {
    const at = node * NodeSize.I + Node.LoopNext;
    const process = this.I[at];
    this.I[at] = process + 1 === this.loopCount[node] ? 0 : process + 1;
    return process;
  }

  /** From now on the core routes by itself what comes to the node, by the record at `address` (`Router`). */
  routeBy(node: number, address: number): void {
    this.I[node * NodeSize.I + Node.Router] = address;
  }

  /** Multiplies disk and other held times: a slowdown fault. */
  slowness(node: number): number {
    return this.F[node * NodeSize.F + NodeF.Slowness];
  }

  slowDown(node: number, factor: number): void {
    this.F[node * NodeSize.F + NodeF.Slowness] = factor;
  }

  /** The k-th local station of a node. */
  station(node: number, k: number): number {
    return this.stations[this.stationStart[node] + k];
  }

  /** All local stations of a node, with intake and loops. Cold. */
  allStations(node: number): number[] {
    const all = Array.from(this.stations.subarray(this.stationStart[node], this.stationStart[node + 1]));
    if (this.intake[node] !== Id.None) all.push(this.intake[node]);
    for (let i = 0; i < this.loopCount[node]; i++) all.push(this.loops[node] + i);
    return all;
  }

  /** Serving: requests that reach it are taken. */
  accepts(node: number): boolean {
    const state = this.state[node];
    return state === NodeState.Up || state === NodeState.Draining;
  }

  /** The only way to change a state: keeps how long each lasted. */
  setState(node: number, state: NodeState): void {
    this.touch(node);
    this.state[node] = state;
    this.I[node * NodeSize.I + Node.State] = state;
  }

  /** Time in the window that the slot was in use (not off), dead or alive, ns: it is paid for. */
  usedNs(node: number): number {
    this.touch(node);
    return this.used[node];
  }

  /** Time in the window that the node served, ns. */
  servedNs(node: number): number {
    this.touch(node);
    return this.served[node];
  }

  /** End of the warm-up: times start again. */
  reset(): void {
    this.since.fill(this.clock[0]);
    this.used.fill(0);
    this.served.fill(0);
  }

  private touch(node: number): void {
    const dt = this.clock[0] - this.since[node];
    this.since[node] = this.clock[0];
    if (this.state[node] !== NodeState.Off) this.used[node] += dt;
    if (this.accepts(node)) this.served[node] += dt;
  }

  /** `app#7`, or `app` when there is only one. Numbers start at 1. */
  nameOf(node: number): string {
    const component = this.component[node];
    const first = this.firstNode[component];
    return this.counts[component] === 1 ? this.names[component] : `${this.names[component]}#${node - first + 1}`;
  }
}
