/** One instance, slice by slice: what state it is in, how busy it is, who waits there. */
import type { Actor } from '../engine/actor-instance.ts';
import { NodeState } from '../engine/nodes.ts';
import type { World } from '../engine/world.ts';
import type { InstanceRecording, InstanceState } from './format.ts';
import { Series, type Folding } from './slices.ts';
import type { Usage } from './usage.ts';

const STATES: Record<NodeState, InstanceState> = {
  [NodeState.Up]: 'up',
  [NodeState.Killed]: 'killed',
  [NodeState.Silent]: 'silent',
  [NodeState.Paused]: 'paused',
  [NodeState.Booting]: 'booting',
  [NodeState.Off]: 'off',
  [NodeState.Draining]: 'draining',
};

export class InstanceWatch {
  private readonly states: { slice: number; state: NodeState; role: string }[] = [];
  private readonly utilization = new Series('mean');
  private readonly queueArea = new Series('sum');
  private readonly inside = new Series('last');

  constructor(
    private readonly node: number,
    private readonly actor: Actor | null,
    private readonly world: World,
    private readonly usage: Usage,
  ) {}

  look(): void {
    const { node, states, usage } = this;
    const state: NodeState = this.world.nodes.state[node];
    const role = this.actor?.role(node) ?? '';
    const last = states[states.length - 1];
    if (last === undefined || last.state !== state || last.role !== role)
      states.push({ slice: this.inside.values.length, state, role });
    this.utilization.push(usage.utilizationOf(node));
    this.queueArea.push(usage.queueAreaOf(node));
    this.inside.push(this.world.nodes.inside(node));
  }

  record(folding: Folding): InstanceRecording {
    const { node, world } = this;
    const states: InstanceRecording['states'] = [];
    for (const { slice, state, role } of this.states) {
      const next = { fromSlice: folding.groupOf(slice), state: STATES[state], role };
      // Of several changes in one slice the last one stays.
      if (states.length > 0 && states[states.length - 1].fromSlice === next.fromSlice) states.pop();
      states.push(next);
    }
    return {
      name: world.nodes.nameOf(node),
      place: world.places.names[world.places.ofNode[node]],
      states,
      utilization: folding.levels(this.utilization),
      queueMean: folding.means(this.queueArea),
      inside: folding.counts(this.inside),
    };
  }
}
