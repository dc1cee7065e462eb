/** One component, slice by slice: load, queues, what came and went, and what its type adds. */
import type { ComponentDraft } from '../compile/components.ts';
import type { World } from '../engine/world.ts';
import type { ComponentRecording, ResourceRecording } from './format.ts';
import { InstanceWatch } from './instance-watch.ts';
import { LatencySlices } from './latency-slices.ts';
import { ReadingWatch } from './reading-watch.ts';
import { Meter, Series, type Folding } from './slices.ts';
import type { Usage } from './usage.ts';

const MS = 1_000_000;
const EMPTY = new Float64Array(0);

/** Instances recorded one by one. */
export const MOST_INSTANCES = 64;

/** What is only known outside: settings in words, and how the type is drawn. */
export type Described = Pick<ComponentRecording, 'picture' | 'places' | 'on' | 'facts'>;

export class ComponentWatch {
  private readonly arrivals = new Meter();
  private readonly completed = new Meter();
  private readonly errors = new Meter();
  private readonly rejected = new Meter();
  private readonly killed = new Meter();
  private readonly waitNs = new Meter();
  private readonly serviceNs = new Meter();
  private readonly left = new Series('sum');
  private readonly failed = new Series('sum');
  private readonly inside = new Series('last');
  private readonly up = new Series('last');
  private readonly queueArea = new Series('sum');
  private readonly queueMax = new Series('max');
  private readonly busiest = new Series('mean');
  private readonly resources: { busy: Series; available: Series }[];
  private readonly latency = new LatencySlices();
  private known: Float64Array = EMPTY;
  private readonly instances: InstanceWatch[];
  private readonly readings: ReadingWatch;

  constructor(
    readonly draft: ComponentDraft,
    private readonly world: World,
    private readonly usage: Usage,
  ) {
    this.resources = [...draft.resources, 'cpu'].map(() => ({ busy: new Series('sum'), available: new Series('sum') }));
    const shown = Math.min(draft.nodes, MOST_INSTANCES);
    this.instances = Array.from(
      { length: shown },
      (_, i) => new InstanceWatch(draft.firstNode + i, draft.actor, world, usage),
    );
    this.readings = new ReadingWatch(draft, world);
  }

  /** The window begins: counters begin again. */
  reset(): void {
    for (const meter of [this.arrivals, this.completed, this.errors, this.rejected, this.killed]) meter.reset();
    this.waitNs.reset();
    this.serviceNs.reset();
    this.known = EMPTY;
    this.readings.reset();
  }

  /** The slice is over. */
  look(): void {
    const { ledger } = this.world;
    const c = this.draft.id;
    this.arrivals.read(ledger.arrivals(c));
    this.completed.read(ledger.completed(c));
    this.errors.read(ledger.errors(c));
    this.rejected.read(ledger.turnedAway(c));
    this.killed.read(ledger.killed[c]);
    this.waitNs.read(ledger.waitNs(c));
    this.serviceNs.read(ledger.serviceNs(c));
    const last = (series: Series): number => series.values[series.values.length - 1];
    this.failed.push(last(this.errors) - last(this.rejected));
    this.left.push(last(this.completed) + last(this.failed));
    this.inside.push(ledger.inside(c));
    this.known = this.latency.recordGrowth(ledger.sojourn[c].bucketCounts, this.known);
    this.latency.endSlice();
    this.lookAtInstances();
    this.readings.look();
  }

  private lookAtInstances(): void {
    const { draft, usage, world } = this;
    const use = usage.of(draft);
    this.resources.forEach(({ busy, available }, group) => {
      busy.push(use.busy[group]);
      available.push(use.available[group]);
    });
    this.busiest.push(use.busiest);
    this.queueArea.push(use.queueArea);
    this.queueMax.push(use.queueMax);
    let up = 0;
    for (let i = 0; i < draft.nodes; i++) if (world.nodes.accepts(draft.firstNode + i)) up++;
    this.up.push(up);
    for (const instance of this.instances) instance.look();
  }

  record(folding: Folding, described: Described, most: number): ComponentRecording {
    const { draft } = this;
    const [p50Ms, p95Ms, p99Ms] = this.latency.quantiles(folding, [0.5, 0.95, 0.99]);
    const perRequest = (ns: Series): Float32Array => folding.ratios(ns, this.left).map((value) => value / MS);
    const resources = this.recordResources(folding);
    return {
      name: draft.name,
      type: draft.type,
      ...described,
      instances: this.instances.slice(0, most).map((instance) => instance.record(folding)),
      instanceCount: draft.nodes,
      up: folding.counts(this.up),
      resources,
      utilization: mostUsed(resources, folding.count),
      utilizationBusiest: folding.levels(this.busiest),
      queueMean: folding.means(this.queueArea),
      queueMax: folding.counts(this.queueMax),
      inside: folding.counts(this.inside),
      arrivals: folding.counts(this.arrivals),
      completed: folding.counts(this.completed),
      rejected: folding.counts(this.rejected),
      failed: folding.counts(this.failed),
      killed: folding.counts(this.killed),
      p50Ms,
      p95Ms,
      p99Ms,
      waitMs: perRequest(this.waitNs),
      serviceMs: perRequest(this.serviceNs),
      readings: this.readings.record(folding),
    };
  }

  /** Those that were used at all, the most used first. */
  private recordResources(folding: Folding): ResourceRecording[] {
    const { draft, usage } = this;
    const list = this.resources.flatMap(({ busy, available }, group) => {
      const total = (series: Series): number => series.values.reduce((sum, value) => sum + value, 0);
      if (group === draft.resources.length && total(busy) === 0) return [];
      const resource = draft.resources[group] ?? 'cpu';
      const recorded = {
        resource,
        capacity: usage.capacity(draft, group),
        utilization: folding.ratios(busy, available),
      };
      return { share: total(available) > 0 ? total(busy) / total(available) : 0, recorded };
    });
    const recorded = list.sort((one, other) => other.share - one.share).map((entry) => entry.recorded);
    // A router's core is a station of its own, beside the machine's.
    return recorded.filter(({ resource }, i) => recorded.findIndex((other) => other.resource === resource) === i);
  }
}

function mostUsed(resources: readonly ResourceRecording[], slices: number): Float32Array {
  const most = new Float32Array(slices);
  for (const { utilization } of resources)
    for (let i = 0; i < slices; i++) if (utilization[i] > most[i]) most[i] = utilization[i];
  return most;
}
