/**
 * Demand: what users would ask for if the system answered at its unloaded speed, N ÷ (think + unloaded latency). What a
 * closed population offers sinks when the system stalls; its demand does not. Open arrivals want what their rate is, with
 * its curve and its spikes.
 */
import type { Compiled } from '../compile/stage.ts';

const S = 1_000_000_000;

/** Mean over a part of the window; times count from the end of the warm-up, ns. */
export function demandPerSecond(
  { builder, kernel }: Compiled,
  fromNs = 0,
  toNs = kernel.world.clock[0] - kernel.world.windowStartNs,
): number {
  let sum = 0;
  for (const client of builder.stage.clients) {
    if (client.arrivals !== null) {
      const { process } = client.arrivals;
      const rate =
        process.kind === 'interarrival'
          ? (S * client.arrivals.batch) / builder.sampler.mean(builder.distribution(process.gap))
          : process.ratePerSecond;
      const { shape } = kernel.world.populations.find(({ spec }) => spec.name === client.name)!.spec;
      sum += rate * shape.mean(fromNs, toNs);
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
