/**
 * A 128-bit hash of plain data that does not depend on the order of keys: what names a resolved scenario.
 *
 * Not cryptographic: it tells scenarios apart, it does not protect them.
 */

/** JSON with the keys of every map sorted by code unit; undefined entries are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`;
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** The finaliser of MurmurHash3: every bit of the input changes half the bits of the output. */
function mix(h: number): number {
  let x = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** Four 32-bit words of a text: each UTF-16 code unit as two bytes, little-endian, eight units a block. */
function words(text: string, at: number): [number, number, number, number] {
  const pair = (i: number): number => (text.charCodeAt(i) || 0) | ((text.charCodeAt(i + 1) || 0) << 16) | 0;
  return [pair(at), pair(at + 2), pair(at + 4), pair(at + 6)];
}

/**
 * MurmurHash3 x86 128 (Austin Appleby, public domain) of a text's UTF-16LE bytes, as 32 hexadecimal digits.
 * The last block is padded with zeros; the length, which is mixed in at the end, tells paddings apart.
 */
export function hash128(text: string): string {
  const [c1, c2, c3, c4] = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93];
  let [h1, h2, h3, h4] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at += 8) {
    const [k1, k2, k3, k4] = words(text, at);
    h1 ^= Math.imul(rotate(Math.imul(k1, c1), 15), c2);
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(k2, c2), 16), c3);
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(k3, c3), 17), c4);
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(k4, c4), 18), c1);
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  const length = text.length * 2;
  [h1, h2, h3, h4] = [h1 ^ length, h2 ^ length, h3 ^ length, h4 ^ length];
  h1 = (h1 + h2 + h3 + h4) | 0;
  [h2, h3, h4] = [(h2 + h1) | 0, (h3 + h1) | 0, (h4 + h1) | 0];
  [h1, h2, h3, h4] = [mix(h1), mix(h2), mix(h3), mix(h4)];
  h1 = (h1 + h2 + h3 + h4) | 0;
  [h2, h3, h4] = [(h2 + h1) | 0, (h3 + h1) | 0, (h4 + h1) | 0];
  return [h1, h2, h3, h4].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
