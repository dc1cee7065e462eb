/**
 * `--set path=value`: one value put into a tree from the command line, with the option as its place.
 */
import { nearestName } from './nearest.ts';
import { problemAt } from './problem.ts';
import type { Problem } from './settings.ts';
import { makeSource, type Source } from './source/text.ts';
import { readTree } from './source/read.ts';
import { type MapNode, nodeAt, type TreeNode } from './source/tree.ts';
import { withEntry, without } from './patch.ts';

/** A value to set: the path's names, and the tree to put there. */
export interface Setting {
  source: Source;
  path: string[];
  value: TreeNode;
}

/** To YAML the beginning of a text of several lines; on a command line nobody means that. */
const BLOCK = /^ *[>|][^\u0000-\u001f\u007f]*$/;

/** What a client or a component cannot be without. */
const REQUIRED: Record<string, readonly string[]> = { clients: ['does', 'entry'], components: ['type'] };

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** `clients.players.users` → names; a name with dots stands in double quotes. null: not a path. */
function splitPath(text: string): string[] | null {
  const names: string[] = [];
  const pattern = /\s*(?:"([^"]*)"|([^".]+))\s*(\.|$)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return null;
    names.push((match[1] ?? match[2]).trim());
    if (match[3] === '' && pattern.lastIndex < text.length) return null;
    if (match[3] === '.' && pattern.lastIndex === text.length) return null;
  }
  return names.length === 0 || names.some((name) => name === '') ? null : names;
}

/** Reads one `path=value`. */
export function parseSetting(text: string, option = '--set'): { setting: Setting | null; problems: Problem[] } {
  const source = makeSource(option, text);
  const fail = (offset: number, message: string, hint: string) => ({
    setting: null,
    problems: [problemAt({ source, offset }, message, hint)],
  });
  const equals = text.indexOf('=');
  if (equals < 1) return fail(0, 'expected path=value', 'for example clients.players.users=1k');
  const path = splitPath(text.slice(0, equals));
  if (path === null)
    return fail(0, 'this is not a path', 'names separated by points; put a name with points in double quotes');
  if (path.some((name) => FORBIDDEN.has(name))) return fail(0, 'this name is not allowed in a path', '');
  if (path[0] === 'stages')
    return fail(0, 'a value is set in every stage, not in `stages`', 'choose one stage with --stage');
  const stated = text.slice(equals + 1);
  if (BLOCK.test(stated))
    return fail(
      equals + 1,
      'a value that begins with > or | must be quoted',
      `${option} '${text.slice(0, equals)}=${JSON.stringify(stated.trim())}'`,
    );
  // Blanks in front of the value keep its columns those of the option.
  const padded = makeSource(option, ' '.repeat(equals + 1) + stated);
  const { root, problems } = readTree(padded);
  const moved = problems.map((problem) => ({ ...problem, source: text }));
  if (moved.length > 0) return { setting: null, problems: moved };
  const value = root ?? { kind: 'scalar' as const, value: null, at: { source, offset: equals + 1 } };
  return { setting: { source, path, value: relocate(value, source) }, problems: [] };
}

/** The same nodes with the option's text as their source. */
function relocate(node: TreeNode, source: Source): TreeNode {
  const at = { source, offset: node.at.offset };
  if (node.kind === 'scalar') return { ...node, at };
  if (node.kind === 'list') return { ...node, at, items: node.items.map((item) => relocate(item, source)) };
  const entries = [...node.entries].map(
    ([key, entry]) =>
      [key, { keyAt: { source, offset: entry.keyAt.offset }, value: relocate(entry.value, source) }] as const,
  );
  return { ...node, at, entries: new Map(entries) };
}

/** The tree with the value at the path; maps on the way are made. null as a value deletes, as in a patch. */
function applySetting(root: MapNode, setting: Setting, depth = 0): { root: MapNode; problem: Problem | null } {
  const { source, path, value } = setting;
  const name = path[depth];
  const keyAt = { source, offset: 0 };
  if (depth === path.length - 1) {
    if (value.kind === 'scalar' && value.value === null) {
      return { root: { ...root, entries: new Map([...root.entries].filter(([key]) => key !== name)) }, problem: null };
    }
    return { root: withEntry(root, name, { keyAt, value }), problem: null };
  }
  const entry = root.entries.get(name);
  const below: TreeNode = entry?.value ?? { kind: 'map', entries: new Map(), at: keyAt };
  if (below.kind !== 'map') {
    const problem = problemAt(
      keyAt,
      `\`${path.slice(0, depth + 1).join('.')}\` is not a map, it has no \`${path[depth + 1]}\``,
      'set the whole value instead',
    );
    return { root, problem };
  }
  const inner = applySetting(below, setting, depth + 1);
  return { root: withEntry(root, name, { keyAt: entry?.keyAt ?? keyAt, value: inner.root }), problem: inner.problem };
}

/** The tree with all values set, one after another, and what is wrong with their paths. */
export function applySettings(tree: MapNode, settings: readonly Setting[]): { root: MapNode; problems: Problem[] } {
  const problems: Problem[] = [];
  let root = tree;
  for (const setting of settings) {
    const applied = applySetting(root, setting);
    root = applied.root;
    if (applied.problem !== null) problems.push(applied.problem);
  }
  for (const { source, path } of settings) {
    const meant = misspelt(tree, root, path);
    if (meant === null) continue;
    const [section, name] = path;
    const place = { source, offset: Math.max(0, source.text.indexOf(name)) };
    problems.push(problemAt(place, `\`${section}\` has no \`${name}\``, `did you mean \`${meant}\`?`));
    root = withoutEntry(root, section, name);
  }
  return { root, problems };
}

/**
 * The name that a path most likely meant: it leads into a client or a component that the file does not have, which
 * is not a whole one after all settings either. null: it is right, or nothing is like it.
 */
function misspelt(before: MapNode, after: MapNode, [section, name, ...below]: readonly string[]): string | null {
  const [known, made] = [nodeAt(before, [section]), nodeAt(after, [section, name])];
  if (!Object.hasOwn(REQUIRED, section) || below.length === 0 || known?.kind !== 'map' || made === null) return null;
  if (known.entries.has(name) || REQUIRED[section].every((key) => nodeAt(made, [key]) !== null)) return null;
  return nearestName(name, [...known.entries.keys()]);
}

/** Without what a misspelt name made: what it lacks would be no news. */
function withoutEntry(root: MapNode, section: string, name: string): MapNode {
  const { keyAt, value } = root.entries.get(section)!;
  return withEntry(root, section, { keyAt, value: without(value as MapNode, name) });
}
