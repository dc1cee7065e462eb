import { describe, expect, it } from 'vitest';
import { Counter, derive } from '../../sim/random/counter.ts';
import { chiSquareScore, correlationScore } from './checks.ts';

const counter = new Counter();

/** Ways of walking through the counter's inputs that the kernel uses, and some that are meant to be hard. */
const orders: Record<string, (i: number) => [number, number, number]> = {
  'consecutive users': (i) => [i, 7, 3],
  'consecutive second words': (i) => [7, i, 3],
  'consecutive steps': (i) => [12345, 678, i],
  'users by eight steps': (i) => [i >> 3, 99, i & 7],
  'identities that differ in high bits': (i) => [i << 14, 0, 0],
  'identities of few bits': (i) => [1 << (i & 31), 1 << ((i >> 5) & 31), i >> 10],
};

describe('counter', () => {
  it('gives the same words on every engine and in every version', () => {
    counter.start(0, 0, 0);
    expect([counter.next(), counter.next(), counter.next(), counter.next()]).toMatchInlineSnapshot(`
      [
        0,
        0,
        -428000051,
        -1163332764,
      ]
    `);
    counter.start(-559038737, 305419896, 42);
    expect([counter.next(), counter.next(), counter.next(), counter.next()]).toMatchInlineSnapshot(`
      [
        269455626,
        1100296105,
        -766774940,
        -1327949248,
      ]
    `);
  });

  it('depends on nothing but identity and step', () => {
    counter.start(1, 2, 3);
    const first = [counter.word0, counter.word1];
    counter.start(9, 9, 9);
    for (let i = 0; i < 5; i++) counter.next();
    counter.start(1, 2, 3);
    expect([counter.next(), counter.next()]).toEqual(first);
    counter.nextBlock();
    const second = [counter.word0, counter.word1];
    counter.start(1, 2, 3);
    counter.next();
    counter.next();
    expect([counter.next(), counter.next()]).toEqual(second);
  });

  for (const [name, order] of Object.entries(orders)) {
    it(`spreads evenly over ${name}`, () => {
      const bytes = Array.from({ length: 8 }, () => new Uint32Array(256));
      const pairs = new Uint32Array(4096);
      let before = 0;
      for (let i = 0; i < 1 << 17; i++) {
        counter.start(...order(i));
        for (let byte = 0; byte < 4; byte++) {
          bytes[byte][(counter.word0 >>> (8 * byte)) & 255]++;
          bytes[4 + byte][(counter.word1 >>> (8 * byte)) & 255]++;
        }
        pairs[(before << 6) | (counter.word0 >>> 26)]++;
        before = counter.word0 >>> 26;
      }
      for (const counts of bytes) expect(Math.abs(chiSquareScore(counts))).toBeLessThan(4);
      expect(Math.abs(chiSquareScore(pairs))).toBeLessThan(4);
    });
  }

  it('spreads evenly over the blocks of one step', () => {
    const counts = new Uint32Array(1024);
    counter.start(1, 2, 3);
    for (let i = 0; i < 1 << 17; i++) counts[counter.next() >>> 22]++;
    expect(Math.abs(chiSquareScore(counts))).toBeLessThan(4);
  });

  it('changes each bit of the output half of the time when one bit of the input changes', () => {
    const samples = 2048;
    const flips = new Uint32Array(96 * 64);
    const input: [number, number, number] = [0, 0, 0];
    for (let sample = 0; sample < samples; sample++) {
      for (let bit = 0; bit < 96; bit++) {
        // Small structured inputs, not random ones: they are the harder case.
        input[0] = sample & 63;
        input[1] = sample >> 6;
        input[2] = sample % 7;
        counter.start(...input);
        const { word0, word1 } = counter;
        input[bit >> 5] ^= 1 << (bit & 31);
        counter.start(...input);
        for (let out = 0; out < 32; out++) {
          flips[bit * 64 + out] += ((word0 ^ counter.word0) >>> out) & 1;
          flips[bit * 64 + 32 + out] += ((word1 ^ counter.word1) >>> out) & 1;
        }
      }
    }
    const deviation = Math.sqrt(samples / 4);
    // 6,144 cells: the largest of as many normals is about 3.8.
    for (const count of flips) expect(Math.abs(count - samples / 2) / deviation).toBeLessThan(5);
  });

  it('shows no correlation between neighbouring users or steps', () => {
    const n = 100_000;
    const here = new Float64Array(n);
    const nextUser = new Float64Array(n);
    const nextStep = new Float64Array(n);
    const at = (user: number, step: number) => {
      counter.start(user, 5, step);
      return counter.word0 >>> 0;
    };
    for (let i = 0; i < n; i++) {
      here[i] = at(i, 4);
      nextUser[i] = at(i + 1, 4);
      nextStep[i] = at(i, 5);
    }
    expect(Math.abs(correlationScore(here, nextUser))).toBeLessThan(3);
    expect(Math.abs(correlationScore(here, nextStep))).toBeLessThan(3);
    expect(Math.abs(correlationScore(nextUser, nextStep))).toBeLessThan(3);
  });

  it('passes the birthday spacings test', () => {
    // Marsaglia: equal spacings among m birthdays in 2^32 days are Poisson with mean m³ / 2^34.
    const m = 4096;
    const rounds = 64;
    let equal = 0;
    const days = new Float64Array(m);
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < m; i++) {
        counter.start(i, round, 1);
        days[i] = counter.word1 >>> 0;
      }
      days.sort();
      const spacings = days.map((day, i) => (i === 0 ? day : day - days[i - 1])).sort();
      for (let i = 1; i < m; i++) if (spacings[i] === spacings[i - 1]) equal++;
    }
    const mean = (rounds * m ** 3) / 2 ** 34;
    expect(Math.abs(equal - mean) / Math.sqrt(mean)).toBeLessThan(4);
  });

  it('draws integers below n without bias', () => {
    for (const n of [2, 3, 10, 96, 1000]) {
      const counts = new Uint32Array(n);
      for (let i = 0; i < 50_000; i++) {
        counter.start(i, n, 0);
        counts[counter.below(n)]++;
      }
      expect(Math.abs(chiSquareScore(counts))).toBeLessThan(4);
    }
    expect(counter.below(1)).toBe(0);
    for (let i = 0; i < 100; i++) {
      const value = counter.below(2147483648);
      expect(value >= 0 && value < 2147483648).toBe(true);
    }
  });
});

describe('derived identities', () => {
  it('never share an identity among the children of one parent', () => {
    const out = new Int32Array(2);
    const seen = new Set<string>();
    for (let user = 0; user < 300; user++) {
      for (let request = 0; request < 300; request++) {
        derive(17, -4, user, request, out);
        seen.add(`${out[0]} ${out[1]}`);
      }
    }
    expect(seen.size).toBe(90_000);
  });

  it('are not the words that the parent draws', () => {
    const out = new Int32Array(2);
    derive(17, -4, 3, 0, out);
    counter.start(17, -4, 3);
    expect([out[0], out[1]]).not.toEqual([counter.word0, counter.word1]);
  });

  it('spread evenly', () => {
    const out = new Int32Array(2);
    const counts = [new Uint32Array(1024), new Uint32Array(1024)];
    for (let i = 0; i < 1 << 17; i++) {
      derive(1, 2, i >> 2, i & 3, out);
      counts[0][out[0] >>> 22]++;
      counts[1][out[1] & 1023]++;
    }
    for (const cells of counts) expect(Math.abs(chiSquareScore(cells))).toBeLessThan(4);
  });

  it('are the same on every engine and in every version', () => {
    const out = new Int32Array(2);
    derive(1, 2, 3, 4, out);
    expect([...out]).toMatchInlineSnapshot(`
      [
        -1553492105,
        -1090094507,
      ]
    `);
  });
});
