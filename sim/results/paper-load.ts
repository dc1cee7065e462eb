/** What a stage's users would ask for: from what is written, and how long answers take, before a run. */
import { meanOf } from '../random/distribution-facts.ts';
import type { StageSettings } from '../scenario/settings.ts';
import { LoadShape } from '../workload/load-shape.ts';

type Client = StageSettings['clients'][number];

/** Requests a second. */
export interface PaperLoad {
  /** Over the run without its warm-up. */
  mean: number;
  /** At the worst moment of it. */
  peak: number;
  /** Requests in all, those of the warm-up, too. */
  requests: number;
}

const S = 1_000_000_000;

/** @param latencyNs how long the answers of a population take, by its name: who waits for them asks less */
export function paperLoadOf({ clients, run }: StageSettings, latencyNs: (client: string) => number): PaperLoad {
  const { durationNs, warmupNs } = run;
  const loads = clients.map((client) => ({ rate: rateOf(client, latencyNs(client.name)), shape: shapeOf(client) }));
  const meanBetween = (from: number, to: number): number =>
    loads.reduce((sum, { rate, shape }) => sum + rate * shape.mean(from, to), 0);
  const whole = meanBetween(-warmupNs, durationNs);
  return {
    mean: meanBetween(0, durationNs),
    peak: peakOf(loads, durationNs),
    requests: (whole * (durationNs + warmupNs)) / S,
  };
}

/** Between the bends of all loads their sum is linear: so it is largest at one, or just before it. */
function peakOf(loads: readonly { rate: number; shape: LoadShape }[], durationNs: number): number {
  const bends = loads.flatMap(({ shape }) => shape.bends(0, durationNs));
  const times = [...new Set([0, ...bends])].sort((a, b) => a - b);
  const sumAt = (at: number): number => loads.reduce((sum, { rate, shape }) => sum + rate * shape.factor(at), 0);
  const ends = times.map((from, i) => {
    const to = times[i + 1] ?? durationNs;
    const first = sumAt(from);
    return Math.max(first, 2 * sumAt((from + to) / 2) - first);
  });
  return Math.max(...ends);
}

function shapeOf({ arrivals }: Client): LoadShape {
  return arrivals === null ? new LoadShape([], []) : new LoadShape(arrivals.curve, arrivals.spikes);
}

/** Without curve and spikes. */
function rateOf({ arrivals, think, users }: Client, latencyNs: number): number {
  if (arrivals !== null) {
    const { process, batch } = arrivals;
    return process.kind === 'interarrival' ? (S * batch) / meanOf(process.gap) : process.ratePerSecond;
  }
  const turn = (think === null ? 0 : meanOf(think)) + latencyNs;
  return turn === 0 ? 0 : ((users ?? 0) * S) / turn;
}
