/** What struck a stage, where a threshold that failed can be its consequence: the same component, or users fared worse after it than before. */
import type { Happening } from '../engine/history.ts';
import type { World } from '../engine/world.ts';
import type { ThresholdSettings } from '../scenario/settings.ts';
import type { Outcomes } from '../workload/outcomes.ts';
import { Service } from './service.ts';

const S = 1_000_000_000;

export interface Course {
  world: World;
  outcomes: Outcomes;
}

/** What died, or was struck first; empty when nothing was that matters to the threshold. Nothing that dies costs more. */
export function blameOf({ metric, scope }: ThresholdSettings, { world, outcomes }: Course): string {
  if (metric === 'cost') return '';
  const service = new Service(outcomes, world.clock[0] / S);
  const own = scope.kind === 'component' ? world.components.name.indexOf(scope.name) : -1;
  const isToBlame = (h: Happening): boolean =>
    scope.kind === 'failover' ||
    (own >= 0 && h.component === own) ||
    service.isWorseFrom(world.windowStartNs / S, h.atNs / S);
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
