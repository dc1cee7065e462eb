/**
 * Exit codes, and the one error that carries one.
 *
 * Scripts rely on the numbers; they are part of the contract of the command line.
 */
export const ExitCode = {
  ok: 0,
  /** Bad usage, or a scenario that is not valid. */
  usage: 2,
  /** A limit on events or memory was hit. */
  limit: 4,
  /** A file could not be read or written. */
  file: 5,
  /** A bug in Tenfold. */
  bug: 70,
  /** A threshold failed; the number that k6 uses. */
  thresholds: 99,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The most serious first: when several things went wrong, this is the one a script hears of. */
const bySeriousness: readonly ExitCode[] = [
  ExitCode.bug,
  ExitCode.terminated,
  ExitCode.interrupted,
  ExitCode.file,
  ExitCode.limit,
  ExitCode.usage,
  ExitCode.thresholds,
  ExitCode.ok,
];

/** The most serious of several exit codes; `ok` when there are none. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  return bySeriousness.find((code) => codes.includes(code)) ?? ExitCode.ok;
}

/** Ends a command with a message for stderr and an exit code; never a stack trace. */
export class Failure extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = 'Failure';
    this.exitCode = exitCode;
  }
}
