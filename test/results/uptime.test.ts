/** Instances that were up, and those that were paid for. */
import { expect, it } from 'vitest';
import { simulate } from '../../sim/index.ts';

// Dead instances counted as up, since they are paid for.
it.each(['kill', 'power', 'pause'])('an instance that is down is not up, and costs what it costs (%s)', (how) => {
  const [stage] = simulate(
    `
name: one of two is down most of the time
run: { duration: 60s, warmup: 5s, seed: 1 }
clients: { a: { arrivals: { constant: 5/s }, does: x, entry: app, timeout: 2s } }
components:
  app: { type: server, instances: 2, machine: { price: 10/month }, operations: { x: [ { cpu: 1ms } ] } }
faults: { gone: { crash: app#1, how: ${how}, at: 15s, for: 30s } }
`,
    { file: 'test.yaml' },
  ).stages;
  const [app] = stage.components;
  expect(app.instances).toBe(1.5);
  expect(app.costPerMonth).toBe(20);
});
