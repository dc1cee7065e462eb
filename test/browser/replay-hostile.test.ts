/**
 * Names and texts of strangers in a replay: the strings are put, in turn, wherever a recording has text, as values and
 * as keys, and shown for what they are. Each would call `hit()`, open a dialog or ask the network for something if anything in
 * it were ever run.
 */
import { describe, expect, it } from 'vitest';
import type { Recording } from '../../sim/recording/format.ts';
import { recordingFixture } from '../viz/fixture.ts';
import { useBrowser } from './harness.ts';
import { pageOf, textOf } from './replay-page.ts';

const browser = useBrowser();

const hostile = [
  '<script>hit()</script>',
  '</script><script>hit()</script>',
  '</SCRIPT ><script>hit()</script>',
  '<!--<script>hit()</script>-->',
  '<!--<script>',
  '--><script>hit()</script>',
  '<!--recording--><script>hit()</script>',
  '<img src=x onerror=hit()>',
  '<img src=//evil.example/x.png>',
  '<svg onload=hit()>',
  '<svg><script>hit()</script></svg>',
  '<svg><animate onbegin=hit() attributeName=x dur=1s>',
  '<svg><use href="data:image/svg+xml,<svg onload=hit()>">',
  '<svg><a xlink:href="javascript:hit()"><text>x</text></a></svg>',
  '<svg><foreignObject><iframe onload=hit()></foreignObject></svg>',
  '<math href="javascript:hit()">x</math>',
  '"><img src=x onerror=hit()>',
  "'><img src=x onerror=hit()>",
  '" onmouseover="hit()" x="',
  "' onfocus='hit()' autofocus='",
  '" style="background:url(//evil.example)"',
  '</title><script>hit()</script>',
  '</style><script>hit()</script>',
  '</textarea><img src=x onerror=hit()>',
  '</select></option><img src=x onerror=hit()>',
  '</table><img src=x onerror=hit()>',
  '</text></svg><img src=x onerror=hit()>',
  '<iframe srcdoc="<script>parent.hit()</script>"></iframe>',
  '<iframe src="javascript:parent.hit()"></iframe>',
  '<object data="javascript:hit()">',
  '<embed src="javascript:hit()">',
  '<a href="javascript:hit()">x</a>',
  'javascript:hit()',
  'data:text/html,<script>hit()</script>',
  'vbscript:hit()',
  '<body onload=hit()>',
  '<details open ontoggle=hit()>',
  '<input autofocus onfocus=hit()>',
  '<video><source onerror=hit()>',
  '<marquee onstart=hit()>',
  '<form action="//evil.example"><button>x',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
  '<base href="//evil.example/">',
  '<link rel=stylesheet href="//evil.example/x.css">',
  '<style>@import "//evil.example/x.css";</style>',
  '<style>*{display:none}</style>',
  '<template><script>hit()</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=hit()>">',
  '<math><mtext><table><mglyph><style><img src=x onerror=hit()>',
  '<div id="recording">{}</div>',
  '<input name=body><input name=getElementById>',
  '${hit()}',
  '{{constructor.constructor("hit()")()}}',
  '\\u003cscript\\u003ehit()\\u003c/script\\u003e',
  '&lt;script&gt;hit()&lt;/script&gt;',
  '&#60;script&#62;hit()&#60;/script&#62;',
  '\u2028hit()\u2029',
  '\u0000<script>hit()</script>',
  '\u202e<img src=x onerror=hit()>',
  '\ud800 lonely <img src=x onerror=hit()>',
  '+ADw-script+AD4-hit()+ADw-/script+AD4-',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '../../../etc/passwd',
  'url(javascript:hit())',
  '#stage=2&component=<script>hit()</script>',
  `a very long name ${'<b>x</b>'.repeat(200)}`,
  '🙂'.repeat(300),
];

/** Strings on one page. */
const AT_ONCE = 6;

/** The recording of the fixture with the strings in every place for a text, the first of them as the names of stages. */
function infested(texts: readonly string[]): Recording {
  let turn = 0;
  const next = () => texts[turn++ % texts.length];
  const change = (value: unknown): unknown => {
    if (typeof value === 'string') return KEPT.has(value) ? value : next();
    if (ArrayBuffer.isView(value)) return value;
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
  };
  const recording = change(recordingFixture()) as Recording;
  for (const stage of recording.stages) {
    stage.components.forEach((it, index) => {
      it.name = `${texts[index % texts.length]}${index}`; // names tell components apart
      it.readings.push({ name: next(), kind: 'level', values: it.queueMean });
    });
    stage.links.forEach((it, index) => {
      it.from = stage.components[index % stage.components.length].name;
      it.to = stage.components[(index + 1) % stage.components.length].name;
    });
    stage.result.components.forEach((it, index) => {
      it.name = stage.components[index].name;
      it.extra = Object.fromEntries(texts.map((text) => [text, index]));
    });
    stage.result.name = texts[0];
  }
  return recording;
}

/** Words of the format itself, by which the page decides. */
const KEPT = new Set(
  [
    ['pass', 'fail', 'inconclusive', 'break', 'completed', 'failed', 'timedOut', 'rejected', 'slowest', 'ordinary'],
    ['waiting', 'service', 'network', 'pool', 'retry', 'lag', 'count', 'level', 'up', 'killed', 'primary', 'replica'],
  ].flat(),
);

describe('a replay of a stranger', () => {
  it('has at least sixty strings to try', () => {
    expect(new Set(hostile).size).toBeGreaterThanOrEqual(60);
  });

  it('runs nothing of it, asks nobody for anything, and shows it as it is', async () => {
    const { page, errors, requests } = await browser.open();
    await page.addInitScript(() => {
      const page = globalThis as { hits?: number; hit?: () => void };
      page.hits = 0;
      page.hit = () => {
        page.hits = 1;
      };
    });
    const bad: string[] = [];
    for (let first = 0; first < hostile.length; first += AT_ONCE) {
      const texts = hostile.slice(first, first + AT_ONCE);
      const [text] = texts;
      const url = pageOf(textOf(infested(texts)), `hostile-${(first / AT_ONCE) % 2}`);
      const component = new URLSearchParams({ component: `${texts[1 % texts.length]}1` });
      await page.goto(`${url}#stage=2&t=25&request=4&${component}`);
      const isDrawn = await page
        .waitForSelector('.node')
        .then(() => true)
        .catch(() => false);
      // Open what opens only on demand.
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      await page.keyboard.press('c');
      await page.waitForTimeout(30);
      const seen = await page.evaluate(() => ({
        hits: (globalThis as { hits?: number }).hits,
        heading: document.querySelector('h1')?.textContent,
        elements: document.querySelectorAll(
          '#app :is(script, img, iframe, object, embed, form, base, link, style, video, a)',
        ).length,
        handlers: [...document.querySelectorAll('#app *')].filter((it) =>
          it.getAttributeNames().some((name) => name.startsWith('on')),
        ).length,
      }));
      // A lone surrogate and a NUL are not text; the rest is shown to the letter.
      const shown = seen.heading === text || /[\ud800\u0000]/.test(text.slice(0, 1));
      if (seen.hits !== 0 || seen.elements > 0 || seen.handlers > 0 || !shown || !isDrawn)
        bad.push(`${texts.join(' | ')}: ${JSON.stringify(seen)}`);
    }
    expect(bad).toEqual([]);
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
  });
});
