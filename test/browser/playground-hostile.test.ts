/** Names and texts of strangers in the playground: shown as what they are, never acted upon, through editor and link. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fragmentOf } from '../../viz/playground/share/link.ts';
import { useBrowser } from './harness.ts';
import { type Served, startServer } from './server.ts';

const browser = useBrowser();
let server: Served;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.end());

/** Each would call `hit()` if anything in it were ever run. */
const hostile = [
  '<script>hit()</script>',
  '</script><script>hit()</script>',
  '<img src=x onerror=hit()>',
  '<svg onload=hit()>',
  '<svg><script>hit()</script></svg>',
  '"><img src=x onerror=hit()>',
  "'><img src=x onerror=hit()>",
  '</textarea><img src=x onerror=hit()>',
  '</title><img src=x onerror=hit()>',
  '</style><img src=x onerror=hit()>',
  '</option></select><img src=x onerror=hit()>',
  '<iframe srcdoc="<script>parent.hit()</script>">',
  '<iframe src="javascript:parent.hit()">',
  '<a href="javascript:hit()">x</a>',
  'javascript:hit()',
  '<body onload=hit()>',
  '<details open ontoggle=hit()>',
  '<input autofocus onfocus=hit()>',
  '<math><mtext><table><mglyph><style><img src=x onerror=hit()>',
  '<noscript><p title="</noscript><img src=x onerror=hit()>">',
  '<!--><img src=x onerror=hit()>-->',
  '${hit()}',
  '{{constructor.constructor("hit()")()}}',
  '\\u003cimg src=x onerror=hit()\\u003e',
  '&lt;img src=x onerror=hit()&gt;',
  '<style>@import "//evil.example"</style>',
  '<base href="//evil.example/">',
  '<meta http-equiv=refresh content="0;url=javascript:hit()">',
  '<object data="javascript:hit()">',
  '\u202e<img src=x onerror=hit()>',
];

/** A scenario that has the string in every place for a name. */
function scenarioNamed(name: string): string {
  const quoted = JSON.stringify(name);
  const key = JSON.stringify(name.replaceAll(/-+>/g, '>').slice(0, 80)); // an arrow is not allowed in the name of a thing
  const app = JSON.stringify(`${name.replaceAll(/-+>/g, '>').slice(0, 80)} app`);
  return `
name: ${quoted}
teaches: ${quoted}
run: { duration: 2s, warmup: 100ms, seed: 1 }
network: { delay: 1ms }
clients:
  ${key}: { arrivals: { poisson: 50/s }, does: ${key}, entry: ${app} }
components:
  ${app}:
    type: server
    instances: 2
    operations: { ${key}: [ { cpu: 5ms } ] }
stages:
  - { name: ${quoted}, teaches: ${quoted}, thresholds: { latency: 'p(99) < 1ms' } }
  - { name: ${JSON.stringify(`${name} again`)}, faults: { ${key}: { crash: ${app}, at: 1s, for: 500ms } } }
`;
}

interface Watched {
  hits: number;
}

describe('a hostile name', () => {
  it(`is only shown: ${hostile.length} of them, by link, and by the editor`, async () => {
    const { page, errors, requests } = await browser.open();
    await page.addInitScript(() => {
      const watched = globalThis as never as Watched & { hit(): void };
      watched.hits = 0;
      watched.hit = () => watched.hits++;
    });
    const seen: string[] = [];
    for (const [index, name] of hostile.entries()) {
      const text = scenarioNamed(name);
      const shared = { name, text, stage: index % 2, changes: [], kills: [] };
      await page.goto('about:blank');
      await page.goto(server.url + (await fragmentOf(shared)));
      await page.locator('.tiles dd').first().waitFor();
      seen.push((await page.getByRole('heading', { level: 1 }).textContent()) ?? '');
      await page.evaluate(() => document.querySelectorAll('details').forEach((it) => (it.open = true)));
      await page.locator('.cell').first().click(); // a kill, whose name is made of the component's
      await page.getByRole('button', { name: /^YAML/ }).click();
      await page.getByLabel('Scenario as YAML').fill(text.replace('5ms', name));
      await page.locator('.problems li.error').first().waitFor();
      expect(await page.evaluate(() => (globalThis as never as Watched).hits), name).toBe(0);
      expect(await page.locator('img, iframe, object, base, svg script, meta[http-equiv=refresh]').count(), name).toBe(
        0,
      );
    }
    expect(seen).toEqual(hostile.map((name, index) => (index % 2 ? `${name} again` : name)));
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(server.url) && url !== 'about:blank')).toEqual([]);
  });

  it('as a name of settings in a link changes no prototype', async () => {
    const { page, errors } = await browser.open();
    const changes = [{ path: ['components', '__proto__', 'polluted'], value: 1 }];
    await page.goto(server.url + (await fragmentOf({ name: 'cache', text: null, stage: 0, changes, kills: [] })));
    await page.locator('.tiles dd').first().waitFor();
    expect(await page.locator('.share-notice').textContent()).toContain('this link holds no scenario');
    expect(await page.evaluate(() => ({}) as never as { polluted?: number })).toEqual({});
    expect(errors).toEqual([]);
  });
});
