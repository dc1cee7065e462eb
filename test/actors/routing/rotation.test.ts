/** Round robin and nginx's smooth weighted round robin, choice by choice. */
import { describe, expect, it } from 'vitest';
import { Rotation } from '../../../sim/actors/routing/rotation.ts';
import { Standing } from '../../../sim/actors/routing/targets.ts';
import { even, S, targetsOf } from './kit.ts';

function sequence(rotation: Rotation, count: number): string {
  return even(count)
    .map(() => 'abcdefgh'[rotation.pick(0)])
    .join('');
}

function rotationOf(weights: readonly number[], slowStartNs = 0) {
  const { targets, clock } = targetsOf(weights, slowStartNs);
  const rotation = new Rotation(targets);
  rotation.rebuild();
  const change = (slot: number, what: Standing, on: boolean): void => {
    targets.set(slot, what, on);
    targets.refresh();
    rotation.rebuild();
  };
  return { rotation, targets, clock, change };
}

describe('smooth weighted round robin', () => {
  it('gives the sequence of its inventors', () => {
    // nginx, message of commit 27e94984486058d73157038f7950a0a36ecc6e35.
    expect(sequence(rotationOf([5, 1, 1]).rotation, 14)).toBe('aabacaaaabacaa');
  });

  it('gives every target its exact share in each round', () => {
    const round = sequence(rotationOf([7, 2, 3, 1]).rotation, 13);
    expect([...'abcd'].map((name) => round.split(name).length - 1)).toEqual([7, 2, 3, 1]);
  });

  it('takes weights in fractions', () => {
    expect(sequence(rotationOf([2.5, 0.5, 0.5]).rotation, 7)).toBe('aabacaa');
  });
});

describe('round robin', () => {
  it('takes turns', () => {
    expect(sequence(rotationOf(even(3)).rotation, 7)).toBe('abcabca');
  });

  it('goes on with whoever is next when somebody goes out, and takes it back in its place', () => {
    const { rotation, change } = rotationOf(even(4));
    expect(sequence(rotation, 2)).toBe('ab');
    change(2, Standing.Unhealthy, true);
    expect(sequence(rotation, 4)).toBe('dabd');
    change(2, Standing.Unhealthy, false);
    expect(sequence(rotation, 4)).toBe('abcd');
  });

  it('uses all when all are out', () => {
    const { rotation, targets, change } = rotationOf(even(2));
    change(0, Standing.Unhealthy, true);
    expect(sequence(rotation, 2)).toBe('bb');
    change(1, Standing.Ejected, true);
    expect(targets.failsOpen).toBe(true);
    expect([...sequence(rotation, 4)].sort().join('')).toBe('aabb');
  });

  it('passes over who has been tried', () => {
    const { rotation, targets } = rotationOf(even(3));
    targets.addTried(0);
    targets.addTried(1);
    expect(targets.choices).toBe(1);
    expect(sequence(rotation, 2)).toBe('cc');
    targets.clearTried();
    expect(sequence(rotation, 3)).toBe('abc');
  });
});

describe('slow start', () => {
  it('lets the share of a target that is back grow in a straight line', () => {
    const { rotation, targets, clock, change } = rotationOf(even(2), 10 * S);
    change(1, Standing.Unhealthy, true);
    change(1, Standing.Unhealthy, false);
    targets.warm(1);
    const share = (): number => even(3000).filter(() => rotation.pick(0) === 1).length / 3000;
    // Half way a weight of 0.5 beside 1 is a third.
    for (const [seconds, weight] of [
      [1, 0.1],
      [5, 0.5],
      [9, 0.9],
      [10, 1],
    ]) {
      clock[0] = seconds * S;
      expect(share()).toBeCloseTo(weight / (1 + weight), 2);
    }
    expect(targets.isUniform()).toBe(true);
  });
});
