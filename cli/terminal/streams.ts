/**
 * Standard output and standard error, written so that pipes are honoured.
 *
 * A reader that goes away (`| head -1`) is no error: the rest is dropped quietly. Nothing here ends the process, since
 * `process.exit()` would cut a pipe off after 64 KiB.
 */
import { ExitCode, Failure } from '../exit.ts';
import { printable } from './printable.ts';

function isGone(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || code === 'EOF';
}

/** Keeps a closed pipe from ending the process with a stack trace; each write reports its own error. */
export function holdStreams(): void {
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
}

/** Writes results to standard output. Throws a Failure (5) when it cannot take them, a full disk for example. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (!error || isGone(error)) return resolve();
      reject(new Failure(ExitCode.file, `standard output could not be written: ${printable(error.message)}`));
    });
  });
}

/** Writes a line for people to standard error, with the program's name before it. */
export function say(message: string): void {
  process.stderr.write(`tenfold: ${message}\n`);
}

/** Writes text to standard error as it is. */
export function note(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Whether colour is wanted on a stream: https://no-color.org, FORCE_COLOR, and only on terminals that have it. */
export function wantsColor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return stream.isTTY === true && env.TERM !== 'dumb';
}
