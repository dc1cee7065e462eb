/** Which charts a stage has, and what is in them. A chart without anything to show is left out, or says so. */
import type { ComponentRecording, StageRecording } from '../../../sim/recording/format.ts';
import { words } from '../../../reports/format.ts';
import { latencyLimit } from '../time/marks.ts';
import { latenciesOf, perSecond, type Row, totalOf } from './series.ts';

export type Unit = 'ms' | 'perSecond' | 'ratio' | 'count';

export interface Line {
  name: string;
  values: ArrayLike<number>;
  /** Place in the palette, 1…8. */
  colour: number;
  /** Told apart without colour. */
  dash: string;
}

export interface ChartSpec {
  id: string;
  title: string;
  unit: Unit;
  scale: 'linear' | 'log';
  lines: Line[];
  /** Fill what lies between the first two lines: what was offered and not done. */
  gap: boolean;
  /** A threshold to draw across. */
  limit: { value: number; text: string } | null;
  /** Highest value of the axis at least. */
  atLeast: number;
}

const DASHES = ['', '6 3', '2 2.5', '9 3 2 3', '4 2', '1.5 3', '12 4', '7 2 2 2 2 2'];
/** More lines than this in one chart cannot be told apart. */
const MOST_LINES = 8;

const line = (name: string, values: ArrayLike<number>, place: number, colour = place): Line => ({
  name,
  values,
  colour: (colour % MOST_LINES) + 1,
  dash: DASHES[place % DASHES.length],
});

/** The charts of a stage, all but the heat map. */
export function chartsOf(stage: StageRecording): ChartSpec[] {
  const charts = [latency(stage), load(stage), errors(stage), utilisation(stage), queues(stage)];
  return [...charts, ...readings(stage)];
}

const plain = { scale: 'linear', gap: false, limit: null, atLeast: 1 } as const;

function latency(stage: StageRecording): ChartSpec {
  const { p50, p95, p99 } = latenciesOf(stage);
  return {
    ...plain,
    id: 'latency',
    title: 'Latency',
    unit: 'ms',
    scale: 'log',
    lines: [line('p50', p50, 0), line('p95', p95, 1, 4), line('p99', p99, 2, 1)],
    limit: latencyLimit(stage.result),
  };
}

function load(stage: StageRecording): ChartSpec {
  const offered = perSecond(
    totalOf(stage, (it) => it.offered),
    stage.slices,
  );
  const goodput = perSecond(
    totalOf(stage, (it) => it.completed),
    stage.slices,
  );
  const lines = [line('offered', offered, 1, 7), line('goodput', goodput, 0, 2)];
  return { ...plain, id: 'load', title: 'Offered and goodput', unit: 'perSecond', lines, gap: true };
}

function errors(stage: StageRecording): ChartSpec {
  const rates = (pick: 'failed' | 'timedOut' | 'rejected' | 'retries'): Row =>
    perSecond(
      totalOf(stage, (it) => it[pick]),
      stage.slices,
    );
  const lines = [
    line('failed', rates('failed'), 0, 1),
    line('timed out', rates('timedOut'), 1, 4),
    line('rejected', rates('rejected'), 2, 7),
    line('retries', rates('retries'), 3, 3),
  ];
  return { ...plain, id: 'errors', title: 'Errors and retries', unit: 'perSecond', lines };
}

function utilisation(stage: StageRecording): ChartSpec {
  const lines = most(stage.components, (it) => it.utilization).map((it, place) => line(it.name, it.utilization, place));
  return { ...plain, id: 'utilisation', title: 'Utilisation', unit: 'ratio', lines };
}

function queues(stage: StageRecording): ChartSpec {
  const lines = most(stage.components, (it) => it.queueMean).map((it, place) => line(it.name, it.queueMean, place));
  return { ...plain, id: 'queues', title: 'Requests waiting', unit: 'count', lines };
}

/** The readings worth a chart of their own: lag in time, lag in messages, hit ratios, connections. */
const CHARTED: { title: string; unit: Unit; fits: RegExp; atLeast: number }[] = [
  { title: 'Replication lag', unit: 'ms', fits: /lagMs$/i, atLeast: 1 },
  { title: 'Consumer lag', unit: 'count', fits: /lag$/i, atLeast: 1 },
  { title: 'Hit ratio', unit: 'ratio', fits: /hitRatio$/i, atLeast: 1 },
  { title: 'Stale reads', unit: 'perSecond', fits: /^staleReads$/, atLeast: 1 },
];

function readings(stage: StageRecording): ChartSpec[] {
  return CHARTED.flatMap(({ title, unit, fits, atLeast }) => {
    const found = stage.components.flatMap((component) =>
      component.readings
        .filter(({ name, values }) => fits.test(name) && hasFigures(values))
        .map((reading) => ({ component, reading })),
    );
    if (found.length === 0) return [];
    const several = new Set(found.map(({ reading }) => reading.name)).size > 1;
    const lines = found.slice(0, MOST_LINES).map(({ component, reading }, place) => {
      const values = unit === 'perSecond' ? perSecond(reading.values, stage.slices) : reading.values;
      return line(several ? `${component.name} ${words(reading.name)}` : component.name, values, place);
    });
    return [{ ...plain, id: title.toLowerCase().replace(' ', '-'), title, unit, lines, atLeast }];
  });
}

function hasFigures(values: ArrayLike<number>): boolean {
  for (let slice = 0; slice < values.length; slice++) if (values[slice] > 0) return true;
  return false;
}

function most(components: readonly ComponentRecording[], pick: (it: ComponentRecording) => ArrayLike<number>) {
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + (value || 0), 0);
  const ranked = components.map((it, place) => ({ it, place, weight: mean(pick(it)) }));
  ranked.sort((a, b) => b.weight - a.weight || a.place - b.place);
  return ranked
    .slice(0, MOST_LINES)
    .sort((a, b) => a.place - b.place)
    .map(({ it }) => it);
}
