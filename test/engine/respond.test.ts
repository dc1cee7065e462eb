/** `respond: early`: the caller goes on, the work goes on, also from inside a `parallel`. */
import { describe, expect, it } from 'vitest';
import { simulate } from '../../sim/index.ts';

/** One user asks an operation of these steps, 0.25 ms of network away. */
function stageOf(steps: string) {
  const text = `
name: early answers
run: { duration: 3s, warmup: 0s }
clients: { user: { users: 1, think: 300ms, does: ask, entry: app } }
components: { app: { type: server, operations: { ask: ${steps} } } }
`;
  return simulate(text).stages[0];
}

describe('respond: early', () => {
  it.each([
    ['between two steps', '[{ sleep: 10ms }, { respond: early }, { sleep: 50ms }]'],
    ['in one branch of a parallel', '[{ parallel: [[{ sleep: 10ms }, { respond: early }], [{ sleep: 50ms }]] }]'],
    [
      'in a parallel inside a parallel',
      '[{ sleep: 4ms }, { parallel: [[{ sleep: 4ms }, { parallel: [[{ sleep: 2ms }, { respond: early }, { sleep: 9ms }], [{ sleep: 30ms }]] }], [{ sleep: 50ms }]] }]',
    ],
    [
      'in two branches: the first answers',
      '[{ parallel: [[{ sleep: 20ms }, { respond: early }], [{ sleep: 10ms }, { respond: early }]] }]',
    ],
    [
      'after the parallel has gone on without the branch',
      '[{ parallel: [[{ sleep: 10ms }], [{ sleep: 30ms }, { respond: early }]], first: 1 }]',
    ],
  ])('%s', (_where, steps) => {
    const { latencyMs, requests, hotspots } = stageOf(steps);
    expect(latencyMs.count).toBeGreaterThan(5);
    expect(requests.failed).toBe(0);
    // 10 ms at the server and two trips.
    expect(latencyMs.mean).toBeCloseTo(10.5, 6);
    expect(hotspots.reduce((sum, { shareOfP99 }) => sum + shareOfP99, 0)).toBeCloseTo(1, 6);
  });

  it('leaves the rest of the work to be done', () => {
    const { components } = stageOf('[{ parallel: [[{ respond: early }], [{ cpu: 60ms }]] }, { cpu: 90ms }]');
    expect(components[0].resources.find(({ resource }) => resource === 'cpu')?.utilization).toBeCloseTo(150 / 300.5, 1);
  });
});
