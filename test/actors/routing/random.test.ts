/** Random policies: evenness, distinctness, and no preference among equals. */
import { describe, expect, it } from 'vitest';
import { RandomOf, RandomTarget } from '../../../sim/actors/routing/random.ts';
import { Counter, derive } from '../../../sim/random/counter.ts';
import { Stream } from '../../../sim/random/keys.ts';
import { even, S, targetsOf } from './kit.ts';

const stream = (name: string): Stream => new Stream('1', name);

function counts(size: number, draws: number, pick: (i: number) => number): number[] {
  const found = even(size).fill(0);
  for (let i = 0; i < draws; i++) found[pick(i)]++;
  return found;
}

/** Pearson's statistic against equal shares, or the shares given. */
function chiSquare(found: readonly number[], shares: readonly number[] = even(found.length)): number {
  const draws = found.reduce((a, b) => a + b);
  const sum = shares.reduce((a, b) => a + b);
  return found.reduce((total, n, i) => total + (n - (draws * shares[i]) / sum) ** 2 / ((draws * shares[i]) / sum), 0);
}

// 9 degrees of freedom: 27.9 is exceeded once in a thousand.
const LIMIT = 27.9;

describe('random', () => {
  it('gives everybody the same', () => {
    const { targets } = targetsOf(even(10));
    const policy = new RandomTarget(targets, stream('even'));
    expect(chiSquare(counts(10, 20_000, () => policy.pick(0)))).toBeLessThan(LIMIT);
  });

  it('gives everybody the same where it is drawn by who asks, whoever asked before', () => {
    const { targets } = targetsOf(even(10));
    const who = new Counter();
    const policy = new RandomTarget(targets, who);
    const identity = new Int32Array(2);
    let last = 0;
    const pairs = counts(100, 20_000, (i) => {
      derive(17, 4, i, 0, identity);
      who.start(identity[0], identity[1], 0x5eed);
      const before = last;
      last = policy.pick(0);
      return before * 10 + last;
    });
    const single = even(10).map((_, slot) => pairs.slice(slot * 10, slot * 10 + 10).reduce((a, b) => a + b));
    expect(chiSquare(single)).toBeLessThan(LIMIT);
    // 99 degrees of freedom.
    expect(chiSquare(pairs)).toBeLessThan(148.2);
  });

  it('follows weights', () => {
    const weights = [5, 1, 1, 2, 3, 4, 1, 1, 0.5, 0.5];
    const { targets } = targetsOf(weights);
    const policy = new RandomTarget(targets, stream('weights'));
    expect(
      chiSquare(
        counts(10, 20_000, () => policy.pick(0)),
        weights,
      ),
    ).toBeLessThan(LIMIT);
  });

  it('gives a target that starts slowly its share', () => {
    const { targets, clock } = targetsOf(even(2), 10 * S);
    targets.warm(0);
    clock[0] = 2.5 * S;
    const policy = new RandomTarget(targets, stream('slow'));
    expect(counts(2, 20_000, () => policy.pick(0))[0] / 20_000).toBeCloseTo(0.2, 1.5);
  });
});

describe('random of d', () => {
  it('never draws a target twice: of d = n it always finds the least loaded', () => {
    for (const n of [2, 3, 7]) {
      const { targets } = targetsOf(even(n));
      const policy = new RandomOf(targets, stream(`all ${n}`), n);
      for (let slot = 0; slot < n; slot++) targets.outstanding[slot] = 5;
      for (let i = 0; i < 200; i++) {
        targets.outstanding[i % n] = 4;
        expect(policy.pick(0)).toBe(i % n);
        targets.outstanding[i % n] = 5;
      }
    }
  });

  it('finds the one idle target with probability d/n, as distinct draws do', () => {
    const { targets } = targetsOf(even(10));
    for (let slot = 1; slot < 10; slot++) targets.outstanding[slot] = 1;
    for (const d of [2, 3, 8]) {
      const policy = new RandomOf(targets, stream(`idle ${d}`), d);
      // With replacement it would be 1 - (9/10)^d: 0.19 instead of 0.2, 0.57 instead of 0.8.
      expect(counts(10, 40_000, () => policy.pick(0))[0] / 40_000).toBeCloseTo(d / 10, 2);
    }
  });

  it('prefers nobody among equals', () => {
    const { targets } = targetsOf(even(10));
    for (const d of [2, 5, 9]) {
      const policy = new RandomOf(targets, stream(`equals ${d}`), d);
      expect(chiSquare(counts(10, 20_000, () => policy.pick(0)))).toBeLessThan(LIMIT);
    }
  });

  it('takes all there are when fewer than d are left', () => {
    const { targets } = targetsOf(even(3));
    const policy = new RandomOf(targets, stream('few'), 5);
    targets.addTried(0);
    expect(new Set(even(50).map(() => policy.pick(0)))).toEqual(new Set([1, 2]));
  });
});
