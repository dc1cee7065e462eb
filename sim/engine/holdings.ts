/**
 * What requests hold of a node while they are inside: a connection, memory, a token of its intake.
 */
import type { Machines } from './machines.ts';
import type { Nodes } from './nodes.ts';
import type { ReadyQueue } from './ready.ts';
import { Stride, Flag, ICol, Id, type Rows } from './rows.ts';
import type { Stations } from './stations.ts';
import type { World } from './world.ts';

/** Does a request hold nothing at the node that could run short: neither memory nor one of so many connections? */
export function holdsNothingScarce({ nodes, machines }: World, node: number): boolean {
  return nodes.perRequest[node] === 0 && machines.connections[nodes.machine[node]] === Infinity;
}

export class Holdings {
  private readonly rows: Rows;
  private readonly ready: ReadyQueue;
  private readonly stations: Stations;
  private readonly machines: Machines;
  private readonly nodes: Nodes;
  /** Set by the kernel: a machine ran out of memory. */
  onOutOfMemory: (node: number) => void = () => {};

  constructor(world: World) {
    this.rows = world.rows;
    this.ready = world.ready;
    this.stations = world.stations;
    this.machines = world.machines;
    this.nodes = world.nodes;
  }

  /** The node takes memory of its machine; when that has no more, the process is killed at the end of the instant. */
  useMemory(node: number, machine: number, bytes: number): void {
    if (!this.machines.useMemory(machine, bytes)) this.onOutOfMemory(node);
  }

  /** Gives a token back and wakes whoever gets it. */
  release(station: number): void {
    const next = this.stations.release(station);
    if (next !== Id.None) this.ready.push(next);
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
}
