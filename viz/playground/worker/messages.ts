/** What the page and its worker say to each other. Plain data only, so that it survives the way. */
import type { Problem, RunResult } from '../../../sim/index.ts';
import type { Knob } from '../scenario/knobs.ts';
import type { Change } from '../scenario/tree.ts';

/** A stage as the page needs it before anything ran. */
export interface StageOutline {
  name: string;
  teaches: string;
  expectsBreak: boolean;
  changes: string[];
  users: number;
  durationSeconds: number;
  warmupSeconds: number;
  knobs: Knob[];
  components: { name: string; type: string; instances: number }[];
  faults: string[];
}

export interface Outline {
  name: string;
  teaches: string;
  stages: StageOutline[];
}

/** A crash that the person at the page asks for; seconds count from the end of the warm-up. */
export interface Kill {
  /** `app#2`, or `app` for all. */
  target: string;
  atSeconds: number;
  /** null: until the end. */
  forSeconds: number | null;
}

/** One stage to simulate, with what was changed. */
export interface Order {
  text: string;
  file: string;
  stage: number;
  changes: Change[];
  kills: Kill[];
  /** Simulate all of it, however long it takes. */
  whole: boolean;
}

/** How much of a stage a result covers. */
export interface Extent {
  /** Length of the window that was simulated, and of the whole one. */
  windowSeconds: number;
  wholeSeconds: number;
  warmupSeconds: number;
  /** Events that the whole stage is expected to take. */
  wholeEvents: number;
  /** Faults that come after the end of a short window. */
  faultsLater: string[];
  /** The whole of it is being simulated now and will replace this. */
  goesOn: boolean;
}

/** Requests of the page. The newest of each kind replaces those before. */
export type Ask =
  | { kind: 'read'; id: number; text: string; file: string }
  | { kind: 'run'; id: number; order: Order }
  | { kind: 'stop' };

export type Answer =
  | { kind: 'ready' }
  | { kind: 'read'; id: number; outline: Outline | null; problems: Problem[] }
  | { kind: 'progress'; id: number; share: number; events: number }
  | { kind: 'result'; id: number; result: RunResult; recording: string; extent: Extent; tookMs: number }
  /** Nothing could be simulated; problems where the changes make no valid scenario. */
  | { kind: 'refused'; id: number; message: string; problems: Problem[] };
