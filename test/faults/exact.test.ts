/** Work in progress when a machine stops or slows down goes on to the exact nanosecond. */
import { describe, expect, it } from 'vitest';
import type { FaultSettings } from '../../sim/scenario/settings.ts';
import { compile, constant, figures, MS, run, S, serverOf, timed, type Plan } from './systems.ts';

/** One request a second, the first at 1 s, each 10 ms of work. */
const system = (faults: FaultSettings[], seconds = 2): Plan => ({
  seconds,
  load: { gap: constant(S) },
  components: [serverOf('app', [{ verb: 'cpu', time: constant(10 * MS) }])],
  faults,
});
const slow = (name: string, factor: number, atNs: number, forNs: number | null): FaultSettings => ({
  name,
  kind: 'slow',
  target: 'app',
  factor,
  ...timed(atNs, forNs),
});

/** Latency of the first request, ms. */
const latency = (faults: FaultSettings[]): number => figures(run(system(faults)), 'app').maxMs;

describe('pause', () => {
  const pause = (atNs: number, forNs: number): FaultSettings => ({
    name: 'gc',
    kind: 'crash',
    target: 'app',
    how: 'pause',
    ...timed(atNs, forNs),
  });

  it('stretches the service it interrupts by its own length', () => {
    expect(latency([pause(S + 3 * MS, 70 * MS)])).toBe(80);
    expect(latency([pause(S + 3 * MS + 1, 70 * MS + 1)])).toBe(80.000001);
  });

  it('makes who arrives meanwhile wait until its end', () => {
    expect(latency([pause(S - 5 * MS, 25 * MS)])).toBe(30);
  });

  it('costs nobody anything when nobody is there', () => {
    expect(latency([pause(0.5 * S, 100 * MS)])).toBe(10);
  });
});

describe('slow', () => {
  it('by 2 from the middle of a job of 10 ms: 5 + 2 × 5', () => {
    expect(latency([slow('a', 2, S + 5 * MS, null)])).toBe(15);
  });

  it('that ends within the job: 4 + 2 + 5', () => {
    expect(latency([slow('a', 2, S + 4 * MS, 2 * MS)])).toBe(11);
  });

  it('multiplies where two overlap, whatever the order of their ends', () => {
    // 2 ms at full speed, 4 ms at a half, 12 ms at a sixth, 12 ms at a third (or 8 ms at a half).
    expect(latency([slow('a', 2, S + 2 * MS, 16 * MS), slow('b', 3, S + 6 * MS, 24 * MS)])).toBe(30);
    expect(latency([slow('a', 2, S + 2 * MS, 24 * MS), slow('b', 3, S + 6 * MS, 12 * MS)])).toBe(26);
  });

  it('by a factor below 1 makes faster', () => {
    expect(latency([slow('a', 0.5, 0, null)])).toBe(5);
  });

  it('stretches what disks hold, and lets go of it exactly', () => {
    const { kernel } = compile(system([slow('a', 0.1, 0, S), slow('b', 7, 0, S)]));
    const node = kernel.world.components.firstNode[kernel.world.components.name.indexOf('app')];
    kernel.advance(3);
    expect(kernel.world.nodes.slowness(node)).toBeCloseTo(0.7, 12);
    while (kernel.advance(1000));
    expect(kernel.world.nodes.slowness(node)).toBe(1);
    expect(kernel.world.machines.speed(kernel.world.nodes.machine[node])).toBe(1);
  });

  it('slows a machine once, however many instances stand on it', () => {
    const plan: Plan = {
      seconds: 2,
      load: { gap: constant(S) },
      components: [
        serverOf('box', [{ verb: 'cpu', time: constant(MS) }]),
        serverOf('app', [{ verb: 'cpu', time: constant(10 * MS) }], { instances: 2, on: 'box' }),
      ],
      faults: [slow('a', 2, 0, null)],
    };
    expect(figures(run(plan), 'app').maxMs).toBe(20);
  });
});
