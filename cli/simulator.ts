/** What the command line uses of the simulator: its one public door, named once. */
export {
  encodeRecording,
  estimate,
  formatProblems,
  heedBranchHints,
  InvariantError,
  jsonSchema,
  LimitError,
  loneStage,
  mergeReplications,
  parseScenario,
  Run,
  version,
} from '../sim/index.ts';
export type { EncodedStage, Problem, RunResult, Scenario, StageEstimate, StageResult } from '../sim/index.ts';
