/** What the worker's loop needs of a run, so that one run and two compared runs are driven alike. */
import type { EncodedStage, Run, RunResult } from '../simulator.ts';

export interface Steps {
  advance(maxEvents: number): boolean;
  readonly progress: Run['progress'];
  result(partial?: boolean): RunResult;
  /** Of the stages that are over, when they are recorded. */
  readonly recordedStages: readonly EncodedStage[];
}
