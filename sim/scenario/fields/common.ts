/**
 * Fields of several values that clients, steps and components share: queues, retries, key choices.
 */
import * as z from 'zod';
import type { QueueSettings, RetrySettings } from '../settings.ts';
import { distribution } from './distribution.ts';
import { complain, count, countOrNone, duration, number, ratio, word } from './scalar.ts';

/** Requests that may wait where a queue says nothing else. */
const DEFAULT_QUEUE_LIMIT = 1000;

/** Where requests wait for a thread, an event loop or a connection. Never absent: the default is a bounded FIFO. */
export const queue = (description: string) =>
  z
    .strictObject({
      limit: countOrNone('Most requests waiting; more are rejected. `none`: unbounded.', 0).prefault(
        DEFAULT_QUEUE_LIMIT,
      ),
      discipline: word(['fifo', 'lifo', 'priority'], 'Who is served next.').prefault('fifo'),
      patience: distribution('How long a request waits before it is given up (reneging). Absent: for ever.').optional(),
    })
    .prefault({})
    .transform((q): QueueSettings => ({ limit: q.limit, discipline: q.discipline, patience: q.patience ?? null }))
    .meta({ description });

/** Exponential backoff: waits between one attempt and the next. */
export const backoff = z
  .strictObject({
    base: duration('Wait before the second attempt.').prefault('100ms'),
    cap: duration('Longest wait.').prefault('10s'),
    factor: number('Each wait is this many times the one before.', { least: 1 }).prefault(2),
    jitter: word(['none', 'full', 'equal', 'decorrelated'], 'How a wait is randomised.').prefault('none'),
  })
  .prefault({})
  .transform(({ base, cap, factor, jitter }, ctx): RetrySettings['backoff'] => {
    if (base > cap) complain(ctx, 'the base of the backoff is above its cap', '', ['base']);
    return { baseNs: base, capNs: cap, factor, jitter };
  });

const budget = z.union([
  ratio('Retries allowed per first attempt.').transform((share) => ({ ratio: share, burst: 10 })),
  z.strictObject({
    ratio: ratio('Tokens earned by each first attempt; a retry spends one.'),
    burst: number('Most tokens held.', { least: 1 }).prefault(10),
  }),
]);

/** No retry at all: what a caller does unless told otherwise. */
export const NO_RETRY: RetrySettings = {
  attempts: 1,
  backoff: { baseNs: 100_000_000, capNs: 10_000_000_000, factor: 2, jitter: 'none' },
  budget: null,
};

/** What a caller does when an attempt fails or times out; absent means NO_RETRY. */
export const retry = (description: string) =>
  z
    .strictObject({
      attempts: count('Attempts in all, the first included.', 1, 100),
      backoff,
      budget: budget.optional().meta({
        description:
          'Token bucket that bounds retries: one per calling instance, per user of a closed population, or for all open arrivals of one.',
      }),
    })
    .transform((r): RetrySettings => ({ attempts: r.attempts, backoff: r.backoff, budget: r.budget ?? null }))
    .meta({ description });

/** Popularity of keys: Zipf or uniform over `of` keys, or keys of each user's own. */
export const keys = z
  .strictObject({
    zipf: number('Exponent: 0 is uniform, about 1 is what web traffic shows.', { least: 0, most: 10 }).optional(),
    of: count('How many keys there are.').optional(),
    uniform: count('How many keys, all equally popular.').optional(),
    own: count('How many keys each user has that nobody else asks for, all equally popular.', 1, 1000).optional(),
  })
  .transform((k, ctx) => {
    const kinds = [k.zipf ?? k.of, k.uniform, k.own].filter((each) => each !== undefined).length;
    if (kinds === 1 && k.zipf !== undefined && k.of !== undefined)
      return { kind: 'zipf' as const, exponent: k.zipf, count: k.of };
    if (kinds === 1 && k.uniform !== undefined) return { kind: 'uniform' as const, count: k.uniform };
    if (kinds === 1 && k.own !== undefined) return { kind: 'own' as const, count: k.own };
    complain(
      ctx,
      'keys are either zipf, uniform or own',
      'write { zipf: 0.99, of: 100k }, { uniform: 100k } or { own: 1 }',
    );
    return z.NEVER;
  });

/** Whether what took over hands back to what is preferred, when that is back. */
export const failback = (description: string) =>
  z
    .union([
      z.literal('manual'),
      z
        .strictObject({ after: duration('How long what is preferred must have been well without a break.') })
        .transform(({ after }) => ({ afterNs: after })),
    ])
    .meta({ description });
