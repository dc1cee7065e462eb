/** Paper math: what is written, multiplied, for loads that vary and tiers that grow. */
import { describe, expect, it } from 'vitest';
import { estimate, parseScenario, type StageEstimate } from '../../sim/index.ts';

const estimated = (arrivals: string, app = 'instances: 2', more = ''): StageEstimate => {
  const { scenario, problems } = parseScenario(
    `
name: a test
run: { duration: 100s, warmup: 20s, seed: 1 }
network: { delay: 0ms }
clients:
  users: { arrivals: ${arrivals}, does: ask, entry: app }
${more}
components: { app: { type: server, ${app}, machine: { cores: 1 }, operations: { ask: [ { cpu: 10ms } ] } } }
`,
    'scenario.yaml',
  );
  expect(problems).toEqual([]);
  return estimate(scenario!).stages[0];
};

const app = (stage: StageEstimate) => stage.tiers.find(({ component }) => component === 'app')!;

describe('the load', () => {
  it.each([
    ['constant', '{ constant: 50/s }', 50, 50],
    ['of a curve', '{ poisson: 10/s, curve: [ { at: 0s, times: 1 }, { at: 100s, times: 5 } ] }', 30, 50],
    [
      'of a spike on a slope, whose height is that of its end',
      '{ poisson: 10/s, curve: [ { at: 0s, times: 1 }, { at: 100s, times: 5 } ], spikes: { flash: { at: 40s, for: 10s, times: 3 } } }',
      30 + (2 * (26 + 30)) / 2 / 10,
      90,
    ],
    ['that is gone before the window', '{ poisson: 10/s, curve: [ { at: 1s, times: 0 } ] }', 0, 0],
    ['of batches', '{ interarrival: 1s, batch: 7 }', 7, 7],
  ])('%s', (_name, arrivals, mean, peak) => {
    const stage = estimated(arrivals);
    expect(stage.offeredPerSecond).toBeCloseTo(mean, 9);
    expect(stage.peakPerSecond).toBeCloseTo(peak, 9);
  });

  it('of several populations is highest where their sum is', () => {
    const later =
      '  others: { arrivals: { constant: 20/s, spikes: { b: { at: 60s, for: 9s, times: 2 } } }, does: ask, entry: app }';
    const stage = estimated('{ constant: 10/s, spikes: { a: { at: 20s, for: 9s, times: 3 } } }', 'instances: 2', later);
    expect(stage.peakPerSecond).toBeCloseTo(50, 9);
  });
});

describe('a load that depends on how long answers take', () => {
  const closed = (ask: string): StageEstimate => {
    const text = `
name: a test
run: { duration: 100s, warmup: 20s, seed: 1 }
network: { delay: 0ms }
clients: { users: { users: 8, think: 0s, does: ask, timeout: none, entry: app } }
components: { app: { type: server, machine: { cores: 20 }, runtime: { threads: 10 }, operations: { ask: ${ask} } } }`;
    return estimate(parseScenario(text, 'scenario.yaml').scenario!).stages[0];
  };

  it('is that of users who ask again at once', () => {
    const stage = closed('[ { sleep: 100ms } ]');
    expect(stage.offeredPerSecond).toBeCloseTo(80, 0);
    expect(app(stage)).toMatchObject({ resource: 'threads', utilization: expect.closeTo(0.8, 2) });
  });

  it('and of those who wait longer than a pilot is', () => {
    const stage = closed('[ { sleep: 30s }, { cpu: 1ms } ]');
    expect(stage.offeredPerSecond).toBeCloseTo(8 / 30, 3);
    expect(stage.events).toBeLessThan(1000);
  });
});

describe('how busy a tier is', () => {
  it('is told of the resource that is busiest, whichever it is', () => {
    const stage = estimated('{ constant: 100/s }', 'instances: 2', '').tiers;
    expect(stage).toHaveLength(1);
    const text = `
name: a test
network: { delay: 0ms }
clients: { users: { arrivals: { constant: 100/s }, does: ask, entry: app } }
components:
  app: { type: server, operations: { ask: [ { cpu: 1ms }, { write: db } ] } }
  db: { type: database, write: { cpu: 1ms, fsync: 20ms } }`;
    const [, db] = estimate(parseScenario(text, 'scenario.yaml').scenario!).stages[0].tiers;
    expect(db).toMatchObject({ resource: 'disk', utilization: expect.closeTo(2, 1) });
  });

  it('is its share of all cores at the peak', () => {
    const { instances, utilization, atFirst } = app(estimated('{ constant: 50/s }'));
    expect([instances, atFirst]).toEqual([2, null]);
    expect(utilization).toBeCloseTo(0.25, 2);
  });

  it('is told for those that there are at first, and for all that may come', () => {
    const grows = 'instances: 2, autoscale: { min: 2, max: 8, cpu: 60% }';
    const { instances, utilization, atFirst } = app(estimated('{ constant: 160/s }', grows));
    expect([instances, atFirst!.instances]).toEqual([8, 2]);
    expect(atFirst!.utilization).toBeCloseTo(0.8, 2);
    expect(utilization).toBeCloseTo(0.2, 2);
  });
});
