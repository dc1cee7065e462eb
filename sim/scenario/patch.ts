/**
 * Merge patches (RFC 7396) on trees: maps merge, null deletes, everything else (lists too) is replaced.
 *
 * Nodes keep the place where they were written, so an error in stage 7 points to the line that set the value.
 */
import { type MapEntry, type MapNode, nodeAt, type Path, type TreeNode } from './source/tree.ts';

/** The target with a patch applied; neither is changed. */
export function mergePatch(target: TreeNode | null, patch: TreeNode): TreeNode {
  if (patch.kind !== 'map') return patch;
  const base: MapNode = target?.kind === 'map' ? target : { kind: 'map', entries: new Map(), at: patch.at };
  const entries = new Map<string, MapEntry>(base.entries);
  for (const [key, { keyAt, value }] of patch.entries) {
    if (value.kind === 'scalar' && value.value === null) {
      entries.delete(key);
      continue;
    }
    const before = entries.get(key);
    // A map that is only extended keeps the place where it was first written.
    const keptKey = before !== undefined && before.value.kind === 'map' && value.kind === 'map' ? before.keyAt : keyAt;
    entries.set(key, { keyAt: keptKey, value: mergePatch(before?.value ?? null, value) });
  }
  return { kind: 'map', entries, at: base.at };
}

/** A map without some of its keys. */
export function without(map: MapNode, ...keys: string[]): MapNode {
  return { ...map, entries: new Map([...map.entries].filter(([key]) => !keys.includes(key))) };
}

/** A map with one entry set. */
export function withEntry(map: MapNode, key: string, entry: MapEntry): MapNode {
  return { ...map, entries: new Map(map.entries).set(key, entry) };
}

const MAX_TEXT = 60;

/** A value in one line, as a person would write it. */
export function oneLine(node: TreeNode): string {
  const write = (each: TreeNode): string => {
    if (each.kind === 'scalar') return String(each.value);
    if (each.kind === 'list') return `[${each.items.map(write).join(', ')}]`;
    const entries = [...each.entries].sort(([a], [b]) => (a < b ? -1 : 1));
    return `{ ${entries.map(([key, { value }]) => `${key}: ${write(value)}`).join(', ')} }`;
  };
  const text = write(node);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}

/** What a new component, fault or population is, in a word. */
function kindOf(node: TreeNode): string {
  const type = nodeAt(node, ['type']);
  if (type !== null) return ` (${oneLine(type)})`;
  return '';
}

const isNamed = (path: Path): boolean =>
  path.length === 2 && ['components', 'clients', 'faults', 'links', 'regions'].includes(String(path[0]));

/** What a patch changes, as "path: old → new", in the order of the names. */
export function describePatch(before: TreeNode | null, patch: TreeNode, path: Path = []): string[] {
  const name = path.map(String).join('.');
  if (patch.kind === 'map') {
    if (isNamed(path) && before === null) return [`${name}: new${kindOf(patch)}`];
    if (before === null || before.kind === 'map') {
      if (before === null && path.length > 2) return [`${name}: ${oneLine(patch)}`];
      return [...patch.entries.keys()].sort().flatMap((key) => {
        const entry = patch.entries.get(key) as MapEntry;
        return describePatch(before === null ? null : nodeAt(before, [key]), entry.value, [...path, key]);
      });
    }
  }
  const removed = patch.kind === 'scalar' && patch.value === null;
  if (removed) return before === null ? [] : [`${name}: removed`];
  if (before === null) return [`${name}: ${oneLine(patch)}`];
  const [old, now] = [oneLine(before), oneLine(patch)];
  if (old === now) return sameNode(before, patch) ? [] : [`${name}: changed`];
  return [patch.kind === 'list' ? `${name}: changed to ${now}` : `${name}: ${old} → ${now}`];
}

/** Equal in value, wherever they were written. */
export function sameNode(a: TreeNode, b: TreeNode): boolean {
  if (a === b) return true;
  if (a.kind === 'scalar' || b.kind === 'scalar')
    return a.kind === b.kind && (a as { value: unknown }).value === (b as { value: unknown }).value;
  if (a.kind === 'list' && b.kind === 'list') {
    return a.items.length === b.items.length && a.items.every((item, index) => sameNode(item, b.items[index]));
  }
  if (a.kind !== 'map' || b.kind !== 'map' || a.entries.size !== b.entries.size) return false;
  for (const [key, { value }] of a.entries) {
    const other = b.entries.get(key);
    if (other === undefined || !sameNode(value, other.value)) return false;
  }
  return true;
}
