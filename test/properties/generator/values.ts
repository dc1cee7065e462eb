/** Values that every part of a scenario uses: distributions, queues, retries. */
import { type Draw, type Fields, ms, type Value } from './draw.ts';

const positive = (mean: number): string => ms(Math.max(0.001, mean));

/** Any distribution with about this mean, in milliseconds. */
export function distribution(draw: Draw, mean: number, depth = 1): Value {
  const simple: [number, () => Value][] = [
    [6, () => ms(mean)],
    [5, () => ({ exponential: positive(mean) })],
    [1, () => ({ uniform: [ms(mean / 2), ms(mean * 1.5)] })],
    [1, () => ({ lognormal: { mean: positive(mean), cv: draw.pick([0.5, 1, 2]) } })],
    [1, () => ({ lognormal: { p50: positive(mean), p99: positive(mean * 8) } })],
    [1, () => ({ pareto: { scale: positive(mean / 2), shape: draw.pick([1.5, 2.1, 3]) } })],
    [1, () => ({ gamma: { mean: positive(mean), shape: draw.pick([0.5, 2, 7]) } })],
    [1, () => ({ erlang: { mean: positive(mean), stages: draw.int(1, 5) } })],
    [
      1,
      () => ({
        hyperexponential: [
          { weight: '90%', mean: positive(mean / 2) },
          { weight: '10%', mean: positive(mean * 5.5) },
        ],
      }),
    ],
    [1, () => ({ empirical: { p0: ms(mean / 4), p50: ms(mean), 'p99.9': ms(mean * 6), p100: ms(mean * 8) } })],
  ];
  if (depth === 0) return draw.weighted(simple);
  const of = (): Value => distribution(draw, mean, depth - 1);
  const [first, second] = draw.shares(2);
  return draw.weighted([
    ...simple,
    [
      1,
      () => ({
        mixture: [
          { weight: first, of: of() },
          { weight: second, of: of() },
        ],
      }),
    ],
    [1, () => ({ shifted: { by: ms(mean / 3), of: of() } })],
  ]);
}

/** Where requests wait. */
export function queue(draw: Draw): Fields {
  return {
    ...draw.maybe(0.7, () => ({ limit: draw.pick<Value>([0, 2, 10, 50, 300, 'none']) })),
    ...draw.maybe(0.7, () => ({ discipline: draw.pick(['fifo', 'lifo', 'priority']) })),
    ...draw.maybe(0.3, () => ({ patience: distribution(draw, draw.scale(10, 1000)) })),
  };
}

export function retry(draw: Draw): Fields {
  return {
    attempts: draw.int(1, 4),
    ...draw.maybe(0.8, () => ({
      backoff: {
        base: ms(draw.pick([0, 1, 10, 50])),
        cap: ms(draw.pick([50, 200, 1000])),
        factor: draw.pick([1, 1.5, 2]),
        jitter: draw.pick(['none', 'full', 'equal', 'decorrelated']),
      },
    })),
    ...draw.maybe(0.4, () => ({ budget: draw.pick<Value>(['10%', '0%', { ratio: '20%', burst: 2 }]) })),
  };
}

/** How long a caller waits. */
export function timeout(draw: Draw): Fields {
  return draw.maybe(0.6, () => ({ timeout: draw.chance(0.1) ? 'none' : ms(draw.scale(20, 3000)) }));
}
