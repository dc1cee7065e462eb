/**
 * Bundles the sources into dist/: the command, its worker thread, the library, the benchmark and the playground.
 *
 * Every bundle needs nothing installed beside it; those for Node are one ES module each. Files are written under another
 * name and renamed, so that a command started meanwhile never reads half a bundle.
 */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { banner } from './banner.mjs';
import { playgroundFiles } from './build-playground.mjs';
import { replayFiles } from './build-replay.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const stampFile = join(dist, '.sources');

/** What ends up in a bundle; a change of any of it makes dist/ stale. */
const sources = [
  'cli.ts',
  'cli',
  'sim',
  'reports',
  'bench',
  'viz',
  'scenarios',
  'package.json',
  'package-lock.json',
  'tools/banner.mjs',
  'tools/build.mjs',
  'tools/build-playground.mjs',
  'tools/build-replay.mjs',
];

const entries = {
  cli: 'cli.ts',
  worker: 'cli/simulation/worker.ts',
  index: 'sim/index.ts',
  bench: 'bench/main.ts',
};

const isSource = (name) => /\.(ts|mjs|json|css|html|yaml)$/.test(name);

function* filesUnder(path) {
  if (!existsSync(join(root, path))) return;
  if (isSource(path)) return yield path;
  const names = readdirSync(join(root, path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const name of names) {
    if (name.isDirectory() || isSource(name.name)) yield* filesUnder(`${path}/${name.name}`);
  }
}

/** A hash over names and contents: unlike times, it survives a checkout and notices a file that went away. */
export function sourceHash() {
  const hash = createHash('sha256');
  for (const path of sources.flatMap((source) => [...filesUnder(source)])) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** True when dist/ was made from exactly the sources that are there now. */
export function isFresh() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sourceHash();
}

/** Builds all bundles. Throws with esbuild's own messages when a source does not compile. */
export async function build() {
  const hash = sourceHash();
  const { build: esbuild } = await import('esbuild');
  const present = Object.entries(entries).filter(([, path]) => existsSync(join(root, path)));
  const { outputFiles } = await esbuild({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(present),
    outdir: dist,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: banner },
    legalComments: 'none',
    logLevel: 'warning',
  });
  mkdirSync(join(dist, 'playground'), { recursive: true });
  for (const file of [...outputFiles, ...(await playgroundFiles(root, dist)), ...(await replayFiles(root, dist))]) {
    const temporary = `${file.path}.${process.pid}.tmp`;
    writeFileSync(temporary, file.contents);
    if (basename(file.path) === 'cli.js') chmodSync(temporary, 0o755);
    renameSync(temporary, file.path);
  }
  writeFileSync(stampFile, hash);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await build().catch(() => {
    process.exitCode = 1; // esbuild has printed what is wrong
  });
}
