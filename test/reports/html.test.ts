/** The report as a page: well formed whatever names are in it, the numbers of the other reports, no scripts. */
import { describe, expect, it } from 'vitest';
import { render } from '../../reports/index.ts';
import { h, page } from '../../reports/html/element.ts';
import { chart } from '../../reports/html/chart.ts';
import { resultNamed } from './fixtures.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '<svg onload=alert(1)>',
  '<!-- <b>',
  '--><script>',
  '&lt;b&gt; &amp; &#60;',
  'javascript:alert(1)',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '\u0000<\u0000script>',
  '<a href=//evil>x</a>',
  '{{constructor.constructor("alert(1)")()}}',
  '__proto__',
  'x" autofocus onfocus="alert(1)',
];

/** Every tag of a page, without its attributes' values; throws where tags do not nest. */
function tagsOf(html: string): Set<string> {
  const open: string[] = [];
  const seen = new Set<string>();
  const body = html.replace(/<style>[\s\S]*?<\/style>/, '').replace('<!doctype html>', '');
  for (const [, close, tag] of body.matchAll(/<(\/?)([a-z0-9]+)(?: [a-zA-Z0-9:-]+="[^"<>]*")*>/g)) {
    seen.add(tag);
    if (tag === 'meta') continue; // the only element without an end tag: those of SVG must have theirs
    if (close === '') open.push(tag);
    else if (open.pop() !== tag) throw new Error(`</${tag}> ends nothing`);
  }
  expect(open).toEqual([]);
  // What is no tag has no angle bracket.
  expect(body.replace(/<\/?[a-z0-9]+(?: [a-zA-Z0-9:-]+="[^"<>]*")*>/g, '')).not.toMatch(/[<>]/);
  return seen;
}

describe('the page', () => {
  it.each(HOSTILE)('stays the same page when everything is named %j', (name) => {
    const tags = tagsOf(
      render('html', resultNamed(name), { verbosity: 'full', violation: { stage: name, message: name } }),
    );
    for (const tag of ['script', 'img', 'iframe', 'object', 'form', 'link', 'b']) expect(tags).not.toContain(tag);
  });

  it('has a policy, no script, and asks for nothing', () => {
    const html = render('html', resultNamed('app'));
    expect(html).toContain('default-src &#39;none&#39;');
    expect(html).not.toMatch(/<script|src=|url\(|@import|https?:/);
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
  });

  it('says of a system that stays down by itself that it does', () => {
    const passing = resultNamed('app');
    const metastable = {
      afterSeconds: 30,
      goodputPerSecond: 4,
      demandPerSecond: 80,
      sustainedBy: [{ what: 'retries' as const, share: 0.75, text: '75 % of the attempts were retries' }],
    };
    const stages = passing.stages.map((it) => ({
      ...it,
      failovers: it.failovers.map((failover) => ({ ...failover, metastable })),
    }));
    const html = render('html', { ...passing, stages });
    expect(html).toContain('METASTABLE: the trigger is long gone and goodput stays at 4/s of the 80/s wanted');
  });

  it('says what the Markdown report says, number by number', () => {
    const text = (document: string): string[] => document.match(/\d[\d,.]*/g) ?? [];
    const result = resultNamed('app');
    const html = render('html', result)
      .replace(/<svg[\s\S]*?<\/svg>/g, '')
      .replace(/<style>[\s\S]*?<\/style>/, '');
    const shown = new Set(text(html.replace(/<[^>]*>/g, ' ')));
    for (const number of new Set(text(render('markdown', result)))) expect(shown, number).toContain(number);
  });

  it('is the same again', () => {
    expect(render('html', resultNamed('app'))).toBe(render('html', resultNamed('app')));
  });

  it('brief has the table alone', () => {
    expect(render('html', resultNamed('app'), { verbosity: 'brief' })).not.toContain('<section');
  });
});

describe('an element', () => {
  it('escapes text and attributes', () => {
    expect(h('p', { title: '"<&>\'' }, '<b>&"\'').markup).toBe(
      '<p title="&quot;&lt;&amp;&gt;&#39;">&lt;b&gt;&amp;&quot;&#39;</p>',
    );
  });

  it('shows characters that act', () => {
    expect(h('p', {}, 'a\u202eb\u0000').markup).toBe('<p>a\\u202eb\\x00</p>');
    expect(page('t\u202e', '', [])).toContain('<title>t\\u202e</title>');
  });
});

describe('a chart', () => {
  it('has gaps where there is no data, and marks', () => {
    const { markup } = chart('Latency', [{ name: 'p99', values: [1, 2, null, 4] }], [0, 1, 2, 3], [1.5, 99], String);
    expect(markup.match(/<polyline/g)).toHaveLength(2);
    expect(markup.match(/class="mark"/g)).toHaveLength(1);
    expect(markup).toContain('aria-label="Latency: p99; at most 4"');
    expect(markup).not.toContain('NaN');
  });

  it('of nothing, or of zeros, is flat', () => {
    expect(chart('x', [{ name: 'y', values: [0, 0] }], [0, 1], [], String).markup).not.toMatch(/NaN|Infinity/);
    expect(chart('x', [{ name: 'y', values: [] }], [], [], String).markup).not.toMatch(/NaN|Infinity/);
  });
});
