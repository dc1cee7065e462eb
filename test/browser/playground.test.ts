/** The playground in a real browser: pick, slide, kill, edit, share, and nothing of a stranger's text that acts. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fragmentOf } from '../../viz/playground/share/link.ts';
import { type Look, seriousFindings, useBrowser, type Visit } from './harness.ts';
import { type Served, startServer } from './server.ts';

const browser = useBrowser();
let server: Served;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.end());

/** Opens the playground and waits for its first figures. */
async function visit(look: Look = {}, fragment = ''): Promise<Visit> {
  const it = await browser.open(look);
  await it.page.addInitScript(watchWorkers);
  await it.page.goto(server.url + fragment);
  await it.page.locator('.tiles dd').first().waitFor();
  return it;
}

/** Pauses of the page after which it asks its worker, in milliseconds, and a little more. */
const PAUSE = { dragging: 80, typing: 280 };

/** Nothing under way any more, and all of it drawn. The pause is one of the page's clock: its own, shorter one ends first. */
async function settled(page: Page, pauseMs = PAUSE.dragging): Promise<void> {
  await page.evaluate(async (ms) => {
    const pause = (time: number) => new Promise((done) => setTimeout(done, time));
    await pause(ms);
    while ((globalThis as never as Asked).isAsking()) await pause(10);
    await new Promise((done) => requestAnimationFrame(done));
    await pause(0);
  }, pauseMs);
}

interface Asked {
  isAsking(): boolean;
}

/** Runs in the page before its own scripts: whether a worker owes it an answer. */
function watchWorkers(): void {
  let owed: { read?: number; run?: number } = {};
  const Original = globalThis.Worker;
  globalThis.Worker = class extends Original {
    constructor(...args: ConstructorParameters<typeof Original>) {
      super(...args);
      this.addEventListener('message', ({ data }) => {
        if (data.kind === 'read' && data.id === owed.read) delete owed.read;
        const isEnd = data.kind === 'refused' || (data.kind === 'result' && !data.extent.goesOn);
        if (isEnd && data.id === owed.run) delete owed.run;
      });
      this.addEventListener('error', () => (owed = {}));
    }
    override postMessage(ask: { kind: string; id: number }): void {
      if (ask.kind === 'stop') delete owed.run;
      else owed[ask.kind as 'read' | 'run'] = ask.id;
      super.postMessage(ask);
    }
  };
  (globalThis as never as Asked).isAsking = () => Object.keys(owed).length > 0;
}

const tile = (page: Page, name: string) => page.locator('.tiles > div', { hasText: name }).locator('dd').first();

const verdict = (page: Page) => page.locator('.outcome .chip').textContent();

const clock = (page: Page) => page.getByRole('slider', { name: 'Moment of the stage' });

const goTo = (page: Page, seconds: number) => clock(page).fill(String(seconds));

const moment = async (page: Page) => Number(await clock(page).inputValue());

async function pick(page: Page, scenario: string, stage?: string): Promise<void> {
  await page.getByLabel('Scenario', { exact: true }).selectOption(scenario);
  await settled(page);
  if (stage !== undefined) await page.getByRole('button', { name: stage }).first().click();
  await settled(page);
}

/** Moves a slider by keys, as a person without a mouse does. */
async function slide(page: Page, name: string, steps: number): Promise<void> {
  const slider = page.getByRole('slider', { name });
  await slider.focus();
  for (let step = 0; step < Math.abs(steps); step++) await page.keyboard.press(steps > 0 ? 'ArrowRight' : 'ArrowLeft');
  await settled(page);
}

async function type(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: /^YAML/ }).click();
  await page.getByLabel('Scenario as YAML').fill(text);
  await settled(page, PAUSE.typing);
}

/** Some fifty million events: more than is simulated without being asked, on any machine. */
const busy = `name: busy
run: { duration: 60s, warmup: 1s, seed: 1 }
clients: { users: { arrivals: { poisson: 200k/s }, does: look, entry: app } }
components: { app: { type: server, instances: 100, operations: { look: [ { cpu: 0.2ms } ] } } }
thresholds: { latency: p(99) < 1s }
`;

describe('the playground', () => {
  it('opens with the progression, asks for its own files only, and breaks no rule', async () => {
    const { page, errors, requests } = await visit();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('100 users');
    expect(await tile(page, 'p99').textContent()).toMatch(/^\d+ ms$/);
    const code = await page.locator('footer code:visible').allTextContents();
    expect(code).toEqual([
      "tenfold run progression.yaml --seed 1 --stage '100 users'",
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ]);
    expect(errors).toEqual([]);
    expect([...new Set(requests.map((url) => url.replace(server.url, '/')))].sort()).toEqual([
      '/',
      '/playground.js',
      '/scenarios.json',
      '/style.css',
      '/worker.js',
    ]);
  });

  it('breaks no rule in its worker either', async () => {
    const { page } = await browser.open();
    const broken: string[] = [];
    page.on('console', (message) => broken.push(message.text()));
    const told = `addEventListener('securitypolicyviolation', (it) => console.log(it.violatedDirective, it.blockedURI));`;
    await page.route('**/worker.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: told + (await response.text()) });
    });
    await page.goto(server.url);
    await page.locator('.tiles dd').first().waitFor();
    expect(broken).toEqual([]);
  });

  it('has every shipped scenario, and simulates the stage that is picked', async () => {
    const { page, errors } = await visit();
    expect(await page.getByLabel('Scenario', { exact: true }).locator('option').count()).toBeGreaterThan(10);
    await pick(page, 'queueing');
    const first = await tile(page, 'p99').textContent();
    const stages = page.locator('.chapters button');
    expect(await stages.count()).toBeGreaterThan(1);
    await stages.last().click();
    await settled(page);
    expect(await tile(page, 'p99').textContent()).not.toBe(first);
    expect(errors).toEqual([]);
  });

  it('runs again when a slider moves, and compares with what was', async () => {
    const { page } = await visit();
    await pick(page, 'progression', '1K users, small box');
    const before = await tile(page, 'goodput').textContent();
    await slide(page, 'web: cores', 7);
    await slide(page, 'web: runtime › event loop', 7);
    expect(await page.getByText('2 changes to the scenario').isVisible()).toBe(true);
    expect(await verdict(page)).toBe('It holds, against expectation');
    expect(await tile(page, 'goodput').textContent()).not.toBe(before);
    expect(await page.locator('.tiles .was', { hasText: `was ${before}` }).count()).toBe(1);
    await page.getByRole('button', { name: 'Undo all' }).click();
    await settled(page);
    expect(await tile(page, 'goodput').textContent()).toBe(before);
  });

  it('offers the choices of the schema', async () => {
    const { page } = await visit();
    await pick(page, 'balancing');
    const policy = page.getByLabel('lb: policy', { exact: true });
    expect(await policy.locator('option').allTextContents()).toContain('least connections');
    const before = await page.locator('.tiles').textContent();
    await policy.selectOption('round-robin');
    await settled(page);
    expect(await page.locator('.tiles').textContent()).not.toBe(before);
  });

  it('kills the instance that is clicked, at the moment on show, and goes on from there', async () => {
    const { page, errors } = await visit(); // stands still until it is told to play
    await pick(page, 'progression', '10K users, app and database apart');
    expect(await verdict(page)).toBe('It holds');
    await goTo(page, 40);
    await page.getByRole('button', { name: 'Take the power from db now' }).click();
    await settled(page);
    expect(await verdict(page)).toBe('It breaks');
    expect(await moment(page)).toBeCloseTo(40, 1);
    expect(await page.getByText('db loses power').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'db loses power at 40 s; bring it back' }).click();
    await settled(page);
    expect(await verdict(page)).toBe('It holds');
    expect(errors).toEqual([]);
  });

  it('kills from the picture, too', async () => {
    const { page, errors } = await visit();
    await pick(page, 'progression', '10K users, balancer and three servers');
    await goTo(page, 45); // by then the file's own crash is over
    await page.getByRole('button', { name: /^web, server/ }).click();
    await page.getByRole('button', { name: 'Kill all of web now' }).click();
    await settled(page);
    expect(await verdict(page)).toBe('It breaks');
    expect(await page.getByText('1 change to the scenario').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Bring all of web back' }).click();
    await settled(page);
    expect(await verdict(page)).toBe('It holds');
    expect(errors).toEqual([]);
  });

  it('says what it simulates of a big load, offers the rest, and stops when told', async () => {
    const { page } = await visit();
    await type(page, busy);
    await page.getByText(/^The first .* of 1 min simulated/).waitFor();
    const extent = page.locator('.extent');
    expect(await extent.textContent()).toMatch(/request by request: [\d,]+ requests, .* events/);
    expect(await verdict(page)).toBe('A first look, no verdict');
    await page.getByRole('button', { name: /^Simulate all of it/ }).click();
    await page.locator('.progress').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await settled(page);
    expect(await extent.textContent()).toMatch(/^The first .* of 1 min simulated/);
  });

  it('loses no click, and no press of the space bar, to what is drawn meanwhile', async () => {
    const { page } = await visit();
    await type(page, busy);
    await page.getByRole('button', { name: /^Simulate all of it/ }).click();
    const progress = page.locator('.progress');
    const drawnAnew = async () => {
      const seen = await progress.getAttribute('aria-valuenow');
      await expect.poll(() => progress.getAttribute('aria-valuenow')).not.toBe(seen);
    };
    await page.getByRole('button', { name: 'Sliders' }).hover();
    await page.mouse.down();
    await drawnAnew();
    await page.mouse.up();
    await page
      .getByRole('slider', { name: /rate|poisson|arrivals/i })
      .first()
      .waitFor();
    await page.getByRole('button', { name: /^YAML/ }).focus();
    await page.keyboard.down('Space');
    await drawnAnew();
    await page.keyboard.up('Space');
    await page.getByLabel('Scenario as YAML').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await settled(page);
  });

  it('stays answerable while it simulates, and drops what was overtaken', async () => {
    const { page } = await visit();
    await page.getByRole('button', { name: '100K users, three servers' }).first().click();
    await page.getByRole('button', { name: '100 users' }).first().click();
    await settled(page);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('100 users');
    expect(await tile(page, 'p99').textContent()).toMatch(/^\d+ ms$/);
  });
});

describe('the editor', () => {
  it('shows an error with line, column and hint, keeps the last good run, and goes to the place', async () => {
    const { page, errors } = await visit();
    await page.getByRole('button', { name: /^YAML/ }).click();
    const area = page.getByLabel('Scenario as YAML');
    const text = await area.inputValue();
    const line =
      text.split('\n').findIndex((one) => one.includes('connections: 100\r') || /^ {4}connections: 100$/.test(one)) + 1;
    await type(page, text.replace(/^ {4}connections: 100$/m, '    conections: 100'));
    const problem = page.locator('.problems li.error').first();
    expect(await problem.textContent()).toMatch(new RegExp(`^line ${line}, column 5.*conections`));
    expect(await problem.locator('.hint').textContent()).toContain('connections');
    expect(await page.getByRole('button', { name: 'YAML (1 error)' }).count()).toBe(1);
    expect(await page.locator('.tiles dd').first().isVisible()).toBe(true);
    await problem.getByRole('button').click();
    const selected = await area.evaluate((it: HTMLTextAreaElement) =>
      it.value.slice(it.selectionStart, it.selectionStart + 10),
    );
    expect(selected).toBe('conections');
    await type(page, text);
    await expect.poll(() => page.locator('.problems li').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it('keeps what was typed while another scenario is looked at, beside what is shipped', async () => {
    const { page, errors } = await visit();
    const menu = page.getByLabel('Scenario', { exact: true });
    const chosen = () => menu.locator('option:checked').textContent();
    const heading = () => page.getByRole('heading', { level: 1 }).textContent();
    await page.getByRole('button', { name: /^YAML/ }).click();
    const shipped = await page.getByLabel('Scenario as YAML').inputValue();
    await type(page, shipped.replace('name: 100 users', 'name: a hundred'));
    expect(await chosen()).toBe('progression (edited)');
    await pick(page, 'cache');
    expect(await chosen()).toBe('cache');
    await pick(page, 'progression (edited)');
    expect(await heading()).toBe('a hundred');
    await pick(page, 'progression');
    expect(await heading()).toBe('100 users');
    expect(await page.getByLabel('Scenario as YAML').inputValue()).toBe(shipped);
    // Begun upon anew it does not write over what was typed before.
    await type(page, shipped.replace('name: 100 users', 'name: five score'));
    expect(await chosen()).toBe('progression (edited 2)');
    await pick(page, 'progression (edited)');
    expect(await heading()).toBe('a hundred');
    await type(page, shipped);
    expect(await chosen()).toBe('progression');
    expect(errors).toEqual([]);
  });

  it('keeps a text of one’s own that came in a link', async () => {
    const text =
      'name: mine\nrun: { duration: 1s, warmup: 100ms, seed: 1 }\nclients: { u: { arrivals: { poisson: 5/s }, does: look, entry: app } }\ncomponents: { app: { type: server, operations: { look: [ { cpu: 1ms } ] } } }\n';
    const { page } = await visit({}, await fragmentOf({ name: 'scenario', text, stage: 0, changes: [], kills: [] }));
    await pick(page, 'cache');
    await pick(page, 'your own');
    await page.getByRole('button', { name: /^YAML/ }).click();
    expect(await page.getByLabel('Scenario as YAML').inputValue()).toBe(text);
  });

  it('takes back the kill of what was given another name, and says so', async () => {
    const { page } = await visit();
    await page.getByRole('button', { name: 'Take the power from db now' }).click();
    await settled(page);
    await page.getByRole('button', { name: /^YAML/ }).click();
    const text = await page.getByLabel('Scenario as YAML').inputValue();
    await type(page, text.replaceAll(/\bdb\b/g, 'dbx'));
    expect(await page.locator('.share-notice').textContent()).toContain('the kill of db.');
    expect(await page.getByText('Not simulated').count()).toBe(0);
  });

  it('survives text that is no scenario', async () => {
    const { page, errors } = await visit();
    for (const text of [
      '',
      '[',
      '&a [*a]',
      '\0',
      'name: x',
      '['.repeat(5000),
      'a: '.repeat(300),
      '!!js/function x',
      '\ufeff- 1',
    ]) {
      await type(page, text);
      expect(await page.locator('.problems li.error').count()).toBeGreaterThan(0);
    }
    expect(errors).toEqual([]);
  });
});

describe('a link', () => {
  it('brings back scenario, stage, sliders and kills', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page } = await visit({ context: { permissions } });
    await pick(page, 'progression', '10K users, app and database apart');
    await slide(page, 'web: cores', -3);
    await goTo(page, 30);
    await page.getByRole('button', { name: 'Take the power from db now' }).click();
    await settled(page);
    const shown = await page.locator('.tiles').textContent();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('The link is copied').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link.length).toBeLessThan(400);
    const other = await visit({}, link.slice(server.url.length));
    await settled(other.page);
    expect(await other.page.getByText('2 changes to the scenario').isVisible()).toBe(true);
    expect((await other.page.locator('.tiles').textContent())?.replaceAll(/was [^a-z]*(ms|s)/g, '')).toContain(
      (shown ?? '').slice(0, 20),
    );
  });

  it('carries a text of one’s own', async () => {
    const { page } = await visit();
    await page.getByRole('button', { name: /^YAML/ }).click();
    const text = (await page.getByLabel('Scenario as YAML').inputValue()).replace('name: 100 users', 'name: a hundred');
    await type(page, text);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect.poll(() => page.evaluate(() => location.hash.length)).toBeGreaterThan(100);
    const other = await visit({}, await page.evaluate(() => location.hash));
    expect(await other.page.getByRole('heading', { level: 1 }).textContent()).toBe('a hundred');
  });

  it.each([
    ['empty', '#s='],
    ['of strange characters', '#s=%%%'],
    ['cut off', '#s=AAAA'],
    ['too long', `#s=${'A'.repeat(31_000)}`],
    ['of something else', '#s=q1YqU7IyNNBRKkktLlGyMtRRKs8vyklRsgIA'],
  ])('that is broken is said to be: %s', async (_, fragment) => {
    const { page, errors } = await visit({}, fragment);
    expect(await page.locator('.share-notice').textContent()).toMatch(/link/);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('100 users');
    expect(errors).toEqual([]);
  });
});

describe('for everybody', () => {
  it.each([
    ['light', 1280, 720],
    ['dark', 1280, 720],
    ['light', 390, 844],
    ['dark', 390, 844],
  ] as const)('axe-core finds nothing serious (%s, %i×%i)', async (scheme, width, height) => {
    const { page } = await visit({ scheme, width, height });
    await pick(page, 'progression', '10K users, balancer and three servers');
    await type(page, 'name: x\nclients: 3\n'); // the last good run stays on show beside the errors
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
});
