/** What is printed beside a limit. */
import { expect, it } from 'vitest';
import { simulate } from '../../sim/index.ts';

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
  const tenth = Math.ceil(availability * 1000) / 10;
  const [missed] = simulate(stage(`${tenth}%`)).stages[0].thresholds;
  expect(missed.ok).toBe(false);
  expect(Number.parseFloat(missed.observedText)).toBeLessThan(tenth);
});
