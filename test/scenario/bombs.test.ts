/**
 * Texts made to hurt: each is answered in under a second, without crashing and without much memory.
 */
import { describe, expect, it } from 'vitest';
import { firstGood, slowness } from '../pace.ts';
import { GOOD, parse } from './kit.ts';

const laughs = ['a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]']
  .concat(Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`))
  .join('\n');
const keys = (count: number, indent: string): string =>
  Array.from({ length: count }, (_, i) => `${indent}key${i}: ${i}`).join('\n');

const BOMBS: [string, string][] = [
  ['a billion laughs', laughs],
  ['99 aliases of a large scalar', `big: &b ${'x'.repeat(900_000)}\nlist: [${Array(99).fill('*b').join(', ')}]`],
  ['1,000 open brackets', '['.repeat(1000)],
  ['100,000 open brackets', '['.repeat(100_000)],
  ['a megabyte of open brackets', '['.repeat(1_048_576)],
  ['100,000 open braces', '{'.repeat(100_000)],
  ['brackets in braces', '[{a: '.repeat(100_000)],
  ['700 complex keys', '? '.repeat(700)],
  ['half a million complex keys', '? '.repeat(500_000)],
  ['half a million list marks', '- '.repeat(500_000)],
  ['deep block maps', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ['40,000 unknown keys', `${GOOD}${keys(40_000, '')}`],
  ['20,000 unknown keys', `${GOOD}${keys(20_000, '')}`],
  [
    '20,000 bad operations',
    `${GOOD}${keys(20_000, '')}`.replace('look: [', `${keys(20_000, '      ').trim()}\n      look: [`),
  ],
  ['20,000 equal keys', `${GOOD}${'twice: 1\n'.repeat(20_000)}`],
  [
    '8,000 components of unknown type',
    GOOD.replace(
      '  db:\n',
      `${Array.from({ length: 8000 }, (_, i) => `  c${i}: { type: sevrer }`).join('\n')}\n  db:\n`,
    ),
  ],
  [
    '1,000 balancers of unknown targets',
    GOOD.replace(
      '  db:\n',
      `${Array.from({ length: 990 }, (_, i) => `  c${i}: { type: balancer, targets: { ${Array.from({ length: 6 }, (_x, j) => `x${i + j}: 1`).join(', ')} } }`).join('\n')}\n  db:\n`,
    ),
  ],
  [
    'balancers in layers',
    GOOD.replace(
      '  db:\n',
      `${Array.from({ length: 40 }, (_, i) => `  a${i}: { type: balancer, targets: { a${i + 1}: 1, b${i + 1}: 1 } }\n  b${i}: { type: balancer, targets: { a${i + 1}: 1, b${i + 1}: 1 } }`).join('\n')}\n  a40: { type: balancer, targets: app }\n  b40: { type: balancer, targets: app }\n  db:\n`,
    ).replace('entry: lb', 'entry: a0'),
  ],
  ['a 20 MB scalar', `a: ${'x'.repeat(20_000_000)}`],
  ['a megabyte scalar', `a: ${'x'.repeat(1_000_000)}`],
  ['a megabyte key', `${'x'.repeat(1_000_000)}: 1`],
  ['a long key', `${GOOD}? ${'y'.repeat(500_000)}\n: 1\n`],
  ['an unclosed megabyte', `a: "${'x'.repeat(1_000_000)}`],
  ['a quarter million documents', '---\n'.repeat(250_000)],
  ['a megabyte of line ends', '\n'.repeat(1_048_576)],
  ['an unclosed map of line ends', `{a${'\n'.repeat(900_000)}`],
  ['a huge number', GOOD.replace('users: 100', `users: ${'9'.repeat(500_000)}`)],
  ['a duration with many digits', GOOD.replace('cpu: 1ms', `cpu: 0.${'0'.repeat(400_000)}1ms`)],
  ['a duration of blanks', GOOD.replace('cpu: 1ms', `cpu: "1${' '.repeat(400_000)}x"`)],
  ['an expectation of blanks', GOOD.replace('p(99) < 500ms', `"p${' '.repeat(400_000)}"`)],
  ['a link of arrows', `${GOOD}links:\n  "${'-> '.repeat(60)}": {}\n`],
  ['many stages', `${GOOD}stages:\n${Array.from({ length: 5000 }, (_, i) => `  - { name: s${i} }`).join('\n')}`],
  [
    'stages of a large base',
    `${GOOD.replace('    operations:', `    operations:\n${Array.from({ length: 3000 }, (_, i) => `      o${i}: [ { cpu: 1ms } ]`).join('\n')}`)}stages:\n${Array.from({ length: 200 }, (_, i) => `  - { name: s${i} }`).join('\n')}`,
  ],
  [
    'nested parallel',
    GOOD.replace(
      '{ cpu: 1ms }',
      `${'{ parallel: { times: 100000, steps: ['.repeat(6)}{ cpu: 1ms }${'] } }'.repeat(6)}`,
    ),
  ],
];

describe('bombs', () => {
  it.each(BOMBS)('answers %s in under a second', async (_what, text) => {
    const { value, limit } = await firstGood(() => {
      const pace = slowness();
      const before = performance.now();
      const { scenario, problems } = parse(text);
      const elapsed = performance.now() - before;
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      expect(scenario === null ? errors : 1).toBeGreaterThan(0);
      return { value: elapsed, limit: 1000 * Math.max(pace, slowness()) };
    });
    expect(value).toBeLessThanOrEqual(limit);
  });
});
