/** Holds the directions of imports between the rooms and the purity of the simulator; shows first that it can fail. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { offencesOf } from '../tools/boundaries.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

function sourcesUnder(folder: string): string[] {
  if (!existsSync(root + folder)) return [];
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
}

describe('the rule itself', () => {
  const offends = (path: string, source: string) =>
    offencesOf(path, source)
      .map(({ message }) => message)
      .join('\n');

  it.each([
    ['sim/engine/x.ts', "import { readFileSync } from 'node:fs';", 'node:fs'],
    ['sim/engine/x.ts', "import { readFileSync } from 'fs';", 'fs'],
    ['sim/engine/x.ts', "const fs = await import('node:fs');", 'node:fs'],
    ['sim/engine/x.ts', "import { server } from '../actors/compute/server.ts';", 'sim/actors/'],
    ['sim/engine/x.ts', "export * from '../scenario/parse.ts';", 'sim/scenario/'],
    ['sim/random/x.ts', "import { Kernel } from '../engine/kernel.ts';", 'sim/engine/'],
    ['sim/actors/compute/x.ts', "import { parse } from '../../scenario/parse.ts';", 'sim/scenario/'],
    ['sim/scenario/x.ts', "import { render } from '../../reports/index.ts';", 'reports/'],
    ['sim/workload/x.ts', "import { scaleLinear } from 'd3';", 'd3'],
    ['sim/compile/x.ts', "import { server } from '../actors/compute/server.ts';", 'sim/actors/'],
    ['reports/x.ts', "import { Kernel } from '../sim/engine/kernel.ts';", 'sim/engine/'],
    ['reports/x.ts', "import { readFileSync } from 'node:fs';", 'node:fs'],
    ['cli/commands/x.ts', "import { page } from '../../viz/page.ts';", 'viz/'],
    ['cli/commands/x.ts', "import { simulate } from '../../sim/index.ts';", 'sim/index.ts'],
    ['cli/commands/x.ts', "import type { Kernel } from '../../sim/engine/kernel.ts';", 'sim/engine/'],
    ['viz/x.ts', "import { Kernel } from '../sim/engine/kernel.ts';", 'sim/engine/'],
    ['elsewhere/x.ts', "import { simulate } from '../sim/index.ts';", 'no known room'],
  ])('refuses in %s: %s', (path, source, word) => {
    expect(offends(path, source)).toContain(word);
  });

  it.each([
    'const a = b ** 2;',
    'a **= 2;',
    'const a = Math.log(2);',
    'const a = Math.pow(2, 3);',
    'const a = Math.random();',
    "const a = Math['exp'](1);",
    'const { sin } = Math;',
    'const M = Math;',
    'const a = Date.now();',
    'const a = new Date();',
    'const a = performance.now();',
    'const a = globalThis.Date;',
    'const a = process.hrtime();',
    'names.sort((a, b) => a.localeCompare(b));',
    'const a = (5).toLocaleString();',
    "const a = new Intl.NumberFormat('en');",
    'setTimeout(() => {}, 1);',
    'const random = seedrandom();',
  ])('refuses in sim/: %s', (source) => {
    expect(offencesOf('sim/engine/x.ts', source)).toHaveLength(1);
  });

  it.each([
    ['sim/engine/x.ts', "import type { RunResult } from '../result.ts';"],
    ['sim/engine/x.ts', "import { derive } from '../random/counter.ts';"],
    ['sim/engine/x.ts', "import ln from '@stdlib/math-base-special-ln';"],
    ['sim/engine/x.ts', '/** Math.log and Date.now() in a comment */ const a = "Date"; const b = Math.floor(2.5);'],
    ['sim/engine/x.ts', 'interface Point { Date: number } const a = { performance: 1 }; point.Date = a.performance;'],
    ['sim/engine/x.ts', 'for (const process of processes) kill(process.id);'],
    ['sim/scenario/x.ts', 'const big = 10n ** 3n;'],
    ['cli/x.ts', "import { readFileSync } from 'node:fs'; const a = Date.now() ** 2;"],
    ['cli/simulator.ts', "export { Run } from '../sim/index.ts';"],
    ['reports/x.ts', "import type { RunResult } from '../sim/result.ts';"],
  ])('accepts in %s: %s', (path, source) => {
    expect(offencesOf(path, source)).toEqual([]);
  });
});

describe('the repository', () => {
  const files = ['cli.ts', ...['cli', 'sim', 'reports', 'viz', 'bench'].flatMap(sourcesUnder)].sort();

  it('is looked at as a whole', () => {
    expect(files).toContain('cli.ts');
    expect(files).toContain('sim/result.ts');
    expect(files.length).toBeGreaterThan(30);
  });

  it('keeps the boundaries between its rooms', () => {
    const offences = files.flatMap((file) => offencesOf(file, readFileSync(`${root}/${file}`, 'utf8')));
    expect(offences.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([]);
  });
});
