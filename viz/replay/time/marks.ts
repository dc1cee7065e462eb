/** What is marked on the scrubber: faults, what followed from them, and when a threshold on latency was crossed. */
import type { StageRecording } from '../../../sim/recording/format.ts';
import { duration } from '../../../reports/format.ts';
import { latenciesOf } from '../charts/series.ts';
import { endOf } from './slices.ts';

export interface Mark {
  kind: 'fault' | 'happening' | 'threshold';
  at: number;
  /** The same as `at` for a moment without length. */
  end: number;
  what: string;
}

/** Marks of a stage in order of time. */
export function marksOf(stage: StageRecording): Mark[] {
  const end = endOf(stage.slices);
  const faults = stage.faults.map((it): Mark => ({ kind: 'fault', at: it.start, end: it.end ?? end, what: it.what }));
  const told = stage.happenings
    .filter(({ kind, at, what }) => kind !== 'fault' && !faults.some((fault) => fault.at === at && fault.what === what))
    .map((it): Mark => ({ kind: 'happening', at: it.at, end: it.at, what: it.what }));
  return [...faults, ...told, ...crossings(stage)].sort((a, b) => a.at - b.at);
}

/** A limit on a percentile of the whole stage's latency that the page can draw. */
export interface Limit {
  value: number;
  text: string;
  percentile: 'p50' | 'p95' | 'p99';
}

/** The stage's own threshold on latency, if it states one of the charted percentiles; scoped ones are not drawn. */
export function latencyLimit(result: StageRecording['result']): Limit | null {
  for (const { threshold } of result.thresholds) {
    const parts = /^latency p\((50|95|99)\) <=? ([\d.]+)\s?(us|ms|s|min)$/.exec(threshold);
    if (!parts) continue;
    const unit = { us: 0.001, ms: 1, s: 1000, min: 60_000 }[parts[3]] as number;
    return { value: Number(parts[2]) * unit, text: threshold, percentile: `p${parts[1]}` as Limit['percentile'] };
  }
  return null;
}

/** Stretches of slices in the window whose percentile is above the limit. */
function crossings(stage: StageRecording): Mark[] {
  const limit = latencyLimit(stage.result);
  if (limit === null) return [];
  const values = latenciesOf(stage)[limit.percentile];
  const { edges, count, warmup } = stage.slices;
  const marks: Mark[] = [];
  let open: Mark | null = null;
  for (let slice = warmup; slice < count; slice++) {
    if (values[slice] > limit.value) {
      if (open) open.end = edges[slice + 1];
      else {
        const what = `${limit.percentile} above ${duration(limit.value)}`;
        open = { kind: 'threshold', at: edges[slice], end: edges[slice + 1], what };
        marks.push(open);
      }
    } else open = null;
  }
  return marks;
}
