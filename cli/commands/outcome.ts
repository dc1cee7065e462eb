/** What a run means to the one who started it: the exit code, the words for what went wrong, the way to repeat it. */
import { ExitCode } from '../exit.ts';
import type { Outcome } from '../simulation/messages.ts';
import type { RunResult } from '../simulator.ts';
import { printable, shellWord } from '../terminal/printable.ts';
import type { RunOptions } from './run-options.ts';

/** The exit code of one scenario, apart from signals and files. `problem` is the outcome that ended the run, if any. */
export function exitCodeOf(result: RunResult, problem: Outcome | null, options: RunOptions): ExitCode {
  if (problem?.kind === 'bug') return ExitCode.bug;
  if (problem?.kind === 'invalid') return ExitCode.usage;
  if (problem?.kind === 'limit') return ExitCode.limit;
  const good = result.stages.every(({ expected, thresholds }) => {
    const verdicts = thresholds.map(({ verdict }) => verdict);
    // A stage that teaches by breaking must break.
    if (expected === 'break') return verdicts.includes('fail');
    return verdicts.every((verdict) => verdict === 'pass' || (verdict === 'inconclusive' && options.allowInconclusive));
  });
  return good ? ExitCode.ok : ExitCode.thresholds;
}

/** The command that repeats a run: what changes figures, and nothing else. */
export function replayCommand(file: string, options: RunOptions): string {
  const pairs: [string, string][] = [
    ...options.stages.map((stage): [string, string] => ['--stage', stage]),
    ...(options.seed === undefined ? [] : [['--seed', options.seed] as [string, string]]),
    ...(options.duration === undefined ? [] : [['--duration', options.duration] as [string, string]]),
    ...options.set.map((set): [string, string] => ['--set', set]),
    ...(options.replications === 1 ? [] : [['--replications', String(options.replications)] as [string, string]]),
  ];
  return ['tenfold', 'run', file, ...pairs.flat()].map(shellWord).join(' ');
}

/** Lines for stderr about what ended a run early. */
export function explain(
  problem: Outcome,
  stage: string,
  path: string,
  options: RunOptions,
  result: RunResult,
): string[] {
  switch (problem.kind) {
    case 'bug': {
      const seed = options.seed ?? result.seed;
      const repeat = `${replayCommand(path, { ...options, seed, stages: [stage] })} --check`;
      const command = options.doublecheck ? `${repeat} --doublecheck` : repeat;
      return [
        `a bug in Tenfold: ${printable(problem.message)}`,
        `in stage "${printable(stage)}", seed ${printable(seed)}`,
        `to reproduce: ${printable(command)}`,
        ...(process.env.TENFOLD_DEBUG ? problem.stack.split('\n').map(printable) : []),
      ];
    }
    case 'limit':
      return [`a limit was hit in stage "${printable(stage)}": ${printable(problem.message)}`];
    case 'invalid':
      return problem.message.split('\n').map(printable);
    default:
      return [];
  }
}
