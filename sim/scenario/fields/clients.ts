/**
 * Client populations: how many users or what arrivals, what they do, and how patient they are.
 */
import * as z from 'zod';
import type { ClientSettings, KeySettings, TravelSettings } from '../settings.ts';
import { keys, NO_RETRY, retry } from './common.ts';
import { connect, type ConnectSettings } from './connect.ts';
import { clientPayloadKeys, payloadsOf } from './payload.ts';
import { addsUp, distribution, percentText } from './distribution.ts';
import {
  complain,
  count,
  duration,
  durationOrNone,
  flag,
  number,
  positiveDuration,
  rate,
  ratio,
  reference,
  sortedEntries,
} from './scalar.ts';

type Arrivals = NonNullable<ClientSettings['arrivals']>;

const curve = z
  .array(
    z.strictObject({
      at: duration('Time since the start of the window.'),
      times: number('Factor on the rate.', { least: 0 }),
    }),
  )
  .min(1)
  .transform((points, ctx) => {
    for (const [index, point] of points.entries()) {
      if (index > 0 && point.at <= points[index - 1].at)
        complain(ctx, 'the points of a curve must go forward in time', '', [index, 'at']);
    }
    return points.map((point) => ({ atNs: point.at, times: point.times }));
  });

const spike = z.strictObject({
  at: duration('Beginning, from the start of the window.'),
  for: positiveDuration('Length.'),
  times: number('Factor on the rate.', { least: 0 }),
});

const arrivals = z
  .strictObject({
    poisson: rate('Poisson process: exponential gaps.').optional(),
    constant: rate('Evenly paced.').optional(),
    interarrival: distribution('Gaps drawn from a distribution.').optional(),
    batch: count(
      'Requests that come at once. With `poisson` and `constant` the rate is that of the requests, with `interarrival` the gap is between batches: five in place of one bring five times the requests.',
      1,
      1_000_000,
    ).prefault(1),
    curve: curve.optional().meta({ description: 'Factor on the rate over time, linear between the points.' }),
    spikes: z
      .record(z.string(), spike)
      .prefault({})
      .meta({ description: 'Named bursts: a factor on the rate for a while.' }),
  })
  .transform((a, ctx): Arrivals => {
    const given = [a.poisson, a.constant, a.interarrival].filter((each) => each !== undefined);
    if (given.length !== 1)
      complain(ctx, 'arrivals need exactly one of poisson, constant and interarrival', 'for example { poisson: 80/s }');
    const ratePerSecond = a.poisson ?? a.constant ?? 0;
    if (a.interarrival === undefined && ratePerSecond === 0 && given.length === 1)
      complain(ctx, 'a rate of zero brings no arrivals');
    return {
      process:
        a.interarrival === undefined
          ? { kind: a.poisson === undefined ? 'constant' : 'poisson', ratePerSecond }
          : { kind: 'interarrival', gap: a.interarrival },
      batch: a.batch,
      curve: a.curve ?? [],
      spikes: sortedEntries(a.spikes).map(([name, s]) => ({ name, atNs: s.at, forNs: s.for, times: s.times })),
    };
  });

const does = z.union([
  reference('The one operation.').transform((operation) => [{ operation, weight: 1 }]),
  z.record(z.string(), ratio('Share of the requests.')).transform((map, ctx) => {
    const list = sortedEntries(map).map(([operation, weight]) => ({ operation, weight }));
    const weights = list.map((each) => each.weight);
    if (!addsUp(weights)) complain(ctx, `weights add up to ${percentText(weights)}, not 100%`);
    return list;
  }),
]);

const travel = z
  .strictObject({
    to: z
      .union([
        reference('Region or zone.').transform((place) => [place]),
        z.array(reference('Region or zone.')).min(1).max(200),
      ])
      .meta({ description: 'Where they go: a region or zone, or one of several each time.' }),
    share: ratio('Share of the users who travel.').prefault('100%'),
    every: distribution('Time at home before a journey.'),
    for: distribution('Time away.'),
  })
  .transform((t, ctx): TravelSettings => {
    if (t.share === 0) complain(ctx, 'a share of nobody has no effect', 'leave `travel` out', ['share']);
    return { share: t.share, to: t.to, home: t.every, away: t.for };
  });

/** What does not go with users who move, and with keys of their own. */
function checkTravel(
  c: { travel?: TravelSettings; users?: number; in?: string; keys?: KeySettings },
  ctx: z.RefinementCtx,
): void {
  if (c.keys?.kind === 'own' && c.users === undefined)
    complain(ctx, '`keys: { own }` needs `users`', 'every arrival of an open population is a new user', ['keys']);
  if (c.travel === undefined) return;
  const path = ['travel'];
  if (c.users === undefined)
    complain(ctx, '`travel` needs `users`', 'every arrival of an open population is a new user', path);
  if (c.in === undefined) complain(ctx, '`travel` needs a home', 'say where they are otherwise: in: eu', path);
  else if (c.travel.to.includes(c.in)) complain(ctx, `they are at home in \`${c.in}\``, 'name another place', path);
}

/** What does not go with live connections. */
function checkConnect(
  c: {
    connect?: unknown;
    users?: number;
    retry?: unknown;
    cancel: boolean;
    keys?: unknown;
    does: { operation: string }[];
  },
  ctx: z.RefinementCtx,
): void {
  if (c.connect === undefined) return;
  const { room, catchUp } = c.connect as ConnectSettings;
  if (c.users === undefined) complain(ctx, '`connect` needs `users`', 'open arrivals hold no connection', ['connect']);
  if (c.retry !== undefined)
    complain(ctx, '`retry` and `connect` exclude each other', 'a live client connects again: connect.backoff', [
      'retry',
    ]);
  if (c.cancel)
    complain(ctx, '`cancel` and `connect` exclude each other', 'a live client closes its connection', ['cancel']);
  if (c.keys !== undefined && room !== null)
    complain(ctx, '`keys` and `rooms` exclude each other', 'the key is the room', ['keys']);
  for (const { operation } of c.does)
    if (operation === 'connect' || operation === catchUp)
      complain(ctx, `live users do \`${operation}\` by themselves`, 'name another operation', ['does']);
}

/** One population. */
export const client = z
  .strictObject({
    users: count('Closed population: people active at once.', 1, 100_000_000).optional(),
    think: distribution('Closed population: pause between an answer and the next request.').optional(),
    arrivals: arrivals
      .optional()
      .meta({ description: 'Open population: requests arrive whatever happened to those before.' }),
    does: does.meta({ description: 'Operations, with their share of the requests.' }),
    keys: keys.optional().meta({ description: 'Which keys requests are about.' }),
    timeout: durationOrNone('A user gives an attempt up after this long.').prefault('30s'),
    retry: retry("What a user's program does when an attempt fails.").optional(),
    priority: count('Lower is served first where the discipline is priority.', 0, 1000).prefault(0),
    cancel: flag(
      'A timeout sends a cancellation: a request that still waits for a thread, an event loop, a worker or a connection, and on which no work has begun, leaves the queue.',
    ).prefault(false),
    connect: connect
      .optional()
      .meta({ description: 'Each user holds a live connection to a gateway behind the entry.' }),
    entry: reference('Component that requests are sent to.'),
    ...clientPayloadKeys,
    in: reference('Region or zone the users are in. Default: near everything.').optional(),
    travel: travel.optional().meta({
      description: 'Users who are elsewhere for a while, with their keys and sessions, and look names up there.',
    }),
  })
  .transform((c, ctx): ClientSettings => {
    if ((c.users === undefined) === (c.arrivals === undefined)) {
      complain(
        ctx,
        'a population has either users or arrivals',
        'write users: 100 (closed) or arrivals: { poisson: 80/s } (open)',
      );
    }
    if (c.think !== undefined && c.users === undefined)
      complain(ctx, '`think` needs `users`', 'open arrivals do not think', ['think']);
    checkConnect(c, ctx);
    checkTravel(c, ctx);
    const payloads = payloadsOf(c, ctx);
    return {
      users: c.users ?? null,
      think: c.think ?? null,
      arrivals: c.arrivals ?? null,
      does: c.does,
      keys: c.keys ?? null,
      timeoutNs: c.timeout,
      retry: c.retry ?? NO_RETRY,
      priority: c.priority,
      cancel: c.cancel,
      ...(c.connect === undefined ? {} : { connect: c.connect }),
      entry: c.entry,
      ...(c.in === undefined ? {} : { in: c.in }),
      ...(c.travel === undefined ? {} : { travel: c.travel }),
      ...(payloads === undefined ? {} : { payloads }),
    };
  });
