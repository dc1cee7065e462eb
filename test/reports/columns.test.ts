/** Widths as a terminal counts them, and layout that keeps to the page. */
import { describe, expect, it } from 'vitest';
import { columnsOf, cut, listed, padEnd, padStart, wrap } from '../../reports/text/columns.ts';
import { inkOf } from '../../reports/text/ink.ts';
import { barOf, sparkline } from '../../reports/text/sparkline.ts';
import { table } from '../../reports/text/table.ts';

describe('columns', () => {
  it('counts wide, combining and plain characters', () => {
    expect(columnsOf('app')).toBe(3);
    expect(columnsOf('数据库')).toBe(6);
    expect(columnsOf('e\u0301')).toBe(1);
    expect(columnsOf('🚀')).toBe(2);
  });

  it('cuts to the columns it was given, also inside wide characters', () => {
    expect(cut('database', 8)).toBe('database');
    expect(cut('database', 5)).toBe('data…');
    expect(columnsOf(cut('数据库数据库', 6))).toBeLessThanOrEqual(6);
  });

  it('pads by columns, not by code units', () => {
    expect(padEnd('数', 4)).toBe('数  ');
    expect(padStart('7', 3)).toBe('  7');
  });

  it('wraps at spaces, cuts what cannot be wrapped, and keeps the items of a list whole', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
    expect(wrap(listed(['max 2 s', 'min 1 s']), 10)).toEqual(['max 2 s ·', 'min 1 s']);
    expect(wrap('', 10)).toEqual([]);
  });
});

describe('table', () => {
  const ink = inkOf(false);
  const columns = [
    { head: 'name', shrinkTo: 4 },
    { head: 'type', dispensable: 1 },
    { head: 'n', unit: 'ms', align: 'right' as const },
  ];
  const rows = [{ cells: ['a long name', 'server', '12'] }, { cells: ['b', 'db', '3'] }];

  it('aligns numbers to the right, under heading and unit', () => {
    expect(table(columns, rows, { width: 80, ink, indent: 0 })).toEqual([
      'name         type     n',
      '                     ms',
      '───────────────────────',
      'a long name  server  12',
      'b            db       3',
    ]);
  });

  it('first cuts names, then leaves out what is dispensable', () => {
    expect(table(columns, rows, { width: 18, ink, indent: 0 })[3]).toBe('a lon…  server  12');
    expect(table(columns, rows, { width: 14, ink, indent: 0 })[3]).toBe('a long na…  12');
  });
});

describe('sparkline', () => {
  it('scales from zero, so that a small wobble stays small', () => {
    expect(sparkline([100, 99, 50, 0], 10, 'mean')).toBe('██▄▁');
  });

  it('keeps a gap a gap, and a peak a peak when points share a bar', () => {
    expect(sparkline([1, null, 1], 10, 'mean')).toBe('█ █');
    expect(sparkline([0, 8, 0, 0], 2, 'peak')).toBe('█▁');
    expect(sparkline([0, 8, 0, 0], 2, 'mean')).toBe('█▁');
    expect(sparkline([8, 0, 8, 8], 2, 'mean')).toBe('▄█');
    expect(sparkline([null], 5, 'mean')).toBe('');
    expect(sparkline([], 5, 'mean')).toBe('');
  });

  it('finds the bar of a moment', () => {
    expect(barOf(30, 120, 60)).toBe(15);
    expect(barOf(3, 10, 60)).toBe(3);
    expect(barOf(99, 10, 60)).toBe(9);
  });
});
