/**
 * Admission: a request comes to a node, and is let in, queued or turned away.
 */
import type { Answers } from './answers.ts';
import type { Holdings } from './holdings.ts';
import type { Ledger } from './ledger.ts';
import type { Machines } from './machines.ts';
import { NodeState, type Nodes } from './nodes.ts';
import type { Programs } from './programs.ts';
import { FCol, Stride, Flag, ICol, Kind, Id, Status, type Rows } from './rows.ts';
import type { Stations } from './stations.ts';
import type { Transit } from './transit.ts';
import type { Waits } from './waits.ts';
import type { World } from './world.ts';

export class Admission {
  private readonly rows: Rows;
  private readonly stations: Stations;
  private readonly machines: Machines;
  private readonly nodes: Nodes;
  private readonly ledger: Ledger;
  private readonly clock: Float64Array;
  private readonly operations: number;

  constructor(
    private readonly world: World,
    private readonly holdings: Holdings,
    private readonly waits: Waits,
    private readonly transit: Transit,
    private readonly answers: Answers,
    private readonly programs: Programs,
  ) {
    this.rows = world.rows;
    this.stations = world.stations;
    this.machines = world.machines;
    this.nodes = world.nodes;
    this.ledger = world.ledger;
    this.clock = world.clock;
    this.operations = world.operations.length;
  }

  /** A message reaches the node it was sent to. */
  arrive(row: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const node = I[at + ICol.Node];
    const state = this.nodes.state[node];
    if (state !== NodeState.Up && state !== NodeState.Draining) {
      if (state === NodeState.Silent) this.transit.vanish(row);
      else if (state === NodeState.Paused) this.transit.onParked(row);
      else this.answers.refuse(row, Status.Refused);
      return;
    }
    const machine = this.nodes.machine[node];
    const machines = this.machines;
    if (machines.connectionsUsed(machine) >= machines.connections[machine]) {
      this.answers.refuse(row, Status.Refused);
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
    if (memory > 0) this.holdings.useMemory(node, machine, memory);
    const station = nodes.intake[node];
    if (station !== Id.None) {
      if (this.stations.acquire(station)) {
        I[at + ICol.Flags] |= Flag.Token;
        this.programs.begin(row, component);
      } else if (this.stations.isFull(station)) this.turnAway(row, component);
      else this.waits.wait(row, station, Kind.GrantIntake);
      return;
    }
    if (nodes.loopCount[node] > 0 && !this.assignLoop(row, node)) {
      this.turnAway(row, component);
      return;
    }
    this.programs.begin(row, component);
  }

  /** Gives a request to the next of the node's event loops. False: too many wait for it. */
  private assignLoop(row: number, node: number): boolean {
    const nodes = this.nodes;
    const I = this.rows.I;
    const at = row * Stride.I + ICol.Flags;
    const process = nodes.nextLoop(node);
    I[at] = (I[at] & ~Flag.ProcessMask) | (process << Flag.ProcessShift);
    const station = nodes.loops[node] + process;
    // Who finds the loop free does not wait, however few may.
    return this.stations.isFree(station) || this.stations.queued(station) < nodes.loopLimit[node];
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
    this.ledger.turnAway(component);
    this.answers.finish(row, Status.Rejected);
  }
}
