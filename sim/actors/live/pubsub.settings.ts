/** What a scenario may say about a `pubsub`. */
import * as z from 'zod';
import { duration, positiveDuration, word } from '../../scenario/fields.ts';

export const settings = z
  .strictObject({
    channels: word(
      ['one', 'room'],
      'one: every gateway hears every message. room: a gateway hears of the rooms it has somebody of.',
    ).prefault('one'),
    time: duration('Core time of each command (publish, subscribe).').prefault('10us'),
    send: duration('Core time of each message to one subscriber.').prefault('5us'),
    keepalive: positiveDuration('Gateways ask this often whether they are still subscribed.').prefault('1s'),
    timeout: positiveDuration('Who publishes waits this long for the answer.').prefault('1s'),
  })
  .transform((s) => ({
    channels: s.channels,
    timeNs: s.time,
    sendNs: s.send,
    keepaliveNs: s.keepalive,
    timeoutNs: s.timeout,
  }));

export type PubsubSettings = z.output<typeof settings>;
