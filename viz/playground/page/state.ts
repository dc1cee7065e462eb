/** What the page knows, and the few questions that several of its parts ask of it. */
import type { Problem, StageResult } from '../../../sim/index.ts';
import type { Knob } from '../scenario/knobs.ts';
import type { Change, Path, Value } from '../scenario/tree.ts';
import type { Extent, Kill, Order, Outline, StageOutline } from '../worker/messages.ts';
import type { Draft, Drafts } from './drafts.ts';

/** A stage as it was simulated. */
export interface Shown {
  stage: StageResult;
  /** Of the same run, as text. */
  recording: string;
  /** That makes the same run of the unchanged scenario. */
  command: string;
  extent: Extent;
  tookMs: number;
}

export interface State {
  /** Shipped scenarios, by name. */
  catalogue: Record<string, string>;
  drafts: Drafts;
  /** The draft in the editor; null while it holds what is shipped. */
  draft: Draft | null;
  /** Name of the scenario, without ending. */
  name: string;
  /** What the editor holds. */
  text: string;
  /** Of the last text that was valid; the page goes on showing it while a text has errors. */
  outline: Outline | null;
  validText: string;
  problems: Problem[];
  stage: number;
  changes: Change[];
  kills: Kill[];
  shown: Shown | null;
  /** The same stage without changes, as far as it is known. */
  before: Shown | null;
  /** 0…1 while something is being simulated; null when nothing is. */
  progress: number | null;
  /** Why the last order could not be simulated. */
  refusal: { message: string; problems: Problem[] } | null;
  /** Results of stages without changes, by number. */
  stages: Map<number, Shown>;
  /** A sentence for the person, about links and the like. */
  notice: string;
}

/** The stage in front of the person. */
export function stageOf(state: State): StageOutline | null {
  return state.outline?.stages[state.stage] ?? null;
}

/** What is to be simulated. */
export function orderOf(state: State, whole = false): Order {
  const { validText: text, name, stage, changes, kills } = state;
  return { text, file: `${name}.yaml`, stage, changes, kills, whole };
}

export const samePath = (a: Path, b: Path): boolean =>
  a.length === b.length && a.every((step, index) => step === b[index]);

/** The value that a knob stands at: what was changed, or what the file says. */
export function valueOf(state: State, knob: Knob): Value {
  const change = state.changes.find(({ path }) => samePath(path, knob.path));
  return change ? change.value : fileValueOf(knob);
}

/** What the file says. */
export function fileValueOf(knob: Knob): Value {
  return knob.kind === 'slider' ? knob.stops[knob.at] : knob.value;
}

/** Whether a result covers its stage; one that does not can be looked at, and judges nothing. */
export function isWhole({ extent }: Shown): boolean {
  return extent.windowSeconds === extent.wholeSeconds;
}

/** Whether anything differs from the text. */
export function isChanged({ changes, kills }: State): boolean {
  return changes.length + kills.length > 0;
}
