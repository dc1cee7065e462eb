/** The report as a page, looked at in a real browser: what fits on a screen, and what fits on paper. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { render } from '../../reports/index.ts';
import { resultWith, stages } from '../reports/fixtures.ts';
import { seriousFindings, useBrowser } from './harness.ts';

const browser = useBrowser();

/** Names as long as those of the shipped scenarios. */
const report = render(
  'html',
  resultWith(
    { ...stages.failing, name: '100K users, replicas, and the primary crashes' },
    { ...stages.failover, name: 'every write waits for another center before it is acknowledged' },
  ),
);

async function visit(width: number, scheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const { page } = await browser.open({ width, scheme });
  await page.setContent(report);
  return page;
}

it('has the whole table of stages on a laptop, each figure on one line', async () => {
  const page = await visit(1280);
  const table = page.getByRole('region', { name: 'Stages' });
  const hidden = await table.evaluate((it) => it.scrollWidth - it.clientWidth);
  expect(hidden).toBe(0);
  const lines = await table.locator('td').evaluateAll((cells) =>
    cells.map((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return [cell.textContent, new Set([...range.getClientRects()].map(({ top }) => top)).size];
    }),
  );
  expect(lines).toEqual(lines.map(([text]) => [text, 1]));
});

it('loses nothing at the edge of the paper', async () => {
  const inside = 718; // of A4 between margins of a centimetre
  const page = await visit(inside);
  await page.emulateMedia({ media: 'print' });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(1.5 * inside); // a browser shrinks so much, and cuts off what is wider still
});

it.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
] as const)('axe finds nothing serious: %s, %i wide', async (scheme, width) => {
  const page = await visit(width, scheme);
  expect(await seriousFindings(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
});
