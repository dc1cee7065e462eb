/**
 * The addresses behind a name: one for each instance of the targets, or one for a target that finds the instance by
 * itself (a CDN with its one anycast address, a database whose primary moves).
 */
import { Route, type World } from '../../../engine/world.ts';

export interface AddressList {
  /** Node of each address; of a target that finds the instance by itself, its first. */
  nodes: Int32Array;
  /** Its target, as an index into the list of targets, and the name of that. */
  target: Int32Array;
  owners: string[];
  /** What hashes go by: `app#3`. */
  names: string[];
  weights: Float64Array;
}

/** All addresses, those of instances that are not in use yet included. */
export function addressesOf(world: World, targets: readonly { name: string; weight: number }[]): AddressList {
  const { components } = world;
  const nodes: number[] = [];
  const target: number[] = [];
  const owners: string[] = [];
  const names: string[] = [];
  const weights: number[] = [];
  targets.forEach(({ name, weight }, t) => {
    const c = components.name.indexOf(name);
    const count = isWhole(world, c) ? 1 : components.nodeCount[c];
    for (let i = 0; i < count; i++) {
      nodes.push(components.firstNode[c] + i);
      target.push(t);
      owners.push(name);
      names.push(`${name}#${i + 1}`);
      weights.push(weight);
    }
  });
  return {
    nodes: Int32Array.from(nodes),
    target: Int32Array.from(target),
    owners,
    names,
    weights: Float64Array.from(weights),
  };
}

/** Is there one address for all instances of the component? */
export const isWhole = ({ components }: World, component: number): boolean =>
  components.route[component] === Route.Actor;
