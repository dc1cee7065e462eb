/** Targets that come and go by service discovery: who is new, who drains, who is gone. */
import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../../sim/engine/kernel.ts';
import { NodeState } from '../../../sim/engine/nodes.ts';
import { run, S, server } from './kit.ts';

/** Changes what service discovery says of `app`, at times from the end of the warm-up, one second. */
const plan =
  (...changes: { at: number; serving: number[]; draining?: number[] }[]) =>
  (kernel: Kernel): void => {
    const { components, nodes } = kernel.world;
    const app = components.name.indexOf('app');
    const control = kernel.addControl({
      onTimer: (code) => {
        const { serving, draining = [] } = changes[code];
        for (const i of draining) nodes.setState(components.firstNode[app] + i - 1, NodeState.Draining);
        components.directory[app] = Int32Array.from(serving, (i) => components.firstNode[app] + i - 1);
        kernel.directoryChanged(app);
      },
    });
    changes.forEach(({ at }, i) => kernel.timer(control, -1, i, (at + 1) * S));
  };

const system = (balancer: string, users: string): string => `
name: test
run: { duration: 30s, warmup: 1s, seed: 1 }
network: { delay: 1ms }
clients: { users: { does: ask, entry: lb, ${users} } }
components:
  lb: { type: balancer, targets: app, ${balancer} }
  app: ${server({ instances: 4 })}`;

const STREAM = 'arrivals: { constant: 100/s }';
const PROBES = 'health: { active: { interval: 1s, timeout: 500ms, unhealthy: 2, healthy: 2 } }';

describe('a target that leaves', () => {
  it.each(['round-robin', 'random', 'two-random', 'least-connections', 'key-hash', 'consistent-hash'])(
    'gets no more requests by %s, and its share when it is back',
    (policy) => {
      const ran = run(
        system(`policy: ${policy}`, STREAM),
        plan({ at: 0, serving: [1, 2, 3] }, { at: 15, serving: [1, 2, 3, 4] }, { at: 20, serving: [4] }),
      );
      expect(ran.failed).toBe(0);
      // 500 requests to one of four, then 1000 to it alone; hashes are not even.
      const { imbalance } = ran.figures('lb');
      const most = (imbalance * 3000) / 4;
      expect(most).toBeGreaterThan(1000);
      expect(most).toBeLessThan(1300);
    },
  );

  it('is not probed any more, and probed again when it is back', () => {
    const dead = system(PROBES, STREAM) + '\nfaults: { x: { crash: app#4, how: power, at: 10s } }';
    const away = run(dead, plan({ at: 5, serving: [1, 2, 3] }));
    expect(away.story('detected')).toEqual([]);
    expect(away.failed).toBe(0);
    const back = run(dead, plan({ at: 5, serving: [1, 2, 3] }, { at: 20, serving: [1, 2, 3, 4] }));
    expect(back.story('detected').length).toBe(1);
    expect(back.story('detected')[0].at).toBeGreaterThan(21.4);
  });

  it('takes what was known of its health with it', () => {
    const ran = run(
      system(PROBES, STREAM) + '\nfaults: { x: { crash: app#4, how: power, at: 5s, for: 10s } }',
      plan({ at: 10, serving: [1, 2, 3] }, { at: 16, serving: [1, 2, 3, 4] }),
    );
    expect(ran.story('detected').length).toBe(1);
    expect(ran.story('recovered-target')).toEqual([]);
    expect(ran.figures('lb').unhealthySeconds).toBeLessThan(10 - 5 - 1.4);
  });

  it('leaves nobody when it was the last: callers are refused', () => {
    const ran = run(system('retries: 3', STREAM), plan({ at: 10, serving: [] }, { at: 20, serving: [2] }));
    expect(ran.failed).toBeGreaterThanOrEqual(999);
    expect(ran.failed).toBeLessThanOrEqual(1001);
  });
});

describe('a target that drains', () => {
  const gone = plan({ at: 10, serving: [1, 2, 3], draining: [4] }, { at: 20, serving: [1, 2, 3] });

  it('keeps the users who stick to it', () => {
    expect(run(system('sticky: true', 'users: 40, think: 100ms'), gone).figures('lb').usersMoved).toBe(0);
  });

  it('and loses them when it is gone', () => {
    const ran = run(system('sticky: true', 'users: 40, think: 100ms'), (kernel) => {
      plan({ at: 10, serving: [1, 2, 3], draining: [4] })(kernel);
      kernel.outages.expectDeaths();
      const control = kernel.addControl({
        onTimer: () => {
          const app = kernel.world.components.name.indexOf('app');
          kernel.outages.turnOff(kernel.world.components.firstNode[app] + 3);
          kernel.directoryChanged(app);
        },
      });
      kernel.timer(control, -1, 0, 20 * S);
    });
    expect(ran.figures('lb').usersMoved).toBeGreaterThanOrEqual(8);
    expect(ran.figures('lb').usersMoved).toBeLessThanOrEqual(12);
  });

  it('gets nobody else', () => {
    const ran = run(system('policy: least-connections', STREAM), gone);
    expect(ran.failed).toBe(0);
    // 1000 requests to four, 2000 to three.
    expect(ran.figures('lb').imbalance).toBeCloseTo(((250 + 2000 / 3) * 4) / 3000, 2);
  });
});

it('a balancer that was down while the registry changed knows the new one', () => {
  const ran = run(
    system(`instances: 2, ${PROBES}`, `${STREAM}, retry: { attempts: 2 }`) +
      '\nfaults: { x: { crash: lb#1, how: kill, at: 5s, for: 10s }, y: { crash: app#4, how: kill, at: 20s } }',
    plan({ at: 1, serving: [1, 2, 3] }, { at: 10, serving: [1, 2, 3, 4] }),
  );
  expect(ran.story('detected').length).toBe(2);
});
