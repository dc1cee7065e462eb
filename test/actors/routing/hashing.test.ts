/** Hash policies: balance, what moves when a target comes or goes, and bounded loads. */
import { describe, expect, it } from 'vitest';
import { KeyHash } from '../../../sim/actors/routing/key-hash.ts';
import type { Policy } from '../../../sim/actors/routing/policy.ts';
import { RingHash } from '../../../sim/actors/routing/ring-hash.ts';
import { Standing, type Targets } from '../../../sim/actors/routing/targets.ts';
import { even, namesOf, targetsOf } from './kit.ts';

const KEYS = 100_000;

type Make = (targets: Targets) => Policy;
const mod: Make = (targets) => new KeyHash(targets);
const ring =
  (virtualNodes: number, bound: number | null = null, name = 'app'): Make =>
  (targets) =>
    new RingHash(
      targets,
      namesOf(targets.size).map((n) => n.replace('app', name)),
      virtualNodes,
      bound,
    );

function policyFor(weights: readonly number[], make: Make) {
  const { targets } = targetsOf(weights);
  const policy = make(targets);
  const set = (slot: number, what: Standing, on: boolean): void => {
    targets.set(slot, what, on);
    targets.refresh();
    policy.rebuild();
  };
  policy.rebuild();
  return { targets, policy, set };
}

const owners = (policy: Policy, keys = KEYS): number[] => even(keys).map((_, key) => policy.pick(key));

/** Share of keys whose owner changes when a target is added to n. */
function moved(n: number, make: Make): number {
  const { policy, set } = policyFor(even(n + 1), make);
  set(n, Standing.Member, false);
  const before = owners(policy);
  set(n, Standing.Member, true);
  const after = owners(policy);
  return after.filter((slot, key) => slot !== before[key]).length / KEYS;
}

describe('a new target', () => {
  it('moves n/(n+1) of the keys with a hash modulo n', () => {
    expect(moved(4, mod)).toBeCloseTo(0.8, 2);
    expect(moved(10, mod)).toBeCloseTo(10 / 11, 2);
  });

  it('moves about 1/(n+1) of the keys on a ring, all of them to itself', () => {
    // Over several sets of names, since a share on a ring varies by 1/√(virtual nodes).
    const mean = (n: number): number => {
      const shares = even(8).map((_, i) => moved(n, ring(1000, null, `app${i}`)));
      return shares.reduce((a, b) => a + b) / shares.length;
    };
    expect(mean(4)).toBeCloseTo(0.2, 2);
    expect(mean(10)).toBeCloseTo(1 / 11, 2);
  });
});

describe('a target that goes out', () => {
  it('moves only its own keys on a ring, and gets the same ones back', () => {
    const { policy, set } = policyFor(even(10), ring(100));
    const before = owners(policy, 20_000);
    set(3, Standing.Unhealthy, true);
    const during = owners(policy, 20_000);
    before.forEach((slot, key) => (slot === 3 ? expect(during[key]).not.toBe(3) : expect(during[key]).toBe(slot)));
    // The keys that moved are spread over the others, not dumped on one neighbour.
    const receivers = new Set(during.filter((_, key) => before[key] === 3));
    expect(receivers.size).toBe(9);
    set(3, Standing.Unhealthy, false);
    expect(owners(policy, 20_000)).toEqual(before);
  });

  it('does not depend on who else is on the list of names, nor on its order', () => {
    const { policy } = policyFor(even(5), ring(100));
    const backwards = targetsOf(even(5)).targets;
    const other = new RingHash(backwards, namesOf(5).reverse(), 100, null);
    other.rebuild();
    for (let key = 0; key < 5000; key++) expect(4 - other.pick(key)).toBe(policy.pick(key));
  });
});

describe('balance', () => {
  const deviation = (n: number, virtualNodes: number, sets: number) => {
    let squares = 0;
    let most = 0;
    for (let i = 0; i < sets; i++) {
      const { policy } = policyFor(even(n), ring(virtualNodes, null, `set${i}-`));
      const counts = even(n).fill(0);
      for (const slot of owners(policy, 20_000)) counts[slot]++;
      const relative = counts.map((c) => (c * n) / 20_000);
      squares += relative.reduce((sum, r) => sum + (r - 1) ** 2, 0) / n;
      most += Math.max(...relative);
    }
    return { deviation: Math.sqrt(squares / sets), most: most / sets };
  };

  it.each([
    // targets, virtual nodes, √((n - 1)/(nk + 1)), mean of largest ÷ mean (Beta(k, (n - 1)k) shares)
    [10, 1, 0.9045, 2.917],
    [10, 10, 0.2985, 1.5485],
    [10, 100, 0.0948, 1.1612],
    [20, 50, 0.1378, 1.2835],
  ])('of %i targets with %i virtual nodes is that of uniform points', (n, virtualNodes, expected, most) => {
    const found = deviation(n, virtualNodes, 60);
    expect(found.deviation).toBeGreaterThan(expected * 0.9);
    expect(found.deviation).toBeLessThan(expected * 1.1);
    expect(found.most).toBeGreaterThan(most * 0.95);
    expect(found.most).toBeLessThan(most * 1.05);
  });

  it('of a hash modulo n is that of throwing dice, and follows weights', () => {
    const { policy } = policyFor([3, 1, 0.5, 0.5], mod);
    const counts = [0, 0, 0, 0];
    for (const slot of owners(policy)) counts[slot]++;
    expect(counts.map((c) => Math.round((c / KEYS) * 50) / 50)).toEqual([0.6, 0.2, 0.1, 0.1]);
  });
});

describe('bounded loads', () => {
  it('let nobody have more than the bound, however hot a key is', () => {
    const { targets, policy } = policyFor(even(10), ring(100, 1.25));
    const first = policy.pick(7);
    for (let i = 0; i < 1000; i++) {
      const slot = policy.pick(7);
      targets.take(slot);
      expect(targets.outstanding[slot]).toBeLessThanOrEqual(Math.ceil((1.25 * targets.total) / 10));
    }
    // The key's own target is full to the bound, and others only as far as needed.
    expect(targets.outstanding[first]).toBe(125);
    expect([...targets.outstanding].filter((n) => n > 0).length).toBe(8);
  });

  it('change nothing while loads are low', () => {
    const bounded = policyFor(even(10), ring(100, 2)).policy;
    const plain = policyFor(even(10), ring(100)).policy;
    expect(owners(bounded, 5000)).toEqual(owners(plain, 5000));
  });
});
