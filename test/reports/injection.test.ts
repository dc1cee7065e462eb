/** Names come from strangers' files. In every report they stay text: no command, no markup, no trick of the eye. */
import { describe, expect, it } from 'vitest';
import { render, REPORT_KINDS } from '../../reports/index.ts';
import {
  csvField,
  githubProperty,
  markdown,
  markdownCell,
  markdownName,
  prose,
  terminal,
  visible,
  withoutCommands,
} from '../../reports/safe.ts';
import { resultNamed } from './fixtures.ts';

const ATTACKS: Readonly<Record<string, string>> = {
  'ANSI escapes': '\u001b[2J\u001b[31mpass\u001b]8;;http://evil\u0007',
  'C1 controls': '\u009b31mred\u009d0;title\u009c',
  'bidi controls': 'app\u202egnp.exe\u2066\u2069\u200f\u061c',
  'invisible characters': 'a\u200bb\ufeffc\u{e0041}\u00add\u2060',
  'a GitHub command on a new line': 'x\n::error::owned\r\n::set-output name=a::b',
  'a GitHub command at the start': '::error::owned',
  'a command of an older runner': 'x ##[error]owned ##vso[task.setvariable variable=a]b ##teamcity[x]',
  'Markdown links': '[click](javascript:alert(1)) ![x](http://evil/x.png) <http://evil> http://evil www.evil.com',
  'Markdown tables and blocks': 'a | b |\n| --- |\n# heading\n```\n- item\n> quote',
  backticks: '`` ` ``` a`',
  HTML: '</script><script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;',
  'XML-forbidden characters': 'a\u0000b\u0008c\ufffed\uffffe\ud800f\udc00g]]>',
  'a formula': "=cmd|' /C calc'!A0",
  'a mention': '@someone please #1',
  'a prototype': '__proto__',
  'an integer-like key': '42',
  nothing: '',
  'a very long name': 'x'.repeat(5000),
  'a stack of marks': `a${'\u0301'.repeat(500)}b`,
};
const entries = Object.entries(ATTACKS);

/** Everything that acts, as the outputs must never contain it. */
// oxlint-disable-next-line no-control-regex -- matching controls is the point
const ACTING =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]|\p{Cs}|[\u{e0000}-\u{e007f}]/u;

describe.each(REPORT_KINDS)('%s', (kind) => {
  it.each(entries)('shows %s as text', (_, attack) => {
    const output = render(kind, resultNamed(attack), {
      verbosity: 'full',
      path: attack,
      violation: { stage: attack, message: attack },
    });
    expect(output).not.toMatch(ACTING);
    expect(output).not.toMatch(/##[\w.-]*\[/);
    if (kind !== 'github') expect(output).not.toMatch(/^\s*::/m);
    else
      for (const line of output.trimEnd().split('\n'))
        expect(line).toMatch(/^::(error|warning|notice) file=[^:,]*,title=[^:,]*::/);
  });
});

describe('terminal', () => {
  it('shows what it would not write', () => {
    expect(terminal('\u001b[31m\n\t\u202e\u{e0041}\ud800')).toBe('\\x1b[31m\\n\\t\\u202e\\u{e0041}\\ud800');
  });

  it('caps stacked marks, keeps ordinary ones', () => {
    expect(terminal(`a${'\u0301'.repeat(99)}b`)).toBe(`a${'\u0301'.repeat(4)}b`);
    expect(terminal('Zoë नमस्ते 👩‍💻')).toBe('Zoë नमस्ते 👩‍💻');
  });

  it('lets no wrapped line begin a workflow command', () => {
    expect(withoutCommands('ok\n  ::error::x\na :: b')).toBe('ok\n  : :error::x\na :: b');
  });

  it('keeps lines within the page whatever a name is', () => {
    const text = render('text', resultNamed('x'.repeat(5000)), { width: 100 });
    const longest = Math.max(
      ...text
        .split('\n')
        .filter((line) => !line.startsWith('reproduce: '))
        .map((line) => line.length),
    );
    expect(longest).toBeLessThanOrEqual(100);
  });
});

describe('json', () => {
  it.each(entries)('parses back to %s', (_, attack) => {
    const wanted = resultNamed(attack);
    const parsed = JSON.parse(render('json', wanted));
    expect(parsed.stages[0].name).toBe(attack);
    expect(Object.keys(parsed.stages[0].operations).sort()).toEqual([attack, `${attack}2`].sort());
    expect(parsed.scenario.name).toBe(attack);
  });
});

describe('markdown', () => {
  it('escapes what could begin markup, and only that', () => {
    expect(markdown('[a](b) <i> *b* _c_ `d` | ~e~ \\')).toBe(
      '\\[a\\](b) \\<i\\> \\*b\\* \\_c\\_ \\`d\\` | \\~e\\~ \\\\',
    );
    expect(markdown('http://x www.x.com')).toBe('http\\://x www\\.x.com');
    expect(markdown('# a')).toBe('\\# a');
    expect(markdown('1. a')).toBe('1\\. a');
    expect(markdown('p99 is 1.98 s: too slow (db#1)')).toBe('p99 is 1.98 s: too slow (db#1)');
    expect(markdown('@a')).toBe('@&#8203;a');
  });

  it('writes names as code that nothing inside can close', () => {
    expect(markdownName('app')).toBe('`app`');
    expect(markdownName('a`b``c')).toBe('```a`b``c```');
    expect(markdownName('`a')).toBe('`` `a ``');
    expect(markdownCell(markdownName('a|b'))).toBe('`a\\|b`');
    expect(markdownCell('a\\|b')).toBe('a\\\\\\|b');
    expect(markdownName('')).toBe('` `');
  });

  it.each([
    ['reads backslashes in pairs', /\\[\\|]/g],
    ['looks at one backslash only', /\\\|/g],
  ])('keeps the number of cells in every row, if the splitter %s', (_, escaped) => {
    const cells = (line: string): number => line.replace(escaped, '').split('|').length;
    const lines = render('markdown', resultNamed('a | b \\| c `|` \\')).split('\n');
    let width = 0;
    for (const line of lines) {
      if (!line.startsWith('|')) width = 0;
      else if (width === 0) width = cells(line);
      else expect(cells(line), line).toBe(width);
    }
  });

  it('has no HTML of a stranger outside code', () => {
    const outside = render('markdown', resultNamed('<img src=x onerror=alert(1)>'))
      .replace(/`[^`]*`/g, '')
      .replace(/\\</g, '');
    expect(outside).not.toContain('<');
  });
});

describe('junit', () => {
  it.each(entries)('stays well-formed with %s', (_, attack) => {
    const xml = render('junit', resultNamed(attack), { violation: { stage: attack, message: attack } });
    const body = xml.replace(/^<\?xml[^>]*\?>/, '');
    const element = /<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/g;
    const open: string[] = [];
    for (const [, closing, name, attributes, empty] of body.matchAll(element)) {
      expect(attributes).not.toMatch(/&(?!(amp|lt|gt|quot|apos|#x[0-9A-F]+|#\d+);)/);
      if (closing) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name!);
    }
    expect(open).toEqual([]);
    expect(body.replace(element, '').trim()).toBe('');
  });
});

describe('github', () => {
  it('escapes as the runner undoes it', () => {
    expect(githubProperty('50%, a: b\nc')).toBe('50%25%2C a%3A b\\nc');
  });
});

it('never lets a CSV field be a formula', () => {
  expect(csvField('=cmd')).toBe('"\'=cmd"');
  expect(csvField(' +1')).toBe('"\' +1"');
  expect(csvField('a"b')).toBe('"a""b"');
});

it('makes a paragraph one line, and everything visible', () => {
  expect(prose(' a\n  b\t c\u0007 ')).toBe('a b c\\x07');
  expect(visible('plain text, ünïcode 数')).toBe('plain text, ünïcode 数');
});
