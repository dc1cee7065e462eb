/** `tenfold serve`: the playground in a browser of this machine, until Ctrl-C. */
import { ExitCode, Failure } from '../exit.ts';
import { playgroundFiles } from '../serve/files.ts';
import { listen } from '../serve/server.ts';
import { printable } from '../terminal/printable.ts';
import { listenForInterruption } from '../terminal/signals.ts';
import { print, say } from '../terminal/streams.ts';

const usualPort = '8321';

/** Serves until it is interrupted; that is how it ends, so Ctrl-C is no failure. Answers 143 when it was terminated. */
export async function serve({ port = usualPort }: { port?: string | string[] }): Promise<ExitCode> {
  const wanted = readPort(port);
  const interruption = listenForInterruption();
  try {
    const server = await listen(playgroundFiles(), wanted);
    await print(`http://127.0.0.1:${server.port}/\n`);
    say('the playground is open there; Ctrl-C ends it');
    if (!interruption.signal.aborted) await aborted(interruption.signal);
    await server.close();
    return interruption.exitCode === ExitCode.terminated ? ExitCode.terminated : ExitCode.ok;
  } finally {
    interruption.release();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function readPort(text: string | string[]): number {
  const value = typeof text === 'string' && /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 65_535) return value;
  throw new Failure(ExitCode.usage, `--port takes one number from 0 to 65535, not "${printable(String(text))}"`);
}
