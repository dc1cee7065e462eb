/** The key table against a Map, and its bounds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyTable, Room } from '../../sim/engine/key-table.ts';
import { Keys } from '../../sim/engine/key-records.ts';

describe('a key table', () => {
  it('holds what a Map holds, each key under one entry', () => {
    const step = fc.record({ add: fc.boolean(), key: fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer()) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const table = new KeyTable();
        const map = new Map<number, number>();
        for (const { add, key } of steps) {
          expect(table.find(key)).toBe(map.get(key) ?? -1);
          const known = map.get(key);
          if (add && known === undefined) map.set(key, table.add(key));
          if (!add && known !== undefined) {
            table.remove(known);
            map.delete(key);
          }
        }
        expect(table.size).toBe(map.size);
        expect(new Set(map.values()).size).toBe(map.size);
        const seen = new Map<number, number>();
        table.each((entry) => seen.set(table.keyOf(entry), entry));
        expect(seen).toEqual(map);
        for (const entry of map.values()) expect(entry).toBeLessThan(table.capacity);
      }),
    );
  });

  it('uses every entry from 0 on when it is full, and says so when it is more than full', () => {
    const table = new KeyTable(100);
    const entries = Array.from({ length: 100 }, (_, key) => table.add(key * 4096));
    expect(entries.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(() => table.add(-1)).toThrow(RangeError);
    table.clear();
    expect([table.find(4096), table.size, table.add(-1)]).toEqual([-1, 0, 0]);
  });

  it('lets `each` remove what it shows', () => {
    const table = new KeyTable();
    for (let key = 0; key < 50; key++) table.add(key);
    table.each((entry) => {
      if (table.keyOf(entry) % 2 === 0) table.remove(entry);
    });
    expect([table.size, table.find(4), table.find(5) >= 0]).toEqual([25, -1, true]);
  });

  it('tells the core where it is, and that it is nowhere once it stands elsewhere', () => {
    const buffer = new ArrayBuffer(4096);
    const record = new Int32Array(buffer, 0, Keys.I);
    let next = 64;
    const ints = (length: number): Int32Array<ArrayBuffer> => {
      if (next + length * 4 > buffer.byteLength) return new Int32Array(length);
      const at = next;
      next += length * 4;
      return new Int32Array(buffer, at, length);
    };
    const table = new KeyTable(undefined, Room.Copy, { ints, record });
    const whereabouts = () => [record[Keys.Chains], record[Keys.Records], record[Keys.Mask]];
    const all = new Int32Array(buffer);
    const first = whereabouts();
    table.add(77);
    expect(all[first[1] / 4]).toBe(77);
    for (let key = 0; key < 20; key++) table.add(key);
    expect(whereabouts()).not.toEqual(first);
    expect(all[record[Keys.Records] / 4]).toBe(77);
    for (let key = 100; key < 200; key++) table.add(key);
    expect(whereabouts().slice(0, 2)).toEqual([0, 0]);
    expect(table.find(77)).toBe(0);
  });
});
