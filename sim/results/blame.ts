/** What struck a stage, where a threshold that failed can be its consequence: the same component, or users fared worse after it than before. */
import type { Happening } from '../engine/history.ts';
import type { World } from '../engine/world.ts';
import type { ThresholdSettings } from '../scenario/settings.ts';
import type { Outcomes } from '../workload/outcomes.ts';

const S = 1_000_000_000;
/** Seconds of the window before something struck without which there is nothing to compare with. */
const LEAST = 3;
/** How much worse is no chance. */
const FACTOR = 1.1;

export interface Course {
  world: World;
  outcomes: Outcomes;
}

/** What died, or was struck first; empty when nothing was that matters to the threshold. Nothing that dies costs more. */
export function blameOf({ metric, scope }: ThresholdSettings, course: Course): string {
  if (metric === 'cost') return '';
  const { world } = course;
  const own = scope.kind === 'component' ? world.components.name.indexOf(scope.name) : -1;
  const isToBlame = (h: Happening): boolean =>
    scope.kind === 'failover' || (own >= 0 && h.component === own) || isWorseAfter(h, course);
  const inWindow = world.history.list.filter((h) => h.atNs >= world.windowStartNs);
  const starved = inWindow.filter((h) => h.kind === 'out-of-memory');
  if (starved.some(isToBlame)) return starvation(starved, world);
  return inWindow.find((h) => h.kind === 'fault' && isToBlame(h))?.what ?? '';
}

function starvation(kills: readonly Happening[], world: World): string {
  const name = world.nodes.nameOf(kills[0].node);
  return kills.length === 1
    ? `${name} runs out of memory and is killed`
    : `${name} runs out of memory (${kills.length} kills in all)`;
}

/** Did more requests fail, or take longer, or fewer succeed, from then on? Where nothing is known of before: it may be. */
function isWorseAfter({ atNs }: Happening, { world, outcomes }: Course): boolean {
  const begin = Math.floor(world.windowStartNs / S);
  const struck = Math.floor(atNs / S);
  const end = Math.max(struck + 1, Math.floor(world.clock[0] / S));
  if (struck - begin < LEAST) return true;
  const before = fortuneOf(outcomes, begin, struck);
  const after = fortuneOf(outcomes, struck, end);
  return (
    after.erred > FACTOR * before.erred || after.p99 > FACTOR * before.p99 || after.goodput * FACTOR < before.goodput
  );
}

/** How users fared from one second until another: the share of requests that failed, their p99 (ns), and completed ones a second. */
function fortuneOf(outcomes: Outcomes, from: number, to: number): { erred: number; p99: number; goodput: number } {
  const erred = sum(outcomes.erredBySecond, from, to);
  const completed = sum(outcomes.completedBySecond, from, to);
  return {
    erred: erred === 0 ? 0 : erred / (erred + completed),
    p99: outcomes.latencyBetween(from, to, 0.99),
    goodput: completed / (to - from),
  };
}

function sum(series: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let s = from; s < to; s++) total += series[s] ?? 0;
  return total;
}
