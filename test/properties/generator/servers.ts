/** Servers: runtimes, queues, memory, sessions, pools, autoscaling. */
import { type Draw, type Fields, ms, type Value } from './draw.ts';
import { after, type Part, type Plan } from './plan.ts';
import { operation } from './steps.ts';
import { distribution, queue } from './values.ts';

/** Every name a step of these operations calls. */
function called(steps: Value, found = new Set<string>()): Set<string> {
  if (Array.isArray(steps)) for (const each of steps) called(each, found);
  else if (typeof steps === 'object') {
    for (const [name, value] of Object.entries(steps)) {
      if (['call', 'read', 'write', 'get', 'set', 'delete'].includes(name)) found.add(value as string);
      else called(value, found);
    }
  }
  return found;
}

function sessions(draw: Draw, plan: Plan, part: Part): Fields {
  const caches = after(plan, part).filter(({ kind }) => kind === 'cache');
  const store = caches.length > 0 && draw.chance(0.5) ? draw.pick(caches).name : 'memory';
  return {
    sessions: {
      store,
      ...draw.maybe(0.7, () => ({ size: draw.pick(['1KiB', '64KiB']) })),
      ...draw.maybe(0.6, () => ({ login: { cpu: distribution(draw, 2) } })),
    },
  };
}

/** Sometimes more than the machine has: the process is then killed for it. */
function memory(draw: Draw): Fields {
  return {
    memory: {
      ...draw.maybe(0.7, () => ({ base: '20MiB' })),
      ...draw.maybe(0.5, () => ({ 'per-connection': '64KiB' })),
      ...draw.maybe(0.7, () => ({ 'per-request': draw.pick(['100KiB', '4MiB', '20MiB']) })),
    },
  };
}

function autoscale(draw: Draw, instances: number): Fields {
  const limits = (): Fields => ({
    ...draw.maybe(0.5, () => ({ pods: draw.int(1, 3) })),
    ...draw.maybe(0.5, () => ({ percent: draw.pick(['50%', '100%', '200%']) })),
    period: ms(draw.pick([200, 500])),
  });
  return {
    autoscale: {
      min: draw.int(1, instances),
      max: instances + draw.int(0, 3),
      ...draw.pick<Fields>([{ cpu: '60%' }, { cpu: '20%' }, { connections: 3 }, { queue: 2 }, { queue: 0.5 }]),
      every: ms(draw.pick([100, 300])),
      'metric-delay': ms(draw.pick([0, 100, 400])),
      boot: ms(draw.pick([0, 100, 500])),
      ...draw.maybe(0.5, () => ({ tolerance: draw.pick(['0%', '30%']) })),
      stabilization: ms(draw.pick([0, 200, 1000])),
      ...draw.maybe(0.5, () => ({ cooldown: ms(draw.pick([0, 300])) })),
      ...draw.maybe(0.7, () => ({ drain: ms(draw.pick([0, 20, 500])) })),
      ...draw.maybe(0.3, () => ({ 'scale-up': limits() })),
      ...draw.maybe(0.3, () => ({ 'scale-down': limits() })),
    },
  };
}

/** `rate`: requests per second that it may expect. `load`: the part of its cores they should take. */
export function server(draw: Draw, plan: Plan, part: Part, rate: number, load: number): Fields {
  const isBalanced = plan.parts[plan.parts.indexOf(part) - 1]?.kind === 'balancer';
  part.instances = draw.pick(isBalanced ? [1, 2, 2, 3, 4] : [1, 1, 2, 3]);
  const cores = draw.pick([1, 1, 2, 4]);
  const cpu = Math.min(60, (1000 * load * cores * part.instances) / rate);
  const operations = Object.fromEntries(plan.operations.map((name) => [name, operation(draw, plan, part, cpu)]));
  const targets = [...called(operations as Value)].sort();
  return {
    type: 'server',
    ...(part.instances > 1 && { instances: part.instances }),
    ...(part.on === null && {
      machine: {
        cores,
        memory: draw.pick(['64MiB', '256MiB', '4GiB']),
        ...draw.maybe(0.2, () => ({ connections: draw.pick<Value>([3, 20, 'none']) })),
        ...draw.maybe(0.3, () => ({ speed: draw.pick([0.5, 1, 2]) })),
        ...draw.maybe(0.3, () => ({ price: '70/month' })),
      },
    }),
    ...draw.maybe(0.9, () => ({
      runtime: { [draw.pick(['threads', 'event-loop', 'workers'])]: draw.pick([1, 4, 16, 64]) },
    })),
    ...draw.maybe(0.8, () => ({ queue: queue(draw) })),
    ...draw.maybe(0.3, () => memory(draw)),
    ...draw.maybe(0.4, () => ({ restart: ms(draw.pick([1, 100, 500])) })),
    ...draw.maybe(0.25, () => sessions(draw, plan, part)),
    ...(targets.length > 0 &&
      draw.maybe(0.4, () => ({
        pools: Object.fromEntries(
          draw
            .some(targets, draw.int(1, targets.length))
            .map((name) => [
              name,
              { size: draw.int(1, 5), ...draw.maybe(0.6, () => ({ queue: draw.pick<Value>([0, 3, 'none']) })) },
            ]),
        ),
      }))),
    operations: operations as Fields,
    ...draw.maybe(0.3, () => ({ priorities: { [draw.pick(plan.operations)]: draw.int(0, 9) } })),
    ...draw.maybe(0.2, () => autoscale(draw, part.instances)),
  };
}
