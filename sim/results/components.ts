/** What each component did: resources, queues, times, and what its type adds. */
import type { Builder } from '../compile/builder.ts';
import type { World } from '../engine/world.ts';
import type { ComponentResult, ResourceResult, Verdict } from '../result.ts';
import { latencySummary } from './latency.ts';
import { servedShare, upShare } from './uptime.ts';

const MS = 1_000_000;

export function componentResults(builder: Builder, world: World, windowNs: number): ComponentResult[] {
  const results: ComponentResult[] = [];
  const used = machineUse(world, windowNs);
  for (const draft of builder.components) {
    if (draft.settings !== null) results.push(componentResult(builder, world, draft.id, windowNs, used));
  }
  return results;
}

function componentResult(
  builder: Builder,
  world: World,
  c: number,
  windowNs: number,
  used: Float64Array,
): ComponentResult {
  const draft = builder.components[c];
  const { ledger } = world;
  const resources = resourcesOf(builder, world, c, windowNs, used);
  const hottest = hottestResource(resources);
  const queues = queuesOf(world, c, windowNs);
  const served = ledger.completed(c) + ledger.errors(c) - ledger.turnedAway(c);
  let up = 0;
  let paidFor = 0;
  for (let i = 0; i < draft.nodes; i++) {
    up += servedShare(world, draft.firstNode + i, windowNs);
    paidFor += upShare(world, draft.firstNode + i, windowNs);
  }
  const price = draft.settings?.on == null ? (draft.settings?.machine.pricePerMonth ?? 0) : 0;
  return {
    name: draft.name,
    type: draft.type,
    instances: up,
    utilization: hottest?.utilization ?? 0,
    utilizationBusiest: hottest?.utilizationBusiest ?? 0,
    bottleneck: hottest?.resource ?? '',
    resources,
    queueMean: queues.mean,
    queueMax: queues.max,
    waitMs: served === 0 ? null : ledger.waitNs(c) / served / MS,
    serviceMs: served === 0 ? null : ledger.serviceNs(c) / served / MS,
    sojournMs: latencySummary(ledger.sojourn[c], 0),
    arrivals: ledger.arrivals(c),
    completed: ledger.completed(c),
    errors: ledger.errors(c) + ledger.killed[c],
    costPerMonth: price * paidFor,
    extra: draft.actor === null ? {} : draft.actor.figures(),
  };
}

/** Memory that is not nearly full holds nobody up, however much of it is used. */
const MEMORY_MATTERS = 0.95;

/** Utilisations that differ by less are alike. */
const ALIKE = 0.01;

/** Is it held while its holder waits for others? Then it is as full as they are slow. */
const isHeld = (resource: string): boolean =>
  ['threads', 'workers', 'connections', 'io-threads'].includes(resource) || resource.startsWith('pool ');

/** Is a resource closer to its limit than another? Of two that are alike, what does the work is, not what is held meanwhile. */
function isHotter(r: ResourceResult, other: ResourceResult): boolean {
  const [own, its] = [isHeld(r.resource), isHeld(other.resource)];
  if (own === its) return r.utilizationBusiest > other.utilizationBusiest;
  return r.utilizationBusiest > other.utilizationBusiest + (own ? ALIKE : -ALIKE);
}

/** The resource closest to its limit. */
export function hottestResource(resources: readonly ResourceResult[]): ResourceResult | null {
  let best: ResourceResult | null = null;
  for (const r of resources) {
    if (r.resource === 'memory' && r.utilizationBusiest < MEMORY_MATTERS) continue;
    if (best === null || isHotter(r, best)) best = r;
  }
  return best;
}

/** The component and resource that are closest to their limit. */
export function hottestOf(components: readonly ComponentResult[]): Verdict['hottest'] {
  let hottest: { component: string; resource: ResourceResult } | null = null;
  for (const { name, resources } of components) {
    const resource = hottestResource(resources);
    if (resource !== null && (hottest === null || isHotter(resource, hottest.resource)))
      hottest = { component: name, resource };
  }
  if (hottest === null) return null;
  const { component, resource } = hottest;
  return { component, resource: resource.resource, utilization: resource.utilizationBusiest };
}

function queuesOf(world: World, c: number, windowNs: number): { mean: number; max: number } {
  let area = 0;
  let max = 0;
  world.stations.specs.forEach((spec, i) => {
    if (world.nodes.component[spec.node] !== c) return;
    area += world.stations.queueArea(i);
    max = Math.max(max, world.stations.queueMax(i));
  });
  return { mean: area / windowNs, max };
}

function resourcesOf(
  builder: Builder,
  world: World,
  c: number,
  windowNs: number,
  used: Float64Array,
): ResourceResult[] {
  const draft = builder.components[c];
  const list = draft.resources.map((name, group) => stationResource(world, c, name, group, windowNs));
  const { machines, nodes } = world;
  const own = new Set<number>();
  for (let i = 0; i < draft.nodes; i++) own.add(nodes.machine[draft.firstNode + i]);
  const cores = { busy: 0, available: 0, capacity: 0, busiest: 0 };
  const memory = { peak: 0, bytes: 0 };
  for (const m of own) {
    const busy = machines.busyArea(m);
    const available = machines.cores[m] * windowNs * used[m];
    cores.busy += busy;
    cores.available += available;
    cores.capacity += machines.cores[m];
    cores.busiest = Math.max(cores.busiest, ratio(busy, available));
    // Who asks for more memory than there is does not get it: it is killed.
    if (machines.memory[m] === Infinity) continue;
    memory.peak = Math.max(memory.peak, Math.min(1, machines.memoryPeak(m) / machines.memory[m]));
    memory.bytes += machines.memory[m];
  }
  if (cores.busy > 0) {
    list.push({
      resource: 'cpu',
      capacity: cores.capacity,
      utilization: ratio(cores.busy, cores.available),
      utilizationBusiest: cores.busiest,
    });
  }
  if (memory.peak > 0) {
    list.push({
      resource: 'memory',
      capacity: memory.bytes,
      utilization: memory.peak,
      utilizationBusiest: memory.peak,
    });
  }
  return list;
}

/** Part of the window in which each machine was in use: as long as that of the nodes on it which was longest. */
function machineUse(world: World, windowNs: number): Float64Array {
  const used = new Float64Array(world.machines.count);
  for (let node = 0; node < world.nodes.count; node++) {
    const m = world.nodes.machine[node];
    used[m] = Math.max(used[m], upShare(world, node, windowNs));
  }
  return used;
}

/** Over the time that instances were in use: who is off has no tokens. */
function stationResource(world: World, c: number, name: string, group: number, windowNs: number): ResourceResult {
  let busy = 0;
  let available = 0;
  let capacity = 0;
  let busiest = 0;
  world.stations.specs.forEach((spec, i) => {
    if (world.nodes.component[spec.node] !== c || spec.group !== group) return;
    const b = world.stations.busyArea(i);
    const k = world.stations.capacityArea(i) * upShare(world, spec.node, windowNs);
    busy += b;
    available += k;
    capacity += spec.capacity;
    busiest = Math.max(busiest, ratio(b, k));
  });
  return { resource: name, capacity, utilization: ratio(busy, available), utilizationBusiest: busiest };
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
