/**
 * Reads a scenario file as text, whatever a path may turn out to be: a directory, a pipe that nobody writes to, a device
 * without end, a file in another encoding. Never reads more than the limit and never waits.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { ExitCode, Failure } from '../exit.ts';
import { formatProblems } from '../simulator.ts';
import { printable } from '../terminal/printable.ts';
import { reason } from './reason.ts';

/** The largest scenario file that is read, in bytes. */
const maxScenarioBytes = 1 << 20;

/**
 * The text of a scenario file, without a byte order mark.
 *
 * Throws a Failure: 5 when it cannot be read, 2 when it is too large or not UTF-8.
 */
export function readScenarioText(path: string): string {
  const bytes = readBytes(path);
  if (bytes.length > maxScenarioBytes) {
    throw new Failure(ExitCode.usage, `${printable(path)} is larger than 1 MiB, the most a scenario file may have`);
  }
  return decode(bytes, path);
}

function readBytes(path: string): Uint8Array {
  let file: number;
  try {
    // O_NONBLOCK: opening a pipe must not wait for its writer. It has no effect on regular files.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new Failure(ExitCode.file, `${printable(path)} could not be read: ${reason(error)}`);
  }
  try {
    const status = fstatSync(file);
    if (status.isFile()) return readAtMost(file, maxScenarioBytes + 1);
    const what = status.isDirectory() ? 'a directory' : status.isFIFO() ? 'a pipe' : 'a device';
    throw new Failure(ExitCode.file, `${printable(path)} is ${what}, not a scenario file`);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(ExitCode.file, `${printable(path)} could not be read: ${reason(error)}`);
  } finally {
    closeSync(file);
  }
}

/** Does not trust the size that the file system tells: it may grow, and some report zero. */
function readAtMost(file: number, limit: number): Uint8Array {
  const buffer = new Uint8Array(limit);
  let length = 0;
  while (length < limit) {
    const read = readSync(file, buffer, length, limit - length, null);
    if (read === 0) break;
    length += read;
  }
  return buffer.subarray(0, length);
}

function decode(bytes: Uint8Array, path: string): string {
  if (looksLikeUtf16(bytes)) throw notText(path, 1, 1, 'the file is UTF-16', '');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // `stream: true` keeps back a character that was begun and not ended.
    const before = new TextDecoder().decode(bytes.subarray(0, validLength(bytes)), { stream: true });
    const lines = before.split(/\r\n|\r|\n/);
    const last = lines.at(-1)!;
    throw notText(path, lines.length, last.length + 1, 'this byte is not UTF-8', last);
  }
}

/** A byte order mark of UTF-16, or ASCII with a zero in every other byte. */
function looksLikeUtf16(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  return (
    bytes.length >= 4 && ((a === 0 && c === 0 && b !== 0 && d !== 0) || (a !== 0 && c !== 0 && b === 0 && d === 0))
  );
}

/** The length of the longest prefix that is UTF-8, by bisection over the decoder itself. */
function validLength(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    // `stream: true` accepts a character that the cut went through.
    const decoder = new TextDecoder('utf-8', { fatal: true });
    try {
      decoder.decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
}

function notText(path: string, line: number, column: number, message: string, source: string): Failure {
  const file = printable(basename(path));
  const hint = 'scenario files are UTF-8 text; save the file as UTF-8';
  const problem = { severity: 'error' as const, file, line, column, message, hint, source };
  return new Failure(ExitCode.usage, formatProblems([problem]));
}
