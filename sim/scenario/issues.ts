/**
 * What the schema library found wrong → a message in the words of the scenario, the path it is about, and a hint.
 */
import type * as z from 'zod';
import { nearest } from './nearest.ts';
import { show } from './units.ts';

/** A finding about a path of the scenario. */
export interface Finding {
  path: PropertyKey[];
  /** Whether the key is wrong or its value. */
  about: 'key' | 'value';
  message: string;
  /** Lazily, since only the first twenty are ever shown. */
  hint: () => string;
}

export type Issue = z.core.$ZodIssue;

/** Carries the allowed keys of a strict object through the issue's message: an issue does not know its schema. */
export const explain: z.core.$ZodErrorMap = (raw) => {
  if (raw.code !== 'unrecognized_keys') return undefined;
  const shape = (raw.inst as { _zod?: { def?: { shape?: object } } } | undefined)?._zod?.def?.shape ?? {};
  return JSON.stringify(Object.keys(shape));
};

/** Allowed keys out of such a message; more can be added. */
export const withAllowed = (message: string, more: readonly string[]): string =>
  JSON.stringify([...(JSON.parse(message) as string[]), ...more]);

const EXPECTED: Record<string, string> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  tuple: 'a list',
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
};

const expectedWord = (issue: Issue): string =>
  'expected' in issue ? (EXPECTED[String(issue.expected)] ?? String(issue.expected)) : 'something else';

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

const lastName = (path: readonly PropertyKey[]): string => String(path[path.length - 1] ?? 'the scenario');

function wrongType(words: string, value: unknown): { message: string; hint: string } {
  const quoted = words === 'text' && (typeof value === 'number' || typeof value === 'boolean');
  return { message: `expected ${words}, got ${show(value)}`, hint: quoted ? `quote it: "${String(value)}"` : '' };
}

/** Fields of one value refuse maps and lists; what they say then is no news about the map that was given. */
const refusesCollections = (issue: Issue): boolean =>
  issue.code === 'invalid_value' || (issue.code === 'custom' && issue.params?.quantity === true);

/** Checks run on a map although it has unknown keys; what they miss is most likely what was misspelt. */
export function tidy(issues: readonly Issue[]): Issue[] {
  const misspelt = issues.filter((issue) => issue.code === 'unrecognized_keys').map((issue) => issue.path.join('\n'));
  return issues.filter((issue) => issue.code !== 'custom' || !misspelt.includes(issue.path.join('\n')));
}

/** Every issue of a failed check, as findings. */
export const translateAll = (issues: readonly Issue[], root: unknown): Finding[] =>
  tidy(issues).flatMap((issue) => translate(issue, root));

/** The option of a union that was most likely meant: the one whose kind of value (map, text …) was given. */
function pickOption(errors: readonly (readonly Issue[])[], value: unknown): readonly Issue[] | null {
  const collection = typeof value === 'object' && value !== null;
  const wrongKind = (issues: readonly Issue[]): boolean =>
    issues.some(
      (issue) =>
        issue.path.length === 0 && (issue.code === 'invalid_type' || (collection && refusesCollections(issue))),
    );
  return errors.find((issues) => !wrongKind(issues)) ?? null;
}

function fromUnion(issue: Extract<Issue, { code: 'invalid_union' }>, root: unknown, path: PropertyKey[]): Finding[] {
  const value = valueAt(root, path);
  const chosen = pickOption(issue.errors, value);
  if (chosen !== null && chosen.length > 0) return tidy(chosen).flatMap((each) => translate(each, root, path));
  const words = [
    ...new Set(
      issue.errors.flatMap((option) => option.filter((each) => each.code === 'invalid_type').map(expectedWord)),
    ),
  ];
  const other = issue.errors.flat().find((each) => each.code !== 'invalid_type' && each.path.length === 0);
  if (words.length === 0 || (other !== undefined && other.code === 'custom')) {
    return other === undefined ? [] : translate(other, root, path);
  }
  const { message, hint } = wrongType(words.join(' or '), value);
  return [{ path, about: 'value', message, hint: () => hint }];
}

function sizeMessage(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, value: unknown): string {
  const few = issue.code === 'too_small';
  const limit = few ? (issue as { minimum: number | bigint }).minimum : (issue as { maximum: number | bigint }).maximum;
  if (typeof value === 'string') return few ? 'the text is empty' : `the text is longer than ${limit} characters`;
  return `the list has too ${few ? 'few' : 'many'} items: ${few ? 'at least' : 'at most'} ${limit}`;
}

/** One issue → findings; `root` is the value that was validated, `prefix` where the issue's own path begins. */
export function translate(issue: Issue, root: unknown, prefix: readonly PropertyKey[] = []): Finding[] {
  const path = [...prefix, ...issue.path];
  const value = valueAt(root, path);
  const hintOf = (params: Record<string, unknown> | undefined): (() => string) => {
    const hint = params?.hint;
    return typeof hint === 'function' ? (hint as () => string) : () => String(hint ?? '');
  };
  const one = (message: string, hint: string | (() => string) = '', about: Finding['about'] = 'value'): Finding[] => [
    { path, about, message, hint: typeof hint === 'string' ? () => hint : hint },
  ];
  if (issue.code === 'unrecognized_keys') {
    const allowed = issue.message.startsWith('[') ? (JSON.parse(issue.message) as string[]) : [];
    return issue.keys.map((key) => ({
      path: [...path, key],
      about: 'key' as const,
      message: `unknown key \`${key.length > 60 ? `${key.slice(0, 57)}…` : key}\``,
      hint: () => (/^[0-9]{3}$/.test(key) ? 'a comma separates entries here: write 1000 or 1k' : nearest(key, allowed)),
    }));
  }
  if (value === undefined && path.length > 0 && issue.code !== 'invalid_key') {
    const hint = issue.code === 'custom' ? hintOf(issue.params) : '';
    return one(`\`${lastName(path)}\` is missing`, hint, 'key');
  }
  switch (issue.code) {
    case 'invalid_type': {
      const { message, hint } = wrongType(expectedWord(issue), value);
      return one(message, hint);
    }
    case 'invalid_value': {
      const words = issue.values.map(String);
      return one(`${show(value)} is not allowed here`, () =>
        typeof value === 'string' ? nearest(value, words) : `allowed: ${words.join(', ')}`,
      );
    }
    case 'invalid_union':
      return fromUnion(issue, root, path);
    case 'invalid_key':
      return one(issue.issues[0]?.message ?? 'this name is not allowed', '', 'key');
    case 'too_small':
    case 'too_big':
      return one(sizeMessage(issue, value));
    case 'custom':
      return one(issue.message, hintOf(issue.params));
    default:
      return one(issue.message);
  }
}
