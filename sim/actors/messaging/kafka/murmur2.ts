/**
 * Which partition a key belongs to: murmur2 over the key's bytes, as Kafka's Java client has it
 * (org.apache.kafka.common.utils.Utils, seed 0x9747b28c), here over keys written in decimal.
 */

/** Longest decimal int32, with its sign. */
const digits = new Uint8Array(11);

/** Hash of the first `length` bytes, an int32. */
export function murmur2(bytes: Uint8Array, length = bytes.length): number {
  let h = 0x9747b28c ^ length;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    let k = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    k = Math.imul(k, 0x5bd1e995);
    k = Math.imul(k ^ (k >>> 24), 0x5bd1e995);
    h = Math.imul(h, 0x5bd1e995) ^ k;
  }
  const left = length - whole;
  if (left === 3) h ^= bytes[whole + 2] << 16;
  if (left >= 2) h ^= bytes[whole + 1] << 8;
  if (left >= 1) h = Math.imul(h ^ bytes[whole], 0x5bd1e995);
  h = Math.imul(h ^ (h >>> 13), 0x5bd1e995);
  return h ^ (h >>> 15);
}

/** Partition, 0 to `partitions` − 1, of a key: `toPositive(murmur2(key)) % partitions`, the key as decimal text. */
export function partitionOfKey(key: number, partitions: number): number {
  let rest = key < 0 ? -key : key;
  let at = digits.length;
  do {
    digits[--at] = 48 + (rest % 10);
    rest = Math.trunc(rest / 10);
  } while (rest > 0);
  if (key < 0) digits[--at] = 45;
  const length = digits.length - at;
  digits.copyWithin(0, at);
  return (murmur2(digits, length) & 0x7fffffff) % partitions;
}
