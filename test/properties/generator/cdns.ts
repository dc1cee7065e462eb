/** Content delivery networks: what is cached for how long, what is served though it has expired, purges, evictions. */
import { type Draw, type Fields, ms, type Value } from './draw.ts';
import { after, type Part, type Plan } from './plan.ts';
import { distribution } from './values.ts';

export function cdn(draw: Draw, plan: Plan, part: Part): Fields {
  part.instances = draw.int(1, 3);
  const doors = after(plan, part).filter(({ kind }) => kind === 'server' || kind === 'balancer');
  return {
    type: 'cdn',
    origin: draw.chance(0.7) ? doors[0].name : draw.pick(doors).name,
    ...(part.instances > 1 && { instances: part.instances }),
    ...(part.on === null && { machine: { cores: draw.pick([1, 2, 4]) } }),
    cached: draw.some(plan.operations, draw.int(1, plan.operations.length)),
    ttl: ms(draw.pick([5, 100, 1000, 60_000])),
    ...draw.maybe(0.4, () => ({ capacity: '640KiB', ...draw.maybe(0.4, () => ({ policy: 'fifo' })) })),
    ...draw.maybe(0.4, () => ({ coalesce: draw.pick<Value>([false, { wait: ms(draw.pick([5, 50])) }]) })),
    ...draw.maybe(0.3, () => ({ revalidate: true })),
    ...draw.maybe(0.3, () => ({ 'stale-while-revalidate': ms(draw.pick([20, 500])) })),
    ...draw.maybe(0.3, () => ({ 'stale-if-error': ms(draw.pick([50, 2000])) })),
    ...draw.maybe(0.2, () => ({ purges: { release: { at: ms(draw.int(0, 1000)) } } })),
    ...draw.maybe(0.3, () => ({ withdraw: ms(draw.pick([100, 1000])) })),
    ...draw.maybe(0.6, () => ({ cpu: distribution(draw, 0.2) })),
    ...draw.maybe(0.2, () => ({ connections: draw.int(2, 50) })),
  };
}
