/**
 * Demand: what users would ask for if the system answered at its unloaded speed, N ÷ (think + unloaded latency). What a
 * closed population offers sinks when the system stalls; its demand does not.
 */
import type { Compiled } from '../compile/stage.ts';

const S = 1_000_000_000;

export function demandPerSecond({ builder, kernel }: Compiled): number {
  let sum = 0;
  for (const client of builder.stage.clients) {
    if (client.arrivals !== null) {
      const { process } = client.arrivals;
      sum +=
        process.kind === 'interarrival'
          ? (S * client.arrivals.batch) / builder.sampler.mean(builder.distribution(process.gap))
          : process.ratePerSecond;
      continue;
    }
    const think = client.think === null ? 0 : builder.sampler.mean(builder.distribution(client.think));
    // The unloaded latency is not known; the fastest tenth of what was seen is close to it and never above it much.
    const fastest = kernel.outcomes.operations.filter((o) => o.population === client.name && o.latency.count > 0);
    const weight = fastest.reduce((n, o) => n + o.latency.count, 0);
    const unloaded =
      weight === 0 ? 0 : fastest.reduce((total, o) => total + o.latency.quantile(0.1) * o.latency.count, 0) / weight;
    if (think + unloaded > 0) sum += ((client.users ?? 0) * S) / (think + unloaded);
  }
  return sum;
}
