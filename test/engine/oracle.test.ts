/** The core against its oracle, TypeScript alone, where the shipped scenarios and the random architectures do not go. */
import { describe, expect, it, vi } from 'vitest';
import { Memory } from '../../sim/engine/memory.ts';
import { errorOf, expectSame } from './both-engines.ts';

describe('the core says what TypeScript says', () => {
  it('of tens of thousands of rows on their way, which it fetches ahead of time, and their keys', () => {
    expectSame(`
run: { duration: 400ms, warmup: 100ms, seed: 3 }
network: { delay: 20ms }
clients:
  readers: { users: 30k, think: { exponential: 200ms }, does: picture, keys: { zipf: 0.8, of: 3k }, timeout: 90ms, entry: edge }
  writers: { arrivals: { poisson: 20k/s }, does: { page: 80%, post: 20% }, keys: { zipf: 0.9, of: 3k }, entry: edge }
components:
  edge: { type: cdn, instances: 3, origin: app, cached: [ picture, page ], ttl: 150ms, cpu: 20us, machine: { cores: 4 } }
  app:
    type: server
    instances: 40
    machine: { cores: 4 }
    operations:
      picture: [ { cpu: { exponential: 1ms } } ]
      page: [ { get: cache, miss: [ { read: db }, { set: cache } ] } ]
      post: [ { write: db }, { delete: cache } ]
  cache: { type: cache, nodes: 3, capacity: 300, policy: fifo, ttl: 100ms, time: 5us }
  db:
    type: database
    replicas: 1
    reads: replicas
    replication: { mode: asynchronous }
    machine: { cores: 32 }
    read: { cpu: 20us }
    write: { cpu: 20us }
`);
  });

  it('of figures of a run of hours in which little happens', () => {
    expectSame(`
run: { duration: 20000s, warmup: 1s, seed: 5 }
clients: { visitors: { arrivals: { poisson: 0.002/s }, does: page, entry: app } }
components: { app: { type: server, operations: { page: [ { cpu: { exponential: 300ms } } ] } } }
`);
  });

  it('of what a least recently used store has dropped', () => {
    expectSame(`
run: { duration: 3s, warmup: 1s, seed: 7 }
clients: { users: { arrivals: { poisson: 3k/s }, does: page, keys: { zipf: 0.7, of: 500 }, entry: app } }
components:
  app:
    type: server
    instances: 4
    operations: { page: [ { get: cache, miss: [ { sleep: { exponential: 1ms } }, { set: cache } ] } ] }
  cache: { type: cache, capacity: 50, coalesce: { lease: 5ms }, time: 10us }
`);
  });

  const last = (way: string, clients: string): string => `
run: { duration: 5s, warmup: 1s, seed: 11 }
network: { delay: ${way} }
clients: { ${clients} }
components:
  app: { type: server, machine: { cores: 4 }, operations: { page: [ { cpu: 2ms } ], slow: [ { cpu: { exponential: 4ms } } ] } }
`;

  it.each([
    [
      'users who give up when the answer is there',
      '2ms',
      'users: { users: 5, think: 3ms, does: page, timeout: 6ms, entry: app }',
    ],
    [
      'users who give up a nanosecond later',
      '2ms',
      'users: { users: 5, think: 3ms, does: page, timeout: 6000001ns, entry: app }',
    ],
    ['users who do not think', '1ms', 'users: { users: 3, think: 0s, does: page, entry: app }'],
    ['users who hardly think', '1ms', 'users: { users: 9, think: { exponential: 3ns }, does: page, entry: app }'],
    [
      'users who try again, beside others with the same timeout',
      '1ms',
      'a: { users: 6, think: { exponential: 5ms }, does: slow, timeout: 9ms, retry: { attempts: 3, backoff: { base: 1ms } }, entry: app }, b: { arrivals: { poisson: 100/s }, does: slow, timeout: 9ms, entry: app }',
    ],
    [
      'answers that come after the end of the run',
      '700ms',
      'users: { arrivals: { poisson: 200/s }, does: page, entry: app }',
    ],
    ['arrivals in step', '2ms', 'users: { arrivals: { constant: 500/s }, does: page, timeout: 7ms, entry: app }'],
    [
      'requests that are under way at the end of the warm-up, and of the run',
      '700ms',
      'users: { users: 300, think: { exponential: 900ms }, does: page, timeout: 3s, entry: app }',
    ],
    [
      'users who ask in one instant, and give up in one',
      '2ms',
      'a: { users: 200, think: { exponential: 3ns }, does: slow, timeout: 6ms, retry: { attempts: 2, backoff: { base: 2ms, jitter: none } }, entry: app }, b: { users: 90, think: { exponential: 9ns }, does: slow, timeout: 8ms, entry: app }',
    ],
    [
      'users who give up before they have reached anybody',
      '5ms',
      'users: { users: 20, think: { exponential: 2ms }, does: page, timeout: 5ms, entry: app }',
    ],
    [
      'a way whose length varies',
      '{ exponential: 2ms }',
      'users: { users: 8, think: { exponential: 9ms }, does: slow, timeout: 20ms, entry: app }',
    ],
  ])('of the ways between users and a server: %s', (_, way, clients) => {
    expectSame(last(way, clients));
  });

  const home = (router: string, clients: string): string => `
run: { duration: 3s, warmup: 500ms, seed: 13 }
network: { delay: 3ms }
links: { users -> edge: { delay: 7ms }, edge -> lb: { delay: 11ms } }
clients: { users: { ${clients}, does: { page: 70%, picture: 30% }, keys: { zipf: 0.9, of: 50 }, entry: edge } }
components:
  edge: { type: cdn, instances: 2, origin: lb, cached: [ picture ], ttl: 20ms }
  lb: { type: balancer, targets: app, ${router} }
  app:
    type: server
    instances: 3
    machine: { cores: 2 }
    operations: { page: [ { cpu: { exponential: 3ms } } ], picture: [ { cpu: 1ms } ] }
`;

  it.each([
    ['routers that look at nothing', 'policy: random', 'users: 60, think: { exponential: 20ms }'],
    ['routers that take turns', 'policy: round-robin', 'arrivals: { poisson: 900/s }'],
    ['one that counts connections', 'policy: least-connections', 'users: 60, think: { exponential: 20ms }'],
    ['one that compares two', 'policy: two-random', 'users: 60, think: { exponential: 20ms }'],
    [
      'one with bounded loads',
      'policy: { consistent-hash: { bound: 1.2 } }',
      'users: 60, think: { exponential: 20ms }',
    ],
    ['one that takes so many at once', 'connections: 9', 'users: 60, think: { exponential: 20ms }'],
    [
      'one whose machine takes so many at once',
      'policy: random, machine: { cores: 2, connections: 9 }',
      'users: 60, think: { exponential: 20ms }',
    ],
    ['users who give up on the way', 'policy: random', 'users: 60, think: { exponential: 20ms }, timeout: 45ms'],
  ])('of the way home through routers: %s', (_, router, clients) => {
    expectSame(home(router, clients));
  });

  it('of a way home that is longer than the time between checkpoints', () => {
    const text = home('policy: random', 'users: 60, think: { exponential: 20ms }');
    expectSame(text.replace('duration: 3s', 'duration: 300ms').replace('warmup: 500ms', 'warmup: 61ms'));
  });

  it('of sums of waiting that are too large to be exact', () => {
    expectSame(`
run: { duration: 20000s, warmup: 0s, seed: 3 }
network: { delay: 5s }
clients:
  a: { users: 5k, think: { exponential: 10s }, does: page, timeout: none, entry: left }
  b: { users: 5k, think: { exponential: 10s }, does: page, timeout: none, entry: right }
components:
  left: { type: server, runtime: { threads: 10k }, operations: { page: [ { sleep: { exponential: 1000s } } ] } }
  right: { type: server, runtime: { threads: 10k }, operations: { page: [ { sleep: { exponential: 1000s } } ] } }
`);
  });

  it('of an instant that does not end', () => {
    const endless = `
run: { duration: 5s, warmup: 1s, seed: 11 }
network: { delay: 0ms }
clients: { a: { users: 3, think: 0s, does: page, entry: lb }, b: { arrivals: { poisson: 100/s }, does: page, entry: lb } }
components:
  lb: { type: balancer, targets: app, policy: random }
  app: { type: server, instances: 2, operations: { page: [ { cpu: 0ms } ] } }
`;
    const error = errorOf(endless, false);
    expect(error).toContain('time stands still at 0 s: 5000000 events in one instant');
    expect(error).toBe(errorOf(endless, true));
  });

  it('of a store that has outgrown the memory that both share', () => {
    const elsewhere = vi.spyOn(Memory.prototype, 'ints').mockImplementation((length) => new Int32Array(length));
    expectSame(`
run: { duration: 2s, warmup: 500ms, seed: 9 }
clients: { users: { arrivals: { poisson: 2k/s }, does: { page: 90%, post: 10% }, keys: { zipf: 0.9, of: 300 }, entry: app } }
components:
  app:
    type: server
    instances: 4
    operations: { page: [ { get: cache, miss: [ { read: db }, { set: cache } ] } ], post: [ { write: db } ] }
  cache: { type: cache, capacity: 100, ttl: 200ms, time: 10us }
  db: { type: database, machine: { cores: 8 }, read: { cpu: 500us }, write: { cpu: 500us } }
`);
    expect(elsewhere).toHaveBeenCalled();
    elsewhere.mockRestore();
  });
});
