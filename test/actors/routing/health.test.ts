/** How a balancer learns who is up: times of detection, and what happens to requests meanwhile. */
import { describe, expect, it } from 'vitest';
import { run, server } from './kit.ts';

interface Plan {
  duration?: string;
  targets?: number;
  instances?: number;
  balancer: string;
  faults?: string;
  rate?: string;
  app?: string;
  client?: string;
  network?: string;
}

function system({
  duration = '100s',
  targets = 2,
  instances = 1,
  balancer,
  faults = '{}',
  rate = '100/s',
  app,
  client = 'timeout: 1s',
  network = '1ms',
}: Plan): string {
  return `
name: test
run: { duration: ${duration}, warmup: 1s, seed: 1 }
network: { delay: ${network} }
clients:
  users: { arrivals: { constant: ${rate} }, does: ask, entry: lb, ${client} }
components:
  lb: { type: balancer, targets: app, instances: ${instances}, ${balancer} }
  app: ${app ?? server({ instances: targets })}
faults: ${faults}
`;
}

/** AWS Application Load Balancer. */
const ALB = 'health: { active: { interval: 30s, timeout: 5s, unhealthy: 2, healthy: 5 } }';

describe('detection with the defaults of AWS ALB', () => {
  // 300 targets die at one moment: each is somewhere else in its interval.
  const delays = (how: string): number[] =>
    run(
      system({
        duration: '150s',
        targets: 300,
        rate: '1/s',
        balancer: ALB,
        faults: `{ x: { crash: app, how: ${how}, at: 70s } }`,
      }),
    )
      .story('detected')
      .map(({ at }) => at - 70);
  const mean = (of: number[]): number => of.reduce((a, b) => a + b) / of.length;

  it('takes 35 to 65 s, 50 on average, when the target is silent', () => {
    const found = delays('power');
    expect(found.length).toBe(300);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(35);
    expect(Math.min(...found)).toBeLessThan(36);
    expect(Math.max(...found)).toBeLessThan(65);
    expect(Math.max(...found)).toBeGreaterThan(64);
    expect(Math.abs(mean(found) / 50 - 1)).toBeLessThan(0.03);
  });

  it('takes 30 to 60 s, 45 on average, when its machine refuses connections', () => {
    const found = delays('kill');
    expect(found.length).toBe(300);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(30);
    expect(Math.max(...found)).toBeLessThan(60.01);
    expect(Math.abs(mean(found) / 45 - 1)).toBeLessThan(0.03);
  });
});

const QUICK = 'health: { active: { interval: 1s, timeout: 500ms, unhealthy: 2, healthy: 3 } }';

describe('active health checks', () => {
  it('take a target out and bring it back, and say so', () => {
    const ran = run(system({ balancer: QUICK, faults: '{ x: { crash: app#2, how: power, at: 20s, for: 30s } }' }));
    const [out] = ran.story('detected');
    const [back] = ran.story('recovered-target');
    expect(out.what).toBe('lb marks app#2 unhealthy');
    expect(out.at).toBeGreaterThanOrEqual(21.5);
    expect(out.at).toBeLessThanOrEqual(22.51);
    expect(back.what).toBe('lb uses app#2 again');
    expect(back.at).toBeGreaterThanOrEqual(52);
    expect(back.at).toBeLessThanOrEqual(53.01);
    // Half of the requests fail until then, none afterwards.
    expect(ran.failed).toBeGreaterThanOrEqual(Math.floor((out.at - 20) * 50) - 2);
    expect(ran.failed).toBeLessThanOrEqual(Math.ceil((out.at - 20) * 50) + 2);
    expect(ran.figures('lb').unhealthySeconds).toBeCloseTo(back.at - out.at, 6);
    expect(ran.figures('lb').failOpenSeconds).toBe(0);
  });

  it('notice a cut on the way, which the target does not', () => {
    const ran = run(system({ balancer: QUICK, faults: '{ x: { partition: [ [lb], [app#1] ], at: 20s, for: 10s } }' }));
    expect(ran.story('detected').map((h) => h.what)).toEqual(['lb marks app#1 unhealthy']);
    expect(ran.story('recovered-target').length).toBe(1);
  });

  it('are answered by a target that drowns in work', () => {
    const ran = run(system({ balancer: QUICK, rate: '400/s', app: server({ instances: 2, threads: 1, cpu: '10ms' }) }));
    expect(ran.failed).toBeGreaterThan(10_000);
    expect(ran.story('detected')).toEqual([]);
  });

  it('are missed by a target that stops for longer than the timeouts, not by one that stops for less', () => {
    const pause = (time: string): number =>
      run(system({ balancer: QUICK, faults: `{ x: { crash: app#1, how: pause, at: 20s, for: ${time} } }` })).story(
        'detected',
      ).length;
    expect(pause('3s')).toBe(1);
    expect(pause('400ms')).toBe(0);
  });

  it('are made by each process for itself, at other moments', () => {
    const ran = run(system({ instances: 3, balancer: QUICK, faults: '{ x: { crash: app#2, how: kill, at: 20s } }' }));
    const found = ran.story('detected');
    expect(found.map((h) => h.what).sort()).toEqual([1, 2, 3].map((i) => `lb#${i} marks app#2 unhealthy`));
    expect(new Set(found.map((h) => h.at)).size).toBe(3);
    expect(ran.figures('lb').unhealthySeconds).toBeGreaterThan(77);
  });

  it('do not hurry after a probe that takes longer than the interval', () => {
    const slow = 'health: { active: { interval: 1s, timeout: 3s, unhealthy: 2, healthy: 1 } }';
    const [out] = run(system({ balancer: slow, faults: '{ x: { crash: app#2, how: power, at: 20s } }' })).story(
      'detected',
    );
    // The first failing probe leaves up to 1 s after the crash, the second when the first has run out.
    expect(out.at).toBeGreaterThanOrEqual(26);
    expect(out.at).toBeLessThanOrEqual(27.01);
  });

  it('start anew when the balancer itself was dead', () => {
    const ran = run(
      system({
        instances: 2,
        balancer: QUICK,
        faults: '{ x: { crash: lb#1, how: kill, at: 20s, for: 10s }, y: { crash: app#2, how: kill, at: 25s } }',
      }),
    );
    const found = ran.story('detected');
    expect(found.length).toBe(2);
    const late = found.find((h) => h.what.startsWith('lb#1'))!;
    expect(late.at).toBeGreaterThan(31);
    expect(late.at).toBeLessThan(32.01);
  });
});

describe('when all targets are out', () => {
  it('all are used: health checks may be wrong', () => {
    const harsh = 'health: { active: { interval: 1s, timeout: 10ms, unhealthy: 2, healthy: 2 } }';
    const ran = run(
      system({ balancer: harsh, network: '1ms', faults: '{ x: { delay: lb -> app, add: 50ms, at: 20s, for: 20s } }' }),
    );
    expect(ran.story('detected').length).toBe(2);
    expect(ran.failed).toBe(0);
    expect(ran.figures('lb').failOpenSeconds).toBeGreaterThan(18);
    expect(ran.figures('lb').failOpenSeconds).toBeLessThan(23);
  });
});

describe('passive health checks', () => {
  const PASSIVE = 'health: { passive: { failures: 3, within: 10s, eject: 20s } }';

  it('eject after so many failures, and try again after a time', () => {
    const ran = run(system({ balancer: PASSIVE, faults: '{ x: { crash: app#2, how: kill, at: 20s, for: 30s } }' }));
    const found = ran.story('detected');
    // Dead from 20 s to 50 s: three failures at once, again after 20 s, and then it is alive.
    expect(found.map((h) => h.what)).toEqual(['lb ejects app#2', 'lb ejects app#2']);
    expect(found[0].at).toBeCloseTo(20, 0);
    expect(found[1].at).toBeCloseTo(40, 0);
    expect(ran.story('recovered-target').map((h) => Math.round(h.at))).toEqual([40, 60]);
    expect(ran.failed).toBe(6);
    expect(ran.figures('lb')).toMatchObject({ ejections: 2 });
    expect(ran.figures('lb').unhealthySeconds).toBeCloseTo(40, 6);
  });

  it('forgive failures that are far apart', () => {
    const rare = 'health: { passive: { failures: 3, within: 1s, eject: 20s } }';
    const app = '{ type: server, instances: 2, runtime: { threads: 10 }, operations: { ask: [ { fail: 100% } ] } }';
    // Each target fails every 2 s, or every 0.4 s.
    expect(run(system({ balancer: rare, app, rate: '1/s' })).figures('lb').ejections).toBe(0);
    expect(run(system({ balancer: rare, app, rate: '5/s' })).figures('lb').ejections).toBeGreaterThan(0);
  });

  it('count a full queue, and not a caller who gives up', () => {
    const full = server({ instances: 2, threads: 1, cpu: '500ms', more: ', queue: { limit: 1 }' });
    expect(run(system({ balancer: PASSIVE, app: full })).figures('lb').ejections).toBeGreaterThan(0);
    const slow = server({ instances: 2, threads: 1, cpu: '3s', more: ', queue: { limit: 10000 }' });
    const given = system({ balancer: PASSIVE, app: slow, rate: '4/s', client: 'timeout: 1s, cancel: true' });
    const ran = run(given);
    expect(ran.failed).toBeGreaterThan(300);
    expect(ran.figures('lb').ejections).toBe(0);
  });
});

describe('retries', () => {
  const twoOfThree =
    '{ x: { crash: app#1, how: kill, at: 20s, for: 10s }, y: { crash: app#3, how: kill, at: 20s, for: 10s } }';

  it.each(['round-robin', 'random', 'two-random', 'least-connections', 'weighted', 'key-hash', 'consistent-hash'])(
    'find the one live target by %s',
    (policy) => {
      const ran = run(system({ targets: 3, balancer: `policy: ${policy}, retries: 2`, faults: twoOfThree }));
      // Resets of requests in service are not refusals, so a few may fail.
      expect(ran.failed).toBeLessThanOrEqual(2);
      expect(ran.figures('lb').retries).toBeGreaterThan(400);
    },
  );

  it('cost a round trip each', () => {
    const faults = '{ x: { crash: app#1, how: kill, at: 0s }, y: { crash: app#3, how: kill, at: 0s } }';
    const ran = run(system({ targets: 3, balancer: 'policy: random, retries: 5', faults, duration: '60s' }));
    // 4 ms on the way and 1 ms of work; of three requests one needs no, one one and one two more tries of 2 ms.
    const tries = ran.figures('lb').retries / ran.completed;
    expect(tries).toBeGreaterThan(0.95);
    expect(tries).toBeLessThan(1.05);
    expect(ran.meanMs).toBeCloseTo(5 + 2 * tries, 2);
  });

  it('without retries the caller is refused', () => {
    const ran = run(system({ targets: 3, balancer: 'policy: round-robin', faults: twoOfThree }));
    expect(ran.failed).toBeGreaterThan(600);
  });
});
