/** `tenfold replay`: simulate, and write the page to watch the run on. */
import { basename } from 'node:path';
import { ExitCode, Failure } from '../exit.ts';
import { resolveScenario } from '../files/shipped.ts';
import { defaultPage } from '../replay/output.ts';
import { run } from './run.ts';
import type { RawRunOptions } from './run-options.ts';

export interface RawReplayOptions extends RawRunOptions {
  out?: string;
}

/** As `run --replay` does, with a brief report. Two files are shown side by side. */
export async function replay(files: readonly string[], raw: RawReplayOptions): Promise<ExitCode> {
  const { out, ...options } = raw;
  if (Array.isArray(out) || out === '') throw new Failure(ExitCode.usage, '--out takes the name of one file');
  const page = out ?? defaultPage(files.map(nameOf).join('-beside-')) ?? 'replay.html';
  return run(files, { ...options, verbosity: options.verbosity ?? 'brief', replay: page });
}

/** What a scenario's page is called: its file's name without the ending. */
export const nameOf = (file: string): string => basename(resolveScenario(file)).replace(/\.ya?ml$/, '');
