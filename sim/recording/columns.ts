/**
 * Columns of figures as short text. Counts are exact. Levels are rounded to a quantum: a power of ten that is at most
 * one part in 20,000 of the largest of the column, which is finer than a pixel.
 */
import { Reader, Writer } from './varint.ts';

/** Counts as differences, or as they are, whichever is shorter; levels with the power of ten of their quantum; plain doubles. */
export type WrittenColumn =
  | { d: string; n: number }
  | { p: string; n: number }
  | { q: number; d: string; n: number }
  | { f: number[] };

const STEPS_AT_LEAST = 20_000;
/** Quanta are from 10⁻⁹ to 10⁹. */
const FINEST = 9;

export function writeCounts(values: Uint32Array): WrittenColumn {
  const differences = new Writer();
  const plain = new Writer();
  let before = 0;
  for (const value of values) {
    differences.putSigned(value - before);
    plain.put(value);
    before = value;
  }
  const d = differences.finish();
  const p = plain.finish();
  return d.length < p.length ? { d, n: values.length } : { p, n: values.length };
}

export function writeLevels(values: Float32Array): WrittenColumn {
  const q = exponentOf(values);
  const scale = powerOfTen(q);
  const writer = new Writer();
  let before = 0;
  for (const value of values) {
    const steps = Number.isNaN(value) ? 0 : place(q < 0 ? value * scale : value / scale);
    writer.putSigned(steps - before);
    before = steps;
  }
  return { q, d: writer.finish(), n: values.length };
}

/** Zero stands for no data, so what is not negative moves up by one. */
function place(steps: number): number {
  const whole = Math.round(steps);
  return whole < 0 ? whole : whole + 1;
}

/** Column text → numbers. @throws RangeError when the text is broken */
export function readColumn(written: WrittenColumn): Uint32Array | Float32Array | Float64Array {
  if ('f' in written) return Float64Array.from(written.f);
  if ('q' in written) return readLevels(written.d, written.n, written.q);
  const values = new Uint32Array(checkedLength(written.n));
  const isPlain = 'p' in written;
  const reader = new Reader(isPlain ? written.p : written.d);
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    before = isPlain ? reader.get() : before + reader.getSigned();
    values[i] = before;
  }
  return values;
}

function readLevels(text: string, n: number, q: number): Float32Array {
  const values = new Float32Array(checkedLength(n));
  const reader = new Reader(text);
  const scale = powerOfTen(q);
  let place = 0;
  for (let i = 0; i < values.length; i++) {
    place += reader.getSigned();
    const steps = place < 0 ? place : place - 1;
    values[i] = place === 0 ? NaN : q < 0 ? steps / scale : steps * scale;
  }
  return values;
}

/** More than a recording can hold is a sign of a broken one, and must not take the memory of the reader. */
function checkedLength(n: number): number {
  if (!(n >= 0 && n <= 1_000_000)) throw new RangeError(`a column of ${n} figures`);
  return n;
}

/** The quantum's power of ten. */
function exponentOf(values: Float32Array): number {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > largest) largest = Math.abs(value);
  if (largest === 0) return 0;
  let exponent = -FINEST;
  while (exponent < FINEST && stepsIn(largest, exponent) >= STEPS_AT_LEAST * 10) exponent++;
  return exponent;
}

function stepsIn(value: number, exponent: number): number {
  return exponent < 0 ? value * powerOfTen(exponent) : value / powerOfTen(exponent);
}

/** 10 to the size of the exponent: always a whole number, so that one multiplication or division rounds once. */
function powerOfTen(exponent: number): number {
  let power = 1;
  for (let i = Math.abs(exponent); i > 0; i--) power *= 10;
  return power;
}
