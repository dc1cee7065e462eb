/**
 * A deployment: the instances of a gateway are replaced one after another. Each is taken out of the registry, closes its
 * connections, goes, and comes back as the new version.
 */
import type { Actor } from '../../engine/actor-instance.ts';
import { NodeState } from '../../engine/nodes.ts';
import { Id } from '../../engine/rows.ts';
import { GatewayCode } from '../../workload/live/codes.ts';

/** How often it is looked whether an instance that was down at its turn is back. */
const LOOK_NS = 1_000_000_000;

const enum Part {
  Drain = 0,
  Off = 1,
  /** It was down at its turn. */
  Late = 2,
}

export class Rollout {
  constructor(
    private readonly actor: Actor,
    private readonly settings: { atNs: number; everyNs: number; bootNs: number },
    private readonly drainNs: number,
  ) {}

  start(): void {
    const { windowStartNs } = this.actor.world;
    this.actor.kernel.outages.expectDeaths();
    for (let i = 0; i < this.actor.nodeCount; i++)
      this.after(GatewayCode.Rollout, windowStartNs + this.settings.atNs + i * this.settings.everyNs, i, Part.Drain);
  }

  onTimer(code: number, instance: number, part: number): void {
    const { kernel, world, firstNode } = this.actor;
    const node = firstNode + instance;
    if (code === GatewayCode.Boot) {
      kernel.outages.restart(node);
      this.register();
      world.history.add('ready', this.actor.component, node, `${world.nodes.nameOf(node)} runs the new version`);
    } else if (part === Part.Off) this.replace(node, instance);
    else this.drain(node, instance, part === Part.Late);
  }

  /** What is down at its turn is drained when it is back, and no other is being replaced: the old version must not stay. */
  private drain(node: number, instance: number, isLate: boolean): void {
    const { world } = this.actor;
    if (world.nodes.state[node] !== NodeState.Up || (isLate && this.isReplacing())) {
      this.after(GatewayCode.Rollout, LOOK_NS, instance, Part.Late);
      return;
    }
    world.nodes.setState(node, NodeState.Draining);
    this.register();
    this.after(GatewayCode.Rollout, this.drainNs, instance, Part.Off);
  }

  private isReplacing(): boolean {
    const { world, firstNode, nodeCount } = this.actor;
    const states = world.nodes.state.subarray(firstNode, firstNode + nodeCount);
    return states.some((state) => state === NodeState.Draining || state === NodeState.Booting);
  }

  private replace(node: number, instance: number): void {
    const { kernel, world } = this.actor;
    const left = world.nodes.inside(node);
    kernel.outages.turnOff(node);
    kernel.outages.boot(node);
    const rest = left === 0 ? '' : `; ${left} connections and requests are reset`;
    world.history.add('drained', this.actor.component, node, `${world.nodes.nameOf(node)} is gone${rest}`, left);
    kernel.directoryChanged(this.actor.component);
    this.after(GatewayCode.Boot, this.settings.bootNs, instance, 0);
  }

  /** Writes who serves into the registry; an instance that crashed stays in it. */
  private register(): void {
    const { kernel, world, component, firstNode, nodeCount } = this.actor;
    const serving: number[] = [];
    for (let node = firstNode; node < firstNode + nodeCount; node++) {
      const state = world.nodes.state[node];
      if (state !== NodeState.Draining && state !== NodeState.Booting && state !== NodeState.Off) serving.push(node);
    }
    world.components.directory[component] = Int32Array.from(serving);
    kernel.directoryChanged(component);
  }

  private after(code: GatewayCode, delayNs: number, instance: number, part: number): void {
    this.actor.kernel.timer(this.actor.component, Id.None, code, delayNs, instance, part);
  }
}
