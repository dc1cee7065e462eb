/** Quantities: exact, strict, and helpful about what was probably meant. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseCount,
  parseCountOrSize,
  type Parsed,
  parseDuration,
  parseMoney,
  parseRate,
  parseRatio,
  parseSize,
} from '../../sim/scenario/units.ts';

const value = <T>(parsed: Parsed<T>): T => {
  if (!parsed.ok) throw new Error(`${parsed.message} | ${parsed.hint}`);
  return parsed.value;
};
const said = (parsed: Parsed<unknown>): string => (parsed.ok ? 'accepted' : `${parsed.message} | ${parsed.hint}`);

const DURATIONS = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
};
const SIZES = { B: 1n, kB: 1_000n, MB: 1_000_000n, KiB: 1_024n, MiB: 1_048_576n, GiB: 1_073_741_824n };

describe('durations', () => {
  it.each([
    ['0s', 0],
    ['250ms', 250_000_000],
    ['0.25ms', 250_000],
    ['0.1s', 100_000_000],
    ['1.000000001s', 1_000_000_001],
    ['5m', 300_000_000_000],
    ['20us', 20_000],
    ['20µs', 20_000],
    ['104d', 8_985_600_000_000_000],
  ])('%s is %d ns', (text, ns) => {
    expect(value(parseDuration(text))).toBe(ns);
  });

  it('keeps every whole number of every unit exactly', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(DURATIONS) as (keyof typeof DURATIONS)[])),
        fc.nat(100),
        (unit, n) => {
          expect(BigInt(value(parseDuration(`${n}${unit}`)))).toBe(BigInt(n) * DURATIONS[unit]);
        },
      ),
    );
  });

  it('is exact for every decimal fraction that is a whole number of nanoseconds', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 0, max: 999_999_999 }), (seconds, ns) => {
        const text = `${seconds}.${String(ns).padStart(9, '0')}s`;
        expect(BigInt(value(parseDuration(text)))).toBe(BigInt(seconds) * 1_000_000_000n + BigInt(ns));
      }),
    );
  });

  it('never takes a number without a unit, and shows two spellings that it would take', () => {
    fc.assert(
      fc.property(fc.nat(1000), (n) => {
        const parsed = parseDuration(n);
        expect(parsed.ok).toBe(false);
        const spellings = parsed.ok ? [] : [...parsed.hint.matchAll(/[0-9]+m?s/g)].map(([text]) => text);
        expect(spellings).toHaveLength(2);
        for (const text of spellings) expect(parseDuration(text).ok).toBe(true);
      }),
    );
  });

  it('never throws and never returns anything but a whole number of nanoseconds in range', () => {
    const units = fc.constantFrom('', 's', 'ms', 'm', 'M', ' s', 'e3s', '%', '/s');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.anything(),
          fc.tuple(fc.double(), units).map(([n, unit]) => n + unit),
        ),
        (input) => {
          const parsed = parseDuration(input);
          if (parsed.ok) expect(Number.isSafeInteger(parsed.value) && parsed.value >= 0).toBe(true);
          else expect(parsed.message).not.toBe('');
        },
      ),
    );
  });

  it.each([
    '5msec',
    '5S',
    '5 s',
    '05s',
    '.5s',
    '5.s',
    '1_000ms',
    '1,000ms',
    '-1s',
    '+1s',
    '1e3ms',
    '1h30m',
    '105d',
    '0.5ns',
    's',
    '',
    '5',
  ])('refuses %s', (text) => {
    expect(parseDuration(text).ok).toBe(false);
  });

  it('asks whether M is minutes or milliseconds', () => {
    expect(said(parseDuration('10M'))).toBe('"M" is not a unit of duration | did you mean 10m or 10ms?');
    expect(said(parseDuration('10 m'))).toContain('10m (minutes) or 10ms');
  });
});

describe('sizes', () => {
  it('keeps every whole number of every unit exactly', () => {
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(SIZES) as (keyof typeof SIZES)[])), fc.nat(100_000), (unit, n) => {
        expect(BigInt(value(parseSize(`${n}${unit}`)))).toBe(BigInt(n) * SIZES[unit]);
      }),
    );
  });

  it('tells 1000 from 1024', () => {
    expect(value(parseSize('1kB'))).toBe(1000);
    expect(value(parseSize('1KiB'))).toBe(1024);
    expect(said(parseSize('1KB'))).toContain('did you mean 1KiB or 1kB?');
  });

  it.each(['5', '5G', '8GB/s', '1.5B', '0x10B', '9000TiB'])('refuses %s', (text) => {
    expect(parseSize(text).ok).toBe(false);
  });
});

describe('counts', () => {
  it('reads back what a person writes', () => {
    fc.assert(
      fc.property(fc.nat(9_000_000), (n) => {
        expect(value(parseCount(n))).toBe(n);
        expect(value(parseCount(String(n)))).toBe(n);
        expect(value(parseCount(`${n}k`))).toBe(n * 1000);
      }),
    );
    expect(value(parseCount('2.5k'))).toBe(2500);
    expect(value(parseCount('1M'))).toBe(1_000_000);
  });

  it.each([
    ['1,000', 'write 1000 or 1k'],
    ['1_000', 'write 1000 or 1k'],
    ['1 000', 'write 1000 or 1k'],
    ['10K', 'did you mean 10k?'],
    ['1m', 'did you mean 1M?'],
    ['017', 'write 17'],
    ['2.5', 'such as 5, 10k or 1M'],
    ['1.0005k', 'such as 5, 10k or 1M'],
    [2.5, 'such as 5, 10k or 1M'],
    [-1, 'a count cannot be negative'],
    [-0, 'a count cannot be negative'],
    [Number.NaN, 'such as'],
    [2 ** 53, 'such as'],
  ])('refuses %s: %s', (input, hint) => {
    expect(said(parseCount(input))).toContain(hint);
  });
});

describe('rates, ratios, money', () => {
  it.each([
    [parseRate('80/s'), 80],
    [parseRate('2k/s'), 2000],
    [parseRate('90/min'), 1.5],
    [parseRate('7200/h'), 2],
    [parseRatio('5%'), 0.05],
    [parseRatio('99.9%'), 0.999],
    [parseRatio('100%'), 1],
    [parseRatio('400%', 10), 4],
    [parseMoney('70/month'), 70],
    [parseMoney('$70/month'), 70],
    [parseMoney('0.1/h'), 73],
    [parseMoney('1.2k/year'), 100],
  ])('%o', (parsed, expected) => {
    expect(value(parsed)).toBeCloseTo(expected, 12);
  });

  it.each([
    [parseRate(80), 'write 80/s or 80/min'],
    [parseRate('80/sec'), 'did you mean 80/s?'],
    [parseRate('80/m'), 'did you mean 80/min?'],
    [parseRate('-5/s'), 'cannot be negative'],
    [parseRatio(0.05), 'write 5% or 0.05%'],
    [parseRatio(5), 'write 5% or 0.05%'],
    [parseRatio('150%'), 'more than 100%'],
    [parseRatio('-5%'), 'cannot be negative'],
    [parseRatio(Number.NaN), 'expected a per cent'],
    [parseMoney(70), 'write 70/month or 70/h'],
    [parseMoney('70/week'), '/month, /h, /d, /year'],
  ])('%o', (parsed, expected) => {
    expect(parsed.ok).toBe(false);
    expect(said(parsed)).toContain(expected);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        for (const read of [
          parseRate,
          (each: unknown) => parseRatio(each),
          parseMoney,
          parseCount,
          parseSize,
          parseCountOrSize,
        ]) {
          expect(typeof read(input).ok).toBe('boolean');
        }
      }),
    );
  });

  it('tells items from bytes by the unit', () => {
    expect(value(parseCountOrSize('10k'))).toEqual({ unit: 'items', value: 10_000 });
    expect(value(parseCountOrSize('1GiB'))).toEqual({ unit: 'bytes', value: 1_073_741_824 });
    expect(parseCountOrSize(0).ok).toBe(false);
  });
});
