/** A 64-bit checksum of a text, as 16 hexadecimal digits: against accidents, not against people. */

/** Two lanes of FNV-1a (Fowler, Noll, Vo) over the character codes, with a final mix so that every bit counts. */
export function checksumOf(text: string): string {
  let a = 0x811c9dc5 | 0;
  let b = 0x01000193 | 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) + a;
  }
  return hex(mix(a)) + hex(mix(b ^ text.length));
}

function mix(x: number): number {
  let y = Math.imul(x ^ (x >>> 16), 0x2c1b3c6d);
  y = Math.imul(y ^ (y >>> 12), 0x297a2d39);
  return y ^ (y >>> 15);
}

const hex = (x: number): string => (x >>> 0).toString(16).padStart(8, '0');
