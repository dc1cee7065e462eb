/** The pool of rows: a row that is taken again is not mistaken for what it was. */
import { describe, expect, it } from 'vitest';
import { Flag, ICol, Rows, Stride } from '../../sim/engine/rows.ts';

describe('a row that is taken again', () => {
  it('has another generation and no flag of the life before', () => {
    const rows = new Rows(16, 64);
    const first = rows.take();
    const generation = rows.I[first * Stride.I + ICol.Gen];
    rows.I[first * Stride.I + ICol.Flags] = Flag.Inside | Flag.Token | Flag.Request;
    rows.free(first);
    const again = rows.take();
    expect(again).toBe(first);
    expect(rows.I[again * Stride.I + ICol.Flags]).toBe(0);
    expect(rows.I[again * Stride.I + ICol.Gen]).not.toBe(generation);
  });

  it('is none that was taken while the pool grew', () => {
    const rows = new Rows(4, 64);
    const taken = new Set(Array.from({ length: 4 }, () => rows.take()));
    expect(rows.reserve(12)).toBe(true);
    for (let i = 0; i < 12; i++) taken.add(rows.take());
    expect(taken.size).toBe(16);
    expect(rows.live).toBe(16);
    expect(rows.reserve(64)).toBe(false);
  });
});
