import { describe, expect, it } from 'vitest';
import { Stream, identityKey } from '../../sim/random/keys.ts';
import { chiSquareScore } from './checks.ts';

describe('identity keys', () => {
  it('are the same on every engine and in every version', () => {
    expect(identityKey('1', 'players', 'think')).toMatchInlineSnapshot(`
      [
        100929992,
        1805336768,
      ]
    `);
  });

  it('differ when seed, name or purpose differ, wherever one ends and the next begins', () => {
    const keys = [
      identityKey('1', 'ab', 'c'),
      identityKey('1', 'a', 'bc'),
      identityKey('1a', 'b', 'c'),
      identityKey('2', 'ab', 'c'),
      identityKey('1', 'ab', 'd'),
      identityKey('1', 'ab"', 'c'),
      identityKey('1', 'ab\u0000', 'c'),
      identityKey('', '1ab', 'c'),
    ];
    expect(new Set(keys.map(String)).size).toBe(keys.length);
  });

  it('differ for names that differ only above eight bits, which seedrandom alone does not see', () => {
    expect(identityKey('1', '\u0430', 'think')).not.toEqual(identityKey('1', '0', 'think'));
    expect(identityKey('1', '\ud83d\ude00', 'think')).not.toEqual(identityKey('1', '\ud83d\ude01', 'think'));
  });
});

describe('streams', () => {
  it('are the same on every engine and in every version', () => {
    const stream = new Stream('1', 'lb');
    expect([stream.nextInt32(), stream.nextInt32(), stream.nextInt32()]).toMatchInlineSnapshot(`
      [
        -1452637876,
        1151759946,
        1618150395,
      ]
    `);
  });

  it('follow the published xoshiro128**', () => {
    // The authors' C code, in big integers; from state 1, 2, 3, 4 it gives 11520, 0, 5927040, 70819200.
    const mask = 0xffffffffn;
    const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
    const state = [1n, 2n, 3n, 4n];
    const reference = () => {
      const result = (rotate((state[1] * 5n) & mask, 7n) * 9n) & mask;
      const shifted = (state[1] << 9n) & mask;
      state[2] ^= state[0];
      state[3] ^= state[1];
      state[1] ^= state[2];
      state[0] ^= state[3];
      state[2] ^= shifted;
      state[3] = rotate(state[3], 11n);
      return Number(result) | 0;
    };
    const stream = new Stream('1', 'any');
    const own = new Int32Array(4);
    stream.keepIn(own);
    own.set([1, 2, 3, 4]);
    const numbers = Array.from({ length: 1000 }, () => stream.nextInt32());
    expect(numbers.slice(0, 4)).toEqual([11520, 0, 5927040, 70819200]);
    expect(numbers).toEqual(Array.from({ length: 1000 }, reference));
  });

  it('differ by seed and by name', () => {
    const first = new Stream('1', 'lb').nextInt32();
    expect(new Stream('1', 'lb').nextInt32()).toBe(first);
    expect(new Stream('2', 'lb').nextInt32()).not.toBe(first);
    expect(new Stream('1', 'lb2').nextInt32()).not.toBe(first);
  });

  it('draw integers below n without bias', () => {
    const stream = new Stream('1', 'below');
    for (const n of [2, 3, 10, 1000]) {
      const counts = new Uint32Array(n);
      for (let i = 0; i < 50_000; i++) counts[stream.below(n)]++;
      expect(Math.abs(chiSquareScore(counts))).toBeLessThan(4);
    }
    expect(stream.below(1)).toBe(0);
  });
});
