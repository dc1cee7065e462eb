/**
 * Writes a report to a file so that nobody ever sees half of it: to a temporary name beside it, then renamed.
 */
import { closeSync, openSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ExitCode, Failure } from '../exit.ts';
import { printable } from '../terminal/printable.ts';
import { reason } from './reason.ts';

/**
 * Checks before a long run that a report can be written afterwards.
 *
 * Throws a Failure: 2 when the output is one of the inputs, 5 when the place cannot take a file.
 */
export function checkOutput(path: string, inputs: readonly string[]): void {
  const target = statusOf(path);
  if (inputs.some((input) => isSame(path, target, input))) {
    throw new Failure(ExitCode.usage, `${printable(path)} is the scenario itself; choose another file for the report`);
  }
  if (target?.isDirectory()) throw unwritable(path, 'it is a directory');
  // Asked of the mode, not of the system: a superuser may write a file that says it is read-only.
  if (target && (target.mode & 0o222) === 0) throw unwritable(path, 'it is read-only');
  if (target && !target.isFile()) return;
  const temporary = temporaryName(path);
  try {
    closeSync(openSync(temporary, 'wx'));
    rmSync(temporary);
  } catch (error) {
    throw unwritable(path, reason(error));
  }
}

/** Writes the whole text or leaves what was there. Throws a Failure (5) when it cannot. */
export function writeReport(path: string, text: string): void {
  const target = statusOf(path);
  if (target && !target.isFile() && !target.isDirectory()) return writeToDevice(path, text);
  const temporary = temporaryName(path);
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: target ? target.mode & 0o777 : 0o666 });
    renameSync(temporary, finalName(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw unwritable(path, reason(error));
  }
}

/** A device or a pipe, /dev/stderr for example: renaming a file over it would replace it. */
function writeToDevice(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw unwritable(path, reason(error));
  }
}

/** A link stays a link: what it points to is replaced. */
function finalName(path: string): string {
  return statusOf(path) ? realpathSync(path) : resolve(path);
}

/** In the same directory, since a rename does not cross file systems. */
function temporaryName(path: string): string {
  const final = finalName(path);
  return join(dirname(final), `.${basename(final).slice(0, 200)}.${process.pid}.tmp`);
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function isSame(path: string, target: Stats | undefined, input: string): boolean {
  const source = statusOf(input);
  if (source && target) return source.dev === target.dev && source.ino === target.ino;
  return resolve(path) === resolve(input);
}

function unwritable(path: string, why: string): Failure {
  return new Failure(ExitCode.file, `${printable(path)} could not be written: ${why}`);
}
