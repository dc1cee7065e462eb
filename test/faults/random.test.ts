/** Faults that come again and again: renewal processes of their own for each instance, and a known queue with them. */
import { describe, expect, it } from 'vitest';
import type { Compiled } from '../../sim/compile/stage.ts';
import type { FaultSettings } from '../../sim/scenario/settings.ts';
import { constant, exponential, figures, MS, run, S, serverOf, story, type Plan } from './systems.ts';

const chaos = (how: 'kill' | 'pause', upS: number, downS: number): FaultSettings => ({
  name: 'chaos',
  kind: 'crash',
  target: 'app',
  how,
  atNs: null,
  forNs: null,
  every: exponential(upS * S),
  repair: exponential(downS * S),
});

describe('each instance by itself', () => {
  const plan = (instances: number, more: Partial<Plan> = {}): Plan => ({
    seconds: 20_000,
    load: { gap: constant(100 * S) },
    components: [serverOf('app', [{ verb: 'cpu', time: constant(MS) }], { instances })],
    faults: [chaos('kill', 90, 10)],
    ...more,
  });
  const shareUp = ({ kernel }: Compiled): number[] => {
    const { nodes, components } = kernel.world;
    const app = components.name.indexOf('app');
    return Array.from(
      { length: components.nodeCount[app] },
      (_, i) => nodes.servedNs(components.firstNode[app] + i) / (20_000 * S),
    );
  };
  const storyOf = (name: string, result: Compiled): string[] => story(result).filter((line) => line.includes(name));

  it('is down for its share of the time', () => {
    const shares = shareUp(run(plan(4)));
    for (const share of shares) expect(share).toBeCloseTo(0.9, 1);
    expect(new Set(shares).size).toBe(4);
  });

  it('has the same times whoever else is there', () => {
    const three = storyOf('app#2', run(plan(3)));
    expect(three.length).toBeGreaterThan(200);
    expect(storyOf('app#2', run(plan(2)))).toEqual(three);
  });

  it('has other times with another seed', () => {
    expect(story(run(plan(1, { seed: '2' })))).not.toEqual(story(run(plan(1))));
  });

  it('tells of each beginning and end', () => {
    const lines = story(run(plan(1)));
    lines.forEach((line, i) =>
      expect(line).toContain(i % 2 === 0 ? 'fault: app is killed' : 'heal: app is started again'),
    );
  });
});

it('other kinds of faults come again and again too', () => {
  const fault: FaultSettings = {
    name: 'flaky',
    kind: 'delay',
    from: 'users',
    to: 'app',
    add: constant(100 * MS),
    atNs: null,
    forNs: null,
    every: constant(3 * S),
    repair: constant(2 * S),
  };
  const result = run({ seconds: 20, load: { gap: constant(S) }, components: [serverOf('app', [])], faults: [fault] });
  expect(story(result).map((line) => line.split(' ')[0])).toEqual(['3', '5', '8', '10', '13', '15', '18', '20']);
  // Late are the requests of 4, 9, 14 and 19 s, both ways, and those of 5, 10 and 15 s, sent just before the end, one way.
  expect(figures(result, 'app').meanMs).toBeCloseTo((4 * 200 + 3 * 100) / 19, 9);
});

it('M/M/1 with breakdowns, work resumes: mean sojourn of White and Christie 1958', () => {
  const result = run({
    seconds: 500_000,
    warmupSeconds: 1000,
    load: { gap: exponential(2 * S) },
    components: [serverOf('app', [{ verb: 'cpu', time: exponential(S) }])],
    faults: [chaos('pause', 100, 10)],
  });
  expect(figures(result, 'app').meanMs / 1000 / 4.464646).toBeGreaterThan(0.97);
  expect(figures(result, 'app').meanMs / 1000 / 4.464646).toBeLessThan(1.03);
});
