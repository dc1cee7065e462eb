/** Leases taken away, by holder and key. */
import { describe, expect, it } from 'vitest';
import { ICol, Rows, Stride } from '../../../../sim/engine/rows.ts';
import { Revocations } from '../../../../sim/actors/storage/cache/revocations.ts';

describe('leases taken away', () => {
  it('are told apart by the life of the row and by the key', () => {
    const revoked = new Revocations(new Rows(16, 16));
    revoked.add(5, 1, 7);
    revoked.add(5, 2, 7);
    revoked.add(5, 2, 8);
    expect(revoked.take(5, 2, 9)).toBe(false);
    expect(revoked.take(5, 1, 7)).toBe(true);
    expect(revoked.take(5, 1, 7)).toBe(false);
    expect(revoked.take(5, 2, 8)).toBe(true);
    expect(revoked.take(5, 2, 7)).toBe(true);
    expect(revoked.size).toBe(0);
  });

  it('are forgotten when their holders are gone, so that they do not pile up', () => {
    const rows = new Rows(16, 16);
    const revoked = new Revocations(rows);
    const alive = rows.take();
    const life = rows.I[alive * Stride.I + ICol.Gen];
    revoked.add(alive, life, 1);
    for (let i = 0; i < 50_000; i++) revoked.add(3, 1000 + i, i);
    expect(revoked.size).toBeLessThan(2000);
    expect(revoked.take(alive, life, 1)).toBe(true);
  });
});
