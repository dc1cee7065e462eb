/** Times of what has not been done: they are not there, so that no threshold holds by them. */
import { expect, test } from 'vitest';
import { loadSimulator } from '../../scenarios/simulator.ts';

const { simulate } = await loadSimulator();

test('a queue and a clock whose work never ends, and a gateway that pushes nothing, report no times', () => {
  const scenario = {
    name: 'nothing is done',
    run: { duration: '20s', warmup: '0s' },
    clients: {
      a: { arrivals: { poisson: '5/s' }, does: 'order', entry: 'app' },
      p: { users: 5, think: '1s', does: 'look', entry: 'gate', connect: { ramp: '1s' } },
    },
    components: {
      app: { type: 'server', operations: { order: [{ publish: 'broker' }] } },
      gate: { type: 'gateway', runtime: { 'event-loop': 1 }, operations: { look: [{ cpu: '1ms' }] } },
      worker: { type: 'server', operations: { work: [{ sleep: '10m' }] } },
      broker: { type: 'queue', queues: { jobs: { consumers: { worker: { op: 'work' } } } } },
      clock: { type: 'cron', runs: 'worker', op: 'work', every: '10m' },
    },
    thresholds: {
      components: {
        broker: { workP99Ms: '< 1s' },
        clock: { jobMaxMs: '< 1s' },
        gate: { deliveryP50Ms: '< 1s', deliveryP99Ms: '< 1s', deliveryMaxMs: '< 1s' },
      },
    },
  };
  const { thresholds } = simulate(JSON.stringify(scenario)).stages[0];
  expect(thresholds.map(({ observedText, ok }) => [observedText, ok])).toEqual(Array(5).fill(['no data', false]));
});
