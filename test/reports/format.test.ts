/** Numbers as people read them: three digits, honest near the edges, the same on every machine. */
import { describe, expect, it } from 'vitest';
import {
  availability,
  bytes,
  duration,
  money,
  named,
  percent,
  percentColumn,
  plain,
  plural,
  rate,
  secondsText,
  short,
  whole,
} from '../../reports/format.ts';

const table = (write: (value: number) => string, cases: [number, string][]): void => {
  it.each(cases)('%d reads %s', (value, text) => expect(write(value)).toBe(text));
};

describe('plain', () =>
  table(plain, [
    [0, '0'],
    [-0, '0'],
    [0.0123, '0.0123'],
    [0.0004, '<0.001'],
    [-0.0004, '>-0.001'],
    [4.123, '4.12'],
    [312.4, '312'],
    [999.6, '1,000'],
    [1984, '1,980'],
    [1e6, '1,000,000'],
    [-1240, '-1,240'],
  ]));

describe('short', () =>
  table(short, [
    [0, '0'],
    [312, '312'],
    [999.4, '999'],
    [999.6, '1k'],
    [1200, '1.2k'],
    [59_412, '59.4k'],
    [999_950, '1M'],
    [3_400_000, '3.4M'],
    [2e9, '2G'],
    [5e12, '5T'],
    [-1200, '-1.2k'],
  ]));

describe('rate', () =>
  table(rate, [
    [19.84, '19.8'],
    [142, '142'],
    [1994.1, '1,994'],
    [998_412.3, '998,412'],
  ]));

describe('whole', () =>
  table(whole, [
    [0, '0'],
    [-0.2, '0'],
    [999, '999'],
    [1234567, '1,234,567'],
  ]));

describe('duration', () =>
  table(duration, [
    [0, '0 ms'],
    [0.0005, '500 ns'],
    [0.0412, '41.2 µs'],
    [0.5, '0.5 ms'],
    [312, '312 ms'],
    [999.7, '1 s'],
    [1400, '1.4 s'],
    [59_940, '59.9 s'],
    [59_999, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [12_000_000, '3 h 20 min'],
  ]));

describe('percent', () =>
  table(percent, [
    [0, '0'],
    [0.34, '34'],
    [0.9987, '99.9'],
    [0.99999, '99.9'],
    [1, '100'],
  ]));

describe('percentColumn', () =>
  table(percentColumn, [
    [0, '0.0'],
    [0.0401, '4.0'],
    [0.62, '62.0'],
    [0.99987, '99.9'],
    [1, '100.0'],
  ]));

describe('availability', () => {
  table(availability, [
    [1, '100'],
    [0, '0'],
    [0.914, '91.4'],
    [0.999, '99.9'],
    [0.9995, '99.95'],
    [0.99952, '99.952'],
    [0.99999, '99.999'],
    [0.989999, '98.9'],
    [0.9999999999, '>99.999999'],
  ]);

  it('never claims a limit that the ratio misses', () => {
    for (const limit of [0.9, 0.99, 0.999, 0.9999, 0.99999]) {
      expect(Number(availability(limit - 1e-7)) / 100).toBeLessThan(limit);
      expect(Number(availability(limit)) / 100).toBeCloseTo(limit, 12);
    }
  });
});

describe('money', () =>
  table(money, [
    [0, '$0'],
    [0.424, '$0.42'],
    [5.5, '$5.50'],
    [5, '$5'],
    [1240, '$1,240'],
    [1_240_000, '$1.24M'],
    [999_999.7, '$1M'],
    [-5, '-$5'],
  ]));

describe('bytes', () =>
  table(bytes, [
    [512, '512 B'],
    [65_536, '64 KiB'],
    [1.5 * 1024 * 1024 * 1024, '1.5 GiB'],
  ]));

it('shows no data as a dash, never as a number', () => {
  for (const write of [
    plain,
    short,
    rate,
    whole,
    duration,
    secondsText,
    percent,
    percentColumn,
    availability,
    money,
    bytes,
  ]) {
    for (const nothing of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) expect(write(nothing)).toBe('–');
  }
});

it('reads the unit from the name of a figure', () => {
  expect(named('replicationLagMs', 3.2)).toBe('replication lag 3.2 ms');
  expect(named('hitRatio', 0.931)).toBe('hit ratio 93.1 %');
  expect(named('sizeBytes', 2048)).toBe('size 2 KiB');
  expect(named('staleReads', 1200)).toBe('stale reads 1.2k');
  expect(named('egressPerMonth', 12)).toBe('egress $12/month');
});

it('counts in English', () =>
  expect([0, 1, 2].map((n) => plural(n, 'stage'))).toEqual(['0 stages', '1 stage', '2 stages']));
