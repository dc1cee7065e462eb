/** The set-up before `npm start` and `npm test`: quick and silent when there is nothing to do. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
// @ts-expect-error -- a script without types, run by plain Node
import { sourceHash } from '../../tools/build.mjs';

const script = fileURLToPath(new URL('../../tools/setup.mjs', import.meta.url));

it('does nothing twice', () => {
  spawnSync(process.execPath, [script]);
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([0, '', '']);
  expect(performance.now() - start).toBeLessThan(2000); // half a second on a quiet machine
});

it('knows the sources by their content', () => {
  expect(sourceHash()).toMatch(/^[0-9a-f]{64}$/);
  expect(sourceHash()).toBe(sourceHash());
});
