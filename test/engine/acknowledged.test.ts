/** Which reads are stale, given what had been acknowledged when they began. */
import { describe, expect, it } from 'vitest';
import { AcknowledgedWrites } from '../../sim/engine/acknowledged.ts';

function after(...writes: { key: number; version: number; acknowledged: number }[]): AcknowledgedWrites {
  const clock = new Float64Array(1);
  const all = new AcknowledgedWrites(clock);
  all.wanted = true;
  all.keepHistory();
  for (const { key, version, acknowledged } of writes) {
    clock[0] = acknowledged;
    all.record(key, version);
  }
  return all;
}

describe('acknowledged writes', () => {
  it('make older values stale for reads that begin afterwards', () => {
    const writes = after({ key: 1, version: 100, acknowledged: 120 });
    expect(writes.isStale(1, 99, 120)).toBe(true);
    expect(writes.isStale(1, 99, 119)).toBe(false);
    expect(writes.isStale(1, 100, 500)).toBe(false);
    expect(writes.isStale(2, 0, 500)).toBe(false);
    expect([writes.lastWriteNs(1), writes.lastWriteNs(2)]).toEqual([100, -1]);
  });

  it('judge a read that began before the last of them by the one before', () => {
    const writes = after({ key: 1, version: 100, acknowledged: 120 }, { key: 1, version: 200, acknowledged: 220 });
    expect(writes.isStale(1, 50, 150)).toBe(true);
    expect(writes.isStale(1, 100, 150)).toBe(false);
    expect(writes.isStale(1, 100, 220)).toBe(true);
  });

  it('count the newest version, in whatever order they are acknowledged', () => {
    const writes = after({ key: 1, version: 200, acknowledged: 220 }, { key: 1, version: 100, acknowledged: 300 });
    expect(writes.lastWriteNs(1)).toBe(200);
    expect(writes.isStale(1, 150, 250)).toBe(true);
    expect(writes.isStale(1, 200, 400)).toBe(false);
  });

  it('of many keys are all remembered, and of nobody who does not ask', () => {
    const many = after(
      ...Array.from({ length: 1000 }, (_, key) => ({ key: key * 7, version: key, acknowledged: key })),
    );
    for (let key = 0; key < 1000; key++) expect(many.lastWriteNs(key * 7)).toBe(key);
    const unasked = new AcknowledgedWrites(new Float64Array(1));
    unasked.record(1, 5);
    expect(unasked.lastWriteNs(1)).toBe(-1);
  });

  it.each([0, 1, 262_143, 262_144, 2_000_000_000, -1, -2_000_000_000])(
    'of key %d the newest version is known',
    (key) => {
      const writes = new AcknowledgedWrites(new Float64Array(1));
      writes.wanted = true;
      expect(writes.lastWriteNs(key)).toBe(-1);
      writes.record(key, 0);
      expect(writes.lastWriteNs(key)).toBe(0);
      writes.record(key, 7);
      writes.record(key, 5);
      expect(writes.lastWriteNs(key)).toBe(7);
      expect([writes.lastWriteNs(key - 1), writes.lastWriteNs(key + 1)]).toEqual([-1, -1]);
    },
  );
});
