/** What each component did: resources, queues, times, and what its type adds. */
import type { Builder } from '../compile/builder.ts';
import type { World } from '../engine/world.ts';
import type { ComponentResult, ResourceResult } from '../result.ts';
import { latencySummary } from './latency.ts';
import { upShare } from './uptime.ts';

const MS = 1_000_000;

export function componentResults(builder: Builder, world: World, windowNs: number): ComponentResult[] {
  const results: ComponentResult[] = [];
  for (const draft of builder.components) {
    if (draft.type !== 'clients') results.push(componentResult(builder, world, draft.id, windowNs));
  }
  return results;
}

function componentResult(builder: Builder, world: World, c: number, windowNs: number): ComponentResult {
  const draft = builder.components[c];
  const { ledger } = world;
  const resources = resourcesOf(builder, world, c, windowNs);
  const hottest = hottestResource(resources);
  const queues = queuesOf(world, c, windowNs);
  const served = ledger.completed[c] + ledger.errors[c];
  let up = 0;
  for (let i = 0; i < draft.nodes; i++) up += upShare(world, draft.firstNode + i, windowNs);
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
    waitMs: served === 0 ? 0 : ledger.waitNs[c] / served / MS,
    serviceMs: served === 0 ? 0 : ledger.serviceNs[c] / served / MS,
    sojournMs: latencySummary(ledger.sojourn[c], 0),
    arrivals: ledger.arrivals[c],
    completed: ledger.completed[c],
    errors: ledger.errors[c] + ledger.killed[c],
    costPerMonth: price * up,
    extra: draft.actor === null ? {} : draft.actor.figures(),
  };
}

/** Memory that is not nearly full holds nobody up, however much of it is used. */
const MEMORY_MATTERS = 0.95;

/** The resource closest to its limit. */
export function hottestResource(resources: readonly ResourceResult[]): ResourceResult | null {
  let best: ResourceResult | null = null;
  for (const r of resources) {
    if (r.resource === 'memory' && r.utilizationBusiest < MEMORY_MATTERS) continue;
    if (best === null || r.utilizationBusiest > best.utilizationBusiest) best = r;
  }
  return best;
}

function queuesOf(world: World, c: number, windowNs: number): { mean: number; max: number } {
  let area = 0;
  let max = 0;
  world.stations.specs.forEach((spec, i) => {
    if (world.nodes.component[spec.node] !== c) return;
    area += world.stations.queueArea(i);
    max = Math.max(max, world.stations.queueMax[i]);
  });
  return { mean: area / windowNs, max };
}

function resourcesOf(builder: Builder, world: World, c: number, windowNs: number): ResourceResult[] {
  const draft = builder.components[c];
  const list = draft.resources.map((name, group) => stationResource(world, c, name, group, windowNs));
  const machines = new Set<number>();
  for (let i = 0; i < draft.nodes; i++) machines.add(world.nodes.machine[draft.firstNode + i]);
  let busy = 0;
  let capacity = 0;
  let busiest = 0;
  let memory = 0;
  for (const m of machines) {
    const share = world.machines.busyArea(m) / (world.machines.cores[m] * windowNs);
    busy += world.machines.busyArea(m);
    capacity += world.machines.cores[m];
    busiest = Math.max(busiest, share);
    if (world.machines.memory[m] < Infinity) memory = Math.max(memory, world.machines.memoryPeak[m] / world.machines.memory[m]);
  }
  // Instances that are off have no cores to be busy: the mean is over the time they were up.
  let upCores = 0;
  for (let i = 0; i < draft.nodes; i++) {
    const node = draft.firstNode + i;
    upCores += world.machines.cores[world.nodes.machine[node]] * upShare(world, node, windowNs);
  }
  const shared = machines.size < draft.nodes;
  const cores = shared ? capacity : upCores;
  if (busy > 0) list.push({ resource: 'cpu', capacity, utilization: cores === 0 ? 0 : Math.min(1, busy / (cores * windowNs)), utilizationBusiest: busiest });
  if (memory > 0) list.push({ resource: 'memory', capacity: 1, utilization: memory, utilizationBusiest: memory });
  return list;
}

function stationResource(world: World, c: number, name: string, group: number, windowNs: number): ResourceResult {
  let busy = 0;
  let capacity = 0;
  let tokens = 0;
  let busiest = 0;
  world.stations.specs.forEach((spec, i) => {
    if (world.nodes.component[spec.node] !== c || spec.group !== group) return;
    const b = world.stations.busyArea(i);
    const k = world.stations.capacityArea(i);
    busy += b;
    capacity += k * upShare(world, spec.node, windowNs);
    tokens += spec.capacity;
    if (k > 0) busiest = Math.max(busiest, b / k);
  });
  return { resource: name, capacity: tokens, utilization: capacity === 0 ? 0 : Math.min(1, busy / capacity), utilizationBusiest: busiest };
}

