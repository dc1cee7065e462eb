/**
 * What a golden file keeps of a run: how it was run, its fingerprint with the 256 checkpoints in short, and the figures
 * a person looks at first. Also says in words where a run departs from its file.
 */
import type { StageResult } from '../../sim/index.ts';
import type { Changes } from './shipped.ts';

export interface StageRecord {
  name: string;
  changes: Changes;
  seconds: number;
  fingerprint: string;
  events: number;
  requests: StageResult['requests'];
  attempts: number;
  latencyMs: Record<string, number | null>;
  components: Record<string, Record<string, number>>;
  failovers: Record<string, Record<string, number | null>>;
  /** Sixteen lines of sixteen checkpoints, the first four digits of each. */
  checkpoints: string[];
}

export interface GoldenRecord {
  /** Of the resolved scenario: with another one, other settings may be due. */
  hash: string;
  stages: StageRecord[];
}

const DIGITS = 4;
const PER_LINE = 16;

export function recordOf(stage: StageResult, changes: Changes): StageRecord {
  const { mean, p50, p99, max } = stage.latencyMs;
  const short = stage.checkpoints.map((each) => each.slice(0, DIGITS));
  return {
    name: stage.name,
    changes,
    seconds: stage.warmupSeconds + stage.simulatedSeconds,
    fingerprint: stage.fingerprint,
    events: stage.events,
    requests: stage.requests,
    attempts: stage.attempts,
    latencyMs: { mean, p50, p99, max },
    components: Object.fromEntries(
      stage.components.map(({ name, arrivals, completed, errors, utilization, extra }) => [
        name,
        { arrivals, completed, errors, utilization, ...extra },
      ]),
    ),
    failovers: Object.fromEntries(
      stage.failovers.map((failover) => [
        failover.fault,
        {
          detected: failover.detectedAfterSeconds,
          promoted: failover.promotedAfterSeconds,
          recovered: failover.recoveredAfterSeconds,
          requestsFailed: failover.requestsFailed,
          acknowledgedWritesLost: failover.acknowledgedWritesLost,
        },
      ]),
    ),
    checkpoints: Array.from({ length: Math.ceil(short.length / PER_LINE) }, (_, line) =>
      short.slice(line * PER_LINE, (line + 1) * PER_LINE).join(' '),
    ),
  };
}

const WIDTH = 120;

/** What fits on a line stands on one, so that a difference shows in a line; checkpoints are lines of their own. */
export function write(record: GoldenRecord): string {
  const show = (value: unknown, indent: string): string => {
    const inner = `${indent}  `;
    const flat = JSON.stringify(value);
    if (typeof value !== 'object' || value === null || inner.length + flat.length <= WIDTH) return flat;
    const entries = Array.isArray(value)
      ? value.map((each) => inner + show(each, inner))
      : Object.entries(value).map(([key, each]) => `${inner}${JSON.stringify(key)}: ${show(each, inner)}`);
    const [open, close] = Array.isArray(value) ? '[]' : '{}';
    return `${open}\n${entries.join(',\n')}\n${indent}${close}`;
  };
  return `${show(record, '')}\n`;
}

/** Where the run first departs from its record, in words; null where it does not. */
export function firstDifference(golden: StageRecord, now: StageRecord): string | null {
  const [before, after] = [golden, now].map(({ checkpoints }) => checkpoints.join(' ').split(' '));
  const index = before.findIndex((checkpoint, i) => checkpoint !== after[i]);
  if (index >= 0) {
    const at = (k: number): string => ((k * now.seconds) / after.length).toFixed(3);
    return (
      `the history first differs in interval ${index + 1} of ${after.length}, ` +
      `between ${at(index)} s and ${at(index + 1)} s of simulated time`
    );
  }
  if (golden.fingerprint !== now.fingerprint) return 'the history differs after the last checkpoint';
  return JSON.stringify(golden) === JSON.stringify(now)
    ? null
    : 'the history is the same, the figures made of it differ';
}
