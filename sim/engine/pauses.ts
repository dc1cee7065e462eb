/**
 * Pauses: a process that stops and keeps everything. What comes to it waits, and goes on when it does.
 */
import { NodeState } from './nodes.ts';
import { FCol, ICol, Id, Kind, Stride } from './rows.ts';
import { Cell } from './slots.ts';
import type { Ways } from './ways.ts';
import type { World } from './world.ts';

export class Pauses {
  /** Nodes that are paused now. */
  get count(): number {
    return this.world.memory.cells[Cell.Paused];
  }

  private set count(count: number) {
    this.world.memory.cells[Cell.Paused] = count;
  }

  /** Paused nodes: what waits for them, and the state they go back to. */
  private readonly parked = new Map<number, { rows: number[]; state: NodeState }>();

  constructor(
    private readonly world: World,
    private readonly ways: Ways,
  ) {}

  /** The process stops where it is. Returns false when it had stopped before. */
  pause(node: number, fault: number): boolean {
    const { nodes, machines, history, clock } = this.world;
    if (nodes.state[node] === NodeState.Paused) return false;
    const list: number[] = [];
    this.parked.set(node, { rows: list, state: nodes.state[node] });
    nodes.setState(node, NodeState.Paused);
    nodes.pausedAt[node] = clock[0];
    this.count++;
    const machine = nodes.machine[node];
    if (machines.isShared[machine] === 1) {
      const F = this.world.rows.F;
      machines.evict(machine, node, (row) => {
        F[row * Stride.F + FCol.Work] = machines.remaining(machine, row);
        list.push(row);
      });
    }
    if (fault === Id.None)
      history.add('crash', nodes.component[node], node, `${nodes.nameOf(node)} stops running, memory kept`);
    this.world.components.actor[nodes.component[node]]?.onCrash(node, 'pause');
    return true;
  }

  /** Keeps a row until its node goes on. */
  park(row: number): void {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    const kind = I[at + ICol.Kind];
    const node =
      kind === Kind.Reply
        ? I[I[at + ICol.Parent] * Stride.I + ICol.Node]
        : kind === Kind.ReplyVia
          ? this.ways.routerOf(I[at + ICol.Via])
          : I[at + ICol.Node];
    this.parked.get(node)!.rows.push(row);
  }

  /** Is the row due at a paused node? Then it is parked. Arrivals, replies and timeouts look for themselves. */
  holdsBack(row: number, kind: number): boolean {
    if (
      kind === Kind.Arrive ||
      kind === Kind.Reply ||
      kind === Kind.ReplyVia ||
      kind === Kind.Machine ||
      kind === Kind.Lane ||
      kind === Kind.Dead
    )
      return false;
    if (kind === Kind.Timer && this.world.rows.I[row * Stride.I + ICol.Via] === Id.None) return false;
    const node = this.world.rows.I[row * Stride.I + ICol.Node];
    if (this.world.nodes.state[node] !== NodeState.Paused) return false;
    this.parked.get(node)!.rows.push(row);
    return true;
  }

  /** The process goes on. */
  resume(node: number): void {
    const { nodes, rows, machines, clock, events, ready } = this.world;
    const waiting = this.parked.get(node)!;
    this.parked.delete(node);
    this.count--;
    nodes.setState(node, waiting.state);
    const machine = nodes.machine[node];
    for (const row of waiting.rows) {
      const kind = rows.I[row * Stride.I + ICol.Kind];
      if (kind !== Kind.CpuDone) ready.push(row);
      else if (machines.isShared[machine] === 1) {
        rows.reserve(64);
        machines.run(machine, row);
      } else {
        const at = row * Stride.F + FCol.Time;
        rows.F[at] += clock[0] - nodes.pausedAt[node];
        events.push(row);
      }
    }
  }
}
