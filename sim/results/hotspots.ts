/**
 * Where the time went: for the requests at or above the p99, at the median, and for those that failed, the share of
 * each (component, resource, kind). Measured from spans, see sim/engine/spans.ts.
 */
import { Chain } from '../engine/records.ts';
import { OTHER, type World } from '../engine/world.ts';
import type { ComponentResult, Hotspot } from '../result.ts';
import { bandOf, BANDS, type Outcomes } from '../workload/outcomes.ts';
import { percent } from './words.ts';

/** Shares below this are left out of the list (they still count in the sum). */
const LEAST_SHARE = 0.005;

export interface Shares {
  /** By cell, summing to 1; all 0 when there is nothing to share. */
  p99: Float64Array;
  p50: Float64Array;
  failed: Float64Array;
}

export function sharesOf(world: World, outcomes: Outcomes, p50Ns: number | null, p99Ns: number | null): Shares {
  const cells = world.cells.length;
  const middle = p50Ns === null ? -1 : bandOf(p50Ns);
  return {
    p99: p99Ns === null ? new Float64Array(cells) : sharesOfBands(outcomes, bandOf(p99Ns), BANDS - 1),
    p50: middle < 0 ? new Float64Array(cells) : sharesOfBands(outcomes, Math.max(0, middle - 1), middle + 1),
    failed: normalised(Float64Array.from(outcomes.failureCells())),
  };
}

/** Of the successes whose latency is in one of these bands. */
export function sharesOfBands({ bandCells, cells }: Outcomes, first: number, last: number): Float64Array {
  const sum = new Float64Array(cells);
  for (let band = first; band <= last; band++) for (let i = 0; i < cells; i++) sum[i] += bandCells[band * cells + i];
  return normalised(sum);
}

function normalised(sum: Float64Array): Float64Array {
  let total = 0;
  for (const x of sum) total += x;
  return total === 0 ? sum : sum.map((x) => x / total);
}

export function hotspotsOf(world: World, shares: Shares, components: readonly ComponentResult[]): Hotspot[] {
  const byName = new Map(components.map((c) => [c.name, c]));
  const list: Hotspot[] = [];
  world.cells.forEach((cell, i) => {
    if (shares.p99[i] < LEAST_SHARE && shares.failed[i] < LEAST_SHARE) return;
    const name = cell.component < 0 ? OTHER : world.components.name[cell.component];
    const component = byName.get(name);
    const utilization = utilizationOf(component, cell.resource);
    list.push({
      component: name,
      resource: cell.resource,
      kind: cell.kind,
      utilization,
      shareOfP99: shares.p99[i],
      shareOfP50: shares.p50[i],
      why: why(cell.kind, cell.resource, name, utilization),
    });
  });
  return mostFirst(list);
}

/** What most of the time of the slowest went to, first. */
export function mostFirst(list: readonly Hotspot[]): Hotspot[] {
  return list.toSorted(
    (a, b) => b.shareOfP99 - a.shareOfP99 || b.utilization - a.utilization || (a.component < b.component ? -1 : 1),
  );
}

function utilizationOf(component: ComponentResult | undefined, resource: string): number {
  return component?.resources.find((r) => r.resource === resource)?.utilizationBusiest ?? 0;
}

/** What a request spends beyond the places that its chain of spans has room for. */
const BEYOND = `places beyond the first ${Chain.Length} that a request visits`;

/** One clause that says what a cell means. */
export function why(kind: Hotspot['kind'], resource: string, component: string, utilization: number): string {
  if (component === OTHER && resource === OTHER) return BEYOND;
  const busy = utilization > 0 ? `, ${percent(utilization)} busy` : '';
  switch (kind) {
    case 'waiting':
      return `waiting for ${resource} of ${component}${busy}`;
    case 'service':
      return `${resource === 'cpu' ? 'computing' : resource} at ${component}${busy}`;
    case 'network':
      return `the wire to and from ${component}`;
    case 'pool':
      return `waiting for a connection of the ${resource} at ${component}${busy}`;
    case 'retry':
      return `waiting between and for failed tries of ${component}`;
    default:
      return `waiting for replication at ${component}`;
  }
}
