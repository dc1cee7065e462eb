/** What a caller may choose about a report. Everything has a default, so that `render('text', result)` works. */

export type ReportKind = 'text' | 'json' | 'markdown' | 'junit' | 'github' | 'html';

export const REPORT_KINDS: readonly ReportKind[] = ['text', 'json', 'markdown', 'junit', 'github', 'html'];

/** brief: the table of stages and the verdict; normal: and what matters of each stage; full: and everything else. */
export type Verbosity = 'brief' | 'normal' | 'full';

export interface ReportOptions {
  /** ANSI colours in the terminal report. Default false; nothing is said by colour alone. */
  color: boolean;
  /** Columns of the terminal, 60…200 (clamped). Default 100. */
  width: number;
  verbosity: Verbosity;
  /** Path of the scenario from the root of the repository, so that GitHub puts annotations on the file. */
  path: string | null;
  /** An invariant of the simulator that broke, and in which stage: a bug in Tenfold, reported as such. */
  violation: { stage: string; message: string } | null;
}

export function withDefaults(options: Partial<ReportOptions> = {}): ReportOptions {
  const width = options.width ?? 100;
  return {
    color: options.color ?? false,
    width: Number.isFinite(width) ? Math.max(60, Math.min(200, Math.floor(width))) : 100,
    verbosity: options.verbosity ?? 'normal',
    path: options.path ?? null,
    violation: options.violation ?? null,
  };
}
