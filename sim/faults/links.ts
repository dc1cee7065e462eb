/** Links that take longer or lose messages, in both directions: requests and answers, whoever calls whom. */
import type { Distribution } from '../random/distribution.ts';
import type { World } from '../engine/world.ts';
import { Id } from '../engine/rows.ts';
import { componentIn, placesIn } from './target.ts';
import type { Unit } from './unit.ts';

export function delayUnit(world: World, from: string, to: string, add: Distribution): Unit {
  const { network } = world;
  const distribution = world.sampler.add(add);
  const mean = durationText(world.sampler.mean(distribution));
  const begins = `link ${from} -> ${to} takes ${mean} longer${add.kind === 'constant' ? '' : ' on average'}`;
  return unitOf(world, from, to, begins, {
    begin: (path) => network.addDelay(path, distribution),
    end: (path) => network.removeDelay(path, distribution),
    beginBetween: (pairs) => network.addDelayBetween(pairs, distribution),
  });
}

export function lossUnit(world: World, from: string, to: string, probability: number): Unit {
  const { network } = world;
  return unitOf(world, from, to, `link ${from} -> ${to} loses ${rounded(probability * 100)} %`, {
    begin: (path) => network.addLoss(path, probability),
    end: (path) => network.removeLoss(path, probability),
    beginBetween: (pairs) => network.addLossBetween(pairs, probability),
  });
}

interface Doing {
  begin(path: number): void;
  end(path: number): void;
  beginBetween(pairs: readonly number[]): void;
}

/** Links between components are paths; between places they are what lies between all that stands there. */
function unitOf(world: World, from: string, to: string, begins: string, doing: Doing): Unit {
  const here = placesIn(world, from);
  if (here.length === 0) {
    const paths = pathsBetween(world, from, to);
    return {
      ...linkOf(from, to, componentIn(world, to)),
      begins,
      begin() {
        for (const path of paths) doing.begin(path);
        return true;
      },
      end() {
        for (const path of paths) doing.end(path);
      },
    };
  }
  const { count } = world.places;
  const pairs = here.flatMap((a) => placesIn(world, to).flatMap((b) => [a * count + b, b * count + a]));
  return {
    ...linkOf(from, to, Id.None),
    begins,
    begin() {
      doing.beginBetween(pairs);
      return true;
    },
    end() {
      world.network.mendBetween(pairs);
    },
  };
}

function linkOf(from: string, to: string, component: number): Pick<Unit, 'name' | 'component' | 'node' | 'ends'> {
  return {
    name: `${from} -> ${to}`,
    component,
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
