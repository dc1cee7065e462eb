/**
 * The simulator is not much slower than it was: its speed, relative to a fixed loop timed in the same process, is at
 * least half of that in bench/baseline.json. `npm run bench:baseline` accepts another speed, and with `-- --check` it is
 * stricter: three quarters, for the machine that the baseline is from. Elsewhere the two differ in what they gain from
 * caches, and what they lose to neighbours.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../bench/baseline.mjs', import.meta.url));

it('is as fast, relative to the yardstick, as it was', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--check', '--fall', '0.5'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('as fast as it was') });
});
