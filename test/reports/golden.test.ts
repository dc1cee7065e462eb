/** Every report as it looked when somebody last looked at it. Update with `npx vitest run test/reports -u`, and look. */
import { expect, it } from 'vitest';
import { render, type ReportKind, type ReportOptions } from '../../reports/index.ts';
import { columnsOf } from '../../reports/text/columns.ts';
import { result } from './fixtures.ts';

const CASES: [file: string, kind: ReportKind, options: Partial<ReportOptions>][] = [
  ['wide.txt', 'text', { width: 130 }],
  ['normal.txt', 'text', {}],
  ['narrow.txt', 'text', { width: 80 }],
  ['brief.txt', 'text', { verbosity: 'brief' }],
  ['full.txt', 'text', { verbosity: 'full', width: 120 }],
  ['color.ansi', 'text', { color: true }],
  ['result.json', 'json', {}],
  ['report.md', 'markdown', {}],
  ['junit.xml', 'junit', {}],
  ['github.txt', 'github', { path: 'scenarios/tic-tac-toe.yaml' }],
];

it.each(CASES)('%s', async (file, kind, options) => {
  await expect(render(kind, result, options)).toMatchFileSnapshot(`golden/${file}`);
});

it.each([80, 100, 130])('keeps every line within %d columns', (width) => {
  const lines = render('text', result, { width, verbosity: 'full' })
    .split('\n')
    .filter((line) => !line.startsWith('reproduce: '));
  for (const line of lines) expect(columnsOf(line), line).toBeLessThanOrEqual(width);
});

it('says the same with and without colour', () => {
  const colored = render('text', result, { color: true });
  expect(colored).toContain('\u001b[');
  // oxlint-disable-next-line no-control-regex -- colour codes are controls
  expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(render('text', result));
});
