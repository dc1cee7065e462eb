/** What the panels say: figures as in the report, commentary worst first, requests in order, spans by place. */
import { scaleLinear } from 'd3';
import { describe, expect, it } from 'vitest';
import type { SpanRecording } from '../../sim/recording/format.ts';
import { mergedHeat, latenciesOf, percentileOf, perSecond, totalOf } from '../../viz/replay/charts/series.ts';
import { depthOf, usedBuckets } from '../../viz/replay/charts/heat-map.ts';
import { chartsOf } from '../../viz/replay/charts/specs.ts';
import { figure, reachOf, timeAt, valueScale } from '../../viz/replay/charts/chart.ts';
import { componentRows, shareRows } from '../../viz/replay/panels/component.ts';
import { labelRows, stepsOf } from '../../viz/replay/panels/failover.ts';
import { figureRows } from '../../viz/replay/panels/figures.ts';
import { momentOf, sentence } from '../../viz/replay/panels/moment.ts';
import { ordered } from '../../viz/replay/panels/requests.ts';
import { judgementOf } from '../../viz/replay/panels/verdict.ts';
import { axisTicks, rowsOf, spanText } from '../../viz/replay/panels/waterfall.ts';
import { spanOf } from '../../viz/replay/time/slices.ts';
import { slices, stageFixture } from './fixture.ts';

const quiet = stageFixture(false, 'quiet');
const broken = stageFixture(true, 'broken');

describe('the commentary', () => {
  it('is calm when all is well', () => {
    const calm = stageFixture(false, 'x');
    for (const it of calm.components) it.utilizationBusiest.fill(0.4);
    expect(momentOf(calm, 20).join(' ')).toMatch(
      /^All is well: 3\d\d requests a second are answered, 99 of 100 within/,
    );
  });

  it('says the fault first, then what it does to people, then who suffers', () => {
    const said = momentOf(broken, 25);
    expect(said[0]).toBe('5 s ago: db#1 loses power.');
    expect(said[1]).toMatch(/^115 requests a second end badly/);
    expect(said.join(' ')).toMatch(/Clients retry: 90/);
    expect(said.join(' ')).toMatch(/web: .* % of its requests fail/);
    expect(said.length).toBeLessThanOrEqual(4);
  });

  it('says what was told a moment ago, and that a warm-up is one', () => {
    expect(momentOf(broken, 32.5).join(' ')).toContain('db#2 accepts writes.');
    expect(momentOf(quiet, -5)[0]).toMatch(/^Warm-up/);
  });

  it('capitalises words, not names', () => {
    const texts = ['out of memory', 'db#1 dies', 'lb ejects app#3', 'lbs are of no use'];
    expect(texts.map((text) => sentence(text, ['lb', 'db']))).toEqual([
      'Out of memory',
      'db#1 dies',
      'lb ejects app#3',
      'Lbs are of no use',
    ]);
  });

  it('of nothing is that there is nothing', () => {
    const none = { ...quiet, slices: { count: 0, warmup: 0, seconds: 1, edges: Float64Array.from([0]) } };
    expect(momentOf(none, 0)).toEqual(['Nothing of this stage was recorded.']);
  });
});

describe('figures', () => {
  it('of the stage are those of the report', () => {
    const rows = Object.fromEntries(figureRows(broken).map(({ name, stage }) => [name, stage]));
    expect(rows).toMatchObject({
      'offered per second': '330',
      'goodput per second': '312',
      'latency p99': '96 ms',
      'availability, %': '94.5',
    });
  });

  it('of the moment are of its slice', () => {
    const at = (name: string, slice: number) =>
      figureRows(broken)
        .find((row) => row.name === name)
        ?.at(slice);
    expect([at('lost per second', 35), at('lost per second', 5)]).toEqual(['115', '0']);
    expect(at('availability, %', 5)).toBe('100');
  });

  it('of a component stand beside those of the report', () => {
    const rows = componentRows(broken, broken.components[3]);
    expect(rows.map(({ name }) => name)).toContain('cpu, %');
    expect(rows.find(({ name }) => name === 'waiting')?.stage).toBe('1.25');
    expect(rows.find(({ name }) => name === 'instances up')?.at(35)).toBe('1');
    expect(shareRows(broken, 'db')).toEqual([{ what: 'waiting for cpu of db, 62 % busy', share: 0.6 }]);
    expect(shareRows(broken, 'lb')).toEqual([]);
  });
});

describe('series', () => {
  it('divide by the width of the slice', () => {
    const narrow = { count: 2, warmup: 0, seconds: 2, edges: Float64Array.from([0, 0.5, 2.5]) };
    expect([...perSecond([10, 10], narrow)]).toEqual([20, 5]);
  });

  it('add up populations', () => {
    const two = { ...quiet, populations: [quiet.populations[0], quiet.populations[0]] };
    const one = totalOf(quiet, (it) => it.offered);
    expect([...totalOf(two, (it) => it.offered)]).toEqual([...one].map((count) => 2 * count));
  });

  it('take latencies as recorded, or merged within a bucket of it', () => {
    expect(latenciesOf(quiet).p50).toBe(quiet.populations[0].p50Ms);
    const two = { ...quiet, populations: [quiet.populations[0], quiet.populations[0]] };
    const heat = quiet.populations[0].heat;
    expect(mergedHeat(two)?.counts[400]).toBe(2 * heat.counts[400]);
    expect(latenciesOf(two).p50[5]).toBeCloseTo(percentileOf(heat, 5, 0.5), 6);
    expect(mergedHeat({ ...quiet, populations: [] })).toBeNull();
  });

  it('merge histograms that begin elsewhere by value', () => {
    const heat = (first: number, counts: number[]) => ({
      edgesMs: Float64Array.from({ length: counts.length + 1 }, (_, index) => first * 2 ** index),
      buckets: counts.length,
      counts: Uint32Array.from(counts),
    });
    const stage = { ...quiet, slices: { ...slices(), count: 1 } };
    const populations = [heat(1, [1, 2, 3, 4]), heat(4, [5, 6])].map((it) => ({ ...quiet.populations[0], heat: it }));
    expect([...(mergedHeat({ ...stage, populations })?.counts ?? [])]).toEqual([1, 2, 8, 10]);
  });

  it('have percentiles of nothing that are nothing', () => {
    const empty = { edgesMs: Float64Array.from([1, 2]), buckets: 1, counts: new Uint32Array(1) };
    expect(percentileOf(empty, 0, 0.5)).toBeNaN();
    expect(usedBuckets(empty)).toBeNull();
  });
});

describe('charts', () => {
  it('are there as far as there is something to show', () => {
    expect(chartsOf(quiet).map(({ id }) => id)).toEqual([
      'latency',
      'load',
      'errors',
      'utilisation',
      'queues',
      'replication-lag',
      'hit-ratio',
    ]);
    const bare = { ...quiet, components: quiet.components.slice(0, 2) };
    expect(chartsOf(bare).map(({ id }) => id)).not.toContain('hit-ratio');
  });

  it('tell lines apart without colour', () => {
    for (const spec of chartsOf(broken)) {
      expect(new Set(spec.lines.map(({ dash }) => dash)).size).toBe(spec.lines.length);
      expect(new Set(spec.lines.map(({ colour }) => colour)).size).toBe(spec.lines.length);
    }
  });

  it('have axes that hold all their values', () => {
    for (const spec of chartsOf(broken)) {
      const y = valueScale(spec, reachOf(spec));
      for (const line of spec.lines) {
        for (const value of Array.from(line.values))
          if (value > 0) expect(value).toBeLessThanOrEqual(y.domain()[1] * 1.0001);
      }
    }
  });

  it('write figures as the report does', () => {
    expect([figure(312.4, 'ms'), figure(0.341, 'ratio'), figure(1240, 'perSecond'), figure(Number.NaN, 'ms')]).toEqual([
      '312 ms',
      '34.1 %',
      '1,240/s',
      '–',
    ]);
  });

  it('know the time beneath a pointer', () => {
    const span = spanOf(slices());
    expect([timeAt(46, 400, span), timeAt(394, 400, span), timeAt(-50, 400, span)]).toEqual([-10, 60, -10]);
  });

  it('draw one slow request among thousands so that it is seen', () => {
    expect([depthOf(0, 1000), depthOf(1000, 1000)]).toEqual([0, 1]);
    expect(depthOf(1, 100_000)).toBeGreaterThan(0.15);
  });
});

describe('requests', () => {
  it('are ordered by latency, failure or time', () => {
    const { requests } = broken;
    const latency = ordered(requests, 'slowest').map((index) => requests[index].latencyMs);
    expect(latency).toEqual([...latency].sort((a, b) => b - a));
    expect(ordered(requests, 'failed').every((index) => requests[index].outcome === 'failed')).toBe(true);
    const start = ordered(requests, 'by time').map((index) => requests[index].start);
    expect(start).toEqual([...start].sort((a, b) => a - b));
    expect(ordered([], 'slowest')).toEqual([]);
  });

  it('have an axis whose words stand apart, on a telephone too', () => {
    for (const room of [90, 138, 300, 800]) {
      for (const latency of [0.3, 7, 660, 2100, 90_000]) {
        const x = scaleLinear()
          .domain([0, latency])
          .range([118, 118 + room]);
        const ticks = axisTicks(x);
        expect(ticks.length).toBeGreaterThan(0);
        for (let index = 1; index < ticks.length; index++)
          expect(x(ticks[index]) - x(ticks[index - 1])).toBeGreaterThan(60);
      }
    }
  });

  it('fall through the places they were at', () => {
    const request = broken.requests[3];
    expect(rowsOf(broken, request).map(({ name }) => name)).toEqual(['lb#1', 'web#1', 'db#1', 'client']);
    expect(rowsOf(broken, request).flatMap(({ spans }) => spans)).toHaveLength(request.spans.length);
    expect(spanText(broken, request, request.spans[2])).toBe('web#1: being served (cpu)');
  });

  it('say of the time that is not kept that it is not, and nothing of where it was', () => {
    const request = { ...broken.requests[3], cut: true };
    const rest = rowsOf(broken, request).at(-1);
    expect([rest?.name, rest?.spans]).toEqual(['not kept', request.spans.slice(-1)]);
    expect(request.spans.slice(-2).map((span) => spanText(broken, request, span))).toEqual([
      spanText(broken, broken.requests[3], request.spans.at(-2) as SpanRecording),
      'in places that are not kept',
    ]);
  });
});

describe('a failover', () => {
  const [failover] = broken.result.failovers;

  it('is a row of steps in order of time', () => {
    expect(stepsOf(failover).map(({ name }) => name)).toEqual([
      'fault',
      'first failure',
      'detected',
      'decided',
      'promoted',
      'recovered',
    ]);
    const open = { ...failover, recoveredAfterSeconds: null, decidedAfterSeconds: null, promotedAfterSeconds: null };
    expect(stepsOf(open).map(({ name }) => name)).toEqual(['fault', 'first failure', 'detected']);
  });

  it('has labels that do not write over each other', () => {
    expect(labelRows([0, 5, 200, 210], [60, 60, 60, 60])).toEqual([0, 1, 0, 1]);
    // Nor does the stem of one strike through another that has not ended.
    expect(labelRows([0, 5, 70, 300], [60, 100, 60, 60])).toEqual([0, 1, 2, 0]);
  });
});

describe('a verdict', () => {
  it('has a sign and a word', () => {
    expect(judgementOf(quiet.result)).toEqual({ sign: 'ok', words: 'holds', reason: { label: '', text: '' } });
    expect(judgementOf(broken.result)).toEqual({
      sign: 'bad',
      words: 'breaks, as it should',
      reason: { label: 'Why it breaks', text: 'No copy of db accepts writes for 12.1 s.' },
    });
    expect(judgementOf({ ...broken.result, expected: 'pass' }).words).toBe('breaks');
    expect(judgementOf({ ...quiet.result, partial: true }).words).toBe('ended early');
    expect(judgementOf({ ...quiet.result, thresholds: [] }).sign).toBe('none');
  });
});
