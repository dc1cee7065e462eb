/** How load varies: the factor at a moment, and its mean over a time. */
import { describe, expect, it } from 'vitest';
import { LoadShape } from '../../sim/workload/load-shape.ts';
import { loadSimulator } from '../scenarios/simulator.ts';

const { simulate } = await loadSimulator();

const curve = [
  { atNs: 10, times: 1 },
  { atNs: 30, times: 3 },
  { atNs: 40, times: 0 },
];

describe('the mean of a shape', () => {
  it.each([
    ['flat', [], [], 0, 100, 1],
    ['on a slope', curve, [], 10, 30, 2],
    ['over bends, before and after the curve', curve, [], 0, 50, (10 + 40 + 15 + 0) / 50],
    ['with a spike', [], [{ atNs: 20, forNs: 10, times: 5 }], 0, 100, 1.4],
    ['with a spike that has begun', [], [{ atNs: 20, forNs: 10, times: 5 }], 25, 35, 3],
    [
      'with spikes that overlap, on a slope',
      curve,
      [
        { atNs: 10, forNs: 20, times: 2 },
        { atNs: 20, forNs: 10, times: 3 },
      ],
      10,
      30,
      (10 * 1.5 * 2 + 10 * 2.5 * 6) / 20,
    ],
  ])('%s', (_name, points, spikes, from, to, mean) => {
    expect(new LoadShape(points, spikes).mean(from, to)).toBeCloseTo(mean, 12);
  });
});

it('what is wanted follows curve and spikes', () => {
  const { stages } = simulate(`
name: Evening
run: { duration: 100s, warmup: 5s }
clients:
  c: { arrivals: { poisson: 50/s, spikes: { evening: { at: 40s, for: 20s, times: 6 } } }, does: op, entry: app }
components: { app: { type: server, machine: { cores: 8 }, operations: { op: [ { cpu: 1ms } ] } } }
`);
  expect(stages[0].demandPerSecond).toBeCloseTo(100, 9);
  expect(stages[0].offeredPerSecond / 100).toBeCloseTo(1, 1);
});
