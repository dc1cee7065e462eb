/** Machines, the nodes that run on them, and where these stand: on a machine of their own or on another component's. */
import type { ComponentDraft, ComponentDrafts } from './components.ts';
import type { PlaceDrafts } from './places.ts';
import { NodeState, type NodeSpec } from '../engine/nodes.ts';
import { Id } from '../engine/rows.ts';
import type { ComponentSettings, MachineSettings } from '../scenario/settings.ts';

export interface MachineDraft extends MachineSettings {
  /** Most jobs that can be runnable at once: beyond the cores they share. */
  tokens: number;
  /** A fault slows or pauses it, so work in progress must be re-timed. */
  retimed: boolean;
  /** Component whose machine it is. */
  component: number;
}

export class NodeDrafts {
  readonly all: NodeSpec[] = [];
  readonly machines: MachineDraft[] = [];

  constructor(
    private readonly components: ComponentDrafts,
    private readonly places: PlaceDrafts,
  ) {}

  /** A machine for the i-th instance of a component: its own, or the one of the component it stands on. */
  machine(settings: ComponentSettings, instance: number, tokens: number): number {
    if (settings.on !== null) {
      const id = this.all[this.hostNode(settings.on, instance)].machine;
      this.machines[id].tokens += tokens;
      return id;
    }
    const component = this.components.named(settings.name).id;
    return this.machines.push({ ...settings.machine, tokens, retimed: false, component }) - 1;
  }

  /** @param place where it stands, if not where it is its turn in what the component's `in` says */
  add(component: ComponentDraft, spec: Partial<NodeSpec> & { machine: number }, place?: number): number {
    const id =
      this.all.push({
        component: component.id,
        intake: Id.None,
        loops: Id.None,
        loopCount: 0,
        loopLimit: Infinity,
        perRequestBytes: 0,
        baseBytes: 0,
        stations: [],
        state: NodeState.Up,
        ...spec,
      }) - 1;
    if (component.nodes === 0) component.firstNode = id;
    this.places.ofNode.push(place ?? this.placeInTurn(component));
    component.nodes++;
    if (this.all[id].state === NodeState.Up) component.directory.push(id);
    return id;
  }

  /** Where the next instance of a component stands: by its own settings, or with the machine it stands on. */
  private placeInTurn({ settings, nodes }: ComponentDraft): number {
    if (settings === null) return 0;
    if (settings.in !== undefined) return this.places.inTurn(settings.in, nodes);
    return settings.on === null ? 0 : this.places.ofNode[this.hostNode(settings.on, nodes)];
  }

  /** The node of component `on` that the i-th instance of another one stands beside. */
  private hostNode(on: string, instance: number): number {
    const host = this.components.named(on);
    return host.firstNode + (instance % Math.max(1, host.nodes));
  }

  /** The different places that the instances of a component stand in. Known when all components are made. */
  placesOf({ firstNode, nodes }: ComponentDraft): number[] {
    return [...new Set(this.places.ofNode.slice(firstNode, firstNode + nodes))];
  }

  /** Do two components stand on one machine? */
  together(a: number, b: number): boolean {
    return a !== b && this.ground(a) === this.ground(b);
  }

  /** Name of the component whose machine a component stands on in the end. */
  private ground(component: number): string {
    let { name, settings } = this.components.all[component];
    while (settings !== null && settings.on !== null) ({ name, settings } = this.components.named(settings.on));
    return name;
  }
}
