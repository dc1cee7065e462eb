/** The harness itself: a browser starts, pages are apart from each other, and what goes wrong in a page is seen. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { screenshot, seriousFindings, useBrowser } from './harness.ts';

const browser = useBrowser();

describe('the harness', () => {
  it('opens a page that runs a worker', async () => {
    const { page, errors, requests } = await browser.open();
    const answer = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(6 * 7)'])));
          worker.onmessage = ({ data }) => resolve(data);
        }),
    );
    expect([answer, errors, requests]).toEqual([42, [], []]);
  });

  it('sees errors, dialogs and requests', async () => {
    const { page, errors, requests } = await browser.open();
    await page.setContent('<script>alert(1); setTimeout(() => { throw new Error("oops") })</script>');
    await page.setContent('<img src="http://127.0.0.1:9/x.png" alt="">', { waitUntil: 'commit' });
    await expect.poll(() => errors.length).toBeGreaterThanOrEqual(3);
    expect(errors.join('\n')).toMatch(/dialog: 1[^]*uncaught: oops[^]*ERR_/);
    expect(requests).toEqual(['http://127.0.0.1:9/x.png']);
  });

  it('takes a picture, with letters in it', async () => {
    const { page } = await browser.open({ width: 200, height: 100 });
    const width = async (text: string) => {
      await page.setContent(`<span id="x">${text}</span>`);
      return page.locator('#x').evaluate((element) => element.getBoundingClientRect().width);
    };
    expect(await width('mmmm')).toBeGreaterThan(await width('iiii')); // a font was found
    expect(existsSync(await screenshot(page, 'harness'))).toBe(true);
  });

  it('finds what is not accessible', async () => {
    const { page } = await browser.open();
    await page.setContent('<html lang="en"><title>x</title><main><h1>x</h1><button></button></main>');
    expect(await seriousFindings(page)).toEqual([expect.stringContaining('button-name')]);
  });
});
