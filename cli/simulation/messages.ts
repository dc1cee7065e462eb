/** What the main thread and a worker thread say to each other. All of it is plain data. */
import type { EncodedStage, RunResult, Scenario } from '../simulator.ts';

/** Handed to a worker when it starts. */
export interface WorkerSetup {
  /** One shared 32-bit cell; anything but zero asks every worker to stop and say what it has. */
  stop: SharedArrayBuffer;
  /** Most memory the whole process may use, in bytes. */
  memoryLimitBytes: number;
}

/** One stage of one replication: the unit of work that a worker takes. */
export interface Task {
  scenario: Scenario;
  stage: string;
  /** The debug mode with the expensive invariants. */
  check: boolean;
  /** Two runs side by side, compared. */
  doublecheck: boolean;
  /** Bring back a recording for a replay. */
  record: boolean;
  eventLimit: number;
}

/** How a task ended; with what was recorded of it, if it was asked to record. */
export type Outcome =
  | { kind: 'done'; result: RunResult; recording?: EncodedStage }
  /** Asked to stop; the result is partial. */
  | { kind: 'stopped'; result: RunResult | null; recording?: EncodedStage }
  /** A limit was hit; the result is partial. */
  | { kind: 'limit'; message: string; result: RunResult | null; recording?: EncodedStage }
  /** The scenario cannot be simulated as it stands. */
  | { kind: 'invalid'; message: string }
  /** An invariant was violated, two runs differed, or anything else that should not be. */
  | { kind: 'bug'; message: string; stack: string };

export interface Progress {
  stage: string;
  simulatedSeconds: number;
  totalSeconds: number;
  events: number;
}

export type FromWorker = { kind: 'progress'; progress: Progress } | { kind: 'outcome'; outcome: Outcome };
