/**
 * Text with a unit → a number in its base unit, strictly: what could mean two things is refused with both spellings.
 *
 * Arithmetic is exact (integers of any length), so `0.1s` is 100,000,000 ns and never 99,999,999.
 */

/** What a parser of one quantity answers. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; message: string; hint: string };

/** Units of one kind of quantity: factor to the base unit, and what people write instead of them. */
interface Units {
  /** "a duration" */
  what: string;
  factors: Record<string, bigint>;
  /** The two units a bare number most likely meant. */
  likely: [string, string];
  /** Misspelt or ambiguous unit → the units it may mean. */
  mistakes: Record<string, string[]>;
}

const DURATION: Units = {
  what: 'a duration',
  factors: {
    ns: 1n,
    us: 1_000n,
    µs: 1_000n,
    μs: 1_000n,
    ms: 1_000_000n,
    s: 1_000_000_000n,
    m: 60_000_000_000n,
    h: 3_600_000_000_000n,
    d: 86_400_000_000_000n,
  },
  likely: ['ms', 's'],
  mistakes: {
    M: ['m', 'ms'],
    min: ['m'],
    mins: ['m'],
    minute: ['m'],
    minutes: ['m'],
    msec: ['ms'],
    msecs: ['ms'],
    millis: ['ms'],
    millisecond: ['ms'],
    milliseconds: ['ms'],
    MS: ['ms'],
    mS: ['ms'],
    Ms: ['ms'],
    usec: ['us'],
    S: ['s'],
    sec: ['s'],
    secs: ['s'],
    second: ['s'],
    seconds: ['s'],
    H: ['h'],
    hr: ['h'],
    hour: ['h'],
    hours: ['h'],
    D: ['d'],
    day: ['d'],
    days: ['d'],
    w: ['d'],
    mo: ['d'],
  },
};

const SIZE: Units = {
  what: 'a size',
  factors: {
    B: 1n,
    kB: 1_000n,
    MB: 1_000_000n,
    GB: 1_000_000_000n,
    TB: 1_000_000_000_000n,
    KiB: 1_024n,
    MiB: 1_048_576n,
    GiB: 1_073_741_824n,
    TiB: 1_099_511_627_776n,
  },
  likely: ['KiB', 'MiB'],
  mistakes: {
    K: ['KiB', 'kB'],
    k: ['KiB', 'kB'],
    KB: ['KiB', 'kB'],
    kb: ['KiB', 'kB'],
    Ki: ['KiB'],
    kiB: ['KiB'],
    M: ['MiB', 'MB'],
    m: ['MiB', 'MB'],
    mb: ['MiB', 'MB'],
    Mb: ['MiB', 'MB'],
    Mi: ['MiB'],
    G: ['GiB', 'GB'],
    g: ['GiB', 'GB'],
    gb: ['GiB', 'GB'],
    Gb: ['GiB', 'GB'],
    Gi: ['GiB'],
    T: ['TiB', 'TB'],
    Ti: ['TiB'],
    b: ['B'],
    byte: ['B'],
    bytes: ['B'],
  },
};

const BANDWIDTH: Units = {
  what: 'a bandwidth',
  factors: { bps: 1n, kbps: 1_000n, Mbps: 1_000_000n, Gbps: 1_000_000_000n, Tbps: 1_000_000_000_000n },
  likely: ['Mbps', 'Gbps'],
  mistakes: {
    Kbps: ['kbps'],
    mbps: ['Mbps'],
    gbps: ['Gbps'],
    Mb: ['Mbps'],
    Gb: ['Gbps'],
    'Mb/s': ['Mbps'],
    'Gb/s': ['Gbps'],
    'Mbit/s': ['Mbps'],
    'Gbit/s': ['Gbps'],
    'MB/s': ['Mbps'],
    MBps: ['Mbps'],
  },
};

const NUMBER = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;
const NUMBER_THEN_UNIT = /^([-+]?)([0-9][0-9_,. ]*?|\.[0-9]+)\s*([^0-9\s_,.].*)?$/u;

const refuse = (message: string, hint: string): { ok: false; message: string; hint: string } => ({
  ok: false,
  message,
  hint,
});

/** A value as it may stand in a message: quoted when text, shortened when long. */
export function show(input: unknown): string {
  if (input === undefined) return 'nothing';
  if (input === null) return 'nothing (null)';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a map';
  const text = typeof input === 'string' ? `"${input}"` : String(input);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Whole and fraction digits → exact rational times `factor`; null where the product is not an integer. */
function exact(whole: string, fraction: string, factor: bigint): bigint | null {
  const scale = BigInt(`1${'0'.repeat(fraction.length)}`);
  const product = BigInt(whole + fraction) * factor;
  return product % scale === 0n ? product / scale : null;
}

/** Splits `1.5ms` into number and unit, refusing every spelling of a number that readers understand differently. */
function split(input: unknown, units: Units): Parsed<{ number: string; unit: string }> {
  const [first, second] = units.likely;
  if (typeof input === 'number') {
    return refuse(`${units.what} needs a unit, got ${show(input)}`, `write ${input}${first} or ${input}${second}`);
  }
  const example = `write ${units.what} such as 5${first} or 5${second}`;
  if (typeof input !== 'string') return refuse(`expected ${units.what}, got ${show(input)}`, example);
  const match = input.length > 40 ? null : NUMBER_THEN_UNIT.exec(input);
  if (match === null) return refuse(`${show(input)} is not ${units.what}`, example);
  const [, sign, digits, unit = ''] = match;
  if (sign === '-') return refuse(`${units.what} cannot be negative, got ${show(input)}`, example);
  const plain = digits
    .replace(/[_, ]/g, '')
    .replace(/^0+(?=[0-9])/, '')
    .replace(/^\./, '0.');
  if (unit === '') {
    return refuse(`${units.what} needs a unit, got ${show(input)}`, `write ${plain}${first} or ${plain}${second}`);
  }
  const known = Object.hasOwn(units.factors, unit);
  const meant = known ? [unit] : Object.hasOwn(units.mistakes, unit) ? units.mistakes[unit] : null;
  const spellings = meant?.map((each) => plain + each).join(' or ') ?? null;
  if (!known) {
    const list = Object.keys(units.factors).filter((each) => !/[µμ]/u.test(each));
    return refuse(
      `"${unit}" is not a unit of ${units.what.replace(/^an? /, '')}`,
      spellings === null ? `allowed: ${list.join(', ')}` : `did you mean ${spellings}?`,
    );
  }
  // `10 m` is as likely a slip for `10 ms` as for `10m`, so both are shown.
  if (input !== digits + unit || !NUMBER.test(digits)) {
    const other = unit === 'm' && units === DURATION ? ` (minutes) or ${plain}ms` : '';
    return refuse(
      `${show(input)} is not ${units.what}`,
      `write ${plain}${unit}${other}, digits and unit without spaces`,
    );
  }
  return { ok: true, value: { number: digits, unit } };
}

function integerQuantity(input: unknown, units: Units, finest: string): Parsed<number> {
  const parts = split(input, units);
  if (!parts.ok) return parts;
  const [whole, fraction = ''] = parts.value.number.split('.');
  const value = exact(whole, fraction, units.factors[parts.value.unit]);
  if (value === null)
    return refuse(`${show(input)} is finer than ${finest}`, `use a whole number of the smallest unit`);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    return refuse(
      `${show(input)} is too large`,
      units === DURATION ? 'at most 104d' : units === SIZE ? 'at most 8191TiB' : 'at most 9007Tbps',
    );
  }
  return { ok: true, value: Number(value) };
}

/** `250ms` → 250,000,000. Whole nanoseconds from 0 to 2⁵³ − 1. */
export const parseDuration = (input: unknown): Parsed<number> => integerQuantity(input, DURATION, 'a nanosecond');

/** `64KiB` → 65,536; `1MB` → 1,000,000. Whole bytes. */
export const parseSize = (input: unknown): Parsed<number> => integerQuantity(input, SIZE, 'a byte');

/** `100Mbps` → 100,000,000. Whole bits a second. */
export const parseBandwidth = (input: unknown): Parsed<number> => integerQuantity(input, BANDWIDTH, 'a bit a second');

const COUNT_FACTORS: Record<string, bigint> = { '': 1n, k: 1_000n, M: 1_000_000n };

/** `10k` → 10,000; also a bare number. Whole, 0 to 2⁵³ − 1. */
export function parseCount(input: unknown): Parsed<number> {
  if (typeof input === 'number') {
    if (Object.is(input, -0) || input < 0)
      return refuse(`expected a count, got ${show(input)}`, 'a count cannot be negative');
    if (Number.isSafeInteger(input)) return { ok: true, value: input };
    return refuse(`expected a whole number, got ${show(input)}`, 'write a count such as 5, 10k or 1M');
  }
  const general = 'write a count such as 5, 10k or 1M';
  if (typeof input !== 'string') return refuse(`expected a count, got ${show(input)}`, general);
  const match = input.length > 40 ? null : /^([0-9][0-9_, ]*(?:\.[0-9]+)?)\s*([A-Za-z]*)$/.exec(input);
  if (match === null) return refuse(`${show(input)} is not a count`, general);
  const [, digits, suffix] = match;
  const plain = digits.replace(/[_, ]/g, '').replace(/^0+(?=[0-9])/, '');
  if (!Object.hasOwn(COUNT_FACTORS, suffix)) {
    const meant: Record<string, string> = { K: 'k', m: 'M', mio: 'M', million: 'M' };
    const hint = Object.hasOwn(meant, suffix)
      ? `did you mean ${plain}${meant[suffix]}?`
      : 'k is a thousand, M a million';
    return refuse(`"${suffix}" is not a suffix of a count`, hint);
  }
  if (input !== digits + suffix || !NUMBER.test(digits)) {
    const thousands = suffix === '' && plain.endsWith('000') ? ` or ${plain.slice(0, -3)}k` : '';
    return refuse(`${show(input)} is not a count`, `write ${plain}${suffix}${thousands}`);
  }
  const [whole, fraction = ''] = digits.split('.');
  const value = exact(whole, fraction, COUNT_FACTORS[suffix]);
  if (value === null) return refuse(`${show(input)} is not a whole number`, general);
  if (value > BigInt(Number.MAX_SAFE_INTEGER))
    return refuse(`${show(input)} is too large`, 'at most 9,007,199,254,740,991');
  return { ok: true, value: Number(value) };
}

const RATE_SECONDS: Record<string, number> = { s: 1, min: 60, h: 3_600, d: 86_400 };

/** `2k/s` → 2000; `90/min` → 1.5. Per second, at least 0. */
export function parseRate(input: unknown): Parsed<number> {
  const general = 'write a rate such as 80/s, 2k/s or 90/min';
  if (typeof input === 'number')
    return refuse(`a rate needs a unit, got ${show(input)}`, `write ${input}/s or ${input}/min`);
  if (typeof input !== 'string') return refuse(`expected a rate, got ${show(input)}`, general);
  const match = input.length > 40 ? null : /^([0-9]+(?:\.[0-9]+)?)([kM]?)\s*(?:\/([a-z]+))?$/.exec(input);
  if (match === null || !NUMBER.test(match[1])) {
    return refuse(
      input.startsWith('-') ? `a rate cannot be negative, got ${show(input)}` : `${show(input)} is not a rate`,
      general,
    );
  }
  const [, number, suffix, per] = match;
  if (per === undefined) return refuse(`a rate needs a unit, got ${show(input)}`, `write ${input}/s or ${input}/min`);
  if (!Object.hasOwn(RATE_SECONDS, per) || input !== `${number}${suffix}/${per}`) {
    const meant = per.startsWith('s') ? 's' : per.startsWith('m') ? 'min' : per.startsWith('h') ? 'h' : null;
    const hint = meant === null ? 'allowed: /s, /min, /h, /d' : `did you mean ${number}${suffix}/${meant}?`;
    return refuse(`"/${per}" is not a unit of rate`, hint);
  }
  return { ok: true, value: (Number(number) * Number(COUNT_FACTORS[suffix])) / RATE_SECONDS[per] };
}

/** `5%` → 0.05. From 0 to `most` (1 unless the share may exceed the whole). */
export function parseRatio(input: unknown, most = 1): Parsed<number> {
  const general = 'write a per cent such as 5% or 0.1%';
  if (typeof input === 'number' && Number.isFinite(input) && input >= 0) {
    const rounded = (value: number): number => Number(value.toPrecision(12));
    const spellings = input <= 1 ? `${rounded(input * 100)}% or ${input}%` : `${input}% or ${rounded(input / 100)}%`;
    return refuse(`a per cent needs its sign, got ${show(input)}`, `write ${spellings}`);
  }
  if (typeof input === 'string') {
    const match = input.length > 40 ? null : /^([0-9]+(?:\.[0-9]+)?)%$/.exec(input);
    if (match !== null && NUMBER.test(match[1])) {
      const value = Number(match[1]) / 100;
      return value <= most ? { ok: true, value } : refuse(`${show(input)} is more than ${most * 100}%`, general);
    }
    if (/^-[0-9]/.test(input)) return refuse(`a per cent cannot be negative, got ${show(input)}`, general);
  }
  return refuse(`expected a per cent, got ${show(input)}`, general);
}

/** Hours in a month as cloud price lists count them: 365 × 24 ÷ 12. */
export const HOURS_PER_MONTH = 730;
const MONTHS: Record<string, number> = { month: 1, h: HOURS_PER_MONTH, d: HOURS_PER_MONTH / 24, year: 1 / 12 };

/** `70/month` → 70; `0.096/h` → 70.08. Dollars a month. */
export function parseMoney(input: unknown): Parsed<number> {
  const general = 'write a price such as 70/month or 0.096/h';
  if (typeof input === 'number')
    return refuse(`a price needs a period, got ${show(input)}`, `write ${input}/month or ${input}/h`);
  if (typeof input !== 'string') return refuse(`expected a price, got ${show(input)}`, general);
  const match = input.length > 40 ? null : /^\$?([0-9]+(?:\.[0-9]+)?)([kM]?)(?:\/([a-z]+))?$/.exec(input);
  if (match === null || !NUMBER.test(match[1])) return refuse(`${show(input)} is not a price`, general);
  const [, number, suffix, per] = match;
  if (per === undefined)
    return refuse(`a price needs a period, got ${show(input)}`, `write ${input}/month or ${input}/h`);
  if (!Object.hasOwn(MONTHS, per))
    return refuse(`"/${per}" is not a period of a price`, 'allowed: /month, /h, /d, /year');
  return { ok: true, value: Number(number) * Number(COUNT_FACTORS[suffix]) * MONTHS[per] };
}

/** A count (`10k`) or a size (`1GiB`), told apart by the unit; above zero. */
export function parseCountOrSize(input: unknown): Parsed<{ unit: 'items' | 'bytes'; value: number }> {
  const sized = typeof input === 'string' && /(B|i)$/.test(input);
  const parsed = sized ? parseSize(input) : parseCount(input);
  if (!parsed.ok) return parsed;
  if (parsed.value === 0) return refuse('a capacity of zero holds nothing', 'leave the cache out instead');
  return { ok: true, value: { unit: sized ? 'bytes' : 'items', value: parsed.value } };
}
