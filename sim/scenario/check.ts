/**
 * What the schema cannot see: that names refer to something, that calls end, that faults and thresholds make sense.
 */
import { checkCaches } from './check/caches.ts';
import { Context } from './check/context.ts';
import { checkEffects } from './check/effects.ts';
import { checkFaults } from './check/faults.ts';
import { checkLive } from './check/live.ts';
import { checkMemory } from './check/memory.ts';
import { checkLinks, checkNames, checkReach, checkReferences } from './check/names.ts';
import { checkCycles, checkDoes, checkSteps } from './check/operations.ts';
import { checkPayloads } from './check/payload.ts';
import { checkPlaces } from './check/places.ts';
import { checkThresholds } from './check/thresholds.ts';
import { checkTries } from './check/tries.ts';
import type { ActorLike } from './component.ts';
import type { Problem, StageSettings } from './settings.ts';
import { type MapNode, type Path, plain, type TreeNode } from './source/tree.ts';

/** A Pareto distribution with a shape of 1 or less has no mean: no queue it feeds is ever stable. */
function warnInfiniteMeans(context: Context, node: TreeNode, path: Path): void {
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) warnInfiniteMeans(context, item, [...path, index]);
  } else if (node.kind === 'map') {
    for (const [key, { value }] of node.entries) {
      const shape = key === 'pareto' && value.kind === 'map' ? value.entries.get('shape')?.value : undefined;
      if (shape?.kind === 'scalar' && typeof shape.value === 'number' && shape.value <= 1) {
        context.report(
          [...path, key, 'shape'],
          `a Pareto distribution with shape ${String(plain(shape))} has an infinite mean`,
          'use a shape above 1',
          'warning',
        );
      }
      warnInfiniteMeans(context, value, [...path, key]);
    }
  }
}

/** What component types have to say about their own settings. */
function checkOwn(context: Context): void {
  for (const component of context.stage.components) {
    const findings = context.typeOf(component)?.check?.(component, context.stage) ?? [];
    for (const { path, message, hint, severity } of findings) {
      context.report(['components', component.name, ...path], message, hint ?? '', severity ?? 'error');
    }
  }
}

/** All checks of one stage. */
export function checkStage(stage: StageSettings, tree: MapNode, types: readonly ActorLike[]): Problem[] {
  const context = new Context(stage, tree, types);
  checkNames(context);
  checkReferences(context);
  checkPlaces(context);
  checkLinks(context);
  checkSteps(context);
  checkDoes(context);
  checkLive(context);
  checkFaults(context);
  checkThresholds(context);
  checkMemory(context);
  checkOwn(context);
  // What follows walks the references and would only repeat what is wrong with them.
  if (!context.problems.some((problem) => problem.severity === 'error')) {
    checkCycles(context);
    checkReach(context);
    checkEffects(context);
    checkTries(context);
    checkCaches(context);
    checkPayloads(context);
  }
  warnInfiniteMeans(context, tree, []);
  return context.problems;
}
