/** Components and hotspots over replications: the means of theirs, which thresholds are judged by, too. */
import type { ComponentResult, Hotspot, ResourceResult } from '../result.ts';
import { hottestResource } from './components.ts';
import { mostFirst, why } from './hotspots.ts';
import { meanLatency } from './latency.ts';
import { meanIfKnown } from './means.ts';

type Numbers<T> = { [K in keyof T]: T[K] extends number ? K : never }[keyof T];

function meanOf<T>(list: readonly T[], key: Numbers<T>): number {
  return list.reduce((sum, each) => sum + (each[key] as number), 0) / list.length;
}

/** @param lists of each replication, the same components in the same order */
export function mergeComponents(lists: readonly (readonly ComponentResult[])[]): ComponentResult[] {
  return lists[0].map((_, i) => mergeComponent(lists.map((components) => components[i])));
}

/** The longest queue is that of all of them; its busiest resource is the one that is busiest on average. */
function mergeComponent(list: readonly ComponentResult[]): ComponentResult {
  const mean = (key: Numbers<ComponentResult>): number => meanOf(list, key);
  const resources = mergeResources(list.map((each) => each.resources));
  const hottest = hottestResource(resources);
  return {
    name: list[0].name,
    type: list[0].type,
    instances: mean('instances'),
    utilization: hottest?.utilization ?? 0,
    utilizationBusiest: hottest?.utilizationBusiest ?? 0,
    bottleneck: hottest?.resource ?? '',
    resources,
    queueMean: mean('queueMean'),
    queueMax: Math.max(...list.map((each) => each.queueMax)),
    waitMs: meanIfKnown(list.map((each) => each.waitMs)),
    serviceMs: meanIfKnown(list.map((each) => each.serviceMs)),
    sojournMs: meanLatency(list.map((each) => each.sojournMs)),
    arrivals: mean('arrivals'),
    completed: mean('completed'),
    errors: mean('errors'),
    costPerMonth: mean('costPerMonth'),
    extra: mergeExtra(list.map((each) => each.extra)),
  };
}

/** A resource that one of them did not use was idle there. */
function mergeResources(lists: readonly (readonly ResourceResult[])[]): ResourceResult[] {
  const names = new Set(lists.flatMap((resources) => resources.map(({ resource }) => resource)));
  return [...names].map((resource) => {
    const uses = lists.flatMap((resources) => resources.find((each) => each.resource === resource) ?? []);
    const meanUse = (key: Numbers<ResourceResult>): number => (meanOf(uses, key) * uses.length) / lists.length;
    return {
      resource,
      capacity: meanOf(uses, 'capacity'),
      utilization: meanUse('utilization'),
      utilizationBusiest: meanUse('utilizationBusiest'),
    };
  });
}

/** Of each figure over those that have it. */
function mergeExtra(list: readonly Record<string, number>[]): Record<string, number> {
  const names = new Set(list.flatMap((extra) => Object.keys(extra)));
  const meanFigure = (name: string): number => {
    const values = list.flatMap((extra) => extra[name] ?? []);
    return values.reduce((a, b) => a + b, 0) / values.length;
  };
  return Object.fromEntries([...names].map((name) => [name, meanFigure(name)]));
}

/** Where the time went on average; where one of them lists nothing of a place its share is next to nothing, and counts as that. */
export function mergeHotspots(lists: readonly (readonly Hotspot[])[]): Hotspot[] {
  const places = new Map<string, Hotspot[]>();
  for (const spot of lists.flat()) {
    const place = JSON.stringify([spot.component, spot.resource, spot.kind]);
    places.set(place, [...(places.get(place) ?? []), spot]);
  }
  return mostFirst([...places.values()].map((spots) => mergeSpots(spots, lists.length)));
}

function mergeSpots(spots: readonly Hotspot[], replications: number): Hotspot {
  const [{ component, resource, kind }] = spots;
  const share = (key: 'shareOfP99' | 'shareOfP50'): number => (meanOf(spots, key) * spots.length) / replications;
  const utilization = meanOf(spots, 'utilization');
  return {
    component,
    resource,
    kind,
    utilization,
    shareOfP99: share('shareOfP99'),
    shareOfP50: share('shareOfP50'),
    why: why(kind, resource, component, utilization),
  };
}
