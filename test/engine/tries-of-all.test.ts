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

// The first call kept the pool's connection, and the run ended with one that nobody held.
it.each([1, 3])('a call to all of none gives its connection back (%i tries)', (attempts) => {
  const [stage] = simulate(
    `
name: a pool, and nobody there
run: { duration: 10s, warmup: 0s, seed: 1 }
clients:
  users: { arrivals: { constant: 10/s }, does: ask, timeout: 500ms, entry: app }
  live: { users: 2, think: 1s, does: move, entry: gw, connect: { ramp: 1s } }
components:
  app:
    type: server
    pools: { gw: { size: 2 } }
    operations: { ask: [ { call: gw, op: move, to: all, retry: { attempts: ${attempts}, backoff: { base: 2ms } } } ] }
  gw: { type: gateway, runtime: { event-loop: 1 }, operations: { move: [ { cpu: 1ms } ] }, drain: 1s, rollout: { at: 2s, every: 100s, boot: 4s } }
`,
    { file: 'test.yaml' },
  ).stages;
  const { completed, failed, timedOut } = stage.requests;
  expect(failed).toBeGreaterThan(30);
  expect(completed).toBeGreaterThan(40);
  expect(timedOut).toBe(0);
});
