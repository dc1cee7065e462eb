/** Names: lookups, what is remembered for how long, who is given which address, and what a dead name server costs. */
import { describe, expect, test } from 'vitest';
import { arrivals, figures, problemsOf, run } from './kit.ts';

interface Name {
  own?: string;
  clients?: string;
  more?: string;
  run?: string;
  servers?: string;
}

/** Users who look up `www`, the name of `a` and `b`; everything is 5 ms apart. */
const system = ({ own = '', clients = '', more = '', run: r = '', servers = '' }: Name): string => `
name: Names
run: { duration: 60s, warmup: 10s${r} }
network: { delay: 5ms }
clients:
  c: { users: 100, think: { exponential: 1s }, does: op, entry: www, timeout: 500ms${clients} }
components:
  www: { type: dns, targets: { a: 1, b: 1 }${servers}${own} }
  a: { type: server, operations: { op: [ { sleep: 0s } ] } }
  b: { type: server, operations: { op: [ { sleep: 0s } ] } }
${more}`;

describe('what is remembered', () => {
  test('requests go straight to the address: one round trip, and one more for who looks up', () => {
    const remembered = run(system({ own: ', ttl: 1d' }));
    expect(remembered.latencyMs.max).toBeCloseTo(10, 1);
    expect(figures(remembered, 'www').hitRatio).toBe(1);
    const looked = run(system({ own: ', ttl: 0s' }));
    expect(looked.latencyMs.p50).toBeGreaterThan(19.8);
    expect(looked.latencyMs.max).toBeCloseTo(20, 1);
    expect(figures(looked, 'www').hitRatio).toBe(0);
    expect(Math.abs(figures(looked, 'www').lookups - looked.requests.offered)).toBeLessThan(5);
  });

  // A user's requests after the first within a time to live T: renewal with a mean of λT hits for each miss, where λ
  // is the rate at which one user asks (Jung, Berger, Balakrishnan, INFOCOM 2003).
  test.each([2, 10, 30])('the hit ratio of a TTL of %d s is λT ÷ (1 + λT)', (ttl) => {
    const stage = run(system({ own: `, ttl: ${ttl}s` }));
    const rate = 1 / 1.01;
    expect(figures(stage, 'www').hitRatio).toBeCloseTo((rate * ttl) / (1 + rate * ttl), 1.7);
  });

  test('a resolver that all share is asked once, however many wait', () => {
    const text = system({ own: ', ttl: 2s, resolvers: 1, cpu: 1ms', clients: '' });
    const stage = run(text);
    // About once in each time to live and the gap to the next request.
    expect(figures(stage, 'www').lookups).toBeGreaterThan(26);
    expect(figures(stage, 'www').lookups).toBeLessThanOrEqual(31);
  });

  test('what a caller got first is not new: caches do not expire in step', () => {
    const stage = run(system({ own: ', ttl: 40s', run: ', seed: 3' }));
    // In step, all hundred would ask twice within the window, or once, in one second of it.
    const { lookups } = figures(stage, 'www');
    expect(lookups).toBeGreaterThan(110);
    expect(lookups).toBeLessThan(190);
  });
});

describe('which address', () => {
  test('weights', () => {
    const stage = run(system({ own: ', ttl: 0s' }).replace('{ a: 1, b: 1 }', '{ a: 3, b: 1 }'));
    expect(arrivals(stage, 'a') / arrivals(stage, 'b')).toBeCloseTo(3, 1);
  });

  /** `a` is preferred and away from 10 s until 20 s; nobody remembers an answer. */
  const preferring = (failback: string): string =>
    system({
      own: `, ttl: 0s, policy: { failover: [ a, b ] }, health: { interval: 1s, timeout: 500ms, unhealthy: 2, healthy: 2 }${failback}`,
      more: 'faults: { f: { crash: a, at: 10s, for: 10s } }',
    });
  const redirected = (failback: string): { after: number; to: string }[] =>
    run(preferring(failback)).failovers[0].timeline.flatMap(({ atSeconds, what }) => {
      const to = /gives out (\w+) from now on/.exec(what);
      return to === null ? [] : [{ after: atSeconds - 10, to: to[1] }];
    });

  test('failover: back to the preferred one as soon as it is healthy, after a while, or never', () => {
    const [there, back] = redirected('');
    expect(there).toMatchObject({ to: 'b' });
    expect(there.after).toBeLessThan(3);
    expect(back).toMatchObject({ to: 'a' });
    // Two good probes after the restart.
    expect(back.after).toBeGreaterThan(11);
    expect(back.after).toBeLessThan(13);
    const [, later] = redirected(', failback: { after: 15s }');
    expect(later).toMatchObject({ to: 'a' });
    expect(later.after - back.after).toBeCloseTo(15, 0);
    expect(redirected(', failback: manual')).toHaveLength(1);
  });

  test('failback where it would change nothing is an error', () => {
    expect(problemsOf(system({ own: ', failback: manual, health: {}' }))).toEqual([
      '`failback` has no effect with the policy round-robin',
    ]);
    expect(problemsOf(system({ own: ', failback: manual, policy: { failover: [ a, b ] }' }))).toEqual([
      '`failback` has no effect without health checks',
    ]);
  });

  const regions = `
regions:
  eu: { zones: [x, y] }
  us: { latency: { eu: 40ms } }
  asia: { latency: { eu: 90ms, us: 60ms } }
`;
  const spread = (policy: string, place: string): string =>
    system({ own: `, policy: ${policy}`, clients: `, in: ${place}`, more: regions })
      .replace('a: { type: server,', 'a: { type: server, in: eu, ')
      .replace('b: { type: server,', 'b: { type: server, in: us, ');
  const share = (policy: string, place: string): number => {
    const stage = run(spread(policy, place));
    return arrivals(stage, 'a') / (arrivals(stage, 'a') + arrivals(stage, 'b'));
  };

  test('latency: the nearest by the matrix', () => {
    expect(share('latency', 'eu')).toBe(1);
    expect(share('latency', 'us')).toBe(0);
    expect(share('latency', 'asia')).toBe(0);
  });

  test('geo: the own region, or what is named for it; others get any', () => {
    expect(share('geo', 'us')).toBe(0);
    expect(share('{ geo: { asia: a } }', 'asia')).toBe(1);
    expect(share('{ geo: { eu: b } }', 'eu')).toBe(0);
    expect(share('geo', 'asia')).toBeCloseTo(0.5, 1);
  });

  test('failover: the first as long as it is well', () => {
    const stage = run(system({ own: ', policy: { failover: [b, a] }' }));
    expect(arrivals(stage, 'a')).toBe(0);
  });
});

describe('when something dies', () => {
  const health = ', health: { interval: 1s, timeout: 500ms, unhealthy: 3, healthy: 2 }';
  const dies = (what: string, how: string, rest = ''): string =>
    `faults: { f: { crash: ${what}, how: ${how}, at: 10s${rest} } }`;

  test('nobody leaves a dead address before the answer expires; the last leave a TTL after the detection', () => {
    const stage = run(system({ own: `, ttl: 20s, policy: { failover: [a, b] }${health}`, more: dies('a', 'kill') }));
    const found = stage.failovers[0].detectedAfterSeconds!;
    // Three probes, the first up to one interval after the crash; a refusal takes one round trip.
    expect(found).toBeGreaterThan(2);
    expect(found).toBeLessThan(3.1);
    const failing = stage.series.filter(({ errorsPerSecond }) => errorsPerSecond > 0).map(({ atSeconds }) => atSeconds);
    expect(failing[0]).toBe(10);
    expect(failing.at(-1)!).toBeGreaterThan(10 + found + 17);
    expect(failing.at(-1)!).toBeLessThanOrEqual(10 + found + 20);
    // Leaving evenly over the time to live after the detection: all until then, half of them on average afterwards.
    const rate = stage.offeredPerSecond;
    expect(stage.requests.rejected / (rate * (found + 10))).toBeCloseTo(1, 0.8);
  });

  test('those who ignore the TTL never leave', () => {
    const stage = run(
      system({ own: `, ttl: 1s, policy: { failover: [a, b] }, ignore-ttl: 25%${health}`, more: dies('a', 'kill') }),
    );
    const late = stage.series.filter(({ atSeconds }) => atSeconds >= 40);
    const failed = late.reduce((sum, { errorsPerSecond }) => sum + errorsPerSecond, 0);
    const offered = late.reduce((sum, { offeredPerSecond }) => sum + offeredPerSecond, 0);
    expect(failed / offered).toBeGreaterThan(0.1);
    expect(failed / offered).toBeLessThan(0.4);
  });

  test('without name servers lookups fail after all tries, and then at once for as long as that is remembered', () => {
    const silent = dies('www', 'power', ', for: 30s');
    const tries = run(system({ own: ', ttl: 0s, timeout: 100ms, attempts: 3', more: silent }));
    expect(tries.requests.failed).toBeGreaterThan(1000);
    expect(tries.latencyAllMs.max).toBeCloseTo(300, 0);
    const negative = run(system({ own: ', ttl: 0s, timeout: 100ms, attempts: 3, negative-ttl: 10s', more: silent }));
    expect(figures(negative, 'www').failedLookups).toBeLessThan(500);
    expect(negative.requests.failed).toBeGreaterThan(2000);
  });

  test('the other name server is asked after a timeout', () => {
    const stage = run(
      system({ servers: ', instances: 2', own: ', ttl: 0s, timeout: 100ms', more: dies('www#1', 'power') }),
    );
    expect(stage.availability).toBe(1);
    expect(stage.latencyMs.max).toBeCloseTo(120, 0);
  });

  test('an old answer is used when nobody speaks', () => {
    const own = ', ttl: 5s, timeout: 100ms, attempts: 1, serve-stale: 1h';
    const stage = run(system({ own, more: dies('www', 'power') }));
    expect(stage.availability).toBe(1);
    expect(figures(stage, 'www').failedLookups).toBeGreaterThan(100);
  });

  test('a server that calls by name remembers for all its users, each instance for itself', () => {
    const text = `
name: Names
run: { duration: 60s, warmup: 10s }
network: { delay: 1ms }
clients: { c: { arrivals: { poisson: 200/s }, does: op, entry: app } }
components:
  app: { type: server, instances: 3, operations: { op: [ { call: www, op: leaf } ] } }
  www: { type: dns, targets: leaf, ttl: 10s }
  leaf: { type: server, instances: 2, operations: { leaf: [ { sleep: 0s } ] } }
`;
    const stage = run(text);
    expect(stage.availability).toBe(1);
    expect(figures(stage, 'www').lookups).toBeLessThanOrEqual(3 * 7);
    expect(figures(stage, 'www').lookups).toBeGreaterThanOrEqual(3 * 5);
    // But for those under way at either end.
    expect(Math.abs(arrivals(stage, 'leaf') - arrivals(stage, 'app'))).toBeLessThan(10);
  });
});

test('a link from users to what is behind the name has an effect, and is what their requests take', () => {
  const text = system({ own: ', ttl: 1d, policy: { failover: [a, b] }', more: 'links: { c -> a: { delay: 30ms } }' });
  expect(problemsOf(text)).toEqual([]);
  expect(run(text).latencyMs.p50).toBeCloseTo(60, 0);
});

describe('what is refused', () => {
  test('names behind names, unknown targets of a policy, weights that mean nothing', () => {
    const second = system({}).replace('components:', 'components:\n  vip: { type: dns, targets: www }');
    expect(problemsOf(second.replace('entry: www', 'entry: vip'))).toContain('`www` is a name, too');
    expect(problemsOf(system({ own: ', policy: { failover: [a, c] }' }))).toContain('`c` is none of the targets');
    expect(problemsOf(system({ own: ', policy: random' }).replace('a: 1, b: 1', 'a: 2, b: 1'))).toContain(
      'weights have no effect with the policy random',
    );
    expect(problemsOf(system({ own: ', policy: latency' }))).toContain(
      'without regions the policy latency has no effect',
    );
  });
});
