/**
 * Lets the tests import `sim/` as one program that Node loads itself, instead of module by module through the test
 * runner, where every name from another file is looked up in an object: simulations are then several times as fast.
 *
 * Every file of sim/ stays a module of its own for those who import it, and all of them share what they share in the
 * sources. Not used for coverage, which wants the sources.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'sim');
const cache = join(root, '.cache/sim');

/** Builds of other sources are kept for those who may still run with them. */
const KEEP_MS = 24 * 3600 * 1000;

/** The core's sources are no TypeScript: see tools/build-core.mjs. */
const isModule = (name: string): boolean => name.endsWith('.ts') && dirname(name) !== join('engine', 'core');

/** Bundles sim/ into a folder named after its content; answers the folder. */
async function buildSim(): Promise<string> {
  const names = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: names.filter(isModule).map((name) => join(source, name)),
    outbase: source,
    outdir: cache,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  const hash = createHash('sha256');
  for (const { path, hash: own } of outputFiles) hash.update(`${relative(cache, path)} ${own}\n`);
  const folder = join(cache, hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}.tmp`;
  for (const { path, contents } of outputFiles) {
    const file = join(making, relative(cache, path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  try {
    renameSync(making, folder);
  } catch {
    rmSync(making, { recursive: true, force: true }); // another run was faster
  }
  for (const name of readdirSync(cache)) {
    const other = join(cache, name);
    const { mtimeMs } = statSync(other, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
    if (name !== basename(folder) && mtimeMs < Date.now() - KEEP_MS) rmSync(other, { recursive: true, force: true });
  }
  return folder;
}

let built: Promise<string> | undefined;

/** Where what it resolves to must be left to Node. */
export const builtSimPattern = /\/\.cache\/sim\//;

export function builtSim(): Plugin {
  return {
    name: 'built sim',
    enforce: 'pre',
    async resolveId(id, importer) {
      if (!id.startsWith('.') || importer === undefined || !id.endsWith('.ts')) return;
      const inSim = relative(source, resolve(dirname(importer), id));
      if (inSim.startsWith('..')) return;
      return join(await (built ??= buildSim()), inSim.replace(/\.ts$/, '.mjs'));
    },
  };
}
