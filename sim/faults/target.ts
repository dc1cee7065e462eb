/** Names of components, instances (`app#2`), populations, regions (`eu`) and zones (`eu/a`) → nodes. */
import type { World } from '../engine/world.ts';
import { NodeState } from '../engine/nodes.ts';
import { Id } from '../engine/rows.ts';
import { isWithin } from '../scenario/places.ts';

/** `app` or `app#2`; instances count from 1, null: all of them. */
export function splitTarget(text: string): { name: string; instance: number | null } {
  const at = text.indexOf('#');
  return at < 0 ? { name: text, instance: null } : { name: text.slice(0, at), instance: Number(text.slice(at + 1)) };
}

export interface Target {
  component: number;
  /** The instance, Id.None: all. */
  node: number;
  nodes: number[];
}

/** The nodes a fault names. @throws Error on an unknown name, which the checks of the scenario have ruled out */
export function targetIn(world: World, text: string): Target {
  const places = placesIn(world, text);
  if (places.length > 0) return { component: Id.None, node: Id.None, nodes: standingIn(world, places) };
  const { name, instance } = splitTarget(text);
  const { components } = world;
  const component = componentIn(world, name);
  const first = components.firstNode[component];
  if (instance !== null) return { component, node: first + instance - 1, nodes: [first + instance - 1] };
  return {
    component,
    node: Id.None,
    nodes: Array.from({ length: components.nodeCount[component] }, (_, i) => first + i),
  };
}

/** The places that the name of a region or a zone means; []: it is neither. */
export function placesIn({ places }: World, text: string): number[] {
  const found = places.names.flatMap((name, place) => (place > 0 && isWithin(name, text) ? [place] : []));
  return found;
}

/** Everything that stands there but the users: losing a data center does not lose them. */
function standingIn({ places, nodes, components }: World, inside: readonly number[]): number[] {
  return Array.from({ length: nodes.count }, (_, node) => node).filter(
    (node) => inside.includes(places.ofNode[node]) && components.type[nodes.component[node]] !== 'clients',
  );
}

export function componentIn(world: World, name: string): number {
  const component = world.components.name.indexOf(name);
  if (component < 0) throw new Error(`no component '${name}': the checks before compiling should have found this`);
  return component;
}

/** Is there an instance, dead or alive, that a fault could strike? */
export function isInUse(state: NodeState): boolean {
  return state !== NodeState.Off && state !== NodeState.Booting;
}

/** Nodes that share a machine, grouped by machine, in the order given. */
export function byMachine(world: World, nodes: readonly number[]): { machine: number; nodes: number[] }[] {
  const groups: { machine: number; nodes: number[] }[] = [];
  for (const node of nodes) {
    const machine = world.nodes.machine[node];
    const group = groups.find((g) => g.machine === machine);
    if (group === undefined) groups.push({ machine, nodes: [node] });
    else group.nodes.push(node);
  }
  return groups;
}

/** `app#1, app#2 and db` */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
