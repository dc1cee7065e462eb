/** A balancer in a system: every operation passes, connections and times add up, whatever stands before or behind it. */
import { describe, expect, it } from 'vitest';
import { run, server } from './kit.ts';

const head = (more = ''): string => `
name: test
run: { duration: 20s, warmup: 1s, seed: 1 }
network: { delay: 1ms }
${more}`;

const users = (more = 'arrivals: { constant: 100/s }, timeout: 1s'): string =>
  `clients: { users: { does: ask, entry: lb, ${more} } }`;

describe('a request', () => {
  it('takes two hops there and two back, and a core of the balancer', () => {
    const ran = run(`${head(users())}
components:
  lb: { type: balancer, targets: app, cpu: 500us }
  app: ${server()}`);
    expect(ran.meanMs).toBeCloseTo(4 + 1 + 0.5, 6);
    expect(ran.failed).toBe(0);
  });

  it('waits for a core when all are taken', () => {
    const ran = run(`${head(users('arrivals: { constant: 100/s, batch: 4 }, timeout: 1s'))}
components:
  lb: { type: balancer, targets: app, cpu: 1ms, machine: { cores: 2 } }
  app: ${server({ cpu: '0ms' })}`);
    // Four at once on two cores: 1, 1, 2 and 2 ms.
    expect(ran.meanMs).toBeCloseTo(4 + 1.5, 6);
  });

  it('draws the delays of its hops independently', () => {
    const ran =
      run(`${head(users('arrivals: { constant: 500/s }')).replace('delay: 1ms', 'delay: { exponential: 1ms }')}
components:
  lb: { type: balancer, targets: app }
  app: ${server({ cpu: '0ms' })}`);
    const { latency } = ran.kernel.outcomes.operations[0];
    // The sum of four independent exponentials has its 99th percentile at 10.05 ms, that of two doubled at 13.3.
    expect(ran.meanMs).toBeCloseTo(4, 0.5);
    expect(latency.quantile(0.99) / 1e6).toBeGreaterThan(9.3);
    expect(latency.quantile(0.99) / 1e6).toBeLessThan(10.9);
  });
});

describe('a choice at random', () => {
  /** Requests that have been passed on to each of ten targets. */
  const passed = (clients: string): number[] => {
    const { world } = run(`${head(`clients: {${clients} }`)}
components:
  lb: { type: balancer, targets: app, policy: random }
  app: ${server().replace('instances: 1,', 'instances: 10,')}`).kernel;
    const balancer = world.components.actor[world.components.name.indexOf('lb')] as unknown as {
      processes: { targets: { passed: Float64Array } }[];
    };
    return Array.from(balancer.processes[0].targets.passed);
  };
  const population = (name: string): string =>
    ` ${name}: { does: ask, entry: lb, arrivals: { poisson: 50/s }, timeout: none },`;

  it('depends on who asks alone: what others ask moves nobody to another target', () => {
    const [users, others, both] = ['users', 'others', 'users others'].map((names) =>
      passed(names.split(' ').map(population).join('').slice(0, -1)),
    );
    expect(Math.min(...users)).toBeGreaterThan(50);
    expect(both).toEqual(users.map((count, target) => count + others[target]));
  });
});

describe('targets', () => {
  it('are served by weight of their component', () => {
    const ran = run(`${head(users())}
components:
  lb: { type: balancer, targets: { old: 3, new: 1 }, policy: weighted }
  old: ${server()}
  new: ${server()}`);
    expect(ran.arrivals('old') / ran.arrivals('new')).toBeCloseTo(3, 2);
  });

  it('may be databases and caches: their operations pass', () => {
    const ran = run(`${head('clients: { users: { does: ask, entry: app, arrivals: { constant: 100/s } } }')}
components:
  app: { type: server, runtime: { threads: 10 }, operations: { ask: [ { set: lb }, { get: lb } ] } }
  lb: { type: balancer, targets: { red: 1, blue: 1 } }
  red: { type: cache, capacity: 1000, time: 1ms }
  blue: { type: cache, capacity: 1000, time: 1ms }`);
    expect(ran.failed).toBe(0);
    expect(ran.arrivals('red')).toBe(2000);
    expect(ran.arrivals('blue')).toBe(2000);
    // Two hops to the server and back, twice four to a cache.
    expect(ran.meanMs).toBeCloseTo(2 + 8 + 2, 6);
  });

  it('may fork, and answer before they are done', () => {
    const ran = run(`${head(users())}
components:
  lb: { type: balancer, targets: app, retries: 1 }
  app:
    type: server
    instances: 3
    runtime: { threads: 10 }
    operations:
      ask:
        - parallel: [ [ { cpu: 1ms } ], [ { call: store } ] ]
        - respond: early
        - cpu: 3ms
  store: ${server({ instances: 2 })}`);
    expect(ran.failed).toBe(0);
    expect(ran.meanMs).toBeCloseTo(4 + 3, 6);
  });

  it('may be balancers themselves', () => {
    const ran = run(`${head(users())}
components:
  lb: { type: balancer, targets: zone, instances: 2 }
  zone: { type: balancer, targets: app, instances: 3, policy: least-connections }
  app: ${server({ instances: 5 })}`);
    expect(ran.failed).toBe(0);
    expect(ran.meanMs).toBeCloseTo(6 + 1, 6);
    expect(ran.figures('lb').imbalance).toBeCloseTo(1, 2);
  });
});

describe('connections', () => {
  it.each(['', ', on: app'])('beyond the limit are refused%s', (on) => {
    const ran = run(`${head(users('arrivals: { constant: 100/s }, timeout: 5s'))}
components:
  lb: { type: balancer, targets: app, connections: 10${on} }
  app: ${server({ cpu: '0ms' }).replace('[ { cpu: 0ms } ]', '[ { sleep: 996ms } ]')}`);
    // Every request holds a connection for about a second: ten at a time, a tenth of a hundred a second.
    expect(ran.completed).toBeGreaterThan(180);
    expect(ran.completed).toBeLessThan(205);
  });
});

describe('sticky users', () => {
  const system = (
    sticky: string,
    faults = '{}',
    think = '100ms',
  ): string => `${head(users(`users: 50, think: ${think}, timeout: 1s`))}
components:
  lb: { type: balancer, targets: app, policy: random, ${sticky} }
  app: { type: server, instances: 5, runtime: { threads: 10 }, sessions: { store: memory, size: 1KiB }, operations: { ask: [ { cpu: 1ms } ] } }
faults: ${faults}`;

  it('stay where they were first served', () => {
    // A session is lost whenever a user who has one meets an instance that does not know it.
    expect(run(system('sticky: true')).figures('app').sessionsLost).toBe(0);
    expect(run(system('sticky: true')).figures('lb').usersMoved).toBe(0);
    expect(run(system('sticky: false')).figures('app').sessionsLost).toBeGreaterThan(20);
  });

  it('are free again when they were idle for long', () => {
    expect(run(system('sticky: { for: 1s }', '{}', '500ms')).figures('lb').usersMoved).toBe(0);
    expect(run(system('sticky: { for: 1s }', '{}', '1200ms')).figures('app').sessionsLost).toBeGreaterThan(20);
  });

  it('of a target that is out move, and move once', () => {
    const health = 'health: { active: { interval: 1s, timeout: 500ms, unhealthy: 2, healthy: 2 } }';
    const ran = run(system(`sticky: true, ${health}`, '{ x: { crash: app#1, how: kill, at: 5s } }'));
    const { usersMoved } = ran.figures('lb');
    expect(usersMoved).toBeGreaterThan(2);
    expect(usersMoved).toBeLessThan(20);
    expect(ran.figures('app').sessionsLost).toBe(usersMoved);
  });
});

describe('whatever dies, the books balance', () => {
  // `run` checks every law at the end: requests, spans, Little, connections, requests outstanding per target.
  const faults = [
    '{ crash: app#2, how: kill, every: 2s, repair: 1s }',
    '{ crash: app, how: power, every: 3s, repair: 1s }',
    '{ crash: app#1, how: pause, every: 2s, repair: 500ms }',
    '{ crash: lb, how: kill, every: 2s, repair: 1s }',
    '{ crash: lb#1, how: power, every: 2s, repair: 1s }',
    '{ crash: lb, how: pause, every: 2s, repair: 500ms }',
    '{ crash: front, how: kill, every: 2s, repair: 1s }',
    '{ crash: front, how: power, every: 4s, repair: 1s }',
    '{ partition: [ [lb], [app#1, app#2] ], at: 5s, for: 5s }',
    '{ partition: [ [front], [lb#1] ], at: 5s, for: 5s }',
    '{ lose: lb -> app, probability: 20%, at: 2s, for: 10s }',
  ];
  const pairs = [
    ...faults.map((f) => [f, '{ crash: lb#2, how: kill, at: 9s, for: 1s }']),
    [faults[0], faults[6]],
    [faults[3], faults[8]],
  ];

  it.each(pairs)('%s and %s', (one, other) => {
    const ran =
      run(`${head('clients: { users: { does: ask, entry: front, users: 40, think: 50ms, timeout: 300ms, retry: { attempts: 2 }, cancel: true } }')}
components:
  front: { type: balancer, targets: lb, instances: 2, retries: 1, connections: 60 }
  lb:
    type: balancer
    targets: app
    instances: 2
    cpu: 100us
    policy: least-connections
    retries: 2
    slow-start: 2s
    sticky: true
    health: { active: { interval: 500ms, timeout: 100ms }, passive: { failures: 3, within: 1s, eject: 2s } }
  app: ${server({ instances: 4, threads: 3, cpu: '8ms' })}
faults: { one: ${one}, other: ${other} }`);
    expect(ran.completed).toBeGreaterThan(500);
  });
});
