/** Bytes as base64 (RFC 4648, without padding) and back: text that passes through JSON, HTML and mail unharmed. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Characters written at a time: one call with many arguments, but not too many. */
const CHUNK = 8192;

const CODES = Uint8Array.from(ALPHABET, (c) => c.charCodeAt(0));
const VALUES = new Uint8Array(128).fill(255);
CODES.forEach((code, i) => (VALUES[code] = i));

/** The first `length` bytes as text. */
export function toBase64(bytes: Uint8Array, length: number): string {
  const codes = new Uint8Array(Math.ceil((length * 4) / 3));
  let to = 0;
  for (let i = 0; i < length; i += 3) {
    const three = (bytes[i] << 16) | ((i + 1 < length ? bytes[i + 1] : 0) << 8) | (i + 2 < length ? bytes[i + 2] : 0);
    codes[to++] = CODES[three >> 18];
    codes[to++] = CODES[(three >> 12) & 63];
    if (i + 1 < length) codes[to++] = CODES[(three >> 6) & 63];
    if (i + 2 < length) codes[to++] = CODES[three & 63];
  }
  let text = '';
  for (let i = 0; i < to; i += CHUNK) text += String.fromCharCode(...codes.subarray(i, Math.min(to, i + CHUNK)));
  return text;
}

/** @throws RangeError when the text is no base64 */
export function fromBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let to = 0;
  let held = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const value = VALUES[text.charCodeAt(i) & 127];
    if (value === 255 || text.charCodeAt(i) > 127) throw new RangeError(`no base64 at character ${i}`);
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[to++] = (held >> bits) & 255;
  }
  return bytes;
}
