/**
 * `connect`: the users of a population hold a connection each, over which they act and are pushed to.
 */
import * as z from 'zod';
import type { Distribution } from '../../random/distribution.ts';
import type { RetrySettings } from '../settings.ts';
import { backoff } from './common.ts';
import { distribution } from './distribution.ts';
import { complain, count, duration, flag, positiveDuration, reference } from './scalar.ts';

export interface ConnectSettings {
  /** Users come over this long, evenly. */
  rampNs: number;
  /** Users a room; null: there are no rooms. */
  room: number | null;
  /** Do the users of a room act in turns? */
  turns: boolean;
  /** Operation asked for after every handshake; null: none. */
  catchUp: string | null;
  /** Who has waited this long for the turn of another asks the store; null: never. */
  refreshNs: number | null;
  backoff: RetrySettings['backoff'];
  /** How long the user's own network keeps a connection; null: for ever. */
  lasts: Distribution | null;
}

export const connect = z
  .strictObject({
    ramp: duration('Users connect for the first time over this long, evenly.').prefault('10s'),
    rooms: count('Users a room; what a user sends has the room as its key.', 2, 1_000_000).optional(),
    turns: flag("The users of a room act in turns: each waits for the push of the other's move.").prefault(false),
    'catch-up': reference(
      'Operation asked for after every handshake: what happened since the last timestamp.',
    ).optional(),
    refresh: positiveDuration('Who has waited this long for a move asks the store, too.').optional(),
    backoff: backoff.meta({ description: 'Wait before each try to connect again; it starts anew with each success.' }),
    lasts: distribution(
      "How long the user's own network keeps a connection (it breaks and nobody is told).",
    ).optional(),
  })
  .transform((c, ctx): ConnectSettings => {
    if (c.turns && c.rooms === undefined) complain(ctx, '`turns` needs `rooms`', 'for example rooms: 2', ['turns']);
    if (c.turns && c['catch-up'] === undefined)
      complain(ctx, '`turns` needs `catch-up`', 'a push that was lost would end the game', ['turns']);
    if (c.refresh !== undefined && !c.turns)
      complain(ctx, '`refresh` needs `turns`', 'only who waits for a turn asks again', ['refresh']);
    return {
      rampNs: c.ramp,
      room: c.rooms ?? null,
      turns: c.turns,
      catchUp: c['catch-up'] ?? null,
      refreshNs: c.refresh ?? null,
      backoff: c.backoff,
      lasts: c.lasts ?? null,
    };
  });
