/** What broke and why, in one sentence, from what was measured. */
import type { World } from '../engine/world.ts';
import type { ComponentResult, Hotspot, StageResult, ThresholdResult, Verdict } from '../result.ts';
import { hottestResource } from './components.ts';
import type { Shares } from './hotspots.ts';
import { why } from './hotspots.ts';
import { milliseconds, percent } from './words.ts';

type Facts = Pick<
  StageResult,
  | 'requests'
  | 'availability'
  | 'latencyMs'
  | 'hotspots'
  | 'components'
  | 'thresholds'
  | 'goodputPerSecond'
  | 'failovers'
>;

/** Resources that are busy, or worth naming, by how close they are to their limit. */
export function hottestOf(components: readonly ComponentResult[]): Verdict['hottest'] {
  let hottest: Verdict['hottest'] = null;
  for (const c of components) {
    const r = hottestResource(c.resources);
    if (r !== null && (hottest === null || r.utilizationBusiest > hottest.utilization)) {
      hottest = { component: c.name, resource: r.resource, utilization: r.utilizationBusiest };
    }
  }
  return hottest;
}

export function verdictOf(facts: Facts, shares: Shares, world: World, changes: readonly string[]): Verdict {
  const ok = facts.thresholds.every((t) => t.ok);
  return {
    ok,
    hottest: hottestOf(facts.components),
    broke: ok ? '' : `${symptom(facts)}: ${cause(facts, shares, world)}.`,
    change: changes.slice(0, 4).join('; '),
  };
}

/** What users noticed: the first threshold that failed, in words. */
function symptom(facts: Facts): string {
  const failed = facts.thresholds.filter((t) => !t.ok);
  const { requests } = facts;
  const bad = requests.failed + requests.timedOut + requests.rejected;
  if (bad > 0.01 * requests.offered) {
    const kinds: [number, string][] = [
      [requests.timedOut, 'time out'],
      [requests.rejected, 'are refused'],
      [requests.failed, 'fail'],
    ];
    const [count, verb] = kinds.reduce((most, kind) => (kind[0] > most[0] ? kind : most));
    return `${percent(count / requests.offered)} of requests ${verb}`;
  }
  if (facts.latencyMs.p99 !== null && failed.some((t) => t.threshold.includes('latency')))
    return `p99 is ${milliseconds(facts.latencyMs.p99)}`;
  return describe(failed[0]);
}

function describe(t: ThresholdResult): string {
  if (t.observed === null) return `${t.threshold} can’t be told, too many requests are still waiting`;
  return `${t.threshold} is ${t.observedText}`;
}

/** What the time of the slow and of the failed went to; a death that explains it comes first. */
function cause(facts: Facts, shares: Shares, world: World): string {
  const died = deaths(world);
  const top = leading(facts.hotspots, shares, world, facts);
  if (died === '') return top;
  return top === '' ? died : `${died}; ${top}`;
}

function deaths(world: World): string {
  const inWindow = world.history.list.filter((h) => h.atNs >= world.windowStartNs);
  const starved = inWindow.filter((h) => h.kind === 'out-of-memory');
  if (starved.length > 0) {
    const name = world.nodes.nameOf(starved[0].node);
    return starved.length === 1
      ? `${name} runs out of memory and is killed`
      : `${name} runs out of memory (${starved.length} kills in all)`;
  }
  const fault = inWindow.find((h) => h.kind === 'fault');
  return fault === undefined ? '' : fault.what;
}

function leading(hotspots: readonly Hotspot[], shares: Shares, world: World, facts: Facts): string {
  const { requests } = facts;
  const mostlyFailures = requests.failed + requests.timedOut + requests.rejected > 0.01 * requests.offered;
  const list = mostlyFailures ? shares.failed : shares.p99;
  let best = -1;
  list.forEach((share, i) => {
    if (share > 0 && world.cells[i].kind !== 'retry' && (best < 0 || share > list[best])) best = i;
  });
  if (best < 0) {
    const hottest = hottestOf(facts.components);
    if (hottest !== null && hottest.utilization > 0.5)
      return `${hottest.resource} of ${hottest.component} ${percent(hottest.utilization)} busy`;
    return hotspots.length > 0 ? hotspots[0].why : 'nothing was answered';
  }
  const cell = world.cells[best];
  const name = cell.component < 0 ? 'other' : world.components.name[cell.component];
  const component = facts.components.find((c) => c.name === name);
  const busy = component?.resources.find((r) => r.resource === cell.resource)?.utilizationBusiest ?? 0;
  const who = mostlyFailures ? 'of their time' : 'of the slowest 1 %’s time';
  const behind =
    component !== undefined && component.bottleneck !== cell.resource && component.utilizationBusiest > 0.8
      ? ` (${component.bottleneck} ${percent(component.utilizationBusiest)} busy)`
      : '';
  return `${percent(list[best])} ${who} goes to ${why(cell.kind, cell.resource, name, busy)}${behind}`;
}
