/**
 * Everything at once: balancers, an autoscaled tier with pools and memory, workers, a cache and a replicated database,
 * with faults of all kinds at random. Every run checks its laws; here they only have to come to an end.
 */
import { describe, expect, it } from 'vitest';
import { parseScenario, Run } from '../../sim/index.ts';
import { Stream } from '../../sim/random/keys.ts';

/** A scenario drawn by its number. */
function scenarioText(seed: number): string {
  const stream = new Stream(`${seed}`, 'whole-system');
  const one = <T>(...choices: readonly T[]): T => choices[stream.below(choices.length)];
  const again = (up: string, down: string): string => `every: { exponential: ${up} }, repair: { exponential: ${down} }`;
  const link = (): string => one('app -> db', 'lb -> app', 'app -> cache', 'users -> lb');
  const tier = (): string => one('app', 'app#1', 'db', 'db#2', 'cache', 'lb', 'worker').replace(/.*#.*/, '"$&"');
  const fault = (): string =>
    one(
      () => `{ crash: ${tier()}, how: ${one('kill', 'power', 'pause')}, ${again('6s', '1s')} }`,
      () => `{ crash: ${tier()}, how: ${one('kill', 'power', 'pause')}, at: 4s${one('', ', for: 3s')} }`,
      () => `{ slow: ${tier()}, factor: ${one('3', '10')}, ${again('7s', '2s')} }`,
      () => `{ delay: ${link()}, add: { exponential: 20ms }, ${again('3s', '1s')} }`,
      () => `{ lose: ${link()}, probability: 10%, ${again('3s', '1s')} }`,
      () =>
        `{ partition: ${one('[[users, lb], [app]]', '[[app, "db#1"], ["db#2", "db#3"]]', '[["app#1", lb], ["app#2", db]]')}, ${again('4s', '1s')} }`,
    )();
  const metric = one('cpu: 40%', 'connections: 4', 'queue: 2');
  const faults = Array.from({ length: 1 + stream.below(5) }, (_, i) => `  f${i}: ${fault()}`);
  return `
name: whole system ${seed}
run: { duration: 12s, warmup: 2s, seed: ${seed} }
network: { delay: ${one('0ms', '0.25ms', '{ exponential: 1ms }')} }
clients:
  users:
    ${one('arrivals: { poisson: 150/s }', 'users: 200\n    think: { exponential: 1s }')}
    does: { view: 70%, post: 20%, fan: 10% }
    keys: { zipf: 0.9, of: 2k }
    timeout: ${one('500ms', '2s', '100ms')}
    retry: { attempts: 3, backoff: { base: 50ms, cap: 1s, jitter: full } }
    cancel: ${one(true, false)}
    entry: lb
components:
  lb:
    type: balancer
    targets: app
    instances: ${one(1, 2)}
    policy: ${one('round-robin', 'least-connections', 'two-random', '{ consistent-hash: { virtual-nodes: 20 } }')}
    retries: ${one(0, 1, 2)}
    cpu: 100us
    ${one('sticky: true', 'health: { active: { interval: 500ms, timeout: 200ms, unhealthy: 2, healthy: 2 } }')}
  app:
    type: server
    instances: 2
    machine: { cores: 2, memory: ${one('2GiB', '40MiB')} }
    runtime: ${one('{ threads: 20 }', '{ event-loop: 2 }')}
    queue: { limit: 50, patience: 300ms }
    memory: { base: 10MiB, per-request: 1MiB }
    ${one('restart: 1s', '')}
    pools: { db: { size: 5, queue: 20 } }
    autoscale: { min: 2, max: 5, ${metric}, every: 1s, metric-delay: ${one('0s', '1s')}, boot: 1s, stabilization: 2s, drain: ${one('0s', '1s')} }
    operations:
      view: [ { cpu: { exponential: 3ms } }, { get: cache, on-error: continue, timeout: 50ms, miss: [ { read: db, timeout: 100ms }, { set: cache, on-error: continue, timeout: 50ms } ] } ]
      post: [ { cpu: { exponential: 4ms } }, { write: db, timeout: 300ms, retry: { attempts: 2 } }, { respond: early }, { cpu: 1ms } ]
      fan: [ { parallel: [ [ { call: worker, timeout: 100ms } ], [ { read: db, timeout: 100ms } ] ] }, { call: worker, to: all, first: 2, timeout: 80ms } ]
  worker:
    type: server
    instances: 3
    runtime: { threads: 2 }
    queue: { limit: 10 }
    operations: { fan: [ { cpu: { exponential: 5ms } } ] }
  cache: { type: cache, nodes: 2, policy: lru, capacity: 1000, ttl: 10s, time: 50us }
  db:
    type: database
    connections: 20
    read: { cpu: { exponential: 2ms } }
    write: { cpu: { exponential: 3ms }, fsync: 1ms }
    replicas: 2
    reads: ${one('replicas', 'primary')}
    replication: { mode: ${one('semi-synchronous, acks: 1', 'asynchronous')} }
    failover: { by: election, heartbeat: 200ms, timeout: 1s, promotion: 500ms }
faults:
${faults.join('\n')}
`;
}

function fingerprint(text: string): string {
  const { scenario, problems } = parseScenario(text, 'whole-system.yaml');
  expect(problems.filter((p) => p.severity === 'error')).toEqual([]);
  const run = new Run(scenario!, { check: true });
  while (run.advance(65_536));
  const [stage] = run.result().stages;
  expect(stage.requests.offered).toBeGreaterThan(500);
  return stage.fingerprint;
}

describe('keeps every law', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))('seed %i', (seed) => {
    fingerprint(scenarioText(seed));
  });
});

it('comes out the same again', () => {
  expect(fingerprint(scenarioText(1))).toBe(fingerprint(scenarioText(1)));
});
