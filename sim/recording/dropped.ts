/** What a recording leaves out, said to whoever looks at it. */
import type { Detail } from './stage-recording.ts';

export interface Whole {
  happenings: number;
  faults: number;
  /** Components of which not all instances are shown one by one. */
  hidden: readonly string[];
  ended: number;
  followed: number;
}

export function droppedOf(detail: Detail, whole: Whole): string[] {
  const sentences: string[] = [];
  if (detail.factor > 1)
    sentences.push(
      `${detail.factor} slices of time were joined into one, and ${percent(1 - detail.requests)} of the sampled requests left out, to keep the recording small.`,
    );
  if (whole.hidden.length > 0)
    sentences.push(
      `Of ${whole.hidden.join(', ')} the first ${detail.instances} instances are shown one by one; figures of a component are of all.`,
    );
  const lost = whole.happenings - detail.happenings;
  if (lost > 0) sentences.push(`${lost} later events are not in the list: there were too many.`);
  if (whole.faults > detail.happenings)
    sentences.push(`${whole.faults - detail.happenings} later faults are not shown.`);
  if (whole.followed < whole.ended)
    sentences.push(
      `${percent(whole.followed / whole.ended)} of the requests were followed hop by hop; the slowest shown is the slowest of those.`,
    );
  return sentences;
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
