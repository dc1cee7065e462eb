/** Least connections against the plainest way to say it, and its rule for ties. */
import { describe, expect, it } from 'vitest';
import { LeastConnections } from '../../../sim/actors/routing/least-connections.ts';
import { Standing, type Targets } from '../../../sim/actors/routing/targets.ts';
import { Stream } from '../../../sim/random/keys.ts';
import { even, S, targetsOf } from './kit.ts';

function policyFor(weights: readonly number[], slowStartNs = 0) {
  const { targets, clock } = targetsOf(weights, slowStartNs);
  const policy = new LeastConnections(targets, new Stream('1', 'ties'));
  policy.rebuild();
  const take = (): number => {
    const slot = policy.pick(0);
    targets.take(slot);
    policy.moved(slot);
    return slot;
  };
  const give = (slot: number): void => {
    targets.give(slot);
    policy.moved(slot);
  };
  return { targets, policy, clock, take, give };
}

const least = (targets: Targets): number =>
  Math.min(...[...targets.active.subarray(0, targets.activeCount)].map((slot) => targets.outstanding[slot]));

it('takes one of the least, whatever happens', () => {
  const { targets, policy, take, give } = policyFor(even(12));
  const stream = new Stream('1', 'walk');
  const open: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const dice = stream.below(100);
    if (dice < 50) {
      const before = least(targets);
      const slot = take();
      expect(targets.outstanding[slot]).toBe(before + 1);
      expect(targets.isActive[slot]).toBe(1);
      open.push(slot);
    } else if (dice < 98 && open.length > 0) give(open.splice(stream.below(open.length), 1)[0]);
    else {
      const slot = stream.below(12);
      targets.set(slot, Standing.Unhealthy, !targets.is(slot, Standing.Unhealthy));
      targets.refresh();
      policy.rebuild();
    }
  }
  expect(targets.violation(targets.total)).toBe('');
});

describe('among equals', () => {
  it('everybody has the same chance', () => {
    const { targets, policy, take, give } = policyFor(even(5));
    for (let i = 0; i < 3; i++) targets.take(2);
    policy.moved(2);
    const found = even(5).fill(0);
    for (let i = 0; i < 8000; i++) {
      const slot = take();
      found[slot]++;
      give(slot);
    }
    expect(found[2]).toBe(0);
    for (const slot of [0, 1, 3, 4]) expect(Math.abs(found[slot] - 2000)).toBeLessThan(160);
  });

  it('those with one request more are not preferred by where they came from', () => {
    const { take, give } = policyFor(even(4));
    const found = even(4).fill(0);
    for (let i = 0; i < 2000; i++) {
      const three = [take(), take(), take()];
      const last = take();
      found[last]++;
      for (const slot of [...three, last]) give(slot);
    }
    for (const n of found) expect(Math.abs(n - 500)).toBeLessThan(80);
  });
});

it('passes over who has been tried', () => {
  const { targets, policy } = policyFor(even(3));
  targets.take(2);
  policy.moved(2);
  targets.addTried(0);
  targets.addTried(1);
  expect(policy.pick(0)).toBe(2);
});

it('compares requests per weight', () => {
  const { targets, take } = policyFor([3, 1]);
  for (let i = 0; i < 40; i++) take();
  expect([...targets.outstanding]).toEqual([30, 10]);
});

it('spares a target that has just come back', () => {
  const { targets, clock, take } = policyFor(even(2), 10 * S);
  targets.warm(1);
  clock[0] = 5 * S;
  for (let i = 0; i < 30; i++) take();
  expect([...targets.outstanding]).toEqual([20, 10]);
});
