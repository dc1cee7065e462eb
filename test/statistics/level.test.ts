import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Levels } from '../../sim/statistics/level.ts';
import { WideSum } from '../../sim/statistics/wide-sum.ts';

describe('levels', () => {
  it('have the exact area of the steps they took', () => {
    const step = fc.tuple(fc.nat(2), fc.nat(5_000_000), fc.nat(1e12));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = Float64Array.of(1000);
        const levels = new Levels(3, clock);
        const exact = [0n, 0n, 0n];
        const current = [0, 0, 0];
        for (const [i, level, elapsed] of steps) {
          for (let row = 0; row < 3; row++) exact[row] += BigInt(current[row]) * BigInt(elapsed);
          clock[0] += elapsed;
          levels.set(i, level);
          current[i] = level;
        }
        for (let row = 0; row < 3; row++) {
          const area = new WideSum();
          levels.addAreaTo(row, area);
          expect(area.toBigInt()).toBe(exact[row]);
          expect(levels.area(row)).toBe(Number(exact[row]));
          expect(levels.level(row)).toBe(current[row]);
          expect(levels.max(row)).toBe(Math.max(0, ...steps.filter(([i]) => i === row).map(([, level]) => level)));
        }
      }),
    );
  });

  it('obey Little: the area of a queue is the sum of the times spent in it', () => {
    const clock = new Float64Array(1);
    const levels = new Levels(1, clock);
    const sojourns = new WideSum();
    const arrivals: number[] = [];
    for (let i = 0; i < 1000; i++) {
      clock[0] = i * 1_000_003;
      if (i % 3 !== 2) {
        levels.change(0, 1);
        arrivals.push(clock[0]);
      } else {
        levels.change(0, -1);
        sojourns.add(clock[0] - arrivals.shift()!);
      }
    }
    clock[0] += 77;
    for (const at of arrivals) sojourns.add(clock[0] - at);
    const area = new WideSum();
    levels.addAreaTo(0, area);
    expect(area.equals(sojourns)).toBe(true);
  });

  it('have a mean over the window up to now', () => {
    const clock = new Float64Array(1);
    const levels = new Levels(1, clock);
    expect(levels.mean(0)).toBe(0);
    levels.set(0, 4);
    clock[0] = 10;
    levels.set(0, 1);
    clock[0] = 40;
    expect(levels.mean(0)).toBe(70 / 40);
    expect(levels.mean(0)).toBe(70 / 40);
  });

  it('keep their level through a reset and measure anew', () => {
    const clock = new Float64Array(1);
    const levels = new Levels(2, clock);
    levels.set(0, 9);
    clock[0] = 5;
    levels.set(0, 3);
    clock[0] = 100;
    levels.reset();
    expect(levels.level(0)).toBe(3);
    expect(levels.max(0)).toBe(3);
    expect(levels.area(0)).toBe(0);
    expect(levels.mean(0)).toBe(3);
    clock[0] = 150;
    levels.change(0, -1);
    clock[0] = 200;
    expect(levels.area(0)).toBe(3 * 50 + 2 * 50);
    expect(levels.mean(0)).toBe(2.5);
    expect(levels.mean(1)).toBe(0);
  });

  it('that are added later count as 0 before', () => {
    const clock = new Float64Array(1);
    const levels = new Levels(1, clock);
    levels.set(0, 5);
    clock[0] = 60;
    levels.grow(3);
    levels.set(2, 8);
    clock[0] = 80;
    expect(levels.level(0)).toBe(5);
    expect(levels.mean(0)).toBe(5);
    expect(levels.mean(2)).toBe(2);
  });
});
