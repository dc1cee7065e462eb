/** How often the branches of a core go which way. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(fileURLToPath(import.meta.url), '../../..');

/**
 * Counts, two a branch, of runs that are recorded or not.
 *
 * @param module what stands in for sim/engine/core-binary.ts: the core, counting
 * @param branches how many it has
 */
export async function profile(module, branches, record) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'tools/core/count-branches.mjs')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    plugins: [inPlaceOfTheCores(module)],
  });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-', String(branches), record ? '1' : '0'],
    { cwd: root, input: outputFiles[0].contents, encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (status !== 0) throw new Error(`the branches of the core cannot be counted:\n${stderr}`);
  const counts = JSON.parse(stdout);
  if (counts.length !== 2 * branches) throw new Error('the branches of the core were not all counted');
  return counts;
}

const inPlaceOfTheCores = (contents) => ({
  name: 'cores',
  setup({ onLoad }) {
    onLoad({ filter: /sim[\\/]engine[\\/]core-binary\.ts$/ }, () => ({ contents, loader: 'ts' }));
  },
});
