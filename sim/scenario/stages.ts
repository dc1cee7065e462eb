/**
 * A file's root and its stages → one tree per stage.
 *
 * Stages are cumulative merge patches. Faults and thresholds of the root hold in every stage; those that a stage
 * states are its own, unless marked `keep: true`.
 */
import { describePatch, mergePatch, withEntry, without } from './patch.ts';
import { problemAt } from './problem.ts';
import type { Problem } from './settings.ts';
import { type MapNode, nodeAt, nodeCount, type TreeNode } from './source/tree.ts';

/** One stage before validation. */
export interface StageTree {
  tree: MapNode;
  /** Where its name and its patch stand; the root for a scenario without stages. */
  head: MapNode;
  changes: string[];
}

/** Values in all stages together: bounds the time that validation can take. */
const MAX_STAGE_NODES = 50_000;
const MAX_STAGES = 200;

const isNull = (node: TreeNode): boolean => node.kind === 'scalar' && node.value === null;
const isTrue = (node: TreeNode | null): boolean => node?.kind === 'scalar' && node.value === true;

/** A map with only the entries that pass. */
const filtered = (map: MapNode, keep: (key: string, value: TreeNode) => boolean): MapNode => ({
  ...map,
  entries: new Map([...map.entries].filter(([key, { value }]) => keep(key, value))),
});

/** The part of a stage's patch that later stages have too. */
function lastingPatch(patch: MapNode, merged: MapNode): MapNode {
  let lasting = patch;
  const faults = patch.entries.get('faults');
  if (faults?.value.kind === 'map') {
    const value = filtered(
      faults.value,
      (name, each) => isNull(each) || isTrue(nodeAt(merged, ['faults', name, 'keep'])),
    );
    lasting = withEntry(lasting, 'faults', { ...faults, value });
  }
  const thresholds = patch.entries.get('thresholds');
  if (thresholds?.value.kind === 'map' && !isTrue(nodeAt(patch, ['thresholds', 'keep']))) {
    const value = filtered(thresholds.value, (_name, each) => isNull(each));
    lasting = withEntry(lasting, 'thresholds', { ...thresholds, value });
  }
  return lasting;
}

function checkList(stages: TreeNode): Problem | null {
  if (stages.kind !== 'list') return problemAt(stages.at, 'stages are a list', 'write - { name: … } for each');
  if (stages.items.length === 0)
    return problemAt(stages.at, 'the list of stages is empty', 'leave `stages` out for a single stage');
  if (stages.items.length > MAX_STAGES) return problemAt(stages.at, `more than ${MAX_STAGES} stages`);
  return null;
}

/** Resolves the stages of a file. Stages that are no maps are reported and skipped. */
export function resolveStages(root: MapNode): { stages: StageTree[]; problems: Problem[] } {
  const entry = root.entries.get('stages');
  const base = without(root, 'stages');
  if (entry === undefined) return { stages: [{ tree: base, head: root, changes: [] }], problems: [] };
  const wrong = checkList(entry.value);
  if (wrong !== null) return { stages: [], problems: [wrong] };
  const problems: Problem[] = [];
  const stages: StageTree[] = [];
  let carried = base;
  let nodes = 0;
  for (const head of entry.value.kind === 'list' ? entry.value.items : []) {
    if (head.kind !== 'map') {
      problems.push(problemAt(head.at, 'a stage is a map', 'write - { name: … }'));
      continue;
    }
    const patch = without(head, 'name', 'teaches', 'expect');
    if (patch.entries.has('stages')) problems.push(problemAt(head.at, 'a stage has no stages of its own'));
    const tree = mergePatch(carried, patch) as MapNode;
    const changes = stages.length === 0 ? [] : describePatch(carried, without(patch, 'thresholds'));
    stages.push({ tree, head, changes });
    carried = mergePatch(carried, lastingPatch(patch, tree)) as MapNode;
    nodes += nodeCount(tree);
    if (nodes > MAX_STAGE_NODES) {
      const message = `the stages have more than ${MAX_STAGE_NODES} values together`;
      return { stages: [], problems: [...problems, problemAt(head.at, message, 'split the scenario')] };
    }
  }
  return { stages, problems };
}
