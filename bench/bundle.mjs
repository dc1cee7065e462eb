/** Bundles a program, and runs it in processes of their own. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { banner } from '../tools/banner.mjs';

/** A function that runs the program, named from this folder, with these arguments and answers what it printed, as JSON. */
export async function bundle(file, plugins = []) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: banner },
    plugins,
  });
  return (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-', ...args], {
      input: outputFiles[0].contents,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${file} failed:\n${stderr}`);
    return JSON.parse(stdout);
  };
}
