/**
 * Crashes of instances. `kill`: the process is gone and its machine says so; `power`: the machine is silent, with all
 * that stands on it; `pause`: nothing runs, memory is kept, clocks run on.
 */
import type { Kernel } from '../engine/kernel.ts';
import type { CrashKind } from '../engine/outages.ts';
import { byMachine, isInUse, listed, targetIn } from './target.ts';
import type { Unit } from './unit.ts';

/**
 * @param lasts whether the fault also ends: it then keeps its nodes down so long, and starts them again; else for good
 * @param fault index of the fault, for the history
 */
export function crashUnits(kernel: Kernel, target: string, how: CrashKind, lasts: boolean, fault: number): Unit[] {
  const { world } = kernel;
  const { component, nodes } = targetIn(world, target);
  const groups =
    how === 'power'
      ? byMachine(world, nodes)
      : nodes.map((node) => ({ nodes: [node], machine: world.nodes.machine[node] }));
  return groups.map((group): Unit => {
    const names = group.nodes.map((node) => world.nodes.nameOf(node));
    const struck = how === 'power' ? standingOn(kernel, group.machine) : group.nodes;
    const others = struck.filter((node) => !group.nodes.includes(node)).map((node) => world.nodes.nameOf(node));
    let held: number[] = [];
    return {
      name: names[0],
      component,
      node: group.nodes[0],
      begins: crashText(names, how) + (others.length === 0 ? '' : `, and with it ${listed(others)}`),
      ends: mendText(names, how),
      begin() {
        const present = struck.filter((node) => isInUse(world.nodes.state[node]));
        if (lasts) for (const node of present) kernel.outages.hold(node);
        held = lasts ? present : [];
        for (const node of present) {
          if (lasts) kernel.outages.crash(node, how, fault);
          else kernel.outages.crashForGood(node, how, fault);
        }
        return present.length > 0;
      },
      end() {
        for (const node of held) kernel.outages.release(node, fault);
        held = [];
      },
    };
  });
}

function standingOn({ world }: Kernel, machine: number): number[] {
  const nodes: number[] = [];
  for (let node = 0; node < world.nodes.count; node++) if (world.nodes.machine[node] === machine) nodes.push(node);
  return nodes;
}

export function crashText(names: readonly string[], how: CrashKind): string {
  const one = names.length === 1;
  const verb = {
    kill: one ? 'is killed' : 'are killed',
    power: one ? 'loses power' : 'lose power',
    pause: one ? 'stops running' : 'stop running',
  };
  return `${listed(names)} ${verb[how]}`;
}

export function mendText(names: readonly string[], how: CrashKind): string {
  const one = names.length === 1;
  const verb = {
    kill: one ? 'is started again' : 'are started again',
    power: one ? 'has power again' : 'have power again',
    pause: one ? 'goes on' : 'go on',
  };
  return `${listed(names)} ${verb[how]}`;
}
