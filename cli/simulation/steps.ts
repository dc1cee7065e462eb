/** What the worker's loop needs of a run, so that one run and two compared runs are driven alike. */
import type { Run, RunResult } from '../simulator.ts';

export interface Steps {
  advance(maxEvents: number): boolean;
  readonly progress: Run['progress'];
  result(partial?: boolean): RunResult;
}
