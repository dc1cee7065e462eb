/** Links that take longer or lose messages, in both directions: requests and answers, whoever calls whom. */
import type { Distribution } from '../random/distribution.ts';
import type { World } from '../engine/world.ts';
import { Id } from '../engine/rows.ts';
import { componentIn } from './target.ts';
import type { Unit } from './unit.ts';

export function delayUnit(world: World, from: string, to: string, add: Distribution): Unit {
  const paths = pathsBetween(world, from, to);
  const distribution = world.sampler.add(add);
  const { network } = world;
  const mean = durationText(world.sampler.mean(distribution));
  return {
    ...linkOf(world, from, to),
    begins: `link ${from} -> ${to} takes ${mean} longer${add.kind === 'constant' ? '' : ' on average'}`,
    begin() {
      for (const path of paths) network.addDelay(path, distribution);
      return true;
    },
    end() {
      for (const path of paths) network.removeDelay(path, distribution);
    },
  };
}

export function lossUnit(world: World, from: string, to: string, probability: number): Unit {
  const paths = pathsBetween(world, from, to);
  const { network } = world;
  return {
    ...linkOf(world, from, to),
    begins: `link ${from} -> ${to} loses ${rounded(probability * 100)} %`,
    begin() {
      for (const path of paths) network.addLoss(path, probability);
      return true;
    },
    end() {
      for (const path of paths) network.removeLoss(path, probability);
    },
  };
}

function linkOf(world: World, from: string, to: string): Pick<Unit, 'name' | 'component' | 'node' | 'ends'> {
  return {
    name: `${from} -> ${to}`,
    component: componentIn(world, to),
    node: Id.None,
    ends: `link ${from} -> ${to} is as before`,
  };
}

function pathsBetween(world: World, from: string, to: string): number[] {
  const a = componentIn(world, from);
  const b = componentIn(world, to);
  const paths: number[] = [];
  world.network.specs.forEach((spec, path) => {
    if ((spec.from === a && spec.to === b) || (spec.from === b && spec.to === a)) paths.push(path);
  });
  return paths;
}

function durationText(ns: number): string {
  if (ns >= 1e9) return `${rounded(ns / 1e9)} s`;
  return ns >= 1e6 ? `${rounded(ns / 1e6)} ms` : `${rounded(ns / 1e3)} us`;
}

function rounded(value: number): string {
  return String(Number(value.toFixed(3)));
}
