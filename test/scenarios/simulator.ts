/** The simulator; also with another event list in it, for tests that the history does not depend on that. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type * as Simulator from '../../sim/index.ts';

export type { RunResult, StageResult } from '../../sim/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const plainHeap: Plugin = {
  name: 'plain heap instead of the wheel',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/event-list\.ts$/ }, () => ({ path: 'event-list', namespace: 'plain-heap' }));
    onLoad({ filter: /.*/, namespace: 'plain-heap' }, () => ({
      contents: "export { PlainHeap as EventList } from './test/engine/plain-heap.ts';",
      loader: 'ts',
      resolveDir: root,
    }));
  },
};

export const loadSimulator = (): Promise<typeof Simulator> => import('../../sim/index.ts');

/** The simulator with another event list in it, bundled for itself. */
export async function loadSimulatorWithPlainHeap(): Promise<typeof Simulator> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['sim/index.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [plainHeap],
  });
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-simulator-'));
  try {
    const path = join(folder, 'simulator.mjs');
    writeFileSync(path, outputFiles[0].contents);
    return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as typeof Simulator;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
