/** Requests whose router loses power, in recordings: by the core and by TypeScript alone. */
import { expect, it } from 'vitest';
import { parseScenario, Run } from '../../sim/index.ts';

const scenario = (edge: string, seed: number): string => `
name: a router loses power
run: { duration: 1s, warmup: 0s, seed: ${seed} }
network: { delay: 300us }
clients:
  users: { users: 141, think: { exponential: 40ms }, does: page, keys: { zipf: 0.8, of: 10k }, timeout: 200ms, entry: edge }
components:
  edge: { instances: 2, ${edge} }
  app: { type: server, instances: 3, operations: { page: [ { cpu: { exponential: 2ms } } ] } }
faults:
  a power cut: { crash: edge, how: power, at: 475ms, for: 11ms }
`;

function told(text: string, plain: boolean): string {
  const run = new Run(parseScenario(text, 'scenario.yaml').scenario!, { plain, record: true });
  while (run.advance(1_000_000));
  return JSON.stringify(run.result()) + run.recording();
}

// Where a request waited whose row had gone was said to be where the next owner of the row's number was.
it.each(['type: balancer, targets: app', 'type: cdn, origin: app, cached: [ page ], ttl: 10m'])(
  '%s: both say where requests waited',
  (edge) => {
    for (const seed of [198, 199, 200, 201, 202, 203]) {
      const text = scenario(edge, seed);
      expect(told(text, false)).toBe(told(text, true));
    }
  },
);
