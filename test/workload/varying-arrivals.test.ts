/** Evenly paced arrivals, and gaps from a distribution, under a load that varies: as many come as the integral of its shape says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoadShape } from '../../sim/workload/load-shape.ts';
import { loadSimulator } from '../scenarios/simulator.ts';

const { simulate } = await loadSimulator();
const S = 1_000_000_000;

const times = fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 300, noNaN: true }));
const shapes = fc.record({
  curve: fc
    .array(fc.record({ atNs: fc.integer({ min: -20, max: 100 }).map((s) => s * S), times }), { maxLength: 5 })
    .map((points) => [...new Map(points.map((p) => [p.atNs, p])).values()].sort((a, b) => a.atNs - b.atNs)),
  spikes: fc.array(
    fc.record({
      atNs: fc.integer({ min: -20, max: 100 }).map((s) => s * S),
      forNs: fc.integer({ min: 1, max: 50 }).map((s) => s * S),
      times,
    }),
    { maxLength: 3 },
  ),
});

describe('the time by which a shape has summed up to so much', () => {
  it('is the inverse of its integral', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.integer({ min: -30, max: 120 }),
        fc.integer({ min: 0, max: 5_000_000 }).map((thousandths) => thousandths / 1000),
        ({ curve, spikes }, from, sum) => {
          const shape = new LoadShape(curve, spikes);
          const at = shape.after(from * S, sum * S);
          const most = at === Infinity ? 1e6 * S : at;
          const summed = (shape.mean(from * S, most) * (most - from * S)) / S;
          if (at === Infinity) expect(summed).toBeLessThan(sum + 1e-6);
          else expect(Math.abs(summed - sum)).toBeLessThan(1e-6 * Math.max(1, sum, shape.highest));
        },
      ),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('goes over steps and slopes', () => {
    const pause = new LoadShape([], [{ atNs: 10, forNs: 5, times: 0 }]);
    expect([pause.after(0, 10), pause.after(0, 11), pause.after(12, 1)]).toEqual([10, 16, 16]);
    const ramp = new LoadShape(
      [
        { atNs: 0, times: 0 },
        { atNs: 100, times: 1 },
      ],
      [],
    );
    expect([ramp.after(0, 50), ramp.after(0, 12.5), ramp.after(-5, 51)]).toEqual([100, 50, 101]);
    expect(
      new LoadShape(
        [
          { atNs: 0, times: 2 },
          { atNs: 10, times: 0 },
        ],
        [],
      ).after(0, 10.5),
    ).toBe(Infinity);
  });
});

/** Requests offered within a window of so many `seconds`, after a warm-up of 5 s. */
function offered(arrivals: string, seconds: number): number {
  const { stages } = simulate(`
name: Varying
run: { duration: ${seconds}s, warmup: 5s }
clients: { c: { arrivals: { ${arrivals} }, does: op, entry: app } }
components: { app: { type: server, machine: { cores: 8 }, operations: { op: [ { cpu: 1us } ] } } }
`);
  return stages[0].offeredPerSecond * seconds;
}

const PAUSE = 'spikes: { pause: { at: 10s, for: 5s, times: 0 } }';
const RAMP = 'curve: [ { at: 0s, times: 0 }, { at: 10s, times: 0 }, { at: 20s, times: 1 } ]';

describe('arrivals that are not of chance', () => {
  it.each([
    ['go on after a pause', `constant: 100/s, ${PAUSE}`, 30, 2500],
    ['begin when a curve leaves 0', `constant: 100/s, ${RAMP}`, 40, 2500],
    [
      'meet a burst that is shorter than their gap',
      'constant: 2/min, spikes: { b: { at: 10s, for: 10s, times: 300 } }',
      60,
      101.67,
    ],
    ['end where the factor stays 0', 'constant: 10/s, curve: [ { at: 0s, times: 1 }, { at: 10s, times: 0 } ]', 40, 50],
    ['come in batches', `constant: 100/s, batch: 5, ${PAUSE}`, 30, 2500],
    ['keep gaps of a distribution', `interarrival: 10ms, ${PAUSE}`, 30, 2500],
    ['keep gaps in batches', `interarrival: 10ms, batch: 3, ${PAUSE}`, 30, 7500],
  ])('%s', (_name, arrivals, seconds, expected) => {
    expect(Math.abs(offered(arrivals, seconds) - expected)).toBeLessThanOrEqual(5);
  });
});
