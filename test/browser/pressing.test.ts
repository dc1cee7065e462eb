/** Presses of buttons that are drawn anew all the time: none is lost, however they follow one another. */
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useBrowser } from './harness.ts';

const browser = useBrowser();

/** A page with a button that is replaced every few milliseconds; `clicks` counts its clicks, `drawn` how often it was. */
const script = `
import { refill } from './viz/playground/page/refill.ts';
Object.assign(globalThis, { clicks: 0, drawn: 0 });
const draw = () => {
  const button = document.createElement('button');
  button.dataset.key = 'it';
  button.textContent = 'press';
  button.onclick = () => void clicks++;
  refill(document.body, button);
  if (document.querySelector('button') === button) drawn++;
};
draw();
setInterval(draw, 5);
`;

async function open(): Promise<Page> {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: '.' },
    bundle: true,
    write: false,
    format: 'iife',
  });
  const { page } = await browser.open();
  await page.setContent('<body></body>');
  await page.addScriptTag({ content: outputFiles[0].text });
  return page;
}

const clicks = (page: Page) => page.evaluate<number>('clicks');

/** Waits until the button has been replaced. */
async function drawnAnew(page: Page): Promise<void> {
  const seen = await page.evaluate<number>('drawn');
  await expect.poll(() => page.evaluate<number>('drawn')).toBeGreaterThan(seen);
}

it('a press while the page has not come to the end of the last one', async () => {
  const page = await open();
  const { x, y } = await page.evaluate<DOMRect>("document.querySelector('button').getBoundingClientRect().toJSON()");
  await page.mouse.move(x + 5, y + 5);
  for (let round = 0; round < 10; round++) {
    await page.mouse.down();
    const busy = page.evaluate('for (const end = performance.now() + 100; performance.now() < end; );');
    await Promise.all([busy, page.mouse.up(), page.mouse.down()]);
    await page.waitForTimeout(30); // the button would have been replaced meanwhile
    await page.mouse.up();
  }
  expect(await clicks(page)).toBe(20);
  await drawnAnew(page);
});

it('a press of the space bar while the pointer moves', async () => {
  const page = await open();
  for (let round = 0; round < 5; round++) {
    await page.evaluate("document.querySelector('button').focus()");
    await page.keyboard.down('Space');
    await page.mouse.move(200 + round, 200);
    await page.waitForTimeout(30);
    await page.keyboard.up('Space');
  }
  expect(await clicks(page)).toBe(5);
  await drawnAnew(page);
});

it('the space bar that comes up as another character', async () => {
  const page = await open();
  const keyboard = await page.context().newCDPSession(page);
  const space = { code: 'Space', windowsVirtualKeyCode: 32 };
  await page.evaluate("document.querySelector('button').focus()");
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key: ' ', text: ' ', ...space });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key: '\u00a0', ...space });
  await drawnAnew(page);
});
