/** Columns of figures as text: what comes back is what went in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../../sim/engine/base64.ts';
import { checksumOf } from '../../sim/recording/checksum.ts';
import { readColumn, writeCounts, writeLevels } from '../../sim/recording/columns.ts';
import { Reader, Writer } from '../../sim/recording/varint.ts';

describe('base64', () => {
  it('is what everybody else takes it for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = toBase64(bytes, bytes.length);
        expect(text).toBe(Buffer.from(bytes).toString('base64').replace(/=+$/, ''));
        expect(fromBase64(text)).toEqual(bytes);
      }),
    );
  });

  it('refuses what is none', () => {
    expect(() => fromBase64('ab c')).toThrow(RangeError);
    expect(() => fromBase64('abé')).toThrow(RangeError);
  });
});

describe('whole numbers', () => {
  it('come back, large or small, of either sign, with runs of zeros', () => {
    const number = fc.oneof(
      fc.constant(0),
      fc.integer({ min: -300, max: 300 }),
      fc.maxSafeInteger().map((n) => n >> 1),
    );
    const large = fc.integer({ min: -(2 ** 51), max: 2 ** 51 });
    fc.assert(
      fc.property(fc.array(fc.oneof(number, large)), (numbers) => {
        const writer = new Writer();
        for (const n of numbers) writer.putSigned(n);
        const reader = new Reader(writer.finish());
        expect(numbers.map(() => reader.getSigned())).toEqual(numbers.map((n) => n || 0));
        expect(() => reader.get()).toThrow('ends early');
      }),
    );
  });
});

describe('counts', () => {
  it('come back exactly', () => {
    fc.assert(
      fc.property(fc.uint32Array(), (counts) => {
        expect(readColumn(writeCounts(counts))).toEqual(counts);
      }),
    );
  });

  it('of nothing but zeros take no room, however many', () => {
    expect(JSON.stringify(writeCounts(new Uint32Array(100_000))).length).toBeLessThan(30);
  });
});

describe('levels', () => {
  it('come back within one part in 20,000 of the largest, and NaN as NaN', () => {
    const level = fc.oneof(fc.constant(NaN), fc.float({ min: -1e9, max: Math.fround(1e9), noNaN: true }));
    fc.assert(
      fc.property(fc.array(level), (levels) => {
        const written = Float32Array.from(levels);
        const read = readColumn(writeLevels(written));
        const largest = levels.reduce((most, v) => Math.max(most, Math.abs(v) || 0), 0);
        expect(read.length).toBe(levels.length);
        written.forEach((value, i) => {
          if (Number.isNaN(value)) expect(read[i]).toBeNaN();
          else expect(Math.abs(read[i] - value)).toBeLessThanOrEqual(Math.max(largest / 20_000, 1e-9));
        });
      }),
    );
  });

  it.each([0.25, 0.5, 1, 60, 0.001])('give back %d exactly when it is all there is', (value) => {
    const read = readColumn(writeLevels(Float32Array.of(value, 0)));
    expect(read[0]).toBeCloseTo(value, 6);
    expect(read[1]).toBe(0);
  });
});

describe('the checksum', () => {
  it('changes with every single character, and with its place', () => {
    const text = '{"name":"From a hundred users to a million"}';
    const sums = new Set([checksumOf(text)]);
    for (let i = 0; i < text.length; i++) sums.add(checksumOf(`${text.slice(0, i)}~${text.slice(i + 1)}`));
    for (let i = 0; i + 1 < text.length; i++) {
      const swapped = text.slice(0, i) + text[i + 1] + text[i] + text.slice(i + 2);
      if (swapped !== text) sums.add(checksumOf(swapped));
    }
    expect(sums.size).toBeGreaterThan(text.length * 1.9);
  });
});

describe('a broken column', () => {
  it('is refused', () => {
    expect(() => readColumn({ p: 'AA', n: -1 })).toThrow(RangeError);
    expect(() => readColumn({ p: 'AA', n: 1e12 })).toThrow(RangeError);
    expect(() => readColumn({ p: '', n: 3 })).toThrow('ends early');
  });
});
