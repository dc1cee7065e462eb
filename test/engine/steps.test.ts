/** In how many steps a run is handled, and of what size, changes nothing. */
import { expect, it } from 'vitest';
import { parseScenario, Run, type Scenario } from '../../sim/index.ts';

const text = `
name: Twenty users
run: { duration: 20s, warmup: 1s, seed: 1 }
network: { delay: 1ms }
clients:
  users: { users: 20, think: { exponential: 100ms }, does: page, entry: app }
components:
  app: { type: server, instances: 2, operations: { page: [ { cpu: { exponential: 5ms } } ] } }
`;

function fingerprintOf(step: number, plain: boolean): string {
  const { scenario } = parseScenario(text, 'steps.yaml');
  const run = new Run(scenario as Scenario, { plain });
  while (run.advance(step));
  expect(run.progress.events).toBeGreaterThan(1000);
  return run.result().stages[0].fingerprint;
}

it.each([0.5, 1, 7.5, 1000, 2 ** 31, 2 ** 32, 1e10, Infinity])('advances by %s at a time', (step) => {
  const expected = fingerprintOf(100, true);
  expect(fingerprintOf(step, false)).toBe(expected);
  expect(fingerprintOf(step, true)).toBe(expected);
});
