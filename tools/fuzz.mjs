/**
 * Runs random architectures until one breaks a law.
 *
 *   npm run fuzz -- [--seed 7] [--count 5000] [--failures 3] [--coverage]
 *   npm run fuzz -- --seed 7 --only 123 [--write least.yaml | --show]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const options = yargs(hideBin(process.argv))
  .option('seed', { type: 'number', default: 1, describe: 'family of architectures' })
  .option('first', { type: 'number', default: 0, describe: 'number of the first' })
  .option('count', { type: 'number', default: 5000, describe: 'how many' })
  .option('only', { type: 'number', describe: 'this one alone' })
  .option('failures', { type: 'number', default: 1, describe: 'stop after so many' })
  .option('write', { type: 'string', describe: 'file for the least scenario that fails' })
  .option('show', { type: 'boolean', describe: 'print the scenario, do not run it' })
  .option('library', { type: 'string', default: join(root, 'dist/index.js'), describe: 'what is tested' })
  .option('coverage', { type: 'boolean', default: true, describe: 'print what was met' })
  .strict()
  .parseSync();

/** The campaign is TypeScript, shared with the test; Node 20 reads JavaScript. */
async function loadCampaign() {
  const { build } = await import('esbuild');
  const outfile = join(root, 'node_modules/.cache/tenfold/fuzz.mjs');
  mkdirSync(dirname(outfile), { recursive: true });
  await build({
    stdin: {
      contents:
        "export * from './campaign.ts'; export * from './door.ts'; export * from './trial.ts'; export * from './generator/architecture.ts';",
      resolveDir: join(root, 'test/properties'),
      loader: 'ts',
    },
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

const { architecture, campaign, openDoor, story, toFile } = await loadCampaign();
const { seed, only, failures: most } = options;
if (options.show) process.stdout.write(toFile(architecture(seed, only ?? options.first)));
else {
  const door = await openDoor(resolve(options.library));
  const started = performance.now();
  const onProgress = (done) => {
    if (done % 100 === 0)
      process.stderr.write(`\r${done} architectures, ${((performance.now() - started) / 1000).toFixed(0)} s `);
  };
  const range = only === undefined ? { first: options.first, count: options.count } : { first: only, count: 1 };
  const { coverage, failures } = campaign(door, { seed, ...range, failures: most, onProgress });
  process.stderr.write('\n');
  if (options.coverage) process.stdout.write(`${coverage.table()}\n`);
  for (const failure of failures) process.stdout.write(`${story(failure)}\n`);
  if (options.write !== undefined && failures.length > 0) writeFileSync(options.write, failures[0].file);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
