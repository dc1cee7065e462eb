/**
 * The README's five minutes do what the README says: its scenario passes, breaks and is mended by the commands shown, with
 * the output shown; and links lead somewhere.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { simulate } from '../../sim/index.ts';
import { withOutputs } from '../../tools/docs/outputs.ts';

const root = new URL('../../', import.meta.url).pathname;
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const shop = /```yaml\n(name: A small shop[\s\S]*?)```/.exec(readme)![1];

test('outputs in the README are what the commands print (npm run docs)', async () => {
  await expect(withOutputs(readme)).toMatchFileSnapshot('../../README.md');
});

test('the shop passes, breaks and is mended as the README says', () => {
  const ok = (set: string[]): boolean => simulate(shop, { set }).ok;
  expect(ok([])).toBe(true);
  expect(ok(['clients.shoppers.users=500'])).toBe(false);
  expect(ok(['clients.shoppers.users=500', 'components.web.machine.cores=4'])).toBe(true);
});

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md') && !name.endsWith('.intro.md'))
    .map((name) => `docs/${name}`),
];

test.each(pages)('links of %s lead to files that are there', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map((match) => match[1])
    .filter((target) => !/^[a-z]+:/.test(target));
  const missing = targets.filter((target) => !existsSync(join(root, dirname(page), target)));
  expect(missing).toEqual([]);
});

test.each(pages)('headings that %s links to within the page exist', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const slugs = new Set(
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
  const missing = [...text.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1]).filter((anchor) => !slugs.has(anchor));
  expect([...new Set(missing)]).toEqual([]);
});
