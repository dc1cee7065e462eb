/**
 * What a plain (unquoted) scalar means: the decimal numbers, booleans and null of YAML 1.2, and text.
 *
 * Whatever another YAML reader would take for something else (`010`, `0x1F`, `1_000`, `yes`, `12:30:45`) is refused,
 * so that nobody is surprised in silence.
 */
import type { Scalar } from './tree.ts';

export type Typed = { ok: true; value: Scalar } | { ok: false; message: string; hint: string };

const DECIMAL = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$/;
/** Looks like a number to a person or to another version of YAML. */
const SUSPECT: readonly [RegExp, string][] = [
  [/^[-+]?0[0-9_]+(\.[0-9_]*)?$/, 'a number with leading zeros is octal to some readers'],
  [/^[-+]?0[xX][0-9a-fA-F_]+$/, 'hexadecimal numbers are not used here'],
  [/^[-+]?0[oO][0-7_]+$/, 'octal numbers are not used here'],
  [/^[-+]?0[bB][01_]+$/, 'binary numbers are not used here'],
  [/^[-+]?[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?$/, 'numbers are written without underscores'],
  [/^[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?$/, 'a number with colons is base 60 to some readers'],
  [/^[-+]?\.(inf|Inf|INF)$/, 'infinity is not a value here'],
  [/^\.(nan|NaN|NAN)$/, '"not a number" is not a value here'],
  [/^\+[0-9]/, 'numbers are written without a plus sign'],
  [/^-?\.[0-9]+$/, 'a number begins with a digit'],
  [/^-?[0-9]+\.$/, 'a number does not end with a point'],
];

const TRUTHS: Record<string, boolean> = { yes: true, on: true, no: false, off: false };

const refuse = (message: string, hint: string): Typed => ({ ok: false, message, hint });

function decimal(text: string): Typed {
  const value = Number(text);
  if (!Number.isFinite(value)) return refuse(`${text} is too large a number`, 'at most 9007199254740991');
  if (Object.is(value, -0)) return refuse('minus zero is not a value here', 'write 0');
  const whole = !/[.eE]/.test(text);
  if (whole && !Number.isSafeInteger(value)) {
    return refuse(`${text} is too large to be kept exactly`, 'at most 9007199254740991; quote it if it is text');
  }
  return { ok: true, value };
}

/** How a suspicious number is meant, most likely. */
function plainDigits(text: string): string | null {
  const digits = text
    .replace(/[_+]/g, '')
    .replace(/^(-?)0+(?=[0-9])/, '$1')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.$/, '');
  return DECIMAL.test(digits) ? digits : null;
}

/** Text of a plain scalar → its value, or why it is refused. */
export function typePlain(text: string): Typed {
  if (text === '' || text === '~' || text === 'null' || text === 'Null' || text === 'NULL')
    return { ok: true, value: null };
  if (text === 'true' || text === 'True' || text === 'TRUE') return { ok: true, value: true };
  if (text === 'false' || text === 'False' || text === 'FALSE') return { ok: true, value: false };
  if (text.length > 400) return { ok: true, value: text };
  if (DECIMAL.test(text)) return decimal(text);
  const truth = text.toLowerCase();
  if (Object.hasOwn(TRUTHS, truth)) {
    return refuse(
      `${text} is true or false in some versions of YAML and text in others`,
      `write ${TRUTHS[truth]}, or "${text}" if it is text`,
    );
  }
  for (const [pattern, why] of SUSPECT) {
    if (!pattern.test(text)) continue;
    const digits = plainDigits(text);
    return refuse(
      `${text}: ${why}`,
      `write ${digits === null ? 'a decimal number' : digits}, or "${text}" if it is text`,
    );
  }
  return { ok: true, value: text };
}
