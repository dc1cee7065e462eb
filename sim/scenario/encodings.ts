/**
 * What the encodings cost where a scenario does not say.
 *
 * A record of 152 bytes of JSON and 53 of Protocol Buffers, Go 1.10 on a 2.5 GHz Core i7: encoding/json takes 2,165 ns to
 * write and 4,134 ns to read it, golang/protobuf 411 and 624 ns (github.com/alecthomas/go_serialization_benchmarks,
 * README, results of 2018-08-19; the sizes are those of its record). Other languages and records differ by several times:
 * measure yours and say so.
 */
import type { EncodingName, EncodingSettings } from './settings.ts';

const KIB = 1024;
const JSON_BYTES = 152;
const PROTOBUF_BYTES = 53;

const perKib = (ns: number): number => Math.round((ns * KIB) / JSON_BYTES);

export const DEFAULT_ENCODINGS: Record<EncodingName, EncodingSettings> = {
  json: { size: 1, encodeNsPerKib: perKib(2165), decodeNsPerKib: perKib(4134) },
  protobuf: {
    size: Math.round((100 * PROTOBUF_BYTES) / JSON_BYTES) / 100,
    encodeNsPerKib: perKib(411),
    decodeNsPerKib: perKib(624),
  },
};
