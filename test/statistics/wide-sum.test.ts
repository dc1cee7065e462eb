import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WideSum, WideSums } from '../../sim/statistics/wide-sum.ts';

/** The sums of these stay below the 2^104 up to which they are exact. */
const count = fc.oneof(
  fc.nat({ max: 2 ** 30 }),
  fc.integer({ min: 0, max: 2 ** 45 }),
  fc.constantFrom(0, 1, 2 ** 26, 2 ** 40),
);
const integer = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(1000),
  fc.constantFrom(0, 1, 2 ** 52, 2 ** 52 - 1, Number.MAX_SAFE_INTEGER),
);

describe('wide sums', () => {
  it('are exact for any terms and products', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(count, integer), { maxLength: 30 }), (terms) => {
        const sum = new WideSum();
        let exact = 0n;
        for (const [n, dt] of terms) {
          sum.add(dt);
          sum.addProduct(n, dt);
          exact += BigInt(dt) + BigInt(n) * BigInt(dt);
        }
        expect(sum.toBigInt()).toBe(exact);
        expect(sum.toNumber()).toBe(Number(exact));
      }),
    );
  });

  it('count the nanoseconds of a million users, which a double does not', () => {
    const sum = new WideSum();
    let rounded = 0;
    for (let i = 0; i < 20_000; i++) {
      sum.addProduct(1_000_001, 1_000_003);
      rounded += 1_000_001 * 1_000_003;
    }
    expect(sum.toBigInt()).toBe(20_000n * 1_000_001n * 1_000_003n);
    expect(BigInt(rounded)).not.toBe(sum.toBigInt());
  });

  it('are equal exactly when their values are, however they came about', () => {
    const once = new WideSum();
    const often = new WideSum();
    once.addProduct(3, 2 ** 52);
    for (let i = 0; i < 3; i++) often.add(2 ** 52);
    expect(once.equals(often)).toBe(true);
    often.add(1);
    expect(once.equals(often)).toBe(false);
    once.reset();
    expect(once.toBigInt()).toBe(0n);
    once.addSum(often);
    expect(once.equals(often)).toBe(true);
  });

  it('stand side by side in a table that grows', () => {
    const sums = new WideSums(2);
    sums.add(1, 5);
    sums.grow(4);
    sums.addProduct(3, Number.MAX_SAFE_INTEGER, 1000);
    sums.addProduct(0, 2, 3);
    expect([0, 1, 2, 3].map((i) => sums.toNumber(i))).toEqual([
      6,
      5,
      0,
      Number(BigInt(Number.MAX_SAFE_INTEGER) * 1000n),
    ]);
    const total = new WideSum();
    for (let i = 0; i < 4; i++) sums.addInto(i, total);
    expect(total.toBigInt()).toBe(11n + BigInt(Number.MAX_SAFE_INTEGER) * 1000n);
    sums.reset();
    expect(sums.toNumber(3)).toBe(0);
  });

  it('take a wrong term without hanging', () => {
    const sum = new WideSum();
    sum.add(NaN);
    expect(sum.toNumber()).toBeNaN();
  });
});
