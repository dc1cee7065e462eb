/** The scenarios that come with Tenfold: where they are, and how a name becomes a path. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own directory; the bundle stands in its dist/. */
const packageRoot = fileURLToPath(new URL('..', import.meta.url));

const folder = join(packageRoot, 'scenarios');

/** What runs when no scenario is named. */
export const mainScenario = join(folder, 'progression.yaml');

/** Names of the shipped scenarios, sorted, without their ending. */
export function shippedNames(): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

/** The path of a shipped scenario. */
export function shippedPath(name: string): string {
  return join(folder, `${name}.yaml`);
}

/** Is it the path of one of them? */
export function isShipped(path: string): boolean {
  return dirname(resolve(path)) === folder.replace(/[/\\]$/, '');
}

/**
 * A scenario argument as a path: a file that exists is itself; otherwise the bare name of a shipped scenario
 * (`progression`), also from an installed package (`scenarios/progression.yaml`).
 */
export function resolveScenario(argument: string): string {
  if (existsSync(argument)) return argument;
  const name = /^(?:scenarios\/)?([^/\\]+?)(?:\.yaml)?$/.exec(argument)?.[1];
  return name !== undefined && shippedNames().includes(name) ? shippedPath(name) : argument;
}
