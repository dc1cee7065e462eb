/**
 * A scenario file as a tree that remembers where each key and value was written.
 *
 * Patches share unchanged parts, so a node of stage 7 still knows the line that set it. Nodes are never changed.
 */
import type { Place } from './text.ts';

export type Scalar = string | number | boolean | null;

export interface ScalarNode {
  kind: 'scalar';
  value: Scalar;
  at: Place;
}

export interface ListNode {
  kind: 'list';
  items: readonly TreeNode[];
  at: Place;
}

export interface MapEntry {
  keyAt: Place;
  value: TreeNode;
}

export interface MapNode {
  kind: 'map';
  entries: ReadonlyMap<string, MapEntry>;
  at: Place;
}

export type TreeNode = ScalarNode | ListNode | MapNode;

export type Path = readonly PropertyKey[];

/** The tree as plain objects, for the schema. */
export function plain(node: TreeNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  const map: Record<string, unknown> = {};
  for (const [key, { value }] of node.entries) map[key] = plain(value);
  return map;
}

/** How many nodes a tree has, shared parts counted each time they appear. */
export function nodeCount(node: TreeNode): number {
  if (node.kind === 'scalar') return 1;
  let count = 1;
  if (node.kind === 'list') for (const item of node.items) count += nodeCount(item);
  else for (const entry of node.entries.values()) count += nodeCount(entry.value);
  return count;
}

function child(node: TreeNode, key: PropertyKey): { keyAt: Place; value: TreeNode } | null {
  if (node.kind === 'map') return node.entries.get(String(key)) ?? null;
  if (node.kind === 'list') {
    const value = node.items[Number(key)];
    return value === undefined ? null : { keyAt: value.at, value };
  }
  return null;
}

/** The node at a path, or null. */
export function nodeAt(root: TreeNode, path: Path): TreeNode | null {
  let node: TreeNode = root;
  for (const key of path) {
    const next = child(node, key);
    if (next === null) return null;
    node = next.value;
  }
  return node;
}

/**
 * Where a path was written: its value, or its key when the value is a collection (whose own start may be lines
 * below). When the path is not there, the key of its nearest ancestor.
 */
export function placeOf(root: TreeNode, path: Path, prefer: 'value' | 'key' = 'value'): Place {
  let node: TreeNode = root;
  let place = root.at;
  for (const [index, key] of path.entries()) {
    const next = child(node, key);
    if (next === null) return place;
    node = next.value;
    const last = index === path.length - 1;
    place = last && prefer === 'value' && node.kind === 'scalar' ? node.at : next.keyAt;
  }
  return place;
}
