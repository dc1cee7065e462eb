/** Prints nanoseconds per random draw: `node bench/random.mjs`. Not part of the tests: the figures are this machine's. */
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: [new URL('random.ts', import.meta.url).pathname],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
});
await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
