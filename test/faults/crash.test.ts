/** What callers see of a crash, and who brings the node back. */
import { describe, expect, it } from 'vitest';
import type { ComponentSettings, FaultSettings } from '../../sim/scenario/settings.ts';
import { constant, figures, MS, run, S, served, serverOf, story, timed, type Load, type Plan } from './systems.ts';

type How = 'kill' | 'power' | 'pause';
const crash = (how: How, atNs: number, forNs: number | null, target = 'app'): FaultSettings => ({
  name: `${how} ${target} ${atNs}`,
  kind: 'crash',
  target,
  how,
  ...timed(atNs, forNs),
});

/** One request a second from 1 s on, 1 ms each way, 10 ms of work. */
const system = (
  faults: FaultSettings[],
  more: {
    own?: object;
    load?: Partial<Load>;
    seconds?: number;
    components?: ComponentSettings[];
    instances?: number;
  } = {},
): Plan => ({
  seconds: more.seconds ?? 2,
  delay: MS,
  load: { gap: constant(S), ...more.load },
  components: more.components ?? [
    serverOf('app', [{ verb: 'cpu', time: constant(10 * MS) }], { own: more.own, instances: more.instances ?? 1 }),
  ],
  faults,
});

describe('kill', () => {
  it('resets callers one hop later', () => {
    const f = figures(run(system([crash('kill', S + 5 * MS, null)])), 'app');
    expect(f).toMatchObject({ killed: 1, failed: 1, succeeded: 0, maxMs: 6 });
  });

  it('resets those who wait too, and refuses those who come later', () => {
    const f = figures(
      run(system([crash('kill', 1.0125 * S, null)], { load: { gap: constant(4 * MS) }, seconds: 1.02 })),
      'app',
    );
    // Requests reach the server at 5, 9, … 1009 ms, 252 of them by 1012.5 ms; they take 10 ms, so the queue is long.
    expect(f.killed).toBe(252 - f.completed);
    expect(f.failed).toBe(f.killed);
    expect(f.rejected).toBe(f.errors);
    expect(f.arrivals).toBe(252 + f.errors);
  });
});

describe('power', () => {
  it('leaves callers to their timeout', () => {
    const f = figures(run(system([crash('power', S + 5 * MS, null)], { load: { timeoutNs: 500 * MS } })), 'app');
    expect(f).toMatchObject({ killed: 1, timedOut: 1, maxMs: 500 });
  });

  it('does not answer who comes later either', () => {
    const f = figures(run(system([crash('power', 0.5 * S, null)], { load: { timeoutNs: 500 * MS } })), 'app');
    expect(f).toMatchObject({ arrivals: 0, killed: 0, timedOut: 1, maxMs: 500 });
  });

  it('takes down all that stands on the machine', () => {
    const components = [
      serverOf('app', [{ verb: 'cpu', time: constant(MS) }]),
      serverOf('db', [], { on: 'app' }),
      serverOf('other', []),
    ];
    const result = run(system([crash('power', 0.5 * S, 0.1 * S)], { components }));
    expect(story(result)).toEqual(['0.5 fault: app loses power, and with it db', '0.6 heal: app has power again']);
    expect(['app', 'db', 'other'].map((name) => served(result, name) / S)).toEqual([1.9, 1.9, 2]);
  });
});

describe('coming back', () => {
  const states = (faults: FaultSettings[], own: object = {}): string[] =>
    story(run(system(faults, { own, seconds: 10 })));

  it('after `for`', () => {
    expect(states([crash('kill', 2 * S, 3 * S)])).toEqual(['2 fault: app is killed', '5 heal: app is started again']);
    const f = figures(run(system([crash('kill', 1.5 * S, 3 * S)], { seconds: 10 })), 'app');
    expect(f).toMatchObject({ rejected: 3, succeeded: 6, inFlight: 1 });
  });

  it('never without `for`', () => {
    expect(states([crash('kill', 2 * S, null)])).toEqual(['2 fault: app is killed']);
  });

  it('by a supervisor without `for`', () => {
    expect(states([crash('kill', 2 * S, null)], { restartNs: S })).toEqual([
      '2 fault: app is killed',
      '3 restart: app is up again',
    ]);
  });

  it('not by a supervisor that lost its power, too', () => {
    expect(states([crash('power', 2 * S, null)], { restartNs: S })).toEqual(['2 fault: app loses power']);
  });

  it('not by a supervisor while the fault lasts', () => {
    expect(states([crash('kill', 2 * S, 3 * S)], { restartNs: S })).toEqual([
      '2 fault: app is killed',
      '5 heal: app is started again',
    ]);
  });

  it('when the last of the faults that overlap is over', () => {
    const result = run(system([crash('pause', 2 * S, 3 * S), crash('kill', 3 * S, 4 * S)], { seconds: 10 }));
    expect(served(result, 'app')).toBe(5 * S);
  });

  it('and down again where one fault begins as another ends', () => {
    const result = run(system([crash('kill', 4 * S, S), crash('kill', 2 * S, 2 * S)], { seconds: 10 }));
    expect(served(result, 'app')).toBe(7 * S);
    expect(result.kernel.world.history.list.map((h) => h.kind)).toEqual(['fault', 'heal', 'fault', 'heal']);
  });

  it('never without `for`, whatever else begins and ends', () => {
    for (const how of ['kill', 'power', 'pause'] as const) {
      const later = [crash('kill', 3 * S, S), crash('power', 5 * S, S), crash('pause', 7 * S, S)];
      expect(served(run(system([crash(how, 2 * S, null), ...later], { seconds: 10 })), 'app')).toBe(2 * S);
    }
    // Nor where the other had begun before.
    const before = [crash('power', S, 3 * S), crash('power', 2 * S, null)];
    expect(served(run(system(before, { seconds: 10 })), 'app')).toBe(S);
  });

  it('by a supervisor, and not before by the end of another fault', () => {
    const faults = [crash('kill', 2 * S, null), crash('power', 3 * S, S)];
    expect(served(run(system(faults, { own: { restartNs: 4 * S }, seconds: 10 })), 'app')).toBe(6 * S);
  });

  it('by the end of the other fault where the supervisor was ready first', () => {
    const faults = [crash('kill', 2 * S, null), crash('power', 3 * S, 4 * S)];
    expect(served(run(system(faults, { own: { restartNs: 2 * S }, seconds: 10 })), 'app')).toBe(5 * S);
  });

  it('when memory is exhausted', () => {
    const own = { memory: { baseBytes: 100, perConnectionBytes: 0, perRequestBytes: 60 }, restartNs: S };
    const machine = { cores: 1, memoryBytes: 200, connections: null, pricePerMonth: 0, speed: 1 };
    const components = [serverOf('app', [{ verb: 'cpu', time: constant(1.5 * S) }], { own, machine, threads: 5 })];
    const result = run(system([], { components, seconds: 5 }));
    // The second request comes 1 s after the first, at 2.001 s; 220 bytes are too much.
    expect(story(result)).toEqual([
      '2.001 out-of-memory: app is out of memory and killed',
      '3.001 restart: app is up again',
    ]);
    expect(result.kernel.world.machines.memoryUsed(0)).toBe(160);
  });
});

describe('a whole group', () => {
  it('goes down and comes back as one fault', () => {
    const result = run(system([crash('kill', 0.5 * S, S)], { instances: 3 }));
    expect(story(result)).toEqual([
      '0.5 fault: every instance of app is killed',
      '1.5 heal: every instance of app is started again',
    ]);
    for (const name of ['app#1', 'app#2', 'app#3']) expect(served(result, name)).toBe(S);
  });

  it('loses only the instance named', () => {
    const result = run(system([crash('kill', 0.5 * S, S, 'app#2')], { instances: 3 }));
    expect(story(result)[0]).toBe('0.5 fault: app#2 is killed');
    expect(['app#1', 'app#2', 'app#3'].map((name) => served(result, name))).toEqual([2 * S, S, 2 * S]);
  });
});

it('counts times from the end of the warm-up', () => {
  const result = run({ ...system([crash('kill', S, S)]), warmupSeconds: 3 });
  expect(story(result)).toEqual(['4 fault: app is killed', '5 heal: app is started again']);
  expect(served(result, 'app')).toBe(S);
});
