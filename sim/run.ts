/** A run of a scenario: its stages one after another, in slices, each from time zero. */
import type { ActorType } from './compile/actor-type.ts';
import { compileStage, type Compiled } from './compile/stage.ts';
import { LimitError } from './engine/errors.ts';
import { encodeRecording, encodeStage, type EncodedStage } from './recording/encode.ts';
import { Observer } from './recording/observer.ts';
import { collectStage } from './results/collect.ts';
import { holds } from './results/holds.ts';
import { merge } from './results/merge.ts';
import type { RunResult, StageResult } from './result.ts';
import type { Scenario, StageSettings } from './scenario/settings.ts';
import { version } from './version.ts';

const S = 1_000_000_000;

export interface RunOptions {
  /** Names of the stages to run; default all. */
  stages?: string[];
  /** Independent repetitions with seeds of their own; default 1. */
  replications?: number;
  /** Look for violations at every checkpoint, not only at the end. */
  check?: boolean;
  /** Leave out the core: the same results from TypeScript alone, its oracle. */
  plain?: boolean;
  /** Events after which the run stops with a `LimitError`. */
  eventLimit?: number;
  /** Record the stages of the first replication, for a replay. Changes no figure; costs some speed. */
  record?: boolean;
}

export interface Progress {
  stage: string;
  stageIndex: number;
  stages: number;
  simulatedSeconds: number;
  totalSeconds: number;
  events: number;
}

export class Run {
  private readonly stages: StageSettings[];
  private readonly done: StageResult[][] = [];
  private readonly replications: number;
  private replication = 0;
  private index = 0;
  private compiled: Compiled | null = null;
  private observer: Observer | null = null;
  /** Of each stage that is over, when the run is recorded. */
  readonly recordedStages: EncodedStage[] = [];
  private eventsBefore = 0;

  /** @throws RangeError when a stage in `options.stages` does not exist */
  constructor(
    private readonly scenario: Scenario,
    private readonly types: readonly ActorType[],
    private readonly options: RunOptions = {},
  ) {
    const wanted = options.stages ?? [];
    for (const name of wanted) {
      if (!scenario.stages.some((s) => s.name === name))
        throw new RangeError(`no stage '${name}'; there are: ${scenario.stages.map((s) => s.name).join(', ')}`);
    }
    this.stages = wanted.length === 0 ? scenario.stages : scenario.stages.filter((s) => wanted.includes(s.name));
    this.replications = Math.max(1, options.replications ?? 1);
  }

  /** Handles about `maxEvents` events, some more where answers reach users. True while there is more to do. */
  advance(maxEvents: number): boolean {
    if (this.replication >= this.replications) return false;
    this.compiled ??= this.compile(this.seeded(this.stages[this.index]));
    const { kernel } = this.compiled;
    const more = kernel.advance(maxEvents);
    if (this.eventsBefore + kernel.events > (this.options.eventLimit ?? Infinity)) {
      throw new LimitError(`the limit of ${this.options.eventLimit} events is reached`);
    }
    if (!more) this.closeStage(false);
    return this.replication < this.replications;
  }

  get progress(): Progress {
    const kernel = this.compiled?.kernel;
    const total = (stage: StageSettings): number => (stage.run.durationNs + stage.run.warmupNs) / S;
    const all = this.stages.reduce((sum, s) => sum + total(s), 0);
    const before = this.stages.slice(0, this.index).reduce((sum, s) => sum + total(s), 0);
    return {
      stage: this.stages[Math.min(this.index, this.stages.length - 1)].name,
      stageIndex: this.index,
      stages: this.stages.length,
      simulatedSeconds: this.replication * all + before + (kernel === undefined ? 0 : kernel.world.clock[0] / S),
      totalSeconds: all * this.replications,
      events: this.eventsBefore + (kernel?.events ?? 0),
    };
  }

  /**
   * What is known so far; `partial` includes the stage in progress, marked so, in which answers that are on their last way to a
   * user may count as arrived.
   */
  result(partial = false): RunResult {
    if (partial && this.compiled !== null) this.closeStage(true);
    const lists = this.done.filter((list) => list.length > 0);
    const results = lists.map((stages, i) => this.resultOf(stages, i, partial));
    return results.length === 1
      ? results[0]
      : merge(
          results,
          this.stages.map((s) => s.thresholds),
        );
  }

  /**
   * The recording of all stages that are over, as `decodeRecording` reads it.
   *
   * @throws RangeError when the run was not asked to record
   */
  recording(result: RunResult = this.result(), capBytes?: number): string {
    if (this.options.record !== true) throw new RangeError('the run was not asked to record');
    return encodeRecording(this.scenario, result, this.recordedStages, capBytes);
  }

  private compile(stage: StageSettings): Compiled {
    const isCoreless = this.options.plain === true;
    if (this.options.record !== true || this.replication > 0) return compileStage(stage, this.types, { isCoreless });
    this.observer = new Observer(stage, this.types, isCoreless);
    return this.observer.compiled;
  }

  /** Seed of replication i: the first is the scenario's own. */
  private seedOf(i: number): string {
    const seed = this.stages[0].run.seed;
    return i === 0 ? seed : `${seed}/${i + 1}`;
  }

  private seeded(stage: StageSettings): StageSettings {
    if (this.replication === 0) return stage;
    return { ...stage, run: { ...stage.run, seed: `${stage.run.seed}/${this.replication + 1}` } };
  }

  private closeStage(partial: boolean): void {
    const compiled = this.compiled!;
    this.compiled = null;
    this.observer?.finish();
    const result = collectStage(this.stages[this.index], compiled, partial);
    if (this.observer !== null) this.recordedStages.push(encodeStage(this.observer));
    this.observer = null;
    this.eventsBefore += compiled.kernel.events;
    const { memory, rows, spans } = compiled.kernel.world;
    memory.release(rows.end, spans.touched);
    (this.done[this.replication] ??= []).push(result);
    if (++this.index < this.stages.length) return;
    this.index = 0;
    this.replication++;
  }

  private resultOf(stages: StageResult[], replication: number, partial: boolean): RunResult {
    const { name, file, hash } = this.scenario;
    const seed = this.seedOf(replication);
    const stageFlag =
      this.stages.length === this.scenario.stages.length ? '' : this.stages.map((s) => ` --stage '${s.name}'`).join('');
    return {
      schema: 1,
      tenfold: version,
      scenario: { name, file, hash },
      seed,
      replications: 1,
      ok: !partial && stages.every(holds),
      stages,
      replay: `tenfold run ${file} --seed ${seed}${stageFlag}`,
    };
  }
}
