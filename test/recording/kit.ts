/** A small run with everything that a recording shows: a router, a crash, an election, a cache, retries, a warm-up. */
import { loadSimulator } from '../scenarios/simulator.ts';
import type { StageRecording } from '../../sim/recording/format.ts';

export const simulator = await loadSimulator();

export const busy = `name: Busy for half a minute
teaches: A recording.
run: { duration: 30s, warmup: 5s, seed: 7 }
network: { delay: 0.25ms }
clients:
  users:
    users: 300
    think: { exponential: 1s }
    does: { view: 80%, post: 20% }
    keys: { zipf: 0.9, of: 1k }
    timeout: 300ms
    retry: { attempts: 3, backoff: { base: 50ms, cap: 1s, jitter: full } }
    entry: lb
components:
  lb:
    type: balancer
    targets: app
    policy: round-robin
    health: { active: { interval: 1s, timeout: 200ms, unhealthy: 2, healthy: 2 } }
  app:
    type: server
    instances: 3
    machine: { cores: 2, memory: 4GiB, connections: 60 }
    runtime: { event-loop: 2 }
    queue: { limit: 20 }
    operations:
      view: [ { cpu: { exponential: 8ms } }, { get: cache, miss: [ { read: db }, { set: cache } ] } ]
      post: [ { cpu: { exponential: 8ms } }, { write: db } ]
  cache: { type: cache, nodes: 2, capacity: 200 }
  db:
    type: database
    replicas: 2
    read: { cpu: { exponential: 2ms } }
    write: { cpu: { exponential: 3ms }, fsync: 1ms }
    failover: { by: election, heartbeat: 200ms, timeout: 1s, promotion: 300ms }
faults:
  app two dies: { crash: 'app#2', how: power, at: 8s, for: 6s }
  the primary dies: { crash: 'db#1', how: kill, at: 16s, for: 8s }
thresholds:
  latency: p(99) < 250ms
`;

/** Simulates with and without recording. */
export function record(
  text: string,
  options: { stages?: string[]; seed?: string; slice?: number; plain?: boolean } = {},
) {
  const { scenario, problems } = simulator.parseScenario(text, 'test.yaml', options.seed ? { seed: options.seed } : {});
  if (scenario === null) throw new Error(simulator.formatProblems(problems));
  const run = new simulator.Run(scenario, { record: true, stages: options.stages, plain: options.plain });
  while (run.advance(options.slice ?? 1_000_000));
  const result = run.result();
  return { run, result, scenario, text: run.recording(result) };
}

/** What a text says, which must be whole. */
export function decoded(text: string): StageRecording[] {
  const { recording, problems } = simulator.decodeRecording(text);
  if (recording === null || problems.length > 0) throw new Error(problems.join('\n'));
  return recording.stages;
}

/** Sum over the slices of the window. */
export function total(column: ArrayLike<number>, { slices }: StageRecording): number {
  let sum = 0;
  for (let i = slices.warmup; i < slices.count; i++) sum += column[i];
  return sum;
}
