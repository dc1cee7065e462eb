/** `tenfold replay`: simulate, and write the page to watch the run on. */
import { ExitCode, Failure } from '../exit.ts';
import { resolveScenario } from '../files/shipped.ts';
import { defaultPage } from '../replay/output.ts';
import { run } from './run.ts';
import type { RawRunOptions } from './run-options.ts';

export interface RawReplayOptions extends RawRunOptions {
  out?: string;
}

/** As `run --replay` does, with a brief report. */
export async function replay(file: string, raw: RawReplayOptions): Promise<ExitCode> {
  const { out, ...options } = raw;
  if (Array.isArray(out) || out === '') throw new Failure(ExitCode.usage, '--out takes the name of one file');
  const page = out ?? defaultPage(resolveScenario(file)) ?? 'replay.html';
  return run([file], { ...options, verbosity: options.verbosity ?? 'brief', replay: page });
}
