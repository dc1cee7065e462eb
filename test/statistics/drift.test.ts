import { describe, expect, it } from 'vitest';
import { Deviates } from '../../sim/random/deviates.ts';
import { drift } from '../../sim/statistics/drift.ts';

const deviates = new Deviates();

function noise(run: number, i: number): number {
  deviates.start(run, i, 0);
  deviates.normal();
  return deviates.out[0];
}

/** First-order autoregression around 100, deviation 20, started in equilibrium. */
function persistent(run: number, n: number, r: number): number[] {
  let state = noise(run, -1);
  return Array.from({ length: n }, (_, i) => {
    state = r * state + Math.sqrt(1 - r * r) * noise(run, i);
    return 100 + 20 * state;
  });
}

function share(runs: number, of: (run: number) => number[]): number {
  let moving = 0;
  for (let run = 0; run < runs; run++) if (drift(of(run))!.moving) moving++;
  return moving / runs;
}

describe('drift', () => {
  it('rarely cries wolf over settled noise', () => {
    expect(share(500, (run) => persistent(run, 60, 0))).toBeLessThan(0.02);
  });

  it('rarely cries wolf over a settled queue, whose seconds are alike', () => {
    expect(share(500, (run) => persistent(run, 60, 0.5))).toBeLessThan(0.04);
    expect(share(500, (run) => persistent(run, 300, 0.8))).toBeLessThan(0.04);
  });

  it('sees a queue that grows', () => {
    expect(share(200, (run) => Array.from({ length: 60 }, (_, i) => 100 + 5 * i + 20 * noise(run, i)))).toBeGreaterThan(
      0.95,
    );
  });

  it('sees a warm-up that ended too early', () => {
    expect(
      share(200, (run) => Array.from({ length: 60 }, (_, i) => 100 * (1 - Math.exp(-i / 15)) + 5 * noise(run, i))),
    ).toBeGreaterThan(0.9);
  });

  it('says from where to where', () => {
    const result = drift([...Array(20).fill(1), ...Array(20).fill(5), ...Array(20).fill(9)])!;
    expect(result).toMatchObject({ moving: true, first: 1, last: 9 });
  });

  it('does not mind movement that is too small to matter, nor none', () => {
    expect(drift(Array.from({ length: 60 }, (_, i) => 100 + i / 20))!.moving).toBe(false);
    expect(drift(Array(60).fill(0))!.moving).toBe(false);
  });

  it('leaves gaps out and says nothing of short series', () => {
    expect(drift(Array(14).fill(1))).toBeNull();
    expect(drift([...Array(14).fill(1), NaN, NaN])).toBeNull();
    expect(drift([...Array(15).fill(1), NaN])!.moving).toBe(false);
  });
});
