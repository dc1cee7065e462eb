/** A stage as a scenario of its own, in the language of scenarios: what the file says and all patches up to it come to. */
import { readSource } from './source/read.ts';
import { plain } from './source/tree.ts';
import { resolveStages } from './stages.ts';

/**
 * @param text a scenario without errors
 * @param stage the index of one of its stages
 * @returns the document of a scenario whose only stage is that one, as plain data
 */
export function loneStage(text: string, file: string, stage: number): Record<string, unknown> {
  const { root } = readSource(text, file);
  const found = root === null ? undefined : resolveStages(root).stages[stage];
  if (found === undefined) throw new RangeError(`${file} has no stage ${stage}`);
  const document = plain(found.tree) as Record<string, unknown>;
  if (found.head === root) return document;
  const { name, teaches, expect } = plain(found.head) as Record<string, unknown>;
  const own = { name, ...(teaches !== undefined && { teaches }), ...(expect !== undefined && { expect }) };
  return { ...document, stages: [own] };
}
