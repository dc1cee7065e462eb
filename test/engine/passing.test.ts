/** Requests that pass a balancer ahead of time (core/passing.ts), against TypeScript alone. */
import { describe, expect, it } from 'vitest';
import { expectSame, workOf } from './both-engines.ts';

/** Through a CDN that stores nothing of it, and two balancers. */
const scenario = ({ outer = '', inner = 'policy: random', timeout = 'none', links = '', more = '' } = {}): string => `
run: { duration: 300ms, warmup: 50ms, seed: 11 }
network: { delay: 0.5ms }
links: { edge -> outer: { delay: 4ms }${links} }
clients:
  users: { users: 200, think: { exponential: 10ms }, does: page, timeout: ${timeout}, entry: edge }
  others: { arrivals: { poisson: 2k/s }, does: page, timeout: 40ms, entry: outer }
components:
  edge: { type: cdn, instances: 2, origin: outer, cached: [ picture ], ttl: 10m, cpu: 20us, machine: { cores: 2 } }
  outer: { type: balancer, targets: inner, policy: random${outer} }
  inner: { type: balancer, instances: 2, targets: app, ${inner} }
  app:
    type: server
    instances: 6
    machine: { cores: 2 }
    operations:
      page: [ { cpu: { exponential: 0.5ms } } ]
      picture: [ { cpu: 0.5ms } ]
${more}`;

describe('a request that passes balancers which choose at random', () => {
  it('comes to a target by one event, and passing each is one all the same', () => {
    const [core, plain] = [workOf(scenario(), false), workOf(scenario(), true)];
    const [asked] = [workOf(scenario({ inner: 'policy: round-robin' }), false)];
    expect(core.events).toBe(plain.events);
    expect(core.rows).toBeLessThan(asked.rows * 0.9);
    expectSame(scenario());
  });

  it('is counted at a checkpoint only if it has passed by then, however short the time between two', () => {
    expectSame(scenario().replace('duration: 300ms', 'duration: 100ms'));
    expectSame(scenario().replace('duration: 300ms', 'duration: 3s'));
  });

  it.each(['4ms', '9.5ms', '10.5ms', '20ms'])('comes to the same where its user gives up after %s', (timeout) => {
    const text = scenario({ timeout: `${timeout}, retry: { attempts: 2 }` });
    expectSame(text);
    // Checkpoints are further from each other than the balancer is away.
    expectSame(text.replace('duration: 300ms', 'duration: 2s').replace('users: 200', 'users: 50'));
  });

  it.each([
    ', health: { active: { interval: 20ms, timeout: 1ms } }',
    ', health: { passive: { failures: 1 } }',
    ', connections: 20',
    ', sticky: true',
    ', retries: 2',
    ', slow-start: 100ms',
    ', cpu: 10us',
  ])('and where a balancer has more to do or to know%s', (more) => {
    expectSame(scenario({ outer: more }));
    expectSame(scenario({ inner: `policy: random${more}` }));
  });

  it.each(['least-connections', 'two-random', 'round-robin', 'key-hash'])('and where one goes by %s', (policy) => {
    expectSame(scenario({ inner: `policy: ${policy}` }));
  });

  it('and where a hop takes no time, or a time that is drawn', () => {
    expectSame(scenario({ links: ', outer -> inner: { delay: 0ms }' }));
    expectSame(scenario({ links: ', inner -> app: { delay: 0ms }' }));
    expectSame(scenario({ links: ', outer -> inner: { delay: { exponential: 0.2ms } }' }));
  });

  it('and where targets fail', () => {
    expectSame(scenario({ more: "faults: { it dies: { crash: 'app#2', at: 100ms, for: 50ms } }\n" }));
  });
});
