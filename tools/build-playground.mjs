/**
 * The files of the playground: a page, its style, its script, the simulator as a worker, and the shipped scenarios as
 * JSON. `offline.js` holds worker and scenarios once more, for a page that was opened by double-click.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Their paths under dist/playground/, with their contents. */
export async function playgroundFiles(root, dist) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: {
      playground: 'viz/playground/page/main.ts',
      worker: 'viz/playground/worker/worker.ts',
      style: 'viz/playground/style.css',
    },
    outdir: join(dist, 'playground'),
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
    alias: { '@stdlib/assert-has-generator-support': './viz/playground/worker/generators.cjs' },
  });
  const scenarios = JSON.stringify(shippedScenarios(root));
  const worker = outputFiles.find(({ path }) => path.endsWith('worker.js')).text;
  const text = (name, contents) => ({ path: join(dist, 'playground', name), contents });
  return [
    ...outputFiles,
    text('index.html', readFileSync(join(root, 'viz/playground/index.html'))),
    text('scenarios.json', scenarios),
    text('offline.js', `globalThis.tenfoldOffline = { scenarios: ${scenarios}, worker: ${JSON.stringify(worker)} };\n`),
  ];
}

function shippedScenarios(root) {
  const names = readdirSync(join(root, 'scenarios')).filter((name) => name.endsWith('.yaml'));
  const entries = names.sort().map((name) => [name.slice(0, -5), readFileSync(join(root, 'scenarios', name), 'utf8')]);
  return Object.fromEntries(entries);
}
