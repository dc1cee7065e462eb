/** Points of presence: what they hold, how they ask their origin again, and what is lost with one of them. */
import { describe, expect, test } from 'vitest';
import { arrivals, figures, problemsOf, run } from './kit.ts';

interface Delivery {
  edge?: string;
  web?: string;
  clients?: string;
  run?: string;
  more?: string;
  components?: string;
}

/** Pages from an origin 10 ms away that takes 20 ms to make one. */
const system = ({ edge = '', web = '', clients = '', run: r = '', more = '', components = '' }: Delivery): string => `
name: Delivery
run: { duration: 60s, warmup: 10s${r} }
network: { delay: 1ms }
links: { edge -> web: { delay: 9ms } }
clients:
  c: { arrivals: { poisson: 200/s }, does: page, keys: { uniform: 10 }, entry: edge, timeout: 2s${clients} }
components:
  edge: { type: cdn, origin: web, cached: [page], ttl: 10s${edge} }
  web:
    type: server
    runtime: { threads: 10k }
    operations:
      page: [ { sleep: 20ms } ]
      buy: [ { sleep: 5ms } ]
      check: [ { sleep: 1ms } ]
${web}${components}
${more}`;

describe('copies', () => {
  // λT ÷ (1 + λ(T + D)): a hit ratio with a fetch of D, in which those who come miss, too (with collapsing they wait).
  test.each([
    [10, 3, 2],
    [50, 1, 7],
    [5, 7, 4],
  ])('hit ratio at %d/s, a TTL of %d s and %d keys', (rate, ttl, keys) => {
    const text = system({ edge: ', coalesce: true', run: ', seed: 5' })
      .replace('poisson: 200/s', `poisson: ${rate}/s`)
      .replace('ttl: 10s', `ttl: ${ttl}s`)
      .replace('uniform: 10', `uniform: ${keys}`)
      .replace('duration: 60s', 'duration: 2000s');
    const lambda = rate / keys;
    const fetch = 0.038;
    const expected = (lambda * ttl) / (1 + lambda * (ttl + fetch));
    expect(figures(run(text), 'edge').hitRatio).toBeCloseTo(expected, 2);
  });

  test('hits take the way to the point of presence, misses that to the origin', () => {
    const stage = run(system({}));
    expect(stage.latencyMs.p50).toBeCloseTo(2, 1);
    expect(stage.latencyMs.max).toBeCloseTo(2 + 18 + 20, 0);
    expect(figures(stage, 'edge').bytesServed / 65536 / stage.requests.completed).toBeCloseTo(1, 3);
  });

  test('every point of presence fetches for itself, or once for all behind a shield', () => {
    const three = run(system({ edge: ', instances: 3' }));
    expect(figures(three, 'edge').originRequests).toBeGreaterThan(150);
    const shield = '  shield: { type: cdn, origin: web, cached: [page], ttl: 10s }\n';
    const behind = run(system({ edge: ', instances: 3, shield: shield', components: shield }));
    expect(figures(behind, 'edge').originRequests).toBe(0);
    expect(figures(behind, 'shield').originRequests).toBeLessThan(80);
    expect(arrivals(behind, 'web')).toBe(figures(behind, 'shield').originRequests);
  });

  test('a full one evicts, and never holds more than its capacity', () => {
    const stage = run(system({ edge: ', capacity: 320KiB' }));
    expect(figures(stage, 'edge').items).toBe(5);
    expect(figures(stage, 'edge').evictions).toBeGreaterThan(1000);
    // Five of ten equally popular keys.
    expect(figures(stage, 'edge').hitRatio).toBeCloseTo(0.47, 1);
  });

  test('what is dynamic is passed on', () => {
    const stage = run(system({ clients: '' }).replace('does: page', 'does: { page: 50%, buy: 50% }'));
    const { requests, hits, misses, passes, hitRatio } = figures(stage, 'edge');
    expect(hits + misses + passes).toBe(requests);
    expect(passes / requests).toBeCloseTo(0.5, 1);
    expect(hitRatio).toBeGreaterThan(0.9);
  });
});

describe('what requests carry', () => {
  test('an encoded request is for the same content, and a new connection is opened on the way to it', () => {
    const encoded = run(
      system({ clients: ', response: { page: 20KiB }, encoding: protobuf' }).replace(
        'delay: 1ms }',
        'delay: 1ms, connection: { tls: true, cpu: 1ms } }',
      ),
    );
    expect(figures(encoded, 'edge').hitRatio).toBeGreaterThan(0.9);
    // Each arrival is a new user: two round trips before its request.
    expect(encoded.latencyMs.p50).toBeGreaterThan(5.9);
  });
});

describe('asking again', () => {
  test('of those who come while a page is fetched one asks, and the others have it when it is there', () => {
    const alone = run(system({}));
    const crowd = run(system({ edge: ', coalesce: false' }));
    expect(figures(alone, 'edge').originRequests).toBeLessThanOrEqual(10 * 7);
    // λD more of them: 20 a second for each key, 38 ms.
    expect(figures(crowd, 'edge').originRequests / figures(alone, 'edge').originRequests).toBeCloseTo(
      1 + 20 * 0.038,
      0.6,
    );
    expect(figures(alone, 'edge').coalesced).toBeGreaterThan(20);
  });

  test('who has waited too long fetches for itself', () => {
    const stage = run(system({ edge: ', coalesce: { wait: 10ms }' }));
    expect(figures(stage, 'edge').originRequests).toBeGreaterThan(80);
    expect(stage.latencyMs.max).toBeLessThan(2 + 10 + 38 + 1);
  });

  test('a copy that has not changed costs a round trip and no bytes', () => {
    const full = run(system({}));
    const conditional = run(system({ edge: ', revalidate: { operation: check }' }));
    const { originRequests, notModified, bytesFetched } = figures(conditional, 'edge');
    expect(notModified).toBe(originRequests);
    expect(bytesFetched).toBe(notModified * 300);
    expect(figures(full, 'edge').bytesFetched).toBe(figures(full, 'edge').originRequests * 65536);
    expect(conditional.latencyMs.max).toBeCloseTo(2 + 18 + 1, 0);
  });

  test('a copy that has changed is fetched whole', () => {
    const db = '  db: { type: database, write: { cpu: 0.1ms }, read: { cpu: 0.1ms } }\n';
    const text = system({ edge: ', revalidate: { operation: check }', components: db })
      .replace('does: page', 'does: { page: 90%, buy: 10% }')
      .replace('page: [ { sleep: 20ms } ]', 'page: [ { sleep: 20ms }, { read: db } ]')
      .replace('check: [ { sleep: 1ms } ]', 'check: [ { sleep: 1ms }, { read: db } ]')
      .replace('buy: [ { sleep: 5ms } ]', 'buy: [ { write: db } ]');
    const { notModified, originRequests, passes, staleHits, misses, coalesced } = figures(run(text), 'edge');
    // Each key is written twice a second, so a copy of ten seconds has always changed: asked, then fetched.
    expect(notModified).toBe(0);
    expect(originRequests - passes).toBe(2 * (misses - coalesced));
    expect(staleHits).toBeGreaterThan(1000);
  });

  test('who is served a stale copy does not wait while it is fetched', () => {
    const stage = run(system({ edge: ', stale-while-revalidate: 10s' }));
    expect(figures(stage, 'edge').hitRatio).toBe(1);
    expect(stage.latencyMs.max).toBeCloseTo(2, 1);
    expect(figures(stage, 'edge').originRequests).toBeGreaterThan(50);
  });
});

describe('purges', () => {
  const db = '  db: { type: database, write: { cpu: 0.1ms }, read: { cpu: 0.1ms } }\n';
  const written = (edge: string): string =>
    system({ edge, components: db })
      .replace('does: page', 'does: { page: 98%, buy: 2% }')
      .replace('page: [ { sleep: 20ms } ]', 'page: [ { sleep: 20ms }, { read: db } ]')
      .replace('buy: [ { sleep: 5ms } ]', 'buy: [ { write: db }, { delete: edge } ]');

  test('whoever writes, purges: copies are stale for as long as word takes', () => {
    const kept = run(written('').replace(', { delete: edge }', ''));
    const near = run(written(''));
    const far = run(written(', instances: 2, purge-delay: 1s'));
    expect(figures(kept, 'edge').staleHits).toBeGreaterThan(3000);
    expect(figures(near, 'edge').staleHits).toBeLessThan(80);
    expect(figures(far, 'edge').staleHits).toBeGreaterThan(100);
    expect(figures(far, 'edge').staleHits).toBeLessThan(3000);
    expect(figures(near, 'edge').purges).toBe(figures(near, 'edge').passes);
  });

  test('what was under way when its key was purged is not kept', () => {
    // The page is made of what was read 20 ms before: without care each write in between would be hidden for ten seconds.
    const text = written('').replace('{ sleep: 20ms }, { read: db }', '{ read: db }, { sleep: 20ms }');
    const { staleHits, hits } = figures(run(text.replace('poisson: 200/s', 'poisson: 1k/s')), 'edge');
    // Two writes a second of each key, whose purge takes 10 ms.
    expect(staleHits / hits).toBeCloseTo(0.02, 2);
  });

  test('everything at once', () => {
    const stage = run(
      system({ edge: ', ttl: 1d, purges: { release: { at: 30s } }'.replace(', ttl: 1d', '') }).replace(
        'ttl: 10s',
        'ttl: 1d',
      ),
    );
    expect(figures(stage, 'edge').originRequests).toBe(10);
  });
});

describe('when something dies', () => {
  test('the origin is gone: expired copies are better than none', () => {
    const dead = 'faults: { f: { crash: web, at: 5s } }';
    const without = run(system({ more: dead }));
    expect(without.availability).toBeLessThan(0.4);
    const served = run(system({ edge: ', stale-if-error: 1h', more: dead }));
    expect(served.availability).toBe(1);
    expect(figures(served, 'edge').expiredServed).toBeGreaterThan(5000);
  });

  test('a shield that is gone is passed by', () => {
    const shield = '  shield: { type: cdn, origin: web, cached: [page], ttl: 10s }\n';
    const more = 'faults: { f: { crash: shield, at: 5s } }';
    const stage = run(system({ edge: ', shield: shield', components: shield, more }));
    expect(stage.availability).toBe(1);
    expect(figures(stage, 'edge').originRequests).toBeGreaterThan(40);
  });

  const world = `
regions:
  eu: {}
  us: { latency: { eu: 40ms } }
  asia: { latency: { eu: 90ms, us: 60ms } }
`;
  const apart = (more: string): string =>
    system({ edge: ', instances: 3, in: [eu, us, asia], withdraw: 6s', clients: ', in: asia', more: world + more });

  test('users reach the nearest; when it is gone the next, after the hold time', () => {
    const stage = run(apart('faults: { f: { crash: edge#3, how: power, at: 20s, for: 20s } }'));
    const [fault] = stage.failovers;
    expect(fault.detectedAfterSeconds).toBeGreaterThan(4);
    expect(fault.detectedAfterSeconds).toBeLessThanOrEqual(6);
    const failing = stage.series.filter(({ errorsPerSecond }) => errorsPerSecond > 0).map(({ atSeconds }) => atSeconds);
    // A user waits two seconds before giving up.
    expect(failing[0]).toBe(22);
    expect(failing.at(-1)).toBeLessThanOrEqual(28);
    const at = (second: number) => stage.series.find(({ atSeconds }) => atSeconds === second)!.p50Ms;
    expect(at(15)).toBeCloseTo(2, 0);
    // America is 60 ms away.
    expect(at(35)).toBeCloseTo(120, -1);
    expect(at(50)).toBeCloseTo(2, 0);
  });
});

describe('what is refused', () => {
  test('operations that the origin has not got, an origin that cannot be one, users without keys', () => {
    expect(problemsOf(system({}).replace('cached: [page]', 'cached: [pages]'))).toContain(
      '`web` has no operation `pages`',
    );
    expect(problemsOf(system({ edge: ', revalidate: { operation: head }' }))).toContain(
      '`web` has no operation `head`',
    );
    expect(problemsOf(system({}).replace(', keys: { uniform: 10 }', ''))).toContain(
      '`c` has no keys, so each of its requests is for something else and nothing is ever hit',
    );
    expect(problemsOf(system({ edge: ', policy: fifo' }))).toContain('`policy` has no effect without a `capacity`');
    expect(problemsOf(system({ edge: ', capacity: 1KiB' }))).toContain('the capacity holds not one answer');
  });
});
