/**
 * Ctrl-C and `kill` as an AbortSignal: the first one asks the run to stop and report what it has, the second one ends
 * the process at once, as it would without us.
 */
import { ExitCode } from '../exit.ts';

const codes = { SIGINT: ExitCode.interrupted, SIGTERM: ExitCode.terminated } as const;
type Name = keyof typeof codes;

export interface Interruption {
  readonly signal: AbortSignal;
  /** The exit code that tells of it; null when nothing came. */
  readonly exitCode: ExitCode | null;
  /** Back to the system's own answer to signals. */
  release(): void;
}

/** Listens from now on. */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  let exitCode: ExitCode | null = null;
  const release = () => {
    for (const name of Object.keys(codes)) process.removeListener(name, onSignal);
  };
  const onSignal = (name: Name) => {
    exitCode = codes[name];
    release();
    controller.abort();
  };
  for (const name of Object.keys(codes)) process.on(name, onSignal);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    release,
  };
}
