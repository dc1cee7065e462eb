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
