/** The same version, scenario and seed give the same bytes, whatever the number of threads. */
import { expect, it } from 'vitest';
import { fileOf, small, tenfold } from './tenfold.ts';

const staged = `${small}stages:\n  - { name: one }\n  - { name: two, run: { duration: 5s } }\n  - { name: three }\n`;
const json = async (...args: string[]) => (await tenfold(['run', ...args, '--reporter', 'json'])).stdout;

it('run after run', async () => {
  const path = fileOf(staged);
  const one = await json(path);
  expect(JSON.parse(one).stages.map(({ name }: { name: string }) => name)).toEqual(['one', 'two', 'three']);
  expect(await json(path)).toBe(one);
});

it('with one worker or many', async () => {
  const path = fileOf(staged);
  const one = await json(path, '--replications', '3', '--workers', '1');
  expect(JSON.parse(one)).toMatchObject({ replications: 3 });
  expect(await json(path, '--replications', '3', '--workers', '3')).toBe(one);
});

it('and another seed gives another history', async () => {
  const path = fileOf(small);
  const fingerprint = async (seed: string) => JSON.parse(await json(path, '--seed', seed)).stages[0].fingerprint;
  expect(await fingerprint('2')).not.toBe(await fingerprint('1'));
});

it('one stage alone is the stage of the whole run', async () => {
  const path = fileOf(staged);
  const whole = JSON.parse(await json(path));
  const alone = JSON.parse(await json(path, '--stage', 'two'));
  expect(alone.stages).toEqual([whole.stages[1]]);
});

it('twice side by side, compared by --doublecheck', async () => {
  const { code, stderr } = await tenfold(['run', fileOf(staged), '--doublecheck', '--quiet']);
  expect([code, stderr]).toEqual([0, '']);
});
