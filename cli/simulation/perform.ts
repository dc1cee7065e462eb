/**
 * Carries out one task to its end, to a limit, or until it is asked to stop. Runs in a worker thread, in slices.
 */
import { InvariantError, LimitError, Run, type RunResult } from '../simulator.ts';
import { Doublecheck } from './doublecheck.ts';
import type { Outcome, Progress, Task } from './messages.ts';
import { nextSlice } from './pace.ts';
import type { Steps } from './steps.ts';

/** The world outside of a task. */
export interface Surroundings {
  /** Whether the main thread has asked to stop. */
  isStopped(): boolean;
  /** A sentence when the process uses more memory than it may; null otherwise. */
  memoryProblem(): string | null;
  report(progress: Progress): void;
}

/** Between two reports of progress, in milliseconds. */
const reportEveryMs = 100;

/** Simulates the task; errors become outcomes. */
export function perform(task: Task, around: Surroundings): Outcome {
  let steps: Steps | null = null;
  try {
    const create = () =>
      new Run(task.scenario, {
        stages: [task.stage],
        check: task.check,
        eventLimit: task.eventLimit,
        record: task.record,
      });
    steps = task.doublecheck ? new Doublecheck(create) : create();
    const early = advanceToEnd(steps, around);
    if (early) return withRecording(early, steps);
    const difference = steps instanceof Doublecheck ? steps.difference() : null;
    if (difference) return { kind: 'bug', message: difference, stack: '' };
    return withRecording({ kind: 'done', result: steps.result() }, steps);
  } catch (error) {
    return withRecording(outcomeOf(error, steps), steps);
  }
}

/** Whatever was recorded goes with the result; a part of a run is worth watching, too. */
function withRecording(outcome: Outcome, steps: Steps | null): Outcome {
  const recording = steps?.recordedStages[0];
  return recording !== undefined && 'result' in outcome ? { ...outcome, recording } : outcome;
}

/** null when the run is over, an outcome when it had to end before. */
function advanceToEnd(steps: Steps, around: Surroundings): Outcome | null {
  let slice = 1024;
  let reported = performance.now();
  around.report(steps.progress);
  for (;;) {
    const start = performance.now();
    if (!steps.advance(slice)) return null;
    const now = performance.now();
    slice = nextSlice(slice, now - start);
    if (around.isStopped()) return { kind: 'stopped', result: steps.result(true) };
    if (now - reported < reportEveryMs) continue;
    reported = now;
    around.report(steps.progress);
    const message = around.memoryProblem();
    if (message) return { kind: 'limit', message, result: steps.result(true) };
  }
}

function outcomeOf(error: unknown, steps: Steps | null): Outcome {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: '' };
  if (error instanceof LimitError) return { kind: 'limit', message, result: partialResult(steps) };
  if (error instanceof InvariantError) return { kind: 'bug', message, stack: '' };
  // A scenario that only compiling shows to be wrong carries its problems, and a message made of them.
  if (error instanceof Error && 'problems' in error) return { kind: 'invalid', message };
  if (error instanceof RangeError && /array|allocation|memory/i.test(message)) {
    return { kind: 'limit', message: `out of memory: ${message}`, result: null };
  }
  return { kind: 'bug', message, stack: stack ?? '' };
}

/** What there is so far; null when not even that can be made. */
function partialResult(steps: Steps | null): RunResult | null {
  try {
    return steps?.result(true) ?? null;
  } catch {
    return null;
  }
}
