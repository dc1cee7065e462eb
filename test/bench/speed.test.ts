/**
 * The simulator is not slower than it was: in CI its speed, relative to a fixed loop timed in the same process, may fall by no
 * more than a quarter below that in bench/baseline.json. Elsewhere by half: other processors than those of CI gain other
 * amounts from caches and compilers. `npm run bench:baseline` accepts another speed.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../bench/baseline.mjs', import.meta.url));

it('is as fast, relative to the yardstick, as it was', () => {
  const fall = process.env['CI'] ? '0.25' : '0.5';
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--check', '--fall', fall], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('as fast as it was') });
});
