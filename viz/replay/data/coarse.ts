/**
 * A stage in fewer, wider slices: a tenth of a second of a quiet system holds a handful of requests, and figures of a
 * handful leap about so that nobody can read them. Counts are added up, levels are averaged over time, latencies of
 * populations come from their merged histograms; the boundary between warm-up and window stays where it is.
 */
import type {
  ComponentRecording,
  Counts,
  Heat,
  InstanceRecording,
  Levels,
  PopulationRecording,
  Slices,
  StageRecording,
} from '../../../sim/recording/format.ts';
import { percentileOf } from '../charts/series.ts';

/** So many slices are enough for a chart, and few enough for figures that can be read while they change. */
const MOST_SLICES = 160;

/** Index of the first fine slice of each coarse one, and the number of fine slices at the end. */
type Groups = readonly number[];

/** The same stage in at most about `most` slices; itself when it has no more. */
export function coarsened(stage: StageRecording, most = MOST_SLICES): StageRecording {
  const { slices } = stage;
  const width = Math.ceil(slices.count / most);
  if (width <= 1) return stage;
  const groups = groupsOf(slices, width);
  const fewer: Slices = {
    count: groups.length - 1,
    warmup: groups.indexOf(slices.warmup),
    seconds: slices.seconds * width,
    edges: Float64Array.from(groups, (first) => slices.edges[first]),
  };
  const fold = new Fold(groups, slices.edges);
  return {
    ...stage,
    slices: fewer,
    components: stage.components.map((it) => component(it, fold)),
    populations: stage.populations.map((it) => population(it, fold)),
    links: stage.links.map((it) => ({
      ...it,
      requests: fold.sum(it.requests),
      answers: fold.sum(it.answers),
      messages: fold.sum(it.messages),
    })),
  };
}

function groupsOf(slices: Slices, width: number): number[] {
  const firsts: number[] = [];
  for (let first = 0; first < slices.warmup; first += width) firsts.push(first);
  for (let first = slices.warmup; first < slices.count; first += width) firsts.push(first);
  return [...firsts, slices.count];
}

/** The ways to make one figure of a few. */
class Fold {
  readonly count: number;

  constructor(
    readonly groups: Groups,
    private readonly edges: Float64Array,
  ) {
    this.count = groups.length - 1;
  }

  sum(counts: Counts): Counts {
    return Uint32Array.from({ length: this.count }, (_, group) =>
      counts.subarray(this.groups[group], this.groups[group + 1]).reduce((total, count) => total + count, 0),
    );
  }

  most(counts: Counts): Counts {
    return Uint32Array.from({ length: this.count }, (_, group) =>
      counts.subarray(this.groups[group], this.groups[group + 1]).reduce((top, count) => Math.max(top, count), 0),
    );
  }

  /** The value at the end of each coarse slice. */
  last<T extends Counts | Levels>(values: T): T {
    const folded = values.slice(0, this.count) as T;
    for (let group = 0; group < this.count; group++) folded[group] = values[this.groups[group + 1] - 1];
    return folded;
  }

  /** Mean by weight; what does not exist has none. `weights` are the widths of the slices unless given. */
  mean(values: Levels, weights?: ArrayLike<number>): Levels {
    return Float32Array.from({ length: this.count }, (_, group) => {
      let [total, weight] = [0, 0];
      for (let slice = this.groups[group]; slice < this.groups[group + 1]; slice++) {
        const share = weights ? weights[slice] : this.edges[slice + 1] - this.edges[slice];
        if (!Number.isFinite(values[slice]) || !(share > 0)) continue;
        total += values[slice] * share;
        weight += share;
      }
      return weight > 0 ? total / weight : Number.NaN;
    });
  }

  heat(heat: Heat): Heat {
    const counts = new Uint32Array(this.count * heat.buckets);
    for (let group = 0; group < this.count; group++) {
      for (let slice = this.groups[group]; slice < this.groups[group + 1]; slice++) {
        for (let bucket = 0; bucket < heat.buckets; bucket++) {
          counts[group * heat.buckets + bucket] += heat.counts[slice * heat.buckets + bucket];
        }
      }
    }
    return { ...heat, counts };
  }

  /** The coarse slice in which a fine one lies. */
  groupOf(slice: number): number {
    let group = 0;
    while (group < this.count - 1 && this.groups[group + 1] <= slice) group++;
    return group;
  }
}

function population(it: PopulationRecording, fold: Fold): PopulationRecording {
  const heat = fold.heat(it.heat);
  const row = (share: number) =>
    Float32Array.from({ length: fold.count }, (_, slice) => percentileOf(heat, slice, share));
  return {
    ...it,
    offered: fold.sum(it.offered),
    attempts: fold.sum(it.attempts),
    retries: fold.sum(it.retries),
    completed: fold.sum(it.completed),
    failed: fold.sum(it.failed),
    timedOut: fold.sum(it.timedOut),
    rejected: fold.sum(it.rejected),
    inFlight: fold.last(it.inFlight),
    p50Ms: row(0.5),
    p95Ms: row(0.95),
    p99Ms: row(0.99),
    heat,
  };
}

function component(it: ComponentRecording, fold: Fold): ComponentRecording {
  // No histogram of a component is recorded: its percentiles are averaged by how many they are of.
  const byCompleted = (values: Levels) => fold.mean(values, it.completed);
  return {
    ...it,
    instances: it.instances.map((one) => instance(one, fold)),
    up: fold.last(it.up),
    resources: it.resources.map((one) => ({ ...one, utilization: fold.mean(one.utilization) })),
    utilization: fold.mean(it.utilization),
    utilizationBusiest: fold.mean(it.utilizationBusiest),
    queueMean: fold.mean(it.queueMean),
    queueMax: fold.most(it.queueMax),
    inside: fold.last(it.inside),
    arrivals: fold.sum(it.arrivals),
    completed: fold.sum(it.completed),
    rejected: fold.sum(it.rejected),
    failed: fold.sum(it.failed),
    killed: fold.sum(it.killed),
    p50Ms: byCompleted(it.p50Ms),
    p95Ms: byCompleted(it.p95Ms),
    p99Ms: byCompleted(it.p99Ms),
    waitMs: byCompleted(it.waitMs),
    serviceMs: byCompleted(it.serviceMs),
    readings: it.readings.map((one) => ({
      ...one,
      values: one.kind === 'count' ? added(one.values, fold) : fold.last(one.values),
    })),
  };
}

function added(values: Levels, { groups, count }: Fold): Levels {
  return Float32Array.from({ length: count }, (_, group) =>
    values.subarray(groups[group], groups[group + 1]).reduce((total, value) => total + (value || 0), 0),
  );
}

function instance(it: InstanceRecording, fold: Fold): InstanceRecording {
  return {
    ...it,
    states: it.states.map((state) => ({ ...state, fromSlice: fold.groupOf(state.fromSlice) })),
    utilization: fold.mean(it.utilization),
    queueMean: fold.mean(it.queueMean),
    inside: fold.last(it.inside),
  };
}
