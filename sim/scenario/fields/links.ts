/**
 * Links between components, and the `from -> to` notation that names them.
 */
import * as z from 'zod';
import type { LinkSettings, PlaceLinkSettings } from '../settings.ts';
import { distribution } from './distribution.ts';
import { linkKeys } from './payload.ts';
import { flag, ratio } from './scalar.ts';

/** "from -> to" → both names, or null. */
export function splitArrow(text: string): { from: string; to: string } | null {
  const parts = text.split('->').map((part) => part.trim());
  return parts.length === 2 && parts[0] !== '' && parts[1] !== '' ? { from: parts[0], to: parts[1] } : null;
}

/** A text of the form `from -> to`. */
export const arrow = z
  .string()
  .refine((text) => splitArrow(text) !== null, { error: 'a link is written `from -> to`' })
  .meta({ pattern: '^.*\\S.*->.*\\S.*$', examples: ['app -> db'] });

/** One link. */
export const link = z.strictObject({
  delay: distribution(
    'One-way delay of messages from the first to the second. Default: what it would be without this link.',
  ).optional(),
  response: distribution('Delay of what comes back. Default: the same as `delay`.').optional(),
  loss: ratio('Share of the messages that are lost.').prefault('0%'),
  ...linkKeys,
  'one-way': flag('Holds only for calls from the first to the second.').prefault(false),
});

export type LinkFields = z.output<typeof link>;

/**
 * The directions a link holds for. For calls the other way, its request travels as answers do here, and its answer as
 * requests do.
 *
 * @param usual delay where the link says nothing; null: that depends on where both ends stand
 */
export function directions(name: string, fields: LinkFields, usual: LinkSettings['delay']): LinkSettings[] {
  const ends = splitArrow(name);
  if (ends === null) return [];
  const { from, to } = ends;
  const delay = fields.delay ?? usual;
  const response = fields.response ?? null;
  const { loss } = fields;
  const more = {
    ...(fields.bandwidth === undefined ? {} : { bandwidth: fields.bandwidth, shared: fields.shared }),
    ...(fields.connection === undefined ? {} : { connection: fields.connection }),
  };
  const there: LinkSettings = { from, to, delay, response, loss, ...more };
  if (fields['one-way']) return [there];
  return [
    there,
    { from: to, to: from, delay: response ?? delay, response: response === null ? null : delay, loss, ...more },
  ];
}

/** The directions that a link between places holds for. */
export function placeDirections(name: string, fields: LinkFields): PlaceLinkSettings[] {
  const ends = splitArrow(name);
  if (ends === null) return [];
  const { delay, loss, bandwidth, shared } = fields;
  const one = (from: string, to: string): PlaceLinkSettings => ({
    from,
    to,
    loss,
    ...(delay === undefined ? {} : { delay }),
    ...(bandwidth === undefined ? {} : { bandwidth, shared }),
  });
  return fields['one-way'] ? [one(ends.from, ends.to)] : [one(ends.from, ends.to), one(ends.to, ends.from)];
}
