/**
 * How a recording is cut into lines: each is its checksum and one JSON value, so that a recording that was cut off or
 * damaged somewhere can be read up to there and beyond.
 *
 * Lines are ASCII without `<`, `>` and `&`: whatever a scenario's names are, a line can stand in an HTML page, and in any
 * character encoding.
 */
import { checksumOf } from './checksum.ts';

const CHECKSUM_LENGTH = 16;

export function lineOf(value: unknown): string {
  const json = JSON.stringify(value).replace(
    /[<>&\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${checksumOf(json)} ${json}\n`;
}

/** The value of a line; undefined when it is damaged. */
export function valueOf(line: string): unknown {
  const json = line.slice(CHECKSUM_LENGTH + 1);
  if (line[CHECKSUM_LENGTH] !== ' ' || checksumOf(json) !== line.slice(0, CHECKSUM_LENGTH)) return undefined;
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether a text looks like the first line of a recording at all. */
export function isRecording(text: string): boolean {
  return /^[0-9a-f]{16} \{"recording":/.test(text);
}
