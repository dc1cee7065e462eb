/** Populations: closed and open, in every form. */
import { type Draw, type Fields, ms, type Value } from './draw.ts';
import type { Plan } from './plan.ts';
import { distribution, retry, timeout } from './values.ts';

function closed(draw: Draw, rate: number): Fields {
  const think = draw.scale(5, 500);
  // A population of n users who think z seconds asks at most n ÷ z times a second.
  const users = Math.min(400, draw.int(1, 20) + Math.round((rate * think) / 1000));
  return { users, think: distribution(draw, think) };
}

function open(draw: Draw, plan: Plan, rate: number): Fields {
  const batch = draw.chance(0.2) ? draw.int(2, 8) : 1;
  const each = Math.max(1, Math.round(rate / batch));
  const process = draw.weighted<Fields>([
    [3, () => ({ poisson: `${each}/s` })],
    [2, () => ({ constant: `${each}/s` })],
    [2, () => ({ interarrival: distribution(draw, 1000 / each) })],
  ]);
  const at = (share: number): string => ms(plan.duration * 1000 * share);
  return {
    arrivals: {
      ...process,
      ...(batch > 1 && { batch }),
      ...draw.maybe(0.2, () => ({
        curve: [
          { at: at(0), times: draw.pick([0, 0.5, 1]) },
          { at: at(0.5), times: draw.pick([1, 2]) },
          { at: at(0.9), times: draw.pick([0, 1]) },
        ],
      })),
      ...draw.maybe(0.25, () => ({
        spikes: {
          sale: { at: at(draw.unit() / 2), for: at(0.2), times: draw.pick([0, 3, 6]) },
          ...draw.maybe(0.3, () => ({ second: { at: at(0.4), for: at(0.3), times: 2 } })),
        },
      })),
    },
  };
}

function does(draw: Draw, operations: readonly string[]): Value {
  if (operations.length === 1 || draw.chance(0.2)) return draw.pick(operations);
  const shares = draw.shares(operations.length);
  return Object.fromEntries(operations.map((name, i) => [name, shares[i]]));
}

/** One population that enters at `entry` and brings about `rate` requests a second. */
function population(draw: Draw, plan: Plan, entry: string, rate: number): Fields {
  return {
    ...(draw.chance(0.5) ? closed(draw, rate) : open(draw, plan, rate)),
    does: does(draw, plan.operations),
    ...draw.maybe(0.8, () => ({
      keys: draw.weighted<Fields>([
        [3, () => ({ zipf: draw.pick([0, 0.8, 0.99, 1, 1.2]), of: Math.round(draw.scale(1, 2000)) })],
        [1, () => ({ uniform: Math.round(draw.scale(1, 500)) })],
      ]),
    })),
    ...timeout(draw),
    ...draw.maybe(0.5, () => ({ retry: retry(draw) })),
    ...draw.maybe(0.4, () => ({ priority: draw.int(0, 9) })),
    ...draw.maybe(0.4, () => ({ cancel: true })),
    entry,
  };
}

/** All populations; the first enters at the front door, a second one anywhere that answers operations. */
export function clients(draw: Draw, plan: Plan): { [name: string]: Fields } {
  const doors = plan.parts.filter(({ kind }) => kind === 'cdn' || kind === 'server' || kind === 'balancer');
  const all: { [name: string]: Fields } = { players: population(draw, plan, doors[0].name, plan.rate) };
  if (draw.chance(0.25)) all.bots = population(draw, plan, draw.pick(doors).name, Math.max(5, plan.rate / 4));
  return all;
}
