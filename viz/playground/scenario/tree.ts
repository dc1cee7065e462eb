/**
 * A scenario as plain values, to move sliders in: what each stage says after the patches before it, and the text of a
 * scenario with changes on top. Only texts that the parser has accepted come here, so nothing is checked a second time;
 * the changed text goes through the parser again.
 */
import { CORE_SCHEMA, load } from 'js-yaml';

export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
export type Path = readonly (string | number)[];

/** One setting of a stage, changed; null takes it away. */
export interface Change {
  path: Path;
  value: Value;
}

type Branch = { [name: string]: Value };

const isBranch = (value: Value | undefined): value is Branch =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A new object whose keys are only data, `__proto__` included. */
function branch(entries: Iterable<[string, Value]> = []): Branch {
  const made = Object.create(null) as Branch;
  for (const [name, value] of entries) made[name] = value;
  return made;
}

/** The document as plain values. */
export function readTree(text: string): Value {
  return load(text.replace(/^\ufeff/, ''), { schema: CORE_SCHEMA }) as Value;
}

/** A merge patch (RFC 7396) applied; `keep` leaves its nulls in, for a patch upon a patch. */
export function merge(target: Value | undefined, patch: Value, keep = false): Value {
  if (!isBranch(patch)) return patch;
  const merged = branch(isBranch(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null && !keep) delete merged[name];
    else merged[name] = merge(merged[name], value, keep);
  }
  return merged;
}

/** What every stage says, without names and stories; one for a scenario without stages. */
export function stageTrees(document: Value): Value[] {
  if (!isBranch(document)) return [];
  const { stages, ...root } = document;
  if (!Array.isArray(stages)) return [root];
  let carried: Value = root;
  return stages.map((stage) => {
    carried = merge(carried, stage);
    return carried;
  });
}

/** The value at a path; undefined when there is none. */
export function valueAt(tree: Value, path: Path): Value | undefined {
  let here: Value | undefined = tree;
  for (const step of path) {
    if (Array.isArray(here)) here = here[Number(step)];
    else if (isBranch(here) && Object.hasOwn(here, step)) here = here[step];
    else return undefined;
  }
  return here;
}

/**
 * Changes as one merge patch against a stage. Patches replace lists as a whole, so a change inside of one carries the
 * list with it.
 */
export function patchOf(tree: Value, changes: readonly Change[]): Value {
  let changed = tree;
  let patch: Value = branch();
  for (const { path, value } of changes) {
    changed = withValue(changed, path, value);
    const list = path.findIndex((step) => typeof step === 'number');
    const upTo = list < 0 ? path : path.slice(0, list);
    const replacement = list < 0 ? value : (valueAt(changed, upTo) ?? null);
    patch = merge(patch, nested(upTo, replacement), true);
  }
  return patch;
}

function nested(path: Path, value: Value): Value {
  return path.reduceRight<Value>((inner, step) => branch([[String(step), inner]]), value);
}

function withValue(tree: Value | undefined, path: Path, value: Value): Value {
  if (path.length === 0) return value;
  const [step, ...rest] = path;
  if (Array.isArray(tree)) return tree.map((item, index) => (index === step ? withValue(item, rest, value) : item));
  const copy = branch(isBranch(tree) ? Object.entries(tree) : []);
  copy[String(step)] = withValue(copy[String(step)], rest, value);
  return copy;
}

/** The scenario up to and including a stage, with a patch upon that stage, as text (JSON is YAML). */
export function patchedText(document: Value, stage: number, patch: Value): string {
  if (!isBranch(document)) return JSON.stringify(document);
  const { stages } = document;
  if (!Array.isArray(stages)) return JSON.stringify(merge(document, patch));
  const kept = stages.slice(0, stage + 1);
  kept[stage] = merge(kept[stage], patch, true);
  return JSON.stringify({ ...document, stages: kept });
}
