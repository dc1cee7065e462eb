/** Calls to all instances of a component, tried again: as often as they may be. */
import { expect, it } from 'vitest';
import { simulate } from '../../sim/index.ts';

const system = (attempts: number, first: string): string => `
name: a call to all that fails
run: { duration: 10s, warmup: 1s, seed: 3 }
clients: { users: { arrivals: { constant: 10/s }, does: ask, timeout: none, entry: app } }
components:
  app:
    type: server
    operations:
      ask: [ { call: each, to: all, ${first} retry: { attempts: ${attempts}, backoff: { base: 2ms, jitter: none } } } ]
  each: { type: server, instances: 3, operations: { ask: [ { fail: 100% } ] } }
`;

it.each([
  [1, ''],
  [2, ''],
  [4, ''],
  [3, 'first: 2,'],
])('%i tries of each instance, and no more', (attempts, first) => {
  const [stage] = simulate(system(attempts, first), { file: 'test.yaml' }).stages;
  const { arrivals } = stage.components.find(({ name }) => name === 'each')!;
  const { offered, failed, inFlight } = stage.requests;
  expect(failed + inFlight).toBe(offered);
  expect(Math.round(arrivals / offered)).toBe(3 * attempts);
});
