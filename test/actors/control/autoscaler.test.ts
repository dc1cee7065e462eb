/** A group of servers that grows and shrinks: what it measures, when it acts, and what becomes of the instances. */
import { describe, expect, it } from 'vitest';
import type { ServerSettings } from '../../../sim/actors/compute/server.settings.ts';
import type { Compiled } from '../../../sim/compile/stage.ts';
import type { FaultSettings } from '../../../sim/scenario/settings.ts';
import { constant, figures, MS, run, S, served, serverOf, story, timed, type Plan } from '../../faults/systems.ts';

type Autoscale = NonNullable<ServerSettings['autoscale']>;

const free = { pods: null, percent: null, periodNs: 15 * S };
const autoscale = (more: Partial<Autoscale>): Autoscale => ({
  min: 1,
  max: 10,
  metric: { kind: 'cpu', target: 0.5 },
  everyNs: 15 * S,
  metricDelayNs: 0,
  bootNs: 30 * S,
  tolerance: 0.1,
  stabilizationNs: 0,
  cooldownNs: 0,
  drainNs: 30 * S,
  scaleUp: free,
  scaleDown: free,
  rule: 'hpa',
  ...more,
});

interface Group {
  seconds: number;
  /** Gap between requests and core time of each, ms. */
  gapMs: number;
  workMs: number;
  instances?: number;
  autoscale: Partial<Autoscale>;
  own?: object;
  faults?: FaultSettings[];
  more?: Partial<Plan>;
}

const plan = (g: Group): Plan => ({
  seconds: g.seconds,
  load: { gap: constant(g.gapMs * MS) },
  components: [
    serverOf('app', [{ verb: 'cpu', time: constant(g.workMs * MS) }], {
      instances: g.instances ?? 1,
      threads: 100,
      own: { autoscale: autoscale(g.autoscale), ...g.own },
    }),
  ],
  faults: g.faults ?? [],
  ...g.more,
});

const own = ({ builder }: Compiled): Record<string, number> => builder.component('app').actor!.figures();

describe('cores', () => {
  it('half used is on target: nothing happens', () => {
    expect(story(run(plan({ seconds: 300, gapMs: 100, workMs: 50, autoscale: {} })))).toEqual([]);
  });

  it('grows by what one saturated instance shows, waits for the boot, and looks again', () => {
    // 1.6 cores of work. One instance shows 100 %: two are wished. They show 100 % and 80 %: 3.6 are wished.
    const result = run(plan({ seconds: 80, gapMs: 10, workMs: 16, autoscale: {} }));
    expect(story(result)).toEqual([
      '15 scale-out: app scales out from 1 to 2',
      '45 ready: app#2 is ready',
      '60 scale-out: app scales out from 2 to 4',
    ]);
    expect(own(result)).toMatchObject({ instancesMax: 4, scaleOuts: 2, scaleIns: 0 });
  });

  it('an instance that has just become ready is not counted as if it were loaded', () => {
    // Ready at 46 s, app#2 has no whole period of measurements at 60 s: it counts as idle, and nothing is added.
    const lines = story(run(plan({ seconds: 80, gapMs: 10, workMs: 16, autoscale: { bootNs: 31 * S } })));
    expect(lines).toEqual([
      '15 scale-out: app scales out from 1 to 2',
      '46 ready: app#2 is ready',
      '75 scale-out: app scales out from 2 to 4',
    ]);
  });

  it('metrics are old by the delay', () => {
    const lines = story(run(plan({ seconds: 60, gapMs: 10, workMs: 16, autoscale: { metricDelayNs: 20 * S } })));
    expect(lines).toEqual(['35 scale-out: app scales out from 1 to 2']);
  });

  it('the window of statistics does not disturb the measurements', () => {
    const warm = run(plan({ seconds: 60, gapMs: 10, workMs: 16, autoscale: {}, more: { warmupSeconds: 20 } }));
    const cold = run(plan({ seconds: 80, gapMs: 10, workMs: 16, autoscale: {} }));
    expect(story(warm)).toEqual(story(cold));
    expect(own(warm)).toMatchObject({ scaleOuts: 1, scaleIns: 0 });
  });
});

describe('gauges', () => {
  it('connections per instance', () => {
    // Four requests inside at every moment after 4 s, each 4 s of pure delay; aimed at two per instance.
    const settings = autoscale({ metric: { kind: 'connections', target: 2 }, everyNs: 10.5 * S });
    const result = run({
      seconds: 12,
      load: { gap: constant(S) },
      components: [
        serverOf('app', [{ verb: 'sleep', time: constant(4 * S) }], { threads: 100, own: { autoscale: settings } }),
      ],
    });
    expect(story(result)).toEqual(['10.5 scale-out: app scales out from 1 to 2']);
  });

  it('waiting requests per instance', () => {
    // One thread, 2 s each, one request a second: 5 wait at 10.5 s.
    const settings = autoscale({ metric: { kind: 'queue', target: 1 }, everyNs: 10.5 * S });
    const result = run({
      seconds: 12,
      load: { gap: constant(S) },
      components: [
        serverOf('app', [{ verb: 'sleep', time: constant(2 * S) }], { threads: 1, own: { autoscale: settings } }),
      ],
    });
    expect(story(result)).toEqual(['10.5 scale-out: app scales out from 1 to 5']);
  });
});

describe('shrinking', () => {
  const idle = (more: Partial<Group> = {}): Group => ({
    seconds: 60,
    gapMs: 100,
    workMs: 10,
    instances: 4,
    autoscale: {},
    ...more,
  });

  it('takes the youngest first, and they go when they are empty', () => {
    // A tenth of a core in all: one instance is enough.
    const result = run(plan(idle()));
    expect(story(result)).toEqual([
      '15 scale-in: app scales in from 4 to 1',
      '15.1 drained: app#2 is gone',
      '15.1 drained: app#3 is gone',
      '15.1 drained: app#4 is gone',
    ]);
    expect(figures(result, 'app')).toMatchObject({ failed: 0, rejected: 0 });
    expect(served(result, 'app#1')).toBe(60 * S);
    expect(own(result)).toMatchObject({ instancesMax: 4, scaleIns: 1 });
    expect(own(result).instancesMean).toBeCloseTo((4 * 15.1 + 44.9) / 60, 12);
  });

  it('not before the stabilisation window is over, counted from the start', () => {
    const lines = story(run(plan(idle({ autoscale: { stabilizationNs: 20 * S } }))));
    expect(lines[0]).toBe('45 scale-in: app scales in from 4 to 1');
  });

  it('no faster than the policies allow', () => {
    const lines = story(run(plan(idle({ autoscale: { scaleDown: { pods: 1, percent: null, periodNs: 15 * S } } }))));
    expect(lines.filter((line) => line.includes('scale-in'))).toEqual([
      '15 scale-in: app scales in from 4 to 3',
      '30 scale-in: app scales in from 3 to 2',
      '45 scale-in: app scales in from 2 to 1',
    ]);
  });

  it('not within the cooldown', () => {
    const more = { scaleDown: { pods: 1, percent: null, periodNs: 15 * S }, cooldownNs: 20 * S };
    const lines = story(run(plan(idle({ autoscale: more })))).filter((line) => line.includes('scale-in'));
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['15', '45']);
  });

  it('not below the minimum', () => {
    expect(story(run(plan(idle({ autoscale: { min: 3 } }))))[0]).toBe('15 scale-in: app scales in from 4 to 3');
  });

  it('requests that outlast the drain are reset', () => {
    const settings = autoscale({ metric: { kind: 'queue', target: 1 }, drainNs: 2 * S });
    const result = run({
      seconds: 30,
      delay: MS,
      load: { gap: constant(S) },
      components: [
        serverOf('app', [{ verb: 'sleep', time: constant(5 * S) }], {
          instances: 2,
          threads: 100,
          own: { autoscale: settings },
        }),
      ],
    });
    // Every second request goes to app#2; at 15 s it has those of 10.001, 12.001 and 14.001 s, at 17 s two of them.
    expect(story(result)).toEqual([
      '15 scale-in: app scales in from 2 to 1',
      '17 drained: app#2 is gone; 2 requests are reset',
    ]);
    expect(figures(result, 'app')).toMatchObject({ killed: 2, failed: 2, rejected: 0 });
  });

  it('a slot that was given back is used again', () => {
    const spikes = [{ name: 'rush', atNs: 30 * S, forNs: 60 * S, times: 8 }];
    const load = { gap: constant(100 * MS), spikes };
    const result = run(plan(idle({ seconds: 150, instances: 2, autoscale: { bootNs: 0 }, more: { load } })));
    expect(story(result).filter((line) => !line.includes('ready'))).toEqual([
      '15 scale-in: app scales in from 2 to 1',
      '15.1 drained: app#2 is gone',
      '45 scale-out: app scales out from 1 to 2',
      '105 scale-in: app scales in from 2 to 1',
      '105.1 drained: app#2 is gone',
    ]);
  });
});

describe('crashes', () => {
  const crash = (atS: number): FaultSettings => ({
    name: 'crash',
    kind: 'crash',
    target: 'app#2',
    how: 'kill',
    ...timed(atS * S, null),
  });

  it('a dead instance still counts, and is not measured', () => {
    // Two instances, half used: app#2 dies, callers still send it every second request. The other shows 50 %.
    const result = run(
      plan({ seconds: 100, gapMs: 100, workMs: 100, instances: 2, autoscale: {}, faults: [crash(20)] }),
    );
    expect(story(result)).toEqual(['20 fault: app#2 is killed']);
    expect(figures(result, 'app').rejected).toBeGreaterThan(300);
  });

  it('a dead instance is the first to go, at once', () => {
    const settings: Partial<Autoscale> = { min: 2, metric: { kind: 'cpu', target: 0.8 } };
    const result = run(
      plan({ seconds: 100, gapMs: 100, workMs: 3, instances: 3, autoscale: settings, faults: [crash(10)] }),
    );
    expect(story(result)).toEqual([
      '10 fault: app#2 is killed',
      '15 scale-in: app scales in from 3 to 2',
      '15 drained: app#2 is gone',
    ]);
    expect(figures(result, 'app').rejected).toBe(17);
  });

  it('a supervisor does not wake a slot that was given back', () => {
    const settings: Partial<Autoscale> = { min: 2, metric: { kind: 'cpu', target: 0.8 } };
    const more = { own: { restartNs: 10 * S }, faults: [crash(10)] };
    const result = run(plan({ seconds: 100, gapMs: 100, workMs: 3, instances: 3, autoscale: settings, ...more }));
    expect(story(result)).toHaveLength(3);
    expect(served(result, 'app#2')).toBe(10 * S);
  });

  it('an instance that drains and dies is gone', () => {
    const settings = autoscale({ metric: { kind: 'queue', target: 1 } });
    const result = run({
      seconds: 30,
      load: { gap: constant(S) },
      faults: [crash(16)],
      components: [
        serverOf('app', [{ verb: 'sleep', time: constant(5 * S) }], {
          instances: 2,
          threads: 100,
          own: { autoscale: settings },
        }),
      ],
    });
    expect(story(result)).toEqual([
      '15 scale-in: app scales in from 2 to 1',
      '16 fault: app#2 is killed',
      '16 drained: app#2 is gone',
    ]);
  });
});
