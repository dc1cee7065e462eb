/** The playground from the disk: opened by double-click, it runs without a server and without SharedArrayBuffer. */
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratch } from '../cli/tenfold.ts';
import { useBrowser } from './harness.ts';

const browser = useBrowser();
const built = fileURLToPath(new URL('../../dist/playground', import.meta.url));

it('runs from file://', async () => {
  const { page, errors } = await browser.open();
  await page.goto(pathToFileURL(join(built, 'index.html')).href);
  await page.locator('.tiles dd').first().waitFor();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('100 users');
  expect(await page.evaluate(() => typeof SharedArrayBuffer)).toBe('undefined');
  expect(errors).toEqual([]);
});

it('says what is missing when only a part of it was copied', async () => {
  const folder = scratch();
  cpSync(built, folder, { recursive: true });
  rmSync(join(folder, 'offline.js'));
  const { page } = await browser.open();
  await page.goto(pathToFileURL(join(folder, 'index.html')).href);
  expect(await page.getByRole('alert').textContent()).toBe(
    'The playground could not start: offline.js is missing beside this page; copy the whole folder.',
  );
});
