/** What is printed beside a limit. */
import { describe, expect, it } from 'vitest';
import { availabilityText } from '../../reports/format.ts';
import { simulate } from '../../sim/index.ts';
import { textBeside } from '../../sim/results/thresholds.ts';

const observedOf = (thresholds: string): string[] =>
  simulate(`
name: a test
run: { duration: 20s, warmup: 1s, seed: 3 }
network: { delay: 0ms }
clients: { users: { arrivals: { constant: 10/s }, does: ask, timeout: none, entry: server } }
components: { server: { type: server, operations: { ask: [ { sleep: 12.3456ms }, { fail: 10% } ] } } }
thresholds: ${thresholds}
`).stages[0].thresholds.map(({ observedText }) => observedText);

it('a value has as many digits as tell it from its limit', () => {
  const [mean] = observedOf("{ latency: 'mean < 1s' }");
  expect(mean).toBe('12.3 ms');
  expect(observedOf("{ latency: 'mean < 12.3ms' }")).toEqual(['12.35 ms']);
  expect(observedOf("{ latency: 'mean < 12.345ms' }")).toEqual(['12.346 ms']);
});

it('also where it is a share, and never one that would pass', () => {
  const stage = (limit: string): string => `
name: a test
run: { duration: 100s, warmup: 1s, seed: 3 }
network: { delay: 0ms }
clients: { users: { arrivals: { constant: 100/s }, does: ask, timeout: none, entry: server } }
components: { server: { type: server, operations: { ask: [ { fail: 30% } ] } } }
thresholds: { availability: '>= ${limit}' }
`;
  const { availability } = simulate(stage('1%')).stages[0];
  // The next tenth of a per cent above what was seen, and below.
  const tenth = Math.ceil(availability! * 1000) / 10;
  const [missed] = simulate(stage(`${tenth}%`)).stages[0].thresholds;
  expect(missed.ok).toBe(false);
  expect(Number.parseFloat(missed.observedText)).toBeLessThan(tenth);
});

const judged = (clients: string, operations: string, thresholds: string) =>
  simulate(`
name: a test
run: { duration: 20s, warmup: 0s, seed: 3 }
network: { delay: 0ms }
clients: ${clients}
components:
  server: { type: server, operations: ${operations} }
  idle: { type: server, public: true, operations: { ask: [] } }
thresholds: ${thresholds}
`).stages[0];

describe('what is still under way at the end', () => {
  const clients = `
  many: { arrivals: { constant: 10/s }, does: ask, timeout: none, entry: server }
  few: { arrivals: { constant: 1/s }, does: stay, timeout: none, entry: server }`;
  const operations = '{ ask: [ { sleep: 1ms } ], stay: [ { sleep: 1h } ] }';

  it('has taken as long as it has: the oldest is a maximum, and a mean that leaves it out is none', () => {
    const thresholds = "{ latency: ['max < 100ms', 'mean < 100ms', 'min < 100ms', 'p(50) < 100ms'] }";
    const [most, mean, least, median] = judged(clients, operations, thresholds).thresholds;
    expect([most.verdict, mean.verdict, least.verdict, median.verdict]).toEqual(['fail', 'fail', 'pass', 'pass']);
    expect(most.observed).toBeGreaterThan(18_000);
    expect(mean.observed).toBeNull();
  });

  it('is nothing where the answers only have not come yet', () => {
    const [most, mean] = judged(
      '{ many: { arrivals: { constant: 10/s }, does: ask, timeout: none, entry: server } }',
      '{ ask: [ { sleep: 900ms } ] }',
      "{ latency: ['max < 1s', 'mean < 1s'] }",
    ).thresholds;
    expect([most.verdict, mean.verdict]).toEqual(['pass', 'pass']);
  });
});

it('no data never passes: nothing served, nobody came', () => {
  const clients = '{ many: { arrivals: { constant: 10/s }, does: ask, entry: server } }';
  const idle = "{ components: { idle: { waitMs: '< 5ms', serviceMs: '< 5ms', sojourn: 'mean < 5ms' } } }";
  const { thresholds, components } = judged(clients, '{ ask: [] }', idle);
  expect(thresholds.map(({ observed, ok }) => [observed, ok])).toEqual(Array(3).fill([null, false]));
  expect(components.find(({ name }) => name === 'idle')).toMatchObject({ waitMs: null, serviceMs: null });
  const nobody = judged(clients.replace('10/s', '1/h'), '{ ask: [] }', "{ availability: '>= 0%' }");
  expect([nobody.availability, nobody.thresholds[0].ok]).toEqual([null, false]);
});

it.each([0.005, 0.5, 0.5349, 0.8696, 0.98999, 0.991, 0.99954, 0.999997, 1])(
  'availability %d reads the same beside a limit as in the tables',
  (ratio) => expect(textBeside(ratio, 2, 'availability')).toBe(availabilityText(ratio)),
);

it('too few samples settle nothing, unless so many lie beyond the limit', () => {
  const asked = (seconds: number, limit: string) =>
    simulate(`
name: a test
run: { duration: ${seconds}s, warmup: 0s, seed: 3 }
network: { delay: 0ms }
clients: { users: { arrivals: { constant: 10/s }, does: ask, timeout: none, entry: server } }
components: { server: { type: server, operations: { ask: [ { sleep: 10ms } ] } } }
thresholds: { latency: 'p(99) < ${limit}' }
`).stages[0].thresholds[0].verdict;
  expect([asked(1.55, '1ms'), asked(30.05, '1ms')]).toEqual(['inconclusive', 'fail']);
  expect([asked(30.05, '1s'), asked(300.05, '1s')]).toEqual(['inconclusive', 'pass']);
});
