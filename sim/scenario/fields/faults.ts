/**
 * Faults: what goes wrong, where, and when.
 */
import * as z from 'zod';
import type { FaultSettings } from '../settings.ts';
import { distribution } from './distribution.ts';
import { arrow, splitArrow } from './links.ts';
import { complain, duration, flag, number, positiveDuration, ratio, reference, word } from './scalar.ts';

/** Kind of fault → the keys that go with it, the required ones first. */
const KINDS: Record<string, { required: string[]; optional: string[] }> = {
  crash: { required: [], optional: ['how'] },
  slow: { required: ['factor'], optional: [] },
  delay: { required: ['add'], optional: [] },
  lose: { required: ['probability'], optional: [] },
  partition: { required: [], optional: [] },
};
const OWN = ['how', 'factor', 'add', 'probability'] as const;

const shape = z.strictObject({
  crash: reference(
    'Component (all instances), instance (`app#2`), region (`eu`) or zone (`eu/a`, all that stands there) that crashes.',
  ).optional(),
  slow: reference('Component, instance, region or zone whose work takes longer.').optional(),
  delay: arrow.optional().meta({ description: 'Link whose messages take longer.' }),
  lose: arrow.optional().meta({ description: 'Link that loses messages.' }),
  partition: z
    .array(z.array(reference('Component, instance, region or zone.')).min(1))
    .min(2)
    .optional()
    .meta({ description: 'Sides that cannot reach each other.' }),
  how: word(
    ['kill', 'power', 'pause'],
    'kill: the process dies, callers are reset. power: silence. pause: memory is kept, clocks run on. Default: kill; power for a region or a zone.',
  ).optional(),
  factor: number('Work takes this many times as long.', { above: 0, most: 1_000_000 }).optional(),
  add: distribution('Added to the delay of each message.').optional(),
  probability: ratio('Share of the messages lost.').optional(),
  at: duration('When it begins, from the end of the warm-up.').optional(),
  for: positiveDuration('How long it lasts. Absent: until the end.').optional(),
  every: distribution('Instead of `at`: time to failure of each instance.').optional(),
  repair: distribution('Goes with `every`: time to repair.').optional(),
  keep: flag('Later stages have it too.').prefault(false),
});

type Raw = z.output<typeof shape>;

function checkKeys(kind: string, raw: Raw, ctx: z.RefinementCtx): void {
  const { required, optional } = KINDS[kind];
  for (const key of required) {
    if (raw[key as keyof Raw] === undefined) complain(ctx, `\`${kind}\` needs \`${key}\``);
  }
  for (const key of OWN) {
    if (raw[key] !== undefined && !required.includes(key) && !optional.includes(key)) {
      complain(ctx, `\`${key}\` does not go with \`${kind}\``, '', [key]);
    }
  }
}

function checkSchedule(raw: Raw, ctx: z.RefinementCtx): void {
  const timed = raw.at !== undefined;
  const random = raw.every !== undefined;
  if (timed === random) {
    complain(
      ctx,
      timed ? '`at` and `every` exclude each other' : 'when does the fault happen?',
      'write at: 30s, or every: and repair:',
    );
  }
  if (!timed && raw.for !== undefined) complain(ctx, '`for` needs `at`', 'use `repair` with `every`', ['for']);
  if (random && raw.repair === undefined)
    complain(ctx, '`every` needs `repair`', 'for example repair: { exponential: 30s }', ['every']);
  if (!random && raw.repair !== undefined) complain(ctx, '`repair` needs `every`', 'use `for` with `at`', ['repair']);
}

/** One fault, without its name. */
export const fault = shape.transform((raw, ctx) => {
  const kinds = Object.keys(KINDS).filter((kind) => raw[kind as keyof Raw] !== undefined);
  if (kinds.length !== 1) {
    complain(
      ctx,
      kinds.length === 0 ? 'what goes wrong?' : `a fault is one of ${kinds.join(' and ')}`,
      `exactly one of ${Object.keys(KINDS).join(', ')}`,
    );
    return z.NEVER;
  }
  checkKeys(kinds[0], raw, ctx);
  checkSchedule(raw, ctx);
  const schedule = {
    atNs: raw.at ?? null,
    forNs: raw.for ?? null,
    every: raw.every ?? null,
    repair: raw.repair ?? null,
  };
  return (name: string, isPlace: (target: string) => boolean): FaultSettings =>
    ({ name, ...schedule, ...what(raw, isPlace) }) as FaultSettings;
});

/** A place that is lost is silent: nobody is left there to send a reset. */
function what(raw: Raw, isPlace: (target: string) => boolean) {
  if (raw.crash !== undefined)
    return { kind: 'crash', target: raw.crash, how: raw.how ?? (isPlace(raw.crash) ? 'power' : 'kill') };
  if (raw.slow !== undefined) return { kind: 'slow', target: raw.slow, factor: raw.factor };
  if (raw.delay !== undefined) return { kind: 'delay', ...splitArrow(raw.delay), add: raw.add };
  if (raw.lose !== undefined) return { kind: 'lose', ...splitArrow(raw.lose), probability: raw.probability };
  return { kind: 'partition', sides: raw.partition };
}
