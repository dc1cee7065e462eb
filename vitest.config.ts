/**
 * One `npm test`, in parts that can be run alone: `npx vitest run --project truth`, or by folder, `vitest run test/truth`.
 */
import { setFlagsFromString } from 'node:v8';
import { defineConfig } from 'vitest/config';
import { heedBranchHints } from './sim/engine/branch-hints.ts';
import { builtSim, builtSimPattern } from './tools/built-sim.ts';

// As the command does, so that what is tested is what it runs. Threads share the flags of their process.
heedBranchHints(process.versions.v8, setFlagsFromString);

/** Parts with a folder of their own under test/. */
const parts = ['truth', 'scenarios', 'properties', 'cli', 'browser'];

/**
 * How long a test may take, and how long it may wait for something that must come. Waits end when it has come, so these
 * are for tests that hang, not for machines that are slow: on a quiet one the longest test takes a tenth of it.
 */
const patience = {
  testTimeout: 900_000,
  hookTimeout: 900_000,
  teardownTimeout: 60_000,
  expect: { poll: { timeout: 120_000 } },
};

/** These use dist/, which must be what the sources say; around the known results the accuracy page is looked after. */
const setUp: Record<string, string[]> = {
  cli: ['tools/fresh-dist.ts'],
  browser: ['tools/fresh-dist.ts', 'test/browser/unpacked.ts'],
  truth: ['tools/accuracy.ts'],
};

/** Measured while nothing else runs: a browser's frames, the speed of the simulator. */
const alone = ['test/browser/replay-speed.test.ts', 'test/bench/speed.test.ts'];

const part = (name: string) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    exclude: alone,
    globalSetup: setUp[name] ?? [],
  },
});

/** Coverage is of the sources. */
const fromSources = process.argv.some((arg) => arg.startsWith('--coverage'));

export default defineConfig({
  plugins: fromSources ? [] : [builtSim()],
  test: {
    server: { deps: { external: [builtSimPattern] } },
    pool: 'threads',
    maxWorkers: 2,
    restoreMocks: true,
    ...patience,
    coverage: { provider: 'v8', include: ['sim/**', 'reports/**', 'cli/**'], reporter: ['text', 'html'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...parts.map((name) => `test/${name}/**`), ...alone],
        },
      },
      ...parts.map(part),
      {
        extends: true,
        test: {
          name: 'speed',
          include: alone,
          globalSetup: setUp.browser,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
