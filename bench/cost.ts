/**
 * How the cost of a request changes with the size of what is simulated. One point a process: the name of the series
 * and the size are arguments, requests per CPU second come out as JSON. Run by cost.mjs.
 */
import { setFlagsFromString } from 'node:v8';
import { heedBranchHints, parseScenario, Run, ScenarioError } from '../sim/index.ts';

/** Part of the requests before the figures begin. */
const WARM_UP = 0.2;

/** Closed users with one service time each in flight: as many pending events as there are users, or nearly. */
const pending = (size: number): string => `
name: pending events
run: { duration: 1000s, warmup: 0s, seed: 1 }
network: { delay: 0ms }
clients: { users: { users: ${size}, think: { exponential: 1s }, does: ask, timeout: none, entry: server } }
components:
  server:
    type: server
    machine: { cores: 100000 }
    runtime: { workers: 100000 }
    queue: { limit: none }
    operations: { ask: [ { cpu: { exponential: 1ms } } ] }
`;

/** A balancer before this many servers, each with one core that is half busy. */
const components = (size: number): string => `
name: components
run: { duration: 1000s, warmup: 0s, seed: 1 }
network: { delay: 0ms }
clients: { users: { arrivals: { poisson: ${50 * size}/s }, does: ask, timeout: none, entry: lb } }
components:
  lb: { type: balancer, targets: app, policy: random }
  app:
    type: server
    instances: ${size}
    machine: { cores: 1 }
    runtime: { workers: 1 }
    queue: { limit: none }
    operations: { ask: [ { cpu: { exponential: 10ms } } ] }
`;

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Requests per CPU second over `requests`, after the warm-up. */
function speed(text: string, perSecond: number, requests: number): number {
  const { scenario, problems } = parseScenario(text, 'cost.yaml', {
    duration: `${Math.ceil((1.1 * requests) / perSecond + 1)}s`,
  });
  if (scenario === null) throw new ScenarioError(problems);
  const run = new Run(scenario);
  const reach = (seconds: number): void => {
    while (run.progress.simulatedSeconds < seconds && run.advance(20_000));
  };
  reach((WARM_UP * requests) / perSecond);
  const from = run.progress.simulatedSeconds;
  const start = cpuSeconds();
  reach(requests / perSecond);
  const seconds = cpuSeconds() - start;
  return ((run.progress.simulatedSeconds - from) * perSecond) / seconds;
}

const series: Record<string, (size: number) => number> = {
  pending: (size) => speed(pending(size), size / 1.001, Math.max(1_000_000, 2 * size)),
  components: (size) => speed(components(size), 50 * size, 1_000_000),
  requests: (size) => speed(components(10), 500, size),
};

heedBranchHints(process.versions.v8, setFlagsFromString);
const [name, size] = process.argv.slice(2);
console.log(JSON.stringify(series[name](Number(size))));
