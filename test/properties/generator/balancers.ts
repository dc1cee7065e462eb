/** Balancers: every policy, sticky users, health checks of both kinds, retries, slow start. */
import { type Draw, type Fields, ms, type Value } from './draw.ts';
import { after, type Part, type Plan } from './plan.ts';
import { distribution } from './values.ts';

const WORDS = ['round-robin', 'weighted', 'random', 'least-connections', 'two-random', 'key-hash', 'consistent-hash'];

function policy(draw: Draw): Value {
  return draw.weighted<Value>([
    [7, () => draw.pick(WORDS)],
    [
      1.5,
      () => ({
        'consistent-hash': {
          ...draw.maybe(0.5, () => ({ 'virtual-nodes': draw.int(1, 50) })),
          ...draw.maybe(0.7, () => ({ bound: draw.pick([1.1, 1.25, 2]) })),
        },
      }),
    ],
    [1, () => ({ 'random-of': draw.int(1, 4) })],
  ]);
}

function health(draw: Draw): Fields {
  const active = (): Fields => ({
    active: {
      interval: ms(draw.pick([50, 200])),
      timeout: ms(draw.pick([10, 50, 300])),
      unhealthy: draw.int(1, 3),
      healthy: draw.int(1, 2),
    },
  });
  const passive = (): Fields => ({
    passive: { failures: draw.int(1, 3), within: ms(draw.pick([100, 1000])), eject: ms(draw.pick([50, 500])) },
  });
  return { health: { ...draw.maybe(0.7, active), ...draw.maybe(0.6, passive) } };
}

/** Targets: one component, or several with weights; servers, or another balancer. */
function targets(draw: Draw, doors: readonly Part[]): { targets: Value; names: string[] } {
  const names = draw
    .some(doors, draw.chance(0.75) ? 1 : draw.int(1, Math.min(2, doors.length)))
    .map(({ name }) => name);
  if (names.length === 1 && draw.chance(0.8)) return { targets: names[0], names };
  return { targets: Object.fromEntries(names.map((name) => [name, draw.pick([0.5, 1, 3])])), names };
}

/** `first`: the door right behind it, which it always knows. */
export function balancer(draw: Draw, plan: Plan, part: Part): Fields {
  part.instances = draw.chance(0.3) ? 2 : 1;
  const doors = after(plan, part).filter(({ kind }) => kind === 'server' || kind === 'balancer');
  const to = targets(draw, doors.length > 1 && draw.chance(0.6) ? doors.slice(0, 1) : doors);
  const single = to.names.length === 1 ? doors.find(({ name }) => name === to.names[0])! : null;
  return {
    type: 'balancer',
    ...(part.instances > 1 && { instances: part.instances }),
    ...(part.on === null && {
      machine: { cores: draw.pick([1, 2]), ...draw.maybe(0.3, () => ({ connections: draw.int(2, 50) })) },
    }),
    targets: to.targets,
    policy: policy(draw),
    ...(single !== null &&
      draw.maybe(0.3, () => ({ weights: Array.from({ length: single.instances }, () => draw.pick([0.5, 1, 4])) }))),
    ...draw.maybe(0.5, () => ({ sticky: draw.pick<Value>([true, true, false, { for: ms(300) }]) })),
    ...draw.maybe(0.6, () => health(draw)),
    ...draw.maybe(0.7, () => ({ retries: draw.int(0, 3) })),
    ...draw.maybe(0.3, () => ({ 'slow-start': ms(draw.pick([100, 1000])) })),
    ...draw.maybe(0.5, () => ({ cpu: distribution(draw, 0.3) })),
    ...draw.maybe(0.3, () => ({ connections: draw.pick<Value>([1, 5, 50, 'none']) })),
  };
}
