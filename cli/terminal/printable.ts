/**
 * Text from outside (file names, names in scenarios, messages of errors) as it may stand on a terminal or in a command
 * that a person copies.
 */
import { terminal } from '../../reports/safe.ts';

/** The text on one line, with every character that acts instead of showing written as an escape. */
export const printable = terminal;

/** The text as one word of a POSIX shell, quoted only when it must be. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
