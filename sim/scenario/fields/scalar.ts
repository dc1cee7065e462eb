/**
 * Fields of one value: what a scenario file says (text with a unit) on the way in, a number in its base unit out.
 *
 * Each carries the metadata that the published JSON Schema and the documentation are made from.
 */
import * as z from 'zod';
import {
  parseBandwidth,
  parseCount,
  parseDuration,
  parseMoney,
  parseRate,
  parseRatio,
  parseSize,
  type Parsed,
  show,
} from '../units.ts';

/** Metadata of a field in the words of JSON Schema. */
export interface FieldMeta {
  id?: string;
  description?: string;
  type?: string | string[];
  pattern?: string;
  examples?: unknown[];
  [key: string]: unknown;
}

/** Reports a problem from inside a transform, with its hint apart from its message; a costly hint is a function. */
export function complain(
  ctx: z.core.ParsePayload | z.RefinementCtx,
  message: string,
  hint: string | (() => string) = '',
  path: PropertyKey[] = [],
): void {
  ctx.issues.push({ code: 'custom', message, params: { hint }, path, input: undefined } as never);
}

/** A field read by one strict parser. */
export function quantity<T>(parse: (input: unknown) => Parsed<T>, meta: FieldMeta) {
  return z
    .unknown()
    .meta(meta)
    .transform((input, ctx): T => {
      const parsed = parse(input);
      if (parsed.ok) return parsed.value;
      const params = { hint: parsed.hint, quantity: true };
      ctx.issues.push({ code: 'custom', message: parsed.message, params, path: [], input: undefined } as never);
      return z.NEVER;
    });
}

/** The same, where `none` is allowed and means null. */
export function quantityOrNone<T>(parse: (input: unknown) => Parsed<T>, meta: FieldMeta) {
  const { pattern, ...rest } = meta;
  const withNone = pattern === undefined ? rest : { ...rest, pattern: `^none$|${pattern}` };
  return quantity<T | null>((input) => {
    if (input === 'none') return { ok: true, value: null };
    const parsed = parse(input);
    return parsed.ok ? parsed : { ...parsed, hint: `${parsed.hint}${parsed.hint === '' ? '' : '; '}or none` };
  }, withNone);
}

const DURATION_META: FieldMeta = {
  type: 'string',
  pattern: '^(0|[1-9][0-9]*)(\\.[0-9]+)?(ns|us|µs|ms|s|m|h|d)$',
  examples: ['250ms', '5m'],
};
const durationSchema = quantity(parseDuration, { id: 'Duration', ...DURATION_META });
const positiveDurationSchema = quantity((input) => positive(parseDuration(input), 'a duration', input), {
  id: 'PositiveDuration',
  ...DURATION_META,
});
const durationOrNoneSchema = quantityOrNone((input) => positive(parseDuration(input), 'a duration', input), {
  id: 'DurationOrNone',
  ...DURATION_META,
});

function positive(parsed: Parsed<number>, what: string, input: unknown): Parsed<number> {
  if (!parsed.ok || parsed.value > 0) return parsed;
  return { ok: false, message: `${show(input)} is too small`, hint: `${what} here must be above zero` };
}

/** A duration, `250ms` → integer nanoseconds, 0 allowed. */
export const duration = (description: string) => durationSchema.meta({ description });
/** A duration above zero, in integer nanoseconds. */
export const positiveDuration = (description: string) => positiveDurationSchema.meta({ description });
/** A duration above zero, or `none` → null. */
export const durationOrNone = (description: string) => durationOrNoneSchema.meta({ description });

const sizeSchema = quantity(parseSize, {
  id: 'Size',
  type: 'string',
  pattern: '^(0|[1-9][0-9]*)(\\.[0-9]+)?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$',
  examples: ['64KiB', '8GiB'],
});
/** A size, `64KiB` → bytes. */
export const size = (description: string) => sizeSchema.meta({ description });
/** A size of at least one byte. */
export const positiveSize = (description: string) =>
  quantity((input) => positive(parseSize(input), 'a size', input), { type: 'string', examples: ['8GiB'], description });

/** A bandwidth above zero, `1Gbps` → bits a second. */
export const bandwidth = (description: string) =>
  quantity((input) => positive(parseBandwidth(input), 'a bandwidth', input), {
    type: 'string',
    pattern: '^(0|[1-9][0-9]*)(\\.[0-9]+)?(bps|kbps|Mbps|Gbps|Tbps)$',
    examples: ['100Mbps', '1Gbps'],
    description,
  });

const rateSchema = quantity(parseRate, {
  id: 'Rate',
  type: 'string',
  pattern: '^(0|[1-9][0-9]*)(\\.[0-9]+)?[kM]?/(s|min|h|d)$',
  examples: ['80/s', '2k/s', '90/min'],
});
/** A rate, `2k/s` → per second. */
export const rate = (description: string) => rateSchema.meta({ description });

const RATIO_META: FieldMeta = {
  type: 'string',
  pattern: '^(0|[1-9][0-9]*)(\\.[0-9]+)?%$',
  examples: ['5%', '99.9%'],
};
const ratioSchema = quantity((input) => parseRatio(input), { id: 'Ratio', ...RATIO_META });
/** A share or a probability, `5%` → 0.05, from 0 to 1. */
export const ratio = (description: string) => ratioSchema.meta({ description });
/** A per cent that may exceed 100, up to 100,000 %. */
export const anyRatio = (description: string) =>
  quantity((input) => parseRatio(input, 1000), { ...RATIO_META, description });

const moneySchema = quantity(parseMoney, {
  id: 'Money',
  type: 'string',
  pattern: '^\\$?(0|[1-9][0-9]*)(\\.[0-9]+)?[kM]?/(month|h|d|year)$',
  examples: ['70/month', '0.096/h'],
});
/** A price, `70/month` → dollars a month. */
export const money = (description: string) => moneySchema.meta({ description });

const COUNT_META: FieldMeta = {
  type: ['integer', 'string'],
  pattern: '^(0|[1-9][0-9]*)(\\.[0-9]+)?[kM]?$',
  examples: [3, '10k', '1M'],
};

function bounded(input: unknown, least: number, most: number): Parsed<number> {
  const parsed = parseCount(input);
  if (!parsed.ok) return parsed;
  if (parsed.value < least) return { ok: false, message: `${show(input)} is too small`, hint: `at least ${least}` };
  if (parsed.value > most) return { ok: false, message: `${show(input)} is too large`, hint: `at most ${most}` };
  return parsed;
}

/** A whole number, `10k` → 10,000, from `least` (1) to `most` (2³¹ − 1: what the engine's tables index). */
export const count = (description: string, least = 1, most = 2_147_483_647) =>
  quantity((input) => bounded(input, least, most), { ...COUNT_META, minimum: least, description });
/** The same, or `none` → null. */
export const countOrNone = (description: string, least = 1, most = 2_147_483_647) =>
  quantityOrNone((input) => bounded(input, least, most), { ...COUNT_META, minimum: least, description });

/** A plain number without a unit (a factor, an exponent, a weight), from `least`, exclusive when `above`. */
export const number = (description: string, limits: { least?: number; above?: number; most?: number } = {}) =>
  quantity<number>(
    (input) => {
      if (typeof input !== 'number' || Object.is(input, -0)) {
        return { ok: false, message: `expected a number, got ${show(input)}`, hint: 'write it without a unit' };
      }
      const { least, above, most } = limits;
      if (least !== undefined && input < least)
        return { ok: false, message: `${input} is too small`, hint: `at least ${least}` };
      if (above !== undefined && input <= above)
        return { ok: false, message: `${input} is too small`, hint: `must be above ${above}` };
      if (most !== undefined && input > most)
        return { ok: false, message: `${input} is too large`, hint: `at most ${most}` };
      return { ok: true, value: input };
    },
    { type: 'number', description, minimum: limits.least, exclusiveMinimum: limits.above, maximum: limits.most },
  );

/** true or false. */
export const flag = (description: string) => z.boolean().meta({ description });

/** One of a few words. */
export const word = <const W extends readonly [string, ...string[]]>(words: W, description: string) =>
  z.enum(words).meta({ description });

/** The name of something else in the scenario. */
export const reference = (description: string) => z.string().min(1).meta({ description });

/** A map's entries sorted by code unit, so that the order of keys in a file means nothing. */
export function sortedEntries<T>(map: Record<string, T>): [string, T][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
