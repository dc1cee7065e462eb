/**
 * Figures of a stage as rows over its slices, ready to be charted: rates from counts, populations taken together,
 * latencies merged. What does not exist is NaN, and is drawn as a gap.
 */
import type { Heat, PopulationRecording, Slices, StageRecording } from '../../../sim/recording/format.ts';
import { widthOf } from '../time/slices.ts';

export type Row = Float64Array;

/** Counts per slice → events per second. */
export function perSecond(counts: ArrayLike<number>, slices: Slices): Row {
  return Float64Array.from({ length: slices.count }, (_, slice) => counts[slice] / widthOf(slices, slice));
}

/** The sum, per slice, of one column of all populations. */
export function totalOf(stage: StageRecording, pick: (population: PopulationRecording) => ArrayLike<number>): Row {
  const total = new Float64Array(stage.slices.count);
  for (const population of stage.populations) {
    const column = pick(population);
    for (let slice = 0; slice < total.length; slice++) total[slice] += column[slice];
  }
  return total;
}

/** Requests of all populations that ended badly, per slice. */
export function lostPerSlice(stage: StageRecording): Row {
  const total = new Float64Array(stage.slices.count);
  for (const column of ['failed', 'timedOut', 'rejected'] as const) {
    totalOf(stage, (it) => it[column]).forEach((count, slice) => {
      total[slice] += count;
    });
  }
  return total;
}

/** The latencies of all populations in one histogram; null without any. */
export function mergedHeat(stage: StageRecording): Heat | null {
  const [first, ...others] = stage.populations.map((it) => it.heat);
  if (!first || others.length === 0) return first ?? null;
  // All histograms of a recording share their buckets from the bottom up; one may reach further than another.
  const widest = [first, ...others].reduce((most, heat) => (heat.buckets > most.buckets ? heat : most));
  const counts = new Uint32Array(stage.slices.count * widest.buckets);
  for (const heat of [first, ...others]) {
    const shift = nearest(widest.edgesMs, heat.edgesMs[0]);
    for (let slice = 0; slice < stage.slices.count; slice++) {
      for (let bucket = 0; bucket < heat.buckets; bucket++) {
        const into = Math.min(widest.buckets - 1, bucket + shift);
        counts[slice * widest.buckets + into] += heat.counts[slice * heat.buckets + bucket];
      }
    }
  }
  return { edgesMs: widest.edgesMs, buckets: widest.buckets, counts };
}

function nearest(edges: Float64Array, value: number): number {
  let best = 0;
  edges.forEach((edge, index) => {
    if (Math.abs(edge - value) < Math.abs(edges[best] - value)) best = index;
  });
  return best;
}

/** A percentile (0…1) of one slice of a histogram, even within its bucket; NaN of nothing. */
export function percentileOf(heat: Heat, slice: number, share: number): number {
  const from = slice * heat.buckets;
  let total = 0;
  for (let bucket = 0; bucket < heat.buckets; bucket++) total += heat.counts[from + bucket];
  if (total === 0) return Number.NaN;
  let before = 0;
  for (let bucket = 0; bucket < heat.buckets; bucket++) {
    const here = heat.counts[from + bucket];
    if (before + here >= share * total && here > 0) {
      const within = (share * total - before) / here;
      return heat.edgesMs[bucket] + (heat.edgesMs[bucket + 1] - heat.edgesMs[bucket]) * within;
    }
    before += here;
  }
  return heat.edgesMs[heat.buckets];
}

export interface Latencies {
  p50: ArrayLike<number>;
  p95: ArrayLike<number>;
  p99: ArrayLike<number>;
}

/** Latency percentiles per slice. Of one population as recorded; of several from the merged histogram, coarser. */
export function latenciesOf(stage: StageRecording): Latencies {
  const [only] = stage.populations;
  if (stage.populations.length === 1) return { p50: only.p50Ms, p95: only.p95Ms, p99: only.p99Ms };
  const heat = mergedHeat(stage);
  const row = (share: number) =>
    Float64Array.from({ length: stage.slices.count }, (_, slice) =>
      heat === null ? Number.NaN : percentileOf(heat, slice, share),
    );
  return { p50: row(0.5), p95: row(0.95), p99: row(0.99) };
}
