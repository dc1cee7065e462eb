/** The set-up before `npm start` and `npm test`: quick and silent when there is nothing to do. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
// @ts-expect-error -- a script without types, run by plain Node
import { sourceHash } from '../../tools/build.mjs';
import { firstGood } from '../pace.ts';

const script = fileURLToPath(new URL('../../tools/setup.mjs', import.meta.url));

/** Runs Node; answers the milliseconds that it took. */
function timed(...args: string[]): number {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([0, '', '']);
  return performance.now() - start;
}

it('does nothing twice', async () => {
  spawnSync(process.execPath, [script]);
  // Half a second on a quiet machine, where Node alone takes 50 ms.
  const { value, limit } = await firstGood(() => ({
    value: timed(script),
    limit: Math.max(2000, 30 * timed('-e', '0')),
  }));
  expect(value).toBeLessThanOrEqual(limit);
});

it('knows the sources by their content', () => {
  expect(sourceHash()).toMatch(/^[0-9a-f]{64}$/);
  expect(sourceHash()).toBe(sourceHash());
});
