/**
 * Random crashes, cuts and slow origins: the accounts stay exact, a key is fetched once at a time, and lookups end.
 * What is checked is checked by the laws at the end of each run (`violation` of each actor, conservation, occupancy).
 */
import { expect, test } from 'vitest';
import { figures, numbers, run } from './kit.ts';

const RUNS = 120;

/** A system of names, points of presence and a shield, with settings and faults drawn by the seed. */
function drawn(seed: number): string {
  const next = numbers(seed);
  const pick = <T>(...list: T[]): T => list[next(list.length)];
  const how = (): string => pick('kill', 'power', 'pause');
  const when = (): string => `at: ${200 + next(1500)}ms, for: ${100 + next(1200)}ms`;
  // Faults of one target may not overlap, so each target has one at most.
  const faults = [
    `edge: { crash: edge#${1 + next(3)}, how: ${how()}, ${when()} }`,
    `shield: { crash: shield, how: ${how()}, ${when()} }`,
    `web: { crash: ${pick('web', 'web#1')}, how: ${how()}, ${when()} }`,
    `www: { crash: www, how: ${how()}, ${when()} }`,
    `db: { crash: db, how: ${how()}, ${when()} }`,
    `slow: { slow: web#2, factor: 20, ${when()} }`,
    `lossy: { lose: ${pick('users -> edge', 'edge -> lb', 'users -> www')}, probability: 20%, ${when()} }`,
    `split: { partition: [ [${pick('users', 'edge#1', 'lb')}], [${pick('web', 'edge#2', 'www')}] ], ${when()} }`,
  ].filter(() => next(3) === 0);
  const shield = pick(true, false);
  return `
name: Random
run: { duration: 3s, warmup: 500ms, seed: ${seed} }
network: { delay: ${pick('0s', '1ms', '{ exponential: 5ms }')} }
clients:
  users:
    ${pick('users: 60\n    think: { exponential: 50ms }', 'arrivals: { poisson: 800/s }')}
    does: { page: 80%, change: 20% }
    keys: { zipf: 1, of: ${pick(3, 30, 3000)} }
    timeout: ${pick('100ms', '400ms')}
    retry: { attempts: ${pick(1, 3)}, backoff: { base: 20ms } }
    cancel: ${pick('true', 'false')}
    entry: www
  near: { arrivals: { poisson: 300/s }, does: page, keys: { uniform: 20 }, timeout: 300ms, entry: edge }
components:
  www:
    type: dns
    targets: ${pick('edge', '{ edge: 1, lb: 1 }')}
    ttl: ${pick('0s', '300ms', '5s')}
    instances: ${pick(1, 2)}
    timeout: 50ms
    negative-ttl: ${pick('0s', '100ms')}
    serve-stale: ${pick('0s', '1s')}
    cpu: ${pick('0s', '100us')}
  lb: { type: balancer, targets: web, retries: 1 }
  edge:
    type: cdn
    instances: 3
    origin: lb
    ${shield ? 'shield: shield' : ''}
    cached: [page]
    ttl: ${pick('20ms', '300ms')}
    coalesce: ${pick('true', 'false', '{ wait: 20ms }')}
    revalidate: ${pick('false', 'true', '{ operation: check }')}
    stale-while-revalidate: ${pick('0s', '200ms')}
    stale-if-error: ${pick('0s', '1s')}
    ${pick('capacity: 512KiB', '')}
    ${pick('connections: 20', '')}
    withdraw: 300ms
    cpu: ${pick('0s', '200us')}
    purges: { all: { at: 1s } }
  shield: { type: cdn, origin: lb, cached: [page], ttl: 100ms, withdraw: 200ms }
  web:
    type: server
    instances: 2
    operations:
      page: [ { cpu: { exponential: 4ms } }, { read: db } ]
      check: [ { cpu: 0.5ms }, { read: db } ]
      change: [ { write: db }, { delete: edge } ]
  db: { type: database, read: { cpu: 0.1ms }, write: { cpu: 0.1ms } }
faults: { ${faults.join(', ')} }
`.replace(/^ *\n/gm, '');
}

test(`${RUNS} systems with random settings and faults keep every law`, () => {
  let hits = 0;
  let coalesced = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const stage = run(drawn(seed));
    const edge = figures(stage, 'edge');
    expect(edge.hits + edge.misses + edge.passes, `seed ${seed}`).toBe(edge.requests);
    expect(edge.coalesced, `seed ${seed}`).toBeLessThanOrEqual(edge.misses);
    hits += edge.hits;
    coalesced += edge.coalesced;
  }
  expect(hits).toBeGreaterThan(5_000);
  expect(coalesced).toBeGreaterThan(500);
});
