/** Cores that many share, at speeds other than 1. */
import { describe, expect, it } from 'vitest';
import { parseScenario, Run, simulate } from '../../sim/index.ts';

describe('a shared machine', () => {
  it.each([0.5, 2, 3, 7])('comes to the end of every job at speed %d', (speed) => {
    const text = `
name: speeds
run: { duration: 2s, warmup: 0s }
clients: { users: { users: 4, does: ask, entry: app } }
components:
  app: { type: server, machine: { cores: 2, speed: ${speed} }, operations: { ask: [{ cpu: { lognormal: { p50: 1592us, p99: 12739us } } }] } }
`;
    // Before, what was left of a job below a thousandth of a ns could be neither waited for nor called done.
    const { requests, components } = simulate(text, { eventLimit: 1_000_000 }).stages[0];
    expect(requests.completed).toBeGreaterThan(200);
    expect(components[0].utilization).toBeGreaterThan(0.7);
  });

  it.each([false, true])(
    'needs one event a job where each has a core of its own, though jobs overtake each other (plain: %s)',
    (plain) => {
      const events = (threads: number): number => {
        const text = `
name: overtaken
run: { duration: 20s, warmup: 0s }
network: { delay: 1ms }
clients: { users: { users: 4, think: 5ms, does: ask, entry: app } }
components:
  app: { type: server, machine: { cores: 4 }, runtime: { threads: ${threads} }, operations: { ask: [{ cpu: { exponential: 10ms } }] } }
`;
        const run = new Run(parseScenario(text, 'overtaken.yaml').scenario!, { plain });
        while (run.advance(1_000_000));
        return run.progress.events;
      };
      // With four threads nobody can share: completions are scheduled one by one. With five, the machine knows the first alone.
      expect(events(5)).toBe(events(4));
    },
  );
});
