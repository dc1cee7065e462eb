/** The replay page in a real browser, opened by double-click as it were: from a file, with no network at all. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Recording } from '../../sim/recording/format.ts';
import { lineOf, valueOf } from '../../sim/recording/lines.ts';
import { recordingFixture } from '../viz/fixture.ts';
import { type Look, screenshot, seriousFindings, useBrowser, type Visit } from './harness.ts';
import { pageOf, textOf } from './replay-page.ts';

const browser = useBrowser();
let address = '';

beforeAll(() => {
  address = pageOf(textOf(recordingFixture()), 'fixture');
});

async function visit(look: Look = {}, fragment = '#stage=2&t=25'): Promise<Visit> {
  const it = await browser.open(look);
  await it.page.goto(address + fragment);
  await it.page.locator('.node').first().waitFor();
  return it;
}

const seconds = async (page: Page) =>
  Number.parseFloat((await page.locator('.clock span').first().innerText()).replace('−', '-'));
const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText();
const press = (page: Page, ...keys: string[]) =>
  keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());

describe('the page', () => {
  it('opens at the place that its address names, asks for nothing, and breaks no rule', async () => {
    const { page, errors, requests } = await visit();
    expect(await page.title()).toBe('A fixture: a replay by Tenfold');
    expect([await heading(page), await seconds(page)]).toEqual(['the primary dies', 25]);
    expect(await page.getByText('Why it breaks: No copy of db accepts writes').count()).toBe(1);
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('plays by itself from the beginning, and stands still for those who want that', async () => {
    const playing = await visit({ context: { reducedMotion: 'no-preference' } }, '');
    const before = await seconds(playing.page);
    await expect.poll(() => seconds(playing.page)).toBeGreaterThan(before + 0.5);
    const still = await visit({}, '');
    const first = await seconds(still.page);
    await still.page.waitForTimeout(400);
    expect(await seconds(still.page)).toBe(first);
    await expect.poll(() => still.page.getByText('No dots, as you asked for less motion.').count()).toBe(1);
  });

  it('draws the moment: dots, people who wait, what was lost', async () => {
    const { page } = await visit();
    const coloured = () =>
      page.evaluate(() => {
        const canvas = document.querySelector('.picture canvas') as HTMLCanvasElement;
        const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
          0,
          0,
          canvas.width,
          canvas.height,
        );
        let count = 0;
        for (let index = 3; index < data.length; index += 4) if (data[index] > 0) count++;
        return count;
      });
    expect(await coloured()).toBeGreaterThan(500);
    const drawn = () =>
      page.evaluate(() => (document.querySelector('.picture canvas') as HTMLCanvasElement).toDataURL());
    await press(page, 'ArrowRight', 'ArrowLeft');
    const first = await drawn();
    await press(page, 'ArrowRight');
    expect(await drawn()).not.toBe(first);
    await press(page, 'End', 'Shift+ArrowLeft', 'Home');
    await page.locator('.scrub input').evaluate((range: HTMLInputElement) => {
      range.value = '25';
      range.dispatchEvent(new Event('input'));
    });
    expect(await drawn()).toBe(first); // the same moment looks the same, whatever was shown before
  });

  it('says in words what the picture shows', async () => {
    const { page } = await visit();
    expect(await page.locator('.moment').innerText()).toMatch(
      /5 s ago: db#1 loses power\.[^]*115 requests a second end badly/,
    );
    const web = page.getByRole('button', { name: /^web, server: 3 of 3 instances up, .* requests fail/ });
    expect(await web.count()).toBe(1);
  });
});

describe('time', () => {
  it('plays, pauses and steps by keys and by buttons', async () => {
    const { page } = await visit();
    await press(page, 'Space');
    await expect.poll(() => seconds(page)).toBeGreaterThan(25.3);
    await press(page, 'Space');
    const paused = await seconds(page);
    await page.waitForTimeout(250);
    expect(await seconds(page)).toBe(paused);
    await press(page, 'ArrowRight');
    const next = await seconds(page);
    // The clock is rounded: what it shows as 26.0 may be 25.96.
    expect(Number.isInteger(next) && next >= paused && next <= paused + 1).toBe(true);
    await press(page, 'ArrowLeft', 'ArrowLeft');
    expect(await seconds(page)).toBe(next - 2);
    await press(page, 'Shift+ArrowRight');
    expect(await seconds(page)).toBe(next + 2);
    await press(page, 'Shift+ArrowLeft', 'End');
    expect(await seconds(page)).toBe(60);
    await press(page, 'Home');
    expect(await seconds(page)).toBe(-10);
    await page.getByRole('button', { name: 'Step forward' }).click();
    expect(await seconds(page)).toBe(-9);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
  });

  it('goes faster and slower', async () => {
    const { page } = await visit();
    const speed = page.getByLabel('Speed');
    expect(await speed.innerText()).toBe('2× faster');
    await press(page, '+');
    expect(await speed.innerText()).toBe('5× faster');
    await press(page, '-', 'Shift+ArrowDown', 'Shift+ArrowDown');
    expect(await speed.innerText()).toBe('2× slower');
    await page.getByRole('button', { name: 'Faster' }).click();
    expect(await speed.innerText()).toBe('real time');
  });

  it('is scrubbed; what plays goes on playing', async () => {
    const { page } = await visit();
    const box = (await page.locator('.scrub').boundingBox()) as { x: number; y: number; width: number; height: number };
    const x = (time: number) => box.x + ((time + 10) / 70) * box.width;
    const y = box.y + box.height / 2;
    await page.mouse.move(x(20), y);
    expect(await page.locator('.tip').innerText()).toMatch(/^20(\.\d+)? s\n.*\ndb#1 loses power/);
    await page.mouse.down();
    await page.mouse.move(x(40), y, { steps: 4 });
    expect(Math.abs((await seconds(page)) - 40)).toBeLessThan(0.2);
    await page.mouse.up();
    expect(await page.getByRole('button', { name: 'Play', exact: true }).count()).toBe(1); // it stood, and stands
    await press(page, 'Space');
    await page.mouse.move(x(10), y);
    await page.mouse.down();
    await page.mouse.move(x(5), y, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => seconds(page)).toBeGreaterThan(5.4); // it played, and plays
    expect(await seconds(page)).toBeLessThan(30);
    expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(1);
  });

  it('is scrubbed by touch', async () => {
    const { page } = await visit({ width: 390, height: 844, context: { hasTouch: true, isMobile: true } });
    const box = (await page.locator('.scrub').boundingBox()) as { x: number; y: number; width: number; height: number };
    await page.touchscreen.tap(box.x + box.width / 2, box.y + 30);
    expect(Math.abs((await seconds(page)) - 25)).toBeLessThan(0.5);
    await page.touchscreen.tap(box.x + box.width * 0.9, box.y + 30);
    expect(Math.abs((await seconds(page)) - 53)).toBeLessThan(0.5);
  });

  it('stands in the address, with the stage and what is open', async () => {
    const { page } = await visit();
    await press(page, 'ArrowRight');
    await page.getByRole('button', { name: /^db, database/ }).click();
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#stage=2&t=26&component=db');
    await page.evaluate(() => {
      location.hash = '#stage=1&t=12.5&component=cache';
    });
    await expect.poll(() => heading(page)).toBe('all is quiet');
    expect(await seconds(page)).toBe(12.5);
    expect(await page.getByRole('region', { name: 'cache' }).count()).toBe(1);
  });

  it('moves with a click into a chart, and the charts share a cursor', async () => {
    const { page } = await visit();
    const plot = page.locator('[data-chart=load] .plot');
    await plot.scrollIntoViewIfNeeded();
    await plot.click({ position: { x: 46, y: 40 } });
    expect(Math.abs((await seconds(page)) - -10)).toBeLessThan(1);
    const places = await page
      .locator('.cursor-line')
      .evaluateAll((all) => all.map((it) => (it as HTMLElement).style.transform));
    expect(places.length).toBeGreaterThanOrEqual(6);
    expect(new Set(places).size).toBe(1);
    await plot.hover({ position: { x: 250, y: 40 } });
    expect(await page.locator('[data-chart=load] .keys').innerText()).toMatch(/offered\s*3\d\d\/s/);
  });
});

describe('what can be opened', () => {
  it('a component, by click and by key, with the figures of the report', async () => {
    const { page } = await visit();
    await page.getByRole('button', { name: /^web, server/ }).click();
    const panel = page.getByRole('region', { name: 'web' });
    const [, broken] = recordingFixture().stages;
    const web = broken.result.components.find(({ name }) => name === 'web');
    expect(await panel.locator('[data-figure="waiting"]').innerText()).toBe(String(web?.queueMean));
    expect(await panel.locator('[data-figure="time waiting"]').innerText()).toBe(`${web?.waitMs} ms`);
    expect(await panel.innerText()).toMatch(/40 %\s*computing at web/);
    await press(page, 'Escape');
    expect(await panel.count()).toBe(0);
    await page.getByRole('button', { name: /^db, database/ }).focus();
    await press(page, 'Enter');
    expect(await page.getByRole('region', { name: 'db' }).innerText()).toMatch(/db#1\s+killed[^]*db#2\s+up, replica/);
  });

  it('a request, with its waterfall, and the moment it began', async () => {
    const { page } = await visit();
    await page.getByRole('button', { name: 'failed', exact: true }).click();
    await page.locator('[data-request="9"]').click();
    expect(await page.locator('.waterfall h3').innerText()).toBe('view at 17.1 s: failed after 693 ms');
    expect(await page.locator('.waterfall rect.span').count()).toBeGreaterThan(5);
    expect(await seconds(page)).toBe(17.1);
    expect(await page.getByRole('table', { name: 'Spans of the request' }).innerText()).toMatch(
      /web#1: waiting \(cpu\)/,
    );
    await page.locator('[data-request="9"]').click();
    expect(await page.locator('[data-request][aria-pressed=true]').count()).toBe(0);
    expect(await page.locator('.waterfall h3').innerText()).toMatch(/failed after/); // the first of the list
  });

  it('another stage, by click and by key', async () => {
    const { page } = await visit();
    await press(page, 'ArrowUp');
    expect(await heading(page)).toBe('all is quiet');
    expect(await page.locator('.chip').first().innerText()).toBe('holds');
    await page.getByRole('navigation', { name: 'Stages' }).getByRole('button').nth(1).click();
    expect(await heading(page)).toBe('the primary dies');
    await press(page, 'ArrowDown');
    expect(await heading(page)).toBe('the primary dies'); // it is the last
  });

  it('another stage from within a warm-up, without a word on the console', async () => {
    const recording = recordingFixture();
    const [{ slices }] = recording.stages;
    recording.stages[0].slices = { ...slices, edges: slices.edges.map((edge) => edge / 2) }; // a shorter one
    const { page, errors } = await browser.open();
    await page.goto(`${pageOf(textOf(recording), 'warm-ups')}#stage=2&t=-9`);
    await page.locator('.node').first().waitFor();
    await press(page, 'ArrowUp');
    expect(await heading(page)).toBe('all is quiet');
    expect(await seconds(page)).toBeGreaterThan(-6);
    expect(errors).toEqual([]);
  });

  it('two stages side by side, at the same moment, on the same axes', async () => {
    const { page } = await visit();
    await press(page, 'c');
    expect(await page.locator('.pane').count()).toBe(2);
    expect(await page.getByRole('heading', { level: 2, name: 'all is quiet' }).count()).toBe(1);
    const tops = await page
      .locator('[data-chart=errors] .plot svg')
      .evaluateAll((all) =>
        all.map((it) => [...it.querySelectorAll('.axis')].map((text) => text.textContent).join(' ')),
      );
    expect(tops[0]).toBe(tops[1]);
    const offered = await page.locator('.now-table .now').evaluateAll((all) => all.map((it) => it.textContent));
    expect(offered.length).toBeGreaterThan(10);
    await page.getByLabel('Compare with').selectOption('');
    expect(await page.locator('.pane').count()).toBe(1);
  });

  it('the failover, with its steps and its price', async () => {
    const { page } = await visit();
    const strip = page.locator('.failover');
    expect(await strip.locator('svg').textContent()).toContain('detected +10.1 s');
    expect(await strip.locator('dl').innerText()).toMatch(/RTO\s+13 s\s+RPO\s+450 ms/);
    await strip.getByRole('button', { name: 'Go there' }).click();
    expect(await seconds(page)).toBe(19);
  });

  it('the help, with every key; and the other theme', async () => {
    const { page } = await visit();
    await press(page, '?');
    expect(await page.getByRole('dialog').innerText()).toMatch(/play or pause[^]*one slice back or forward/);
    await press(page, 'Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    const theme = () => page.locator('#app').getAttribute('data-theme');
    expect(await theme()).toBe('light');
    await press(page, 'd');
    expect(await theme()).toBe('dark');
  });

  it('the table behind a chart', async () => {
    const { page } = await visit();
    const chart = page.locator('[data-chart=load]');
    await chart.locator('summary').click();
    await expect.poll(() => chart.locator('tbody tr').count()).toBe(70);
    expect(await chart.locator('tbody tr').nth(35).innerText()).toMatch(/^25 s\s+3\d\d\/s\s+2\d\d\/s$/);
  });
});

/** Runs in the page before its own scripts: each text on a canvas, and how far it reaches beyond its right edge. */
function watchWords(): void {
  const words: [string, number][] = [];
  Object.assign(globalThis, { words });
  const paint = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const end = x + (this.textAlign === 'right' ? 0 : this.measureText(text).width);
    words.push([text, this.getTransform().transformPoint({ x: end, y }).x - this.canvas.width]);
    paint.call(this, text, x, y);
  };
}

/** A stage whose servers call two dozen others. */
function crowdedFixture(): Recording {
  const recording = recordingFixture();
  const [stage] = recording.stages;
  const [db] = stage.components.filter(({ name }) => name === 'db');
  const [link] = stage.links.filter(({ to }) => to === 'cache');
  const names = Array.from({ length: 22 }, (_, index) => `backend ${index}`);
  stage.components.push(...names.map((name) => ({ ...db, name })));
  stage.links.push(...names.map((to) => ({ ...link, to })));
  return { ...recording, stages: [stage] };
}

/** Whether all of an element can be seen in the picture as it is scrolled. */
function isShown(element: Element): boolean {
  const [inner, outer] = [element, element.closest('.moving') as Element].map((it) => it.getBoundingClientRect());
  return (
    inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom
  );
}

describe('for everybody', () => {
  it.each([
    ['light', 1280, 720],
    ['dark', 1280, 720],
    ['light', 390, 844],
    ['dark', 390, 844],
  ] as const)('axe finds nothing serious: %s, %d × %d', async (scheme, width, height) => {
    const { page, errors } = await visit({ scheme, width, height }, '#stage=2&t=25&component=db&request=4');
    await screenshot(page, `replay-${scheme}-${width}`);
    expect(await seriousFindings(page)).toEqual([]);
    await press(page, 'Escape', 'c');
    expect(await seriousFindings(page)).toEqual([]);
    await press(page, '?');
    expect(await seriousFindings(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it.each([
    [1280, 800],
    [390, 844],
  ])('of many components each can be read and reached, on %d × %d', async (width, height) => {
    const { page, errors } = await browser.open({ width, height });
    await page.goto(`${pageOf(textOf(crowdedFixture()), 'crowded')}#t=25`);
    await page.locator('.node').first().waitFor();
    const sizes = await page.locator('.moving').evaluate((moving) => {
      const inside = moving.getBoundingClientRect();
      return [...moving.querySelectorAll('.node')].map((node) => {
        const { left, right, top, bottom } = node.getBoundingClientRect();
        const at = { x: moving.scrollLeft - inside.left, y: moving.scrollTop - inside.top };
        const isReached =
          left + at.x >= 0 &&
          top + at.y >= 0 &&
          right + at.x <= moving.scrollWidth &&
          bottom + at.y <= moving.scrollHeight;
        return { isReached, isLegible: (node.querySelector('.name')?.getBoundingClientRect().height ?? 0) > 12 };
      });
    });
    expect(sizes.length).toBe(27);
    expect(sizes.filter(({ isReached, isLegible }) => !isReached || !isLegible)).toEqual([]);
    expect(await page.locator('.hit[aria-label^="users"]').evaluate(isShown)).toBe(true);
    await page.locator('.hit[aria-label^="backend 21,"]').focus();
    expect(await page.locator('.hit[aria-label^="backend 21,"]').evaluate(isShown)).toBe(true);
    await screenshot(page, `replay-crowded-${width}`);
    expect(await seriousFindings(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('names in capitals end inside their cards', async () => {
    const { page } = await browser.open();
    const recording = recordingFixture();
    for (const { components, populations, links } of recording.stages) {
      const named = (name: string) => (name === 'lb' || name === 'users' ? `${name} OF MOBILE CUSTOMERS WWWWWW` : name);
      for (const it of [...components, ...populations]) it.name = named(it.name);
      for (const it of links) [it.from, it.to] = [named(it.from), named(it.to)];
    }
    await page.goto(pageOf(textOf(recording), 'capitals'));
    await page.locator('.node').first().waitFor();
    const room = await page.locator('.node').evaluateAll((nodes) =>
      nodes.map((node) => {
        const right = (selector: string) => node.querySelector(selector)?.getBoundingClientRect().right ?? 0;
        return right('.outline') - right('.name');
      }),
    );
    expect(Math.min(...room)).toBeGreaterThan(6);
    expect(await page.locator('.node .name', { hasText: /^lb OF MOB.*…$/ }).count()).toBe(1);
  });

  it('a card has room for a large rate beside the load of an event loop', async () => {
    const { page } = await browser.open();
    const recording = recordingFixture();
    const [stage] = recording.stages;
    const [cache] = stage.components.filter(({ name }) => name === 'cache');
    cache.arrivals = cache.arrivals.map(() => 23_200);
    cache.resources = [{ ...cache.resources[0], resource: 'event-loop' }];
    await page.goto(pageOf(textOf(recording), 'event-loop'));
    const fact = page.locator('.node', { hasText: 'cache' }).locator('.fact', { hasText: '/s' });
    expect(await fact.innerHTML()).toMatch(/^23\.2k\/s · [\d.]+ % loop$/);
  });

  it('a card with more instances than squares says how many more are up', async () => {
    const { page } = await browser.open();
    const recording = recordingFixture();
    for (const { components } of recording.stages) {
      const web = components.find(({ name }) => name === 'web') as (typeof components)[number];
      web.instances = Array.from({ length: 64 }, () => web.instances[0]);
      web.instanceCount = 260;
      web.up = web.up.map(() => 138);
    }
    await page.goto(pageOf(textOf(recording), 'many-instances'));
    const card = page.locator('.node', { hasText: 'web' });
    const more = card.locator('.fact', { hasText: /^\+/ });
    expect(await more.innerHTML()).toBe('+74');
    const [box, words, squares] = await Promise.all(
      [card.locator('.outline'), more, card.locator('.cell').last()].map((it) => it.boundingBox()),
    );
    expect(words?.y).toBeGreaterThan(squares?.y as number);
    expect((words?.x as number) + (words?.width as number)).toBeLessThan((box?.x as number) + (box?.width as number));
    expect(await page.locator('.node .fact', { hasText: /^\+/ }).count()).toBe(1);
  });

  it('nothing sticks out at the side of a telephone', async () => {
    const { page } = await visit({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  it('nor does what is written into the picture', async () => {
    const { page } = await browser.open({ width: 320, height: 640 });
    await page.addInitScript(watchWords);
    await page.goto(`${address}#stage=2&t=59`);
    const words = () => page.evaluate(() => (globalThis as never as { words: [string, number][] }).words);
    await expect.poll(async () => (await words()).map(([text]) => text).join(' ')).toMatch(/\(1 = 50\)/);
    expect((await words()).filter(([, beyond]) => beyond > 0)).toEqual([]);
  });

  it('the tab key goes through the picture from left to right', async () => {
    const { page } = await visit();
    await page.locator('.node .hit').first().focus();
    const names: (string | null)[] = [];
    for (let step = 0; step < 5; step++) {
      names.push(
        await page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.split(/[,:]/)[0] ?? null),
      );
      await press(page, 'Tab');
    }
    expect(names.slice(0, 3)).toEqual(['users', 'lb', 'web']);
    expect(names.slice(3).sort()).toEqual(['cache', 'db']);
  });

  it('what the tab key goes to is not beneath the bar of time', async () => {
    for (const [width, height] of [
      [1440, 700],
      [390, 844],
    ]) {
      const { page } = await visit({ width, height });
      const hidden: string[] = [];
      for (let step = 0; step < 45; step++) {
        await press(page, 'Tab');
        const it = await page.evaluate(() => {
          const active = document.activeElement as Element;
          const bar = document.querySelector('.transport') as Element;
          const [box, top] = [active.getBoundingClientRect(), bar.getBoundingClientRect().top];
          const isBeneath = !bar.contains(active) && box.height < 300 && box.bottom > top + 1;
          return isBeneath ? `${active.outerHTML.slice(0, 60)}: ${box.bottom} of ${top}` : '';
        });
        if (it !== '') hidden.push(it);
      }
      expect(hidden).toEqual([]);
    }
  });

  it('the focus goes back to the component whose panel is closed', async () => {
    const { page } = await visit();
    await page.locator('.node .hit').nth(1).focus();
    await press(page, 'Enter');
    await page.locator('.component-panel').getByRole('button', { name: 'Close' }).focus();
    await press(page, 'Enter');
    expect(await page.locator('.component-panel').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^lb,/);
  });

  it('the focus stays on its component when the window changes its size', async () => {
    const { page } = await visit();
    const breadth = () => page.locator('.moving svg').evaluate((svg) => svg.getAttribute('viewBox'));
    await page.locator('.node .hit').nth(1).focus();
    const before = await breadth();
    await page.setViewportSize({ width: 1000, height: 700 });
    await expect.poll(breadth).not.toBe(before);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^lb,/);
  });

  it('on paper there are all figures and no controls', async () => {
    const { page } = await visit();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.transport').isVisible()).toBe(false);
    expect(await page.locator('[data-figure="latency p99"]').isVisible()).toBe(true);
  });

  it('on paper there are a dozen requests, and a word that there are more', async () => {
    const { page } = await visit();
    const rows = page.locator('.requests .list li:visible');
    expect([await rows.count(), await page.locator('.requests .on-paper').isVisible()]).toEqual([30, false]);
    await page.emulateMedia({ media: 'print' });
    expect(await rows.count()).toBe(12);
    expect(await page.locator('.requests .on-paper').innerText()).toMatch(/^The first 12 of 30 requests;/);
  });

  it('on paper it says which moment it shows, on the screen the clock does', async () => {
    const { page } = await visit();
    await page.keyboard.press('End');
    const [clock, moment] = [page.locator('.transport .clock'), page.locator('.bar .on-paper')];
    expect(await moment.isVisible()).toBe(false);
    const shown = await clock.innerText();
    await page.emulateMedia({ media: 'print' });
    expect(await moment.isVisible()).toBe(true);
    expect((await moment.innerText()).replace(/\s/g, '')).toBe(shown.replace(/\s/g, ''));
    expect(await moment.innerText()).toMatch(/^\d+(\.\d+)? s of \d+/);
  });

  it('on paper it is light, and as it was before when it has been printed', async () => {
    const { page } = await visit({ scheme: 'dark' });
    const app = page.locator('.tf');
    const ink = () => app.evaluate((it) => getComputedStyle(it).color);
    const onScreen = await ink();
    await page.emulateMedia({ media: 'print', colorScheme: 'light' }); // as browsers do, whatever the system says
    expect([onScreen, await ink()]).toEqual(['rgb(233, 235, 237)', 'rgb(27, 31, 36)']);
    expect(await app.getAttribute('data-theme')).toBe('dark'); // Chromium loses the picture that is changed meanwhile
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
    expect([await ink(), await app.getAttribute('data-theme')]).toEqual([onScreen, 'dark']);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => app.getAttribute('data-theme')).toBe('light');
  });

  it('on paper the picture is whole, though it was laid out for a wider window', async () => {
    const { page } = await visit();
    await page.emulateMedia({ media: 'print' });
    const [picture, ...drawn] = await page.locator('.picture').evaluate((it: HTMLElement) => {
      it.style.width = '400px';
      return [it, ...it.querySelectorAll('.moving > *')].map((each) => each.getBoundingClientRect().right);
    });
    expect(drawn.length).toBe(2);
    for (const right of drawn) expect(right).toBeLessThanOrEqual(picture);
  });
});

/** The same recording, in a format that does not exist yet. */
function newer(text: string): string {
  const [header, ...rest] = text.split('\n');
  const said = valueOf(header) as object;
  return lineOf({ ...said, recording: 2 }) + rest.join('\n');
}

describe('a recording that is not whole', () => {
  it('is shown as far as it goes, with a word about the rest', async () => {
    const text = textOf(recordingFixture());
    const url = pageOf(text.slice(0, text.length - 20_000), 'truncated');
    const { page, errors } = await browser.open();
    await page.goto(url);
    expect(await page.getByRole('alert').innerText()).toMatch(/cut off: 1 of 2 stages/);
    expect(await heading(page)).toBe('all is quiet');
    expect(errors).toEqual([]);
  });

  it('as a page that is cut off on the disk, too', async () => {
    const address = pageOf(textOf(recordingFixture()), 'cut-off');
    const whole = readFileSync(fileURLToPath(address), 'utf8');
    writeFileSync(fileURLToPath(address), whole.slice(0, whole.length - 20_000));
    const { page, errors } = await browser.open();
    await page.goto(address);
    const notice = page.getByRole('alert');
    expect(await notice.innerText()).toMatch(/cut off: 1 of 2 stages/);
    expect(await heading(page)).toBe('all is quiet');
    await notice.getByRole('button', { name: 'Put this message away' }).click();
    expect(await notice.count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it.each([
    ['newer', newer, /made by a newer Tenfold \(0\.1\.0, format 2\)/],
    ['empty', () => '', /no recording/],
    ['nonsense', () => '{"a": [1, 2', /no recording/],
  ])('%s: says so', async (name, change, message) => {
    const { page, errors } = await browser.open();
    await page.goto(pageOf(change(textOf(recordingFixture())), name));
    expect(await page.getByRole('alert').innerText()).toMatch(message);
    expect(errors).toEqual([]);
  });
});
