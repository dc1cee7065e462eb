/**
 * What is decided about an architecture before its parts are written: which components there are, of which type, and
 * who may use whom. Calls only go from an earlier component to a later one, so they never come back.
 */
import { type Draw } from './draw.ts';

export type Kind = 'cdn' | 'server' | 'balancer' | 'database' | 'cache';

export interface Part {
  name: string;
  kind: Kind;
  /** What the schema calls instances: processes, or nodes of a store. Filled in when the part is written. */
  instances: number;
  /** Whose machine it stands on. */
  on: string | null;
}

export interface Plan {
  /** Operations that every server offers. */
  operations: string[];
  /** In the order of calls: an earlier one may use a later one. */
  parts: Part[];
  /** Requests per second that the clients bring when nothing is wrong. */
  rate: number;
  /** Demand on the first tier ÷ its capacity. */
  load: number;
  /** Seconds. */
  duration: number;
}

const NAMES = ['app', 'web', 'users', 'orders', 'zeta', 'm', 'beta', 'core', 'edge', 'stock', 'pay', 'auth'];

export function plan(draw: Draw): Plan {
  const names = draw.shuffled(NAMES);
  const parts: Part[] = [];
  const add = (kind: Kind): void => void parts.push({ name: names.pop()!, kind, instances: 1, on: null });
  const services = draw.weighted([
    [5, () => 1],
    [3, () => 2],
    [1, () => 3],
  ]);
  if (draw.chance(0.25)) add('cdn');
  for (let i = 0; i < services; i++) {
    // A balancer stands before the servers it passes to; two in a row happen too.
    if (draw.chance(i === 0 ? 0.6 : 0.3)) add('balancer');
    if (draw.chance(0.1)) add('balancer');
    add('server');
  }
  const databases = draw.weighted([
    [3, () => 0],
    [6, () => 1],
    [1, () => 2],
  ]);
  // Balancers serve stores as well: a proxy before a database or a cache.
  for (let i = 0; i < databases; i++) add('database');
  const caches = draw.weighted([
    [4, () => 0],
    [6, () => 1],
    [1, () => 2],
  ]);
  for (let i = 0; i < caches; i++) add('cache');
  const rate = Math.round(draw.scale(50, 1200));
  const load = draw.chance(0.55) ? draw.scale(1.8, 5) : draw.scale(0.1, 0.8);
  return {
    operations: draw.some(['browse', 'pay', 'x'], draw.int(1, 3)),
    parts,
    rate,
    load,
    duration: draw.pick([2, 3, 4]),
  };
}

/** Those later than `part`. */
export function after({ parts }: Plan, part: Part): Part[] {
  return parts.slice(parts.indexOf(part) + 1);
}
