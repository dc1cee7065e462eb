/** Slowdowns: cores work at a fraction of their speed, disks and other held resources take longer. Several multiply. */
import type { World } from '../engine/world.ts';
import { byMachine, isInUse, listed, targetIn } from './target.ts';
import type { Unit } from './unit.ts';

/** The factors in force, so that speeds come back exactly whatever the order in which slowdowns end. */
export class Slowdowns {
  private readonly speeds: Float64Array;
  private readonly ofMachine = new Map<number, number[]>();
  private readonly ofNode = new Map<number, number[]>();

  constructor(private readonly world: World) {
    const { machines } = world;
    this.speeds = Float64Array.from({ length: machines.count }, (_, m) => machines.speed(m));
  }

  begin(machine: number, nodes: readonly number[], factor: number): void {
    listAt(this.ofMachine, machine).push(factor);
    for (const node of nodes) listAt(this.ofNode, node).push(factor);
    this.apply(machine, nodes);
  }

  end(machine: number, nodes: readonly number[], factor: number): void {
    takeOut(listAt(this.ofMachine, machine), factor);
    for (const node of nodes) takeOut(listAt(this.ofNode, node), factor);
    this.apply(machine, nodes);
  }

  private apply(machine: number, nodes: readonly number[]): void {
    const { machines, nodes: table } = this.world;
    machines.setSpeed(machine, this.speeds[machine] / product(listAt(this.ofMachine, machine)));
    for (const node of nodes) table.slowDown(node, product(listAt(this.ofNode, node)));
  }
}

/** A unit for each machine under the target: what else stands there has slower cores too. */
export function slowUnits(world: World, slowdowns: Slowdowns, target: string, factor: number): Unit[] {
  const { component, nodes } = targetIn(world, target);
  return byMachine(world, nodes).map((group): Unit => {
    const names = group.nodes.map((node) => world.nodes.nameOf(node));
    let isOn = false;
    return {
      name: names[0],
      component,
      node: group.nodes[0],
      begins: slowText(names, factor),
      ends: mendedText(names),
      begin() {
        isOn = group.nodes.some((node) => isInUse(world.nodes.state[node]));
        if (isOn) slowdowns.begin(group.machine, group.nodes, factor);
        return isOn;
      },
      end() {
        if (isOn) slowdowns.end(group.machine, group.nodes, factor);
        isOn = false;
      },
    };
  });
}

export function slowText(names: readonly string[], factor: number): string {
  return `${listed(names)} ${names.length === 1 ? 'takes' : 'take'} ${factor} times as long`;
}

export function mendedText(names: readonly string[]): string {
  return `${listed(names)} ${names.length === 1 ? 'is' : 'are'} as fast as before`;
}

function listAt(map: Map<number, number[]>, key: number): number[] {
  let list = map.get(key);
  if (list === undefined) map.set(key, (list = []));
  return list;
}

function product(factors: readonly number[]): number {
  return factors.reduce((a, b) => a * b, 1);
}

function takeOut(list: number[], value: number): void {
  list.splice(list.indexOf(value), 1);
}
