/** What several replications say together about an expectation. */
import { describe, expect, it } from 'vitest';
import { mergeReplications, parseScenario, Run, type RunResult, type Scenario } from '../../sim/index.ts';

/** An M/M/1 queue at 60 %: 95 % of its requests take less than 75 ms, in the long run, by exp(−40 t). */
const scenario = (threshold: string): Scenario => {
  const text = `
name: a test
run: { duration: 200s, warmup: 5s, seed: 5 }
network: { delay: 0ms }
clients: { users: { arrivals: { poisson: 60/s }, does: { ask: 90%, look: 10% }, timeout: none, entry: server } }
components:
  server:
    type: server
    machine: { cores: 1 }
    runtime: { threads: 1 }
    queue: { limit: none }
    operations: { ask: [ { cpu: { exponential: 10ms } } ], look: [ { cpu: { exponential: 10ms } } ] }
thresholds: { ${threshold} }
`;
  const { scenario: parsed, problems } = parseScenario(text, 'scenario.yaml');
  expect(problems).toEqual([]);
  return parsed!;
};

const resultOf = (threshold: string, replications: number): RunResult => {
  const run = new Run(scenario(threshold), { replications });
  while (run.advance(1_000_000));
  return run.result();
};

const judged = (threshold: string, replications: number) => resultOf(threshold, replications).stages[0].thresholds[0];

const limitAt = (ms: number): string => `latency: 'p(95) < ${ms.toFixed(3)}ms'`;

describe('a threshold of several replications', () => {
  it('is judged by the interval, whatever single ones say', () => {
    const { latencyMs, intervals } = resultOf("latency: 'p(95) < 1s'", 12).stages[0];
    const { low, high } = intervals['/latencyMs/p95'];
    expect(latencyMs.p95).toBeGreaterThan(60);
    const [above, below] = [limitAt(high + 0.1), limitAt(low - 0.1)];
    expect(judged(above, 12).verdict).toBe('pass');
    expect(judged(below, 12).verdict).toBe('fail');
    expect(judged(limitAt((low + high) / 2), 12).verdict).toBe('inconclusive');
    // Some of the twelve are on the other side, both times.
    expect(judged(above, 12).observedText).toMatch(/^\d+(\.\d)? ms … \d+(\.\d)? ms$/);
  });

  it('is settled by more of them', () => {
    const verdicts = [3, 40].map((replications) => judged("latency: 'p(95) < 79ms'", replications).verdict);
    expect(verdicts).toEqual(['inconclusive', 'pass']);
  });

  it('needs twenty samples beyond a percentile in all of them together', () => {
    expect(judged("latency: 'p(99.9) < 10s'", 1).verdict).toBe('inconclusive');
    expect(judged("latency: 'p(99.9) < 10s'", 4).verdict).toBe('pass');
  });

  it('must hold in each of them where it is about the worst, a count or an exact number', () => {
    const { latencyMs } = resultOf("latency: 'max < 1h'", 1).stages[0];
    expect(judged(`latency: 'max < ${Math.ceil(latencyMs.max!)}ms'`, 1).verdict).toBe('pass');
    expect(judged(`latency: 'max < ${Math.ceil(latencyMs.max!)}ms'`, 12).verdict).toBe('inconclusive');
    expect(judged("latency: 'max < 1h'", 12).verdict).toBe('pass');
    expect(judged("errors: '== 0'", 12).verdict).toBe('pass');
  });

  it('is judged alike from results that were made apart, if it is known what was run', () => {
    const whole = scenario("latency: 'p(95) < 1s'");
    const run = new Run(whole, { replications: 2 });
    while (run.advance(1_000_000));
    const one = new Run(whole);
    while (one.advance(1_000_000));
    const alike = [one.result(), one.result()];
    expect(mergeReplications(alike, whole).stages[0].thresholds[0].verdict).toBe('pass');
    expect(mergeReplications(alike).stages[0].thresholds[0].verdict).toBe('pass');
  });
});

it('operations are those of all replications', () => {
  const { requests, operations } = resultOf("errors: '== 0'", 3).stages[0];
  const { ask, look } = operations;
  expect(ask.offered + look.offered).toBe(requests.offered);
  expect(ask.latencyMs.count + look.latencyMs.count).toBe(ask.completed + look.completed);
});

it('what broke is something that fails over all of them', () => {
  const [{ p50, p95 }] = [resultOf("latency: 'p(95) < 1s'", 6).stages[0].latencyMs];
  // Some of them miss the second, all the first; single ones speak of what is named first.
  const { verdict, thresholds } = resultOf(
    `latency: ['p(95) < ${p95!.toFixed(3)}ms', 'p(50) < ${(p50! / 2).toFixed(3)}ms']`,
    6,
  ).stages[0];
  expect(thresholds.map((t) => t.verdict)).toEqual(['inconclusive', 'fail']);
  expect(verdict.broke).toMatch(/^(p50|latency p\(50\))/);
});

it('what is uncertain is told with the interval that cannot tell', () => {
  const { latencyMs, intervals } = resultOf("latency: 'p(95) < 1s'", 6).stages[0];
  const { low, high } = intervals['/latencyMs/p95'];
  const [{ observedText }] = [judged(limitAt((low + high) / 2), 6)];
  const [least, most] = observedText.split(' … ').map((text) => Number.parseFloat(text));
  expect(least).toBeCloseTo(low, 0);
  expect(most).toBeCloseTo(high, 0);
  expect(latencyMs.p95).toBeGreaterThan(low);
});

describe('components of several replications', () => {
  const single = (seed: number): RunResult => {
    const text = `
name: a test
run: { duration: 60s, warmup: 5s, seed: ${seed} }
network: { delay: 1ms }
clients: { users: { arrivals: { poisson: 60/s }, does: look, keys: { zipf: 1, of: 100 }, timeout: none, entry: server } }
components:
  server:
    type: server
    machine: { cores: 1 }
    operations: { look: [ { cpu: { exponential: 5ms } }, { get: cache, miss: [ { cpu: 10ms }, { set: cache } ] } ] }
  cache: { type: cache, capacity: 50, ttl: 20s }
`;
    const run = new Run(parseScenario(text, 'scenario.yaml').scenario!);
    while (run.advance(1_000_000));
    return run.result();
  };
  const singles = [1, 2, 3].map(single);
  const [stage] = mergeReplications(singles).stages;
  const stages = singles.map((result) => result.stages[0]);
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

  it('are the means of theirs, and their longest queue is the longest of all', () => {
    for (const [i, component] of stage.components.entries()) {
      const own = stages.map(({ components }) => components[i]);
      expect(component.arrivals).toBeCloseTo(mean(own.map((c) => c.arrivals)), 6);
      expect(component.utilization).toBeCloseTo(mean(own.map((c) => c.utilization)), 12);
      expect(component.waitMs!).toBeCloseTo(mean(own.map((c) => c.waitMs!)), 9);
      expect(component.queueMax).toBe(Math.max(...own.map((c) => c.queueMax)));
      expect(component.sojournMs.count).toBe(own.reduce((sum, c) => sum + c.sojournMs.count, 0));
      for (const name of Object.keys(component.extra))
        expect(component.extra[name]).toBeCloseTo(mean(own.map((c) => c.extra[name])), 9);
    }
    const [server, cache] = ['server', 'cache'].map((name) => stage.components.find((c) => c.name === name)!);
    expect(new Set(stages.map(({ components }) => components[0].utilization)).size).toBe(3);
    expect(cache.extra.hitRatio).toBeGreaterThan(0.5);
    expect(stage.verdict.hottest).toEqual({
      component: 'server',
      resource: server.bottleneck,
      utilization: server.utilizationBusiest,
    });
  });

  it('and where the time of the slowest went is, too, each place once', () => {
    const places = stage.hotspots.map(({ component, resource, kind }) => `${component} ${resource} ${kind}`);
    expect(new Set(places).size).toBe(places.length);
    const shares = stage.hotspots.map(({ shareOfP99 }) => shareOfP99);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    const sum = (list: readonly { shareOfP99: number }[]): number =>
      list.reduce((all, { shareOfP99 }) => all + shareOfP99, 0);
    expect(sum(stage.hotspots)).toBeCloseTo(mean(stages.map(({ hotspots }) => sum(hotspots))), 9);
    expect(stage.hotspots[0].why).toContain('%');
  });

  it('and so is each second of the course', () => {
    expect(stage.series).toHaveLength(stages[0].series.length);
    expect(stage.series[10].offeredPerSecond).toBeCloseTo(
      mean(stages.map(({ series }) => series[10].offeredPerSecond)),
      9,
    );
  });
});
