/** Caches in whole systems: hit ratios, stampedes, leases, crashes, sessions, staleness. */
import { describe, expect, it } from 'vitest';
import { simulate } from '../../../../sim/index.ts';
import type { StageResult } from '../../../../sim/result.ts';

interface System {
  cache: string;
  /** Requests per second, Poisson. */
  rate?: number;
  duration: string;
  warmup?: string;
  keys?: string;
  /** Steps after a miss, and options of the `get`. */
  miss?: string;
  get?: string;
  more?: string;
}

/** One server in front of a cache; nothing takes time but what is said. */
function run({
  cache,
  rate = 100,
  duration,
  warmup = '10s',
  keys = 'uniform: 1',
  miss = '',
  get = '',
  more = '',
}: System): StageResult {
  return simulate(`
name: cache
run: { duration: ${duration}, warmup: ${warmup}, seed: 1 }
network: { delay: 0s }
clients:
  readers: { arrivals: { poisson: ${rate}/s }, does: read, keys: { ${keys} }, entry: app, timeout: 20s }
components:
  app:
    type: server
    runtime: { threads: 10000 }
    machine: { cores: 10000 }
    operations:
      read: [ { get: cache, ${get} miss: [ ${miss} { set: cache } ] } ]
  cache: { type: cache, time: 0s, ${cache} }
${more}`).stages[0];
}

const extra = (stage: StageResult, name = 'cache'): Record<string, number> =>
  stage.components.find((c) => c.name === name)!.extra;

describe('hit ratio', () => {
  // Jung et al. (2003), Fofack et al. (2012): fixed lT ÷ (1 + lT), sliding 1 - exp(-lT).
  it.each([
    ['fixed', '', 0.83333],
    ['sliding', 'sliding: true, ', 0.99326],
  ])('of one key with a %s time to live', (_, sliding, expected) => {
    const { hitRatio } = extra(run({ cache: `capacity: 10, ttl: 5s, ${sliding}`, rate: 1, duration: '10000s' }));
    expect(Math.abs(hitRatio - expected)).toBeLessThan(0.01);
  });

  // Che, Tung, Wang (2002).
  it('of an LRU cache under Zipf popularity', () => {
    const { hitRatio, items } = extra(
      run({ cache: 'capacity: 1000', keys: 'zipf: 0.8, of: 10k', rate: 1000, duration: '20s', warmup: '10s' }),
    );
    expect(Math.abs(hitRatio - 0.4367)).toBeLessThan(0.01);
    expect(items).toBe(1000);
  });

  it('is what was assumed, where it was', () => {
    const figures = extra(run({ cache: 'hits: 80%', rate: 1000, duration: '30s' }));
    expect(Math.abs(figures.hitRatio - 0.8)).toBeLessThan(0.01);
    expect(figures.assumed).toBe(1);
  });

  it('of a random key counts the key that was looked up as filled', () => {
    const yaml = { cache: 'capacity: 10', keys: 'uniform: 5', get: 'key: random,', duration: '20s' };
    const wrong = extra(run(yaml));
    // The set outside the get would store another key.
    expect(wrong.items).toBe(5);
    expect(wrong.misses).toBe(0);
  });
});

describe('a stampede', () => {
  const system = { rate: 100, duration: '700s', miss: '{ sleep: 500ms },' };

  it('lets everybody through who asks while the first refills', () => {
    const { hits, misses, coalesced } = extra(run({ ...system, cache: 'capacity: 10, ttl: 6s' }));
    // 51 misses while the first refills; their refills renew the entry for half a second more, so it serves 650 hits.
    expect(Math.abs(hits / (hits + misses) - 650 / 701)).toBeLessThan(0.005);
    expect(coalesced).toBe(0);
  });

  it('costs one refill when it is coalesced, and the others wait half of it on average', () => {
    const stage = run({ ...system, cache: 'capacity: 10, ttl: 6s, coalesce: true' });
    const { hits, misses, coalesced } = extra(stage);
    // A cycle is the refill and the life of the entry: 6.51 s.
    expect(Math.abs(misses - coalesced - 700 / 6.51)).toBeLessThan(2);
    expect(Math.abs(coalesced / (misses - coalesced) - 50)).toBeLessThan(4);
    const waiting = (stage.latencyMs.mean! * (hits + misses) - 500 * (misses - coalesced)) / coalesced;
    expect(Math.abs(waiting - 250)).toBeLessThan(15);
    expect(stage.hotspots[0]).toMatchObject({ component: 'cache', resource: 'lease', kind: 'waiting' });
  });
});

describe('a lease', () => {
  it('goes to the next in line when its time is over', () => {
    const stage = run({
      cache: 'capacity: 10, ttl: 1h, coalesce: { lease: 2s }',
      rate: 10,
      duration: '60s',
      warmup: '0s',
      // Nineteen of twenty who may fill fail.
      miss: '{ fail: 95% },',
    });
    const { misses, coalesced, items } = extra(stage);
    expect(items).toBe(1);
    expect(stage.requests.failed).toBe(misses - coalesced - 1);
    expect(stage.requests.failed).toBeGreaterThan(0);
    expect(stage.requests.timedOut).toBe(0);
  });

  it('shorter than the refill does not keep the cache empty', () => {
    const stage = run({
      cache: 'capacity: 10, ttl: 1h, coalesce: { lease: 1s }',
      rate: 10,
      duration: '60s',
      warmup: '0s',
      miss: '{ sleep: 3500ms },',
    });
    const { misses, coalesced } = extra(stage);
    // The first, and three who got the lease before it came back; its late value served all others.
    expect(misses - coalesced).toBe(4);
    expect(stage.latencyMs.max!).toBeLessThan(6600);
  });

  it('ends with a delete', () => {
    const stage = run({
      cache: 'capacity: 10, ttl: 1h, coalesce: { lease: 1h }',
      rate: 10,
      duration: '60s',
      warmup: '0s',
      miss: '{ call: origin, op: ask, else: [ { delete: cache }, { fail: 100% } ] },',
      more: `
  origin: { type: server, runtime: { threads: 1 }, operations: { ask: [ { sleep: 1s }, { fail: 75% } ] } }`,
    });
    expect(extra(stage).items).toBe(1);
    expect(stage.requests.timedOut).toBe(0);
    expect(stage.requests.failed).toBe(extra(stage).misses - extra(stage).coalesced - 1);
  });

  it('is lost with the node, and who waited is reset', () => {
    const stage = run({
      cache: 'capacity: 10, ttl: 1h, coalesce: { lease: 1h }',
      rate: 10,
      duration: '60s',
      warmup: '0s',
      miss: '{ sleep: 10s },',
      more: 'faults: { dies: { crash: cache, how: kill, at: 5s, for: 1s } }',
    });
    expect(stage.requests.failed).toBeGreaterThan(30);
    expect(stage.requests.timedOut).toBe(0);
    expect(extra(stage).items).toBe(1);
  });
});

describe('a cache that dies', () => {
  const system = {
    cache: 'capacity: 100',
    keys: 'uniform: 10',
    rate: 50,
    duration: '60s',
    miss: '{ call: origin, op: ask },',
  };
  const more = `
  origin: { type: server, runtime: { threads: 100 }, operations: { ask: [ { sleep: 1ms } ] } }
faults: { dies: { crash: cache, how: kill, at: 20s, for: 20s } }`;

  it('fails those who insist on it', () => {
    const stage = run({ ...system, more });
    expect(Math.abs(stage.requests.failed + stage.requests.rejected - 1000)).toBeLessThan(150);
  });

  it('is a miss to those who go on, and is cold when it is back', () => {
    const stage = run({ ...system, get: 'on-error: continue,', miss: '{ call: origin, op: ask },', more });
    // The set after it fails as well: only the get was told to go on.
    expect(stage.requests.failed).toBeGreaterThan(800);
    const origin = stage.components.find((c) => c.name === 'origin')!;
    // Asked for every request during the outage, and for ten cold keys after it.
    expect(Math.abs(origin.completed - 1000)).toBeLessThan(150);
    expect(extra(stage).misses).toBe(10);
  });

  it('takes its share of the keys with it, and no more', () => {
    const stage = run({
      ...system,
      cache: 'capacity: 1000, nodes: 4',
      keys: 'uniform: 500',
      more: more.replace('crash: cache', 'crash: cache#2').replace('for: 20s', 'for: 1h'),
    });
    const failed = stage.requests.failed / (50 * 40);
    expect(failed).toBeGreaterThan(0.15);
    expect(failed).toBeLessThan(0.35);
  });
});

describe('memory', () => {
  it('of the machine limits what a node can hold', () => {
    const stage = run({
      cache: 'capacity: 1GiB, item: 1MiB, machine: { cores: 1, memory: 100MiB }',
      keys: 'uniform: 1M',
      rate: 50,
      duration: '20s',
    });
    expect(stage.requests.failed + stage.requests.rejected).toBeGreaterThan(0);
    expect(extra(stage).items).toBeLessThanOrEqual(100);
  });
});

describe('sessions in a cache', () => {
  it('are found again by every instance, one for each user', () => {
    const stage = simulate(`
name: sessions
run: { duration: 60s, warmup: 1s }
clients: { users: { users: 20, think: { exponential: 1s }, does: ask, entry: lb } }
components:
  lb: { type: balancer, targets: app }
  app: { type: server, instances: 4, runtime: { threads: 10 }, sessions: { store: redis }, operations: { ask: [ { cpu: 1ms } ] } }
  redis: { type: cache, capacity: 1000 }
`).stages[0];
    const { hits, misses, items } = extra(stage, 'redis');
    expect(items).toBe(20);
    expect(misses).toBeLessThanOrEqual(20);
    expect(hits + misses).toBeGreaterThan(1000);
  });
});

describe('staleness', () => {
  const withWrites = (afterWrite: string, beforeSet = '', coalesce = false): StageResult =>
    simulate(`
name: stale
run: { duration: 100s, warmup: 5s }
network: { delay: 0.5ms }
clients:
  readers: { arrivals: { poisson: 50/s }, does: read, keys: { uniform: 5 }, entry: app }
  writers: { arrivals: { poisson: 1/s }, does: change, keys: { uniform: 5 }, entry: app }
components:
  app:
    type: server
    runtime: { threads: 100 }
    operations:
      read: [ { get: cache, miss: [ { read: db }, ${beforeSet} { set: cache } ] } ]
      change: [ { write: db }, ${afterWrite} ]
  cache: { type: cache, capacity: 100, ttl: 10s, coalesce: ${coalesce} }
  db: { type: database, read: { cpu: 1ms }, write: { cpu: 1ms } }
`).stages[0];

  it('is counted where writes pass the cache by', () => {
    const { staleHits, hits } = extra(withWrites('{ cpu: 1us }'));
    // A key is written every 5 s and lives 10 s in the cache: it is stale for a good part of that.
    expect(staleHits / hits).toBeGreaterThan(0.3);
    expect(staleHits / hits).toBeLessThan(0.8);
  });

  it.each(['{ delete: cache }', '{ set: cache }'])('is over in an instant after %s', (step) => {
    const { staleHits, hits } = extra(withWrites(step));
    expect(hits).toBeGreaterThan(3000);
    expect(staleHits / hits).toBeLessThan(0.005);
  });

  // Nishtala et al. (2013): a lease taken away by the delete keeps the older value out.
  it.each([
    [false, 0.05, 1],
    [true, 0, 0.001],
  ])('by a slow filler that a delete overtakes; with leases: %s', (coalesce, least, most) => {
    const { staleHits, hits } = extra(withWrites('{ delete: cache }', '{ sleep: 500ms },', coalesce));
    expect(staleHits / hits).toBeGreaterThanOrEqual(least);
    expect(staleHits / hits).toBeLessThanOrEqual(most);
  });
});
