/** Hands results to the reporters: to standard output, or each to its file. */
import { type ReportKind, render } from '../../reports/index.ts';
import { type ExitCode, Failure, worst } from '../exit.ts';
import { writeReport } from '../files/write.ts';
import type { RunResult } from '../simulator.ts';
import { print, say, wantsColor } from '../terminal/streams.ts';
import type { RunOptions } from './run-options.ts';

/** A scenario that was simulated, wholly or in part. */
export interface Finished {
  path: string;
  result: RunResult;
  /** The invariant that broke, if one did. */
  violation: { stage: string; message: string } | null;
}

/** Writes every report that can be written; answers 5 when one could not. */
export async function writeReports(finished: readonly Finished[], options: RunOptions): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const { kind, file } of options.reporters) {
    try {
      const text = reportOf(kind, finished, options, file === null);
      if (file === null) await print(text);
      else writeReport(file, text);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      say(error.message);
      codes.push(error.exitCode);
    }
  }
  return worst(codes);
}

/** One scenario is one document; several are a JSON array, or documents one after the other. */
function reportOf(kind: ReportKind, finished: readonly Finished[], options: RunOptions, onStdout: boolean): string {
  const documents = finished.map(({ path, result, violation }) =>
    render(kind, result, {
      color: onStdout && kind === 'text' && wantsColor(process.stdout),
      width: onStdout ? (process.stdout.columns ?? 100) : 100,
      verbosity: options.verbosity,
      path,
      violation,
    }),
  );
  if (kind === 'json' && documents.length !== 1)
    return `[\n${documents.map((text) => text.trimEnd()).join(',\n')}\n]\n`;
  if (kind === 'junit') return mergeJunit(documents);
  return documents.join('\n');
}

/** Several <testsuites> documents as one: XML has one root. */
function mergeJunit(documents: readonly string[]): string {
  if (documents.length === 1) return documents[0];
  const inner = documents.map((text) => /<testsuites[^>]*>([\s\S]*)<\/testsuites>/.exec(text)?.[1] ?? '');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>${inner.join('')}</testsuites>\n`;
}
