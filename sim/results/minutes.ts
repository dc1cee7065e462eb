/**
 * Availability by the minute, for agreements in minutes: of the requests that ended in each minute of the window, the
 * share that was completed. Minutes count from the end of the warm-up; the last may be shorter.
 */
import type { World } from '../engine/world.ts';
import type { MinuteResult } from '../result.ts';
import type { ThresholdSettings } from '../scenario/settings.ts';
import type { Outcomes } from '../workload/outcomes.ts';

const S = 1_000_000_000;
const MINUTE = 60;

export function minutesOf(world: World, outcomes: Outcomes): MinuteResult[] {
  const first = Math.ceil(world.windowStartNs / S);
  const last = Math.ceil(world.clock[0] / S);
  const minutes: MinuteResult[] = [];
  for (let from = first; from < last; from += MINUTE) {
    const to = Math.min(from + MINUTE, last);
    let completed = 0;
    let erred = 0;
    for (let s = from; s < to; s++) {
      completed += outcomes.completedBySecond[s] ?? 0;
      erred += outcomes.erredBySecond[s] ?? 0;
    }
    const ended = completed + erred;
    minutes.push({
      atSeconds: from - world.windowStartNs / S,
      seconds: to - from,
      availability: ended === 0 ? null : completed / ended,
    });
  }
  return minutes;
}

/** One figure of all minutes in which something ended; null: there is none. A percentile counts from the worst minute. */
export function aggregateMinutes(
  minutes: readonly MinuteResult[],
  how: NonNullable<ThresholdSettings['aggregate']>,
): number | null {
  const known = minutes.flatMap(({ availability }) => (availability === null ? [] : [availability]));
  known.sort((a, b) => a - b);
  if (known.length === 0) return null;
  switch (how.kind) {
    case 'min':
      return known[0];
    case 'max':
      return known[known.length - 1];
    case 'mean':
      return known.reduce((sum, a) => sum + a, 0) / known.length;
    default:
      return known[Math.max(0, Math.ceil((how.percent / 100) * known.length) - 1)];
  }
}
