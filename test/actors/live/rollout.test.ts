/** Deployments of gateways: every instance is replaced, those that are down at their turn when they are back. */
import { expect, test } from 'vitest';
import { loadSimulator } from '../../scenarios/simulator.ts';

const { simulate } = await loadSimulator();

test('an instance that is down at its turn is replaced when it is back, after the others', () => {
  const scenario = {
    name: 'deployed while one is down',
    run: { duration: '60s', warmup: '0s' },
    clients: { p: { users: 20, think: '1s', does: 'm', entry: 'gate', connect: { ramp: '1s' } } },
    components: {
      gate: {
        type: 'gateway',
        runtime: { 'event-loop': 1 },
        instances: 2,
        operations: { m: [{ cpu: '1ms' }] },
        drain: '3s',
        rollout: { at: '10s', every: '4s', boot: '2s' },
      },
    },
    faults: { gone: { crash: 'gate#1', at: '5s', for: '10s' } },
  };
  const { timeline } = simulate(JSON.stringify(scenario)).stages[0].failovers[0];
  const at = (what: string): number => timeline.find((each) => each.what === what)?.atSeconds ?? Number.NaN;
  // The second is drained at 14 s and back at 19 s; the first, back at 15 s, follows, and needs five seconds, too.
  expect(at('gate#2 runs the new version')).toBeCloseTo(19, 1);
  expect(at('gate#1 runs the new version')).toBeGreaterThanOrEqual(24);
  expect(at('gate#1 runs the new version')).toBeLessThan(26);
});
