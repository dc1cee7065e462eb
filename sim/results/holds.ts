/** Did a stage do what its author expects of it: hold, or break? A partial stage never does. */
import type { StageResult } from '../result.ts';

export function holds(stage: Pick<StageResult, 'expected' | 'partial' | 'thresholds'>): boolean {
  if (stage.partial) return false;
  if (stage.expected === 'break') return stage.thresholds.some((t) => t.verdict === 'fail');
  return stage.thresholds.every((t) => t.ok);
}
