/** Moments of a run in words: unit and digits follow from how long the run is, so that all of one run read alike. Pure. */
import { ticks as niceTicks } from 'd3';
import { spanOf, type Span } from './slices.ts';
import type { Slices } from '../../../sim/recording/format.ts';

interface Unit {
  name: 'ms' | 's' | 'min' | 'h' | 'd';
  seconds: number;
  /** Runs longer than this many seconds count in it. */
  above: number;
}

const UNITS: readonly Unit[] = [
  { name: 'd', seconds: 86_400, above: 2 * 86_400 },
  { name: 'h', seconds: 3600, above: 2 * 3600 },
  { name: 'min', seconds: 60, above: 300 },
  { name: 's', seconds: 1, above: 1 },
  { name: 'ms', seconds: 0.001, above: 0 },
];

const unitOf = (length: number): Unit => UNITS.find(({ above }) => length > above) ?? UNITS[UNITS.length - 2];

/** The length of a run by which its moments are written, seconds. */
export function lengthOf({ from, to }: Span): number {
  return to > 0 ? to : to - from;
}

/** A moment as a clock shows it, always with as many digits: "12.5 s", "1:40 min", "3:20 h", "2 d 03:15". */
export function runningText(seconds: number, length: number): string {
  const unit = unitOf(length);
  const text = isDecimal(unit) ? decimal(seconds, length, 0) : parts(Math.abs(seconds), unit.name);
  return signed(text, seconds);
}

/** A moment to be read by itself, exactly, and without what says nothing: "12.35 s", "15 min", "24 h", "7 d". */
export function momentText(seconds: number, length: number): string {
  const unit = unitOf(length);
  const text = isDecimal(unit)
    ? `${Number.parseFloat(decimal(seconds, length, 1))} ${unit.name}`
    : parts(Math.abs(seconds), unit.name).replace(unit.name === 'd' ? / 00:00$/ : /:00(?= )/, '');
  return signed(text, seconds);
}

const isDecimal = ({ name }: Unit) => name === 'ms' || name === 's';

const signed = (text: string, seconds: number) => `${seconds < 0 && /[1-9]/.test(text) ? '−' : ''}${text}`;

/** Digits enough to tell one slice from the next, and some more; without its sign. */
function decimal(seconds: number, length: number, more: number): string {
  const { name, seconds: unit } = unitOf(length);
  const digits = length / unit > 5 && (name === 's' || length > 0.1) ? 1 : 2;
  return `${Math.abs(seconds / unit).toFixed(digits + more)} ${name}`;
}

function parts(size: number, name: Unit['name']): string {
  const step = name === 'min' ? 1 : 60;
  const whole = Math.round(size / step);
  const pair = (value: number) => String(value).padStart(2, '0');
  if (name !== 'd') return `${Math.floor(whole / 60)}:${pair(whole % 60)} ${name}`;
  const hours = Math.floor(whole / 60);
  return `${Math.floor(hours / 24)} d ${pair(hours % 24)}:${pair(whole % 60)}`;
}

/** A way to write the moments of a stage. */
export function clockOf(slices: Slices): (seconds: number) => string {
  const length = lengthOf(spanOf(slices));
  return (seconds) => momentText(seconds, length);
}

/** About so many moments to write on an axis, all in one unit. */
export function timeTicks(span: Span, count: number): { time: number; text: string }[] {
  const unit = unitOf(lengthOf(span));
  return niceTicks(span.from / unit.seconds, span.to / unit.seconds, count).map((value) => ({
    time: value * unit.seconds,
    text: `${value} ${unit.name}`.replace('-', '−'),
  }));
}
