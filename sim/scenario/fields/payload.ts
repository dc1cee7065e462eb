/**
 * What travels besides time: sizes of requests and answers, how they are encoded, bandwidth, and connections.
 */
import * as z from 'zod';
import { DEFAULT_ENCODINGS } from '../encodings.ts';
import type { ConnectionSettings, EncodingName, EncodingSettings, PayloadSettings } from '../settings.ts';
import { distribution } from './distribution.ts';
import { anyRatio, bandwidth, complain, duration, durationOrNone, flag, size, word } from './scalar.ts';

/** How a message is written down. */
export const encodingName = word(
  ['json', 'protobuf'],
  'How it is written down: what that makes of the bytes, and the core time of both ends (see network.encodings). Sizes are stated as of JSON.',
);

/** Keys of a step that calls. */
export const payloadKeys = {
  request: size('Size of the request.').optional(),
  response: size('Size of the answer.').optional(),
  encoding: encodingName.optional(),
};

const sizes = (description: string) =>
  z
    .union([size(description), z.record(z.string(), size(description))])
    .meta({ description: `${description} One for all operations, or by operation.` });

/** Keys of a population. */
export const clientPayloadKeys = {
  request: sizes('Size of a request.').optional(),
  response: sizes('Size of an answer.').optional(),
  encoding: encodingName.optional(),
};

type Sizes = number | Record<string, number> | undefined;

/** Payloads by operation; undefined: nothing is said of any. */
export function payloadsOf(
  c: { request?: Sizes; response?: Sizes; encoding?: EncodingName | undefined; does: { operation: string }[] },
  ctx: z.RefinementCtx,
): Record<string, PayloadSettings> | undefined {
  const names = c.does.map(({ operation }) => operation);
  for (const key of ['request', 'response'] as const) {
    const stated = c[key];
    if (typeof stated === 'object')
      for (const name of Object.keys(stated))
        if (!names.includes(name))
          complain(ctx, `these clients do not do \`${name}\``, `they do ${names.join(', ')}`, [key, name]);
  }
  const of = (stated: Sizes, name: string): number | undefined => (typeof stated === 'object' ? stated[name] : stated);
  const entries = names.flatMap((name) => {
    const [request, response] = [of(c.request, name), of(c.response, name)];
    if (request === undefined && response === undefined) return [];
    return [
      [name, { requestBytes: request ?? 0, responseBytes: response ?? 0, encoding: c.encoding ?? null }] as const,
    ];
  });
  if (entries.length === 0 && c.encoding !== undefined)
    complain(ctx, '`encoding` needs the size of a `request` or a `response`', 'for example response: 20KiB', [
      'encoding',
    ]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

interface Given {
  request?: number | undefined;
  response?: number | undefined;
  encoding?: EncodingName | undefined;
}

/** The payload of a call, none where nothing is said. */
export function payloadOf({ request, response, encoding }: Given, ctx: z.RefinementCtx): PayloadSettings | undefined {
  if (request === undefined && response === undefined) {
    if (encoding !== undefined)
      complain(ctx, '`encoding` needs the size of a `request` or a `response`', 'for example response: 20KiB', [
        'encoding',
      ]);
    return undefined;
  }
  return { requestBytes: request ?? 0, responseBytes: response ?? 0, encoding: encoding ?? null };
}

/** What bytes and core time an encoding comes to, per KiB of what would be JSON. */
const encoding = (defaults: EncodingSettings) =>
  z
    .strictObject({
      size: anyRatio('Bytes, against JSON.').prefault(`${defaults.size * 100}%`),
      encode: duration('Core time to write a KiB, counted as JSON.').prefault(`${defaults.encodeNsPerKib}ns`),
      decode: duration('Core time to read a KiB, counted as JSON.').prefault(`${defaults.decodeNsPerKib}ns`),
    })
    .prefault({})
    .transform((e): EncodingSettings => ({ size: e.size, encodeNsPerKib: e.encode, decodeNsPerKib: e.decode }));

/** What the encodings cost. */
export const encodings = z
  .strictObject({ json: encoding(DEFAULT_ENCODINGS.json), protobuf: encoding(DEFAULT_ENCODINGS.protobuf) })
  .optional()
  .meta({
    description:
      'What the encodings cost. Default: a benchmark of Go 1.10 (alecthomas/go_serialization_benchmarks, 2018), Protocol Buffers 35 % of the bytes and a sixth of the core time.',
  });

/** Setting up a connection: one round trip for TCP (RFC 9293), one more for TLS 1.3 (RFC 8446), and the server's core time. */
export const connection = z
  .strictObject({
    tls: flag('TLS 1.3: one more round trip, and core time for the handshake.').prefault(true),
    'keep-alive': durationOrNone(
      'An idle connection is used again for this long by the user or the instance that opened it. `none`: each request opens one.',
    ).prefault('60s'),
    cpu: distribution(
      'Core time of a handshake, at the server or the balancer that is called. Default with TLS 0.3ms: a P-256 signature of 0.15 ms and as much again for the key exchange and the rest.',
    ).optional(),
  })
  .transform((c): ConnectionSettings => {
    const cpu = c.cpu ?? { kind: 'constant' as const, value: c.tls ? 300_000 : 0 };
    return { roundTrips: c.tls ? 2 : 1, keepAliveNs: c['keep-alive'] ?? 0, cpu };
  });

/** Keys of a link. */
export const linkKeys = {
  bandwidth: bandwidth('Bits a second each way; what is sent waits for what was sent before it.').optional(),
  shared: flag('One pipe for all who send; false: each message has the bandwidth for itself.').prefault(true),
  connection: connection.optional().meta({ description: 'What a new connection costs on this link.' }),
};
