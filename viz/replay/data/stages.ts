/** The stages that can be shown: those of a recording and of another one that was opened beside it, and what stands beside what. */
import type { Recording, StageRecording } from '../../../sim/recording/format.ts';
import { coarsened } from './coarse.ts';
import type { Beside } from './fragment.ts';
import { partnerOf } from './opened.ts';

export class Stages {
  /** As they are shown: made coarser when first wanted, since a page of fifteen stages opens with one. */
  private readonly coarse = new Map<StageRecording, StageRecording>();

  constructor(
    private readonly recording: Recording,
    private readonly other: Recording | null,
  ) {}

  recordingOf({ other }: Beside): Recording {
    return (other ? this.other : null) ?? this.recording;
  }

  /** Is there such a stage? */
  has({ stage, other }: Beside): boolean {
    return (other ? this.other : this.recording)?.stages[stage] !== undefined;
  }

  of(it: Beside): StageRecording {
    const recorded = this.recordingOf(it).stages[it.stage];
    const known = this.coarse.get(recorded) ?? coarsened(recorded);
    this.coarse.set(recorded, known);
    return known;
  }

  /** What is on show: a stage of the recording, and what it is compared with, if that is another. */
  shown(stage: number, compare: Beside | null): Beside[] {
    const first = { stage, other: false };
    return compare === null || (compare.stage === stage && !compare.other) ? [first] : [first, compare];
  }

  /** The stage of the other recording that belongs beside one. Null: there is no other. */
  partner(stage: number): Beside | null {
    if (this.other === null) return null;
    return { stage: partnerOf(this.recording.stages[stage], stage, this.other), other: true };
  }

  /** What one compares with first: the other recording, else the stage before this one. */
  usualPartner(stage: number): Beside | null {
    if (this.other !== null || this.recording.stages.length < 2) return this.partner(stage);
    return { stage: stage > 0 ? stage - 1 : 1, other: false };
  }

  /** The recording that a stage is of, where it stands beside one of another: its name, or where both have the same, how it was made. */
  nameOf(it: Beside, compare: Beside | null): string | null {
    if (this.other === null || !compare?.other) return null;
    const mine = this.recordingOf(it);
    const isNamedAlike = this.recording.scenario.name === this.other.scenario.name;
    return isNamedAlike && mine.command !== '' ? mine.command : mine.scenario.name;
  }
}
