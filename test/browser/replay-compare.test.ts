/** Two recordings side by side: written into one page, chosen with a button, dropped onto it; whole, broken and newer. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Recording } from '../../sim/recording/format.ts';
import { lineOf, valueOf } from '../../sim/recording/lines.ts';
import { recordingFixture } from '../viz/fixture.ts';
import { seriousFindings, useBrowser, type Visit } from './harness.ts';
import { pageOf, textOf } from './replay-page.ts';

const browser = useBrowser();
const pages = { one: '', both: '', other: '' };

/** Another recording, of a scenario of another name, whose second stage has its figures changed. */
function otherRecording(): Recording {
  const recording = recordingFixture();
  recording.scenario.name = 'Another fixture';
  recording.stages[1].result.goodputPerSecond *= 2;
  return recording;
}

beforeAll(() => {
  const [text, other] = [textOf(recordingFixture()), textOf(otherRecording())];
  pages.one = pageOf(text, 'compare-one');
  pages.both = pageOf(text, 'compare-both', other);
  pages.other = fileURLToPath(pageOf(other, 'compare-other'));
});

async function visit(url: string): Promise<Visit> {
  const it = await browser.open();
  await it.page.goto(url);
  await it.page.locator('.node').first().waitFor();
  return it;
}

/** Gives the page a file, as the button would. */
const choose = (page: Page, name: string, text: string) =>
  page
    .getByLabel('A replay page to open beside this one')
    .setInputFiles({ name, mimeType: 'text/html', buffer: Buffer.from(text) });

const standings = (page: Page) => page.locator('.standing').allInnerTexts();

describe('a page of two recordings', () => {
  it('opens with both, walks through both, and says by how much they differ', async () => {
    const { page, errors } = await visit(`${pages.both}#stage=2&t=25`);
    await expect.poll(() => page.locator('.pane').count()).toBe(2);
    expect(await standings(page)).toEqual(['Stage 2 of 2 of A fixture', 'Stage 2 of 2 of Another fixture']);
    const table = page.getByRole('table', { name: 'Figures of both' });
    expect(await table.innerText()).toMatch(/goodput per second[^\n]*×2/);
    expect(await table.innerText()).toMatch(/latency p99[^\n]*same/);
    await page.keyboard.press('ArrowUp');
    expect(await standings(page)).toEqual([
      expect.stringContaining('Stage 1 of 2 of A fixture'),
      expect.stringContaining('Stage 1 of 2 of Another fixture'),
    ]);
    await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/stage=1&t=[^&]*&beside=1/);
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('c');
    expect(await page.locator('.pane').count()).toBe(1);
    expect(errors).toEqual([]);
  });

  it('compares any stage of the one with any of the other, at the place that the address names', async () => {
    const { page } = await visit(`${pages.both}#stage=1&t=5&beside=2`);
    expect((await standings(page))[1]).toContain('Stage 2 of 2 of Another fixture');
    await page.getByLabel('Compare with').selectOption({ index: 2 });
    expect((await standings(page))[1]).toMatch(/Stage 2 of 2$/); // of the same recording
  });
});

describe('a file that is opened', () => {
  it('stands beside the recording, at the same moment', async () => {
    const { page, errors, requests } = await visit(`${pages.one}#stage=2&t=25`);
    await choose(page, 'other.html', readFileSync(pages.other, 'utf8'));
    await expect.poll(() => page.locator('.pane').count()).toBe(2);
    expect((await standings(page))[1]).toContain('Another fixture');
    expect(await page.locator('.clock span').first().innerText()).toBe('25.0 s');
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('may be dropped anywhere on the page', async () => {
    const { page } = await visit(`${pages.one}#stage=1`);
    const data = await page.evaluateHandle(
      (text) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], 'other.html', { type: 'text/html' }));
        return transfer;
      },
      readFileSync(pages.other, 'utf8'),
    );
    await page.dispatchEvent('#app', 'dragover', { dataTransfer: data });
    expect(await page.getByText('Drop to see it beside this one').isVisible()).toBe(true);
    await page.dispatchEvent('#app', 'drop', { dataTransfer: data });
    await expect.poll(() => page.locator('.pane').count()).toBe(2);
    expect(await page.getByText('Drop to see it beside this one').isVisible()).toBe(false);
  });

  const text = () => textOf(otherRecording());
  const newer = () => {
    const [header, ...rest] = text().split('\n');
    return lineOf({ ...(valueOf(header) as object), recording: 2 }) + rest.join('\n');
  };
  it.each([
    ['newer', newer, /newer\.html: The recording was made by a newer Tenfold/, 1],
    ['nonsense', () => '<!doctype html><p>Hello', /nonsense\.html: This is no recording/, 1],
    ['empty', () => '', /empty\.html: This is no recording/, 1],
    ['truncated', () => text().slice(0, -20_000), /truncated\.html: The recording is cut off: 1 of 2/, 2],
    [
      'corrupt',
      () => text().replace('{"result":{"name":"the primary dies"', '{"result":{"name":"the primary lies"'),
      /corrupt\.html: A part of the recording is damaged/,
      2,
    ],
    ['shapeless', () => shapeless(text()), /shapeless\.html: this recording is damaged and cannot be shown/, 1],
  ])('%s: says so, and shows what is good', async (name, make, message, panes) => {
    const { page, errors } = await visit(`${pages.one}#stage=2&t=25`);
    await choose(page, `${name}.html`, make());
    const notice = page.getByRole('alert');
    await notice.waitFor();
    expect(await notice.innerText()).toMatch(message);
    expect(await page.locator('.pane').count()).toBe(panes);
    await notice.getByRole('button').click();
    expect(await notice.count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it('is only ever text, whatever it calls itself', async () => {
    const hostile = otherRecording();
    hostile.scenario.name = '<img src=x onerror=alert(1)></script>';
    const { page, errors } = await visit(`${pages.one}#stage=2`);
    await choose(page, '<b>x</b>.html', textOf(hostile));
    await expect.poll(() => page.locator('.pane').count()).toBe(2);
    expect((await standings(page))[1]).toContain(hostile.scenario.name);
    await choose(page, '<img src=x onerror=alert(2)>.html', 'no');
    expect(await page.getByRole('alert').innerText()).toContain('<img src=x onerror=alert(2)>.html');
    expect(errors).toEqual([]);
  });
});

/** With good checksums, and with what no run records: a stage without components. */
function shapeless(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const value = valueOf(line) as { components?: unknown } | undefined;
      return value && 'components' in value ? lineOf({ ...value, components: 7 }).trimEnd() : line;
    })
    .join('\n');
}
