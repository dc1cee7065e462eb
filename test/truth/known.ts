/** The known results: cases as their authors wrote them down, with sources, expected values and tolerances. */
import { readFileSync } from 'node:fs';

export interface KnownCase {
  id: string;
  description: string;
  expected: Record<string, unknown>;
  tolerance: Record<string, number | boolean | string>;
  source: string;
  note?: string;
}

/** The cases of one file under test/truth/cases, by id. */
export function knownCases(file: string): Map<string, KnownCase> {
  const list = JSON.parse(readFileSync(new URL(`./cases/${file}`, import.meta.url), 'utf8')) as KnownCase[];
  return new Map(list.map((each) => [each.id, each]));
}

/** The number at a path in `expected`, else from the root of the case. */
export function expectedAt(known: KnownCase, path: string): number {
  const value = valueAt(known.expected, path) ?? valueAt(known, path);
  if (typeof value !== 'number') throw new Error(`case ${known.id} has no number at ${path}`);
  return value;
}

function valueAt(root: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce((value, name) => (value === undefined ? value : (value as Record<string, unknown>)[name]), root);
}

/** What stands behind a known value: a formula, or somebody's simulation. */
export function referenceOf(path: string): string {
  return /sim|published|crosscheck/.test(path) ? 'simulated' : 'exact';
}

/** Cases that only say what happens, not how nearly, are held to this. */
const QUALITATIVE = 0.02;

/** The most an estimate may be off, in the unit of the expected value. */
export function toleranceOf(known: KnownCase, expected: number, name?: string): number {
  const names = Object.keys(known.tolerance);
  const key = name ?? names.find((each) => typeof known.tolerance[each] === 'number') ?? names[0];
  const value = known.tolerance[key];
  if (value === true && key === 'exact') return 0;
  if (value === true && key === 'poisson') return Math.sqrt(expected);
  if (value === true && key === 'qualitative') return QUALITATIVE * Math.abs(expected);
  if (typeof value !== 'number') throw new Error(`case ${known.id} has no tolerance ${key}`);
  return key.startsWith('abs') ? value : value * Math.abs(expected);
}
