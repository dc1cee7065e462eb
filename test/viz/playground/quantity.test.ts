/** Quantities of a slider: what the parser of scenarios makes of the text is the number that was meant. */
import { describe, expect, it } from 'vitest';
import { parseCount, parseDuration, parseRate, parseRatio, parseSize } from '../../../sim/scenario/units.ts';
import {
  type QuantityKind,
  readQuantity,
  stopsAround,
  writeQuantity,
} from '../../../viz/playground/scenario/quantity.ts';

/** The real parser of each kind, in the unit of the slider. */
const parsers: Record<Exclude<QuantityKind, 'number'>, (input: unknown) => number> = {
  count: (input) => good(parseCount(input)),
  duration: (input) => good(parseDuration(input)) / 1e9,
  rate: (input) => good(parseRate(input)),
  ratio: (input) => good(parseRatio(input)) * 100,
  size: (input) => good(parseSize(input)),
};

function good(parsed: { ok: true; value: number } | { ok: false; message: string }): number {
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
}

const given: [Exclude<QuantityKind, 'number'>, string | number][] = [
  ['count', 1],
  ['count', '10k'],
  ['count', '1.2M'],
  ['count', 999],
  ['duration', '250ms'],
  ['duration', '0.25ms'],
  ['duration', '30us'],
  ['duration', '90s'],
  ['duration', '5m'],
  ['duration', '2h'],
  ['rate', '80/s'],
  ['rate', '2k/s'],
  ['rate', '90/min'],
  ['ratio', '99.9%'],
  ['ratio', '5%'],
  ['size', '64KiB'],
  ['size', '8GiB'],
  ['size', '300MiB'],
];

describe.each(given)('%s %s', (kind, text) => {
  it('is read as the parser reads it', () => {
    expect(readQuantity(kind, text)).toBeCloseTo(parsers[kind](text), 6);
  });

  it('has stops that the parser takes, in order, itself among them', () => {
    const value = readQuantity(kind, text)!;
    const stops = stopsAround(kind, value);
    expect(stops).toContain(value);
    expect(stops.length).toBeGreaterThan(8);
    expect(stops).toEqual([...stops].sort((a, b) => a - b));
    for (const stop of stops) {
      const parsed = parsers[kind](writeQuantity(kind, stop));
      expect(Math.abs(parsed - stop)).toBeLessThanOrEqual(Math.abs(stop) * 1e-5);
    }
  });
});

it('keeps within bounds', () => {
  expect(Math.min(...stopsAround('count', 3, { least: 2 }))).toBe(2);
  expect(Math.max(...stopsAround('number', 5, { most: 10 }))).toBeLessThanOrEqual(10);
  expect(stopsAround('ratio', 5).at(0)).toBe(0);
  expect(stopsAround('ratio', 5).at(-1)).toBe(100);
});

it('writes for people', () => {
  expect(writeQuantity('count', 1500)).toBe(1500);
  expect(writeQuantity('count', 12_500)).toBe('12.5k');
  expect(writeQuantity('duration', 0.3)).toBe('300ms');
  expect(writeQuantity('duration', 90)).toBe('90s');
  expect(writeQuantity('duration', 120)).toBe('2m');
  expect(writeQuantity('duration', 0.0000005)).toBe('500ns');
  expect(writeQuantity('rate', 2500)).toBe('2.5k/s');
});

it.each([
  ['duration', '10'],
  ['duration', 'fast'],
  ['duration', 5],
  ['count', 'many'],
  ['rate', '5'],
  ['ratio', 0.5],
  ['count', Number.NaN],
  ['size', null],
] as const)('%s is not %s', (kind, value) => {
  expect(readQuantity(kind, value)).toBeNull();
});
