/** A recording as text, no longer than a cap, with as much detail as fits. */
import type { RunResult, StageResult } from '../result.ts';
import type { Scenario } from '../scenario/settings.ts';
import { RECORDING_VERSION } from './format.ts';
import { lineOf } from './lines.ts';
import type { Observer } from './observer.ts';
import { pack } from './packing.ts';
import { coarser, FULL, stageData, type StageData } from './stage-recording.ts';
import { writeRequests } from './written-requests.ts';

/** A stage as text in full detail, and coarser and coarser; each about half as long as the one before it. */
export type EncodedStage = readonly string[];

/** Longest recording, bytes, unless told otherwise. */
export const DEFAULT_CAP = 5_000_000;
/** Times that detail may be halved. */
const MOST_LEVELS = 7;
/** A stage that is no longer than this needs no coarser form: a hundred of them fit. */
const SMALL = 50_000;

/** The text of a stage that is over, in every detail that may be needed. */
export function encodeStage(observer: Observer): EncodedStage {
  const levels: string[] = [];
  let detail = FULL;
  do {
    levels.push(dataLine(stageData(observer, detail)));
    detail = coarser(detail);
  } while (levels.length < MOST_LEVELS && levels[levels.length - 1].length > SMALL);
  return levels;
}

/** One line. */
export function dataLine(data: StageData): string {
  return lineOf(pack({ ...data, requests: writeRequests(data.requests) }));
}

/**
 * The recording of a run: of each stage of its result the text that `encodeStage` made; null where there is none.
 *
 * When all of them in full are longer than the cap, the longest is made coarser, and so on until they fit.
 */
export function encodeRecording(
  scenario: Scenario,
  result: RunResult,
  stages: readonly (EncodedStage | null)[],
  capBytes = DEFAULT_CAP,
): string {
  const results = result.stages.map((stage, i) => (stages[i] == null ? '' : resultLine(stage)));
  const header = lineOf({
    recording: RECORDING_VERSION,
    tenfold: result.tenfold,
    scenario: { ...result.scenario, teaches: scenario.teaches },
    seed: result.seed,
    replications: result.replications,
    ok: result.ok,
    command: result.replay,
    stages: result.stages.map(({ name }) => name),
  });
  const fixed = results.reduce((sum, line) => sum + line.length, header.length);
  const chosen = chooseLevels(stages, capBytes - fixed);
  const lines = stages.map((levels, i) => (levels === null ? '' : results[i] + (levels[chosen[i]] ?? tooLarge)));
  return header + lines.join('') + lineOf({ end: stages.length });
}

const tooLarge = lineOf({ tooLarge: true });

function resultLine({ series: _series, checkpoints: _checkpoints, ...result }: StageResult): string {
  return lineOf({ result });
}

/** Of each stage which of its texts to take, so that together they fit; beyond the last: none fits. */
function chooseLevels(stages: readonly (EncodedStage | null)[], room: number): number[] {
  const chosen = stages.map(() => 0);
  const length = (i: number): number => stages[i]?.[chosen[i]]?.length ?? 0;
  for (;;) {
    const total = stages.reduce((sum, _, i) => sum + length(i), 0);
    if (total <= room) return chosen;
    const longest = stages.reduce((most, _, i) => (length(i) > length(most) ? i : most), 0);
    if (length(longest) === 0) return chosen;
    chosen[longest]++;
  }
}
