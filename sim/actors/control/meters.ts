/** What a monitoring system reads of each instance, at regular times: the autoscaler decides on nothing else. */
import type { Actor } from '../../engine/actor-instance.ts';
import { NodeState, type Nodes } from '../../engine/nodes.ts';
import { Id } from '../../engine/rows.ts';

export type MetricKind = 'cpu' | 'connections' | 'queue';

export interface Sample {
  atNs: number;
  /** By slot, in thousandths (of a core, a connection, a request); NaN: the instance gave none. */
  usage: Float64Array;
}

export class Meters {
  /** Core time used by each slot's machine up to the sample before, ns. */
  private readonly busy: Float64Array;

  constructor(
    private readonly actor: Actor,
    private readonly kind: MetricKind,
    private readonly everyNs: number,
  ) {
    this.busy = new Float64Array(actor.nodeCount);
  }

  /** Reads all instances: cores over the period since the last reading, the others as they are now. */
  read(): Sample {
    const { nodes, clock } = this.actor.world;
    const usage = new Float64Array(this.actor.nodeCount);
    for (let slot = 0; slot < usage.length; slot++) {
      const node = this.actor.firstNode + slot;
      const value = this.value(slot, node);
      usage[slot] = answers(nodes, node) ? Math.round(value * 1000) : NaN;
    }
    return { atNs: clock[0], usage };
  }

  private value(slot: number, node: number): number {
    const { machines, nodes, stations } = this.actor.world;
    switch (this.kind) {
      case 'cpu': {
        const total = machines.busyTotal(nodes.machine[node]);
        const used = total - this.busy[slot];
        this.busy[slot] = total;
        return used / this.everyNs;
      }
      case 'connections':
        return nodes.inside(node);
      case 'queue': {
        let queued = nodes.intake[node] === Id.None ? 0 : stations.queued(nodes.intake[node]);
        for (let i = 0; i < nodes.loopCount[node]; i++) queued += stations.queued(nodes.loops[node] + i);
        return queued;
      }
    }
  }
}

/** Is there a process to measure? One that is paused still has its counters read by its machine. */
function answers(nodes: Nodes, node: number): boolean {
  const state = nodes.state[node];
  return state === NodeState.Up || state === NodeState.Draining || state === NodeState.Paused;
}
