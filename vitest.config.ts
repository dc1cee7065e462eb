/**
 * One `npm test`, in parts that can be run alone: `npx vitest run --project truth`, or by folder, `vitest run test/truth`.
 */
import { defineConfig } from 'vitest/config';

/** Parts with a folder of their own under test/, and how long one of their tests may take, in milliseconds. */
const parts = { truth: 300_000, scenarios: 300_000, properties: 300_000, cli: 30_000, browser: 60_000 };

/** These use dist/, which must be what the sources say; around the known results the accuracy page is looked after. */
const setUp: Record<string, string[]> = {
  cli: ['tools/fresh-dist.ts'],
  browser: ['tools/fresh-dist.ts'],
  truth: ['tools/accuracy.ts'],
};

const part = ([name, testTimeout]: [string, number]) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: 60_000,
    globalSetup: setUp[name] ?? [],
    // A browser's frames and times are measured while nothing else runs.
    ...(name === 'browser' && { fileParallelism: false, sequence: { groupOrder: 1 } }),
  },
});

export default defineConfig({
  test: {
    pool: 'threads',
    maxWorkers: 2,
    restoreMocks: true,
    coverage: { provider: 'v8', include: ['sim/**', 'reports/**', 'cli/**'], reporter: ['text', 'html'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: Object.keys(parts).map((name) => `test/${name}/**`),
          testTimeout: 20_000,
        },
      },
      ...Object.entries(parts).map(part),
    ],
  },
});
