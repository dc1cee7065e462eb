/**
 * Pages and schema that are made from the code must be what the code says now. `npm run docs` brings them up to date.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonSchema, simulate } from '../../sim/index.ts';
import { VERBS } from '../../sim/scenario/fields/steps.ts';
import { stepOptions } from '../../tools/docs/steps.ts';
import { scenariosPage } from '../../tools/docs.ts';

test('docs/scenarios.md is what the schema says (npm run docs)', async () => {
  await expect(scenariosPage()).toMatchFileSnapshot('../../docs/scenarios.md');
});

test('schema/scenario.schema.json is what `tenfold schema` prints (npm run docs)', async () => {
  await expect(`${JSON.stringify(jsonSchema(), null, 2)}\n`).toMatchFileSnapshot('../../schema/scenario.schema.json');
});

test('every key that a file may begin with has a row or a section of its own', () => {
  const page = scenariosPage().split('# Every key')[1];
  const { properties } = jsonSchema() as { properties: object };
  const titles = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title.toLowerCase());
  const isListed = (key: string): boolean => page.includes(`| \`${key}\` |`) || titles.includes(key);
  expect(Object.keys(properties).filter((key) => !isListed(key))).toEqual([]);
});

test('every verb of a step is documented with its own options', () => {
  const options = stepOptions();
  expect([...options.keys()]).toEqual(VERBS);
  expect(options.get('cpu')).toEqual([]);
  expect(options.get('get')).toEqual(expect.arrayContaining(['hit', 'miss', 'timeout']));
  expect(options.get('repeat')).toEqual(['steps']);
});

test('the example of the introduction breaks and is mended as it says', () => {
  const intro = readFileSync(new URL('../../docs/scenarios.intro.md', import.meta.url), 'utf8');
  const { ok, stages } = simulate(/```yaml\n([\s\S]*?)```/.exec(intro)![1]);
  expect(stages.map(({ verdict }) => verdict.ok)).toEqual([false, true]);
  expect(ok).toBe(true);
});
