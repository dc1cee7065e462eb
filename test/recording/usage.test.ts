/** How busy the busiest of many instances is said to be. */
import { expect, it } from 'vitest';
import type { ComponentRecording } from '../../sim/recording/format.ts';
import { healthOf } from '../../viz/replay/picture/health.ts';
import { coarsened } from '../../viz/replay/data/coarse.ts';
import { decoded, record } from './kit.ts';

const tier = (instances: number, perSecond: number, faults = ''): ComponentRecording => {
  const { text } = record(`name: A tier
run: { duration: 30s, warmup: 5s, seed: 1 }
network: { delay: 0.25ms }
clients: { users: { arrivals: { poisson: ${perSecond}/s }, does: page, entry: lb } }
components:
  lb: { type: balancer, targets: app, policy: round-robin }
  app:
    type: server
    instances: ${instances}
    machine: { cores: 4 }
    runtime: { event-loop: 4 }
    operations: { page: [ { cpu: { exponential: 20ms } } ] }
${faults}`);
  const [stage] = decoded(text);
  return coarsened(stage).components.find(({ name }) => name === 'app')!;
};

const mostIn = (levels: ArrayLike<number>, from: number): number => Math.max(...Array.from(levels).slice(from));

it('is as busy as it is over a second, and not over a tenth of one', () => {
  const app = tier(40, 4000);
  const slices = app.utilization.length;
  expect(mostIn(app.utilization, 30)).toBeLessThan(0.6);
  // In every tenth of a second somebody has nothing else to do.
  expect(
    mostIn(
      app.instances.flatMap(({ utilization }) => Array.from(utilization)),
      0,
    ),
  ).toBeGreaterThan(0.85);
  expect(mostIn(app.utilizationBusiest, 30)).toBeLessThan(0.85);
  expect(mostIn(app.utilizationBusiest, 30)).toBeGreaterThan(mostIn(app.utilization, 30));
  for (let slice = 0; slice < slices; slice++) expect(healthOf(app, slice).health).not.toBe('bad');
});

it('is told when one of them is, of whom others know nothing', () => {
  const app = tier(40, 2000, "faults: { slow one: { slow: 'app#17', factor: 20, at: 10s } }");
  const late = app.utilization.length - 10;
  expect(app.utilization[late]).toBeLessThan(0.5);
  expect(healthOf(app, late)).toEqual({
    health: 'bad',
    why: expect.stringMatching(/^(cpu|event-loop) of the busiest instance (9\d(\.\d)?|100) % busy$/),
  });
});

it('is as busy as it is at the moment where there is but one', () => {
  const app = tier(1, 100);
  const [own] = app.instances;
  const late = app.utilization.length - 1;
  for (let slice = 0; slice < late; slice++)
    expect(app.utilizationBusiest[slice]).toBeCloseTo(own.utilization[slice], 6);
});
