/**
 * Two runs of the same stage side by side, compared: determinism as a check that anybody can run.
 *
 * They advance in turns and in slices of different size, so that state shared between runs, or a result that depends on
 * where a slice ends, shows as a difference.
 */
import type { EncodedStage, Run, RunResult, StageResult } from '../simulator.ts';
import type { Steps } from './steps.ts';

/** Says where two results of the same run first differ; null when they do not. */
export function firstDifference(one: RunResult, other: RunResult): string | null {
  for (const [index, stage] of one.stages.entries()) {
    const difference = differenceOfStages(stage, other.stages[index]);
    if (difference) return `stage "${stage.name}": ${difference}`;
  }
  // The history may agree where the figures made of it do not.
  return JSON.stringify(one) === JSON.stringify(other) ? null : 'the histories agree, the reported figures do not';
}

function differenceOfStages(one: StageResult, other: StageResult | undefined): string | null {
  if (!other) return 'the second run did not simulate it';
  const count = Math.max(one.checkpoints.length, other.checkpoints.length);
  const total = one.warmupSeconds + one.simulatedSeconds;
  for (let k = 0; k < count; k++) {
    if (one.checkpoints[k] === other.checkpoints[k]) continue;
    const from = ((k * total) / count).toFixed(3);
    const to = (((k + 1) * total) / count).toFixed(3);
    return `the runs first differ in interval ${k + 1} of ${count}, between ${from} s and ${to} s of simulated time`;
  }
  return one.fingerprint === other.fingerprint ? null : 'the runs differ after the last checkpoint';
}

/** Two runs as one that can be advanced; its result is the first one's. */
export class Doublecheck implements Steps {
  readonly #one: Run;
  readonly #other: Run;
  #oneHasMore = true;
  #otherHasMore = true;

  constructor(create: () => Run) {
    this.#one = create();
    this.#other = create();
  }

  get progress(): Run['progress'] {
    return this.#one.progress;
  }

  advance(maxEvents: number): boolean {
    if (this.#oneHasMore) this.#oneHasMore = this.#one.advance(maxEvents);
    // A third of the slice and one more: the boundaries of the two runs never line up for long.
    const smaller = Math.floor(maxEvents / 3) + 1;
    for (let done = 0; this.#otherHasMore && done < maxEvents; done += smaller) {
      this.#otherHasMore = this.#other.advance(smaller);
    }
    return this.#oneHasMore || this.#otherHasMore;
  }

  result(partial?: boolean): RunResult {
    return this.#one.result(partial);
  }

  get recordedStages(): readonly EncodedStage[] {
    return this.#one.recordedStages;
  }

  /** Where the two differ, once both are over. */
  difference(): string | null {
    return firstDifference(this.#one.result(), this.#other.result());
  }
}
