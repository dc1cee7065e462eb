/**
 * A counter-based generator: numbers that are a pure function of who asks and for what, in whatever order they ask.
 *
 * It is Threefry-2x32 with 13 rounds (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011), the fewest that pass BigCrush. The key is a 64-bit identity, the counter is (step, block). It needs only
 * additions, rotations and xors of 32 bits, so every engine gives the same words.
 */

const PARITY = 0x1bd11bda;

/**
 * Holds one place in one identity's numbers. Blocks of two words: `start` makes the first block, `nextBlock` the next.
 *
 * Code that knows how many words it wants reads `word0` and `word1` and asks for blocks; other code calls `next`.
 * Nothing here allocates; a Counter is meant to be reused for every draw.
 */
export class Counter {
  /** First word of the current block, an int32. */
  word0 = 0;
  /** Second word of the current block, an int32. */
  word1 = 0;

  private a = 0;
  private b = 0;
  private step = 0;
  private block = 0;
  private taken = 0;

  /**
   * Goes to the first block of step `step` of the identity (a, b).
   *
   * All three are int32. Different steps of one identity are independent of each other, as are different identities.
   */
  start(a: number, b: number, step: number): void {
    this.a = a;
    this.b = b;
    this.step = step;
    this.block = 0;
    this.taken = 0;
    this.scramble();
  }

  /** Replaces word0 and word1 by the next two words of this step. */
  nextBlock(): void {
    this.block = (this.block + 1) | 0;
    this.taken = 0;
    this.scramble();
  }

  /** The next word of this step, an int32: word0, word1, then those of the next block. */
  next(): number {
    if (this.taken === 2) this.nextBlock();
    return this.taken++ === 0 ? this.word0 : this.word1;
  }

  /** An unbiased integer from 0 to n − 1, for n from 1 to 2³¹. May take several words. */
  below(n: number): number {
    if (n <= 1) return 0;
    // Rejection on the fewest high bits that can hold n − 1: fewer than two tries on average, and no bias.
    const shift = Math.clz32(n - 1);
    let word = this.next() >>> shift;
    while (word >= n) word = this.next() >>> shift;
    return word;
  }

  private scramble(): void {
    const k0 = this.a;
    const k1 = this.b;
    const k2 = PARITY ^ k0 ^ k1;
    let x = (this.step + k0) | 0;
    let y = (this.block + k1) | 0;
    x = (x + y) | 0; y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0; y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0; y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0; y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + k1) | 0; y = (y + k2 + 1) | 0;
    x = (x + y) | 0; y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0; y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0; y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0; y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + k2) | 0; y = (y + k0 + 2) | 0;
    x = (x + y) | 0; y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0; y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0; y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0; y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + k0) | 0; y = (y + k1 + 3) | 0;
    x = (x + y) | 0; y = ((y << 17) | (y >>> 15)) ^ x;
    this.word0 = x;
    this.word1 = y;
  }
}

/**
 * Writes the identity of the child (x, y) of the identity (a, b) to out[0] and out[1]: user → request → attempt.
 *
 * Threefry-2x32 with its full 20 rounds, so that no child's identity is also a word that `Counter` gives out.
 */
export function derive(a: number, b: number, x: number, y: number, out: Int32Array): void {
  const parity = PARITY ^ a ^ b;
  let k0 = a;
  let k1 = b;
  let k2 = parity;
  let u = (x + k0) | 0;
  let v = (y + k1) | 0;
  for (let group = 1; group <= 5; group++) {
    if ((group & 1) === 1) {
      u = (u + v) | 0; v = ((v << 13) | (v >>> 19)) ^ u;
      u = (u + v) | 0; v = ((v << 15) | (v >>> 17)) ^ u;
      u = (u + v) | 0; v = ((v << 26) | (v >>> 6)) ^ u;
      u = (u + v) | 0; v = ((v << 6) | (v >>> 26)) ^ u;
    } else {
      u = (u + v) | 0; v = ((v << 17) | (v >>> 15)) ^ u;
      u = (u + v) | 0; v = ((v << 29) | (v >>> 3)) ^ u;
      u = (u + v) | 0; v = ((v << 16) | (v >>> 16)) ^ u;
      u = (u + v) | 0; v = ((v << 24) | (v >>> 8)) ^ u;
    }
    const first = k0;
    k0 = k1;
    k1 = k2;
    k2 = first;
    u = (u + k0) | 0;
    v = (v + k1 + group) | 0;
  }
  out[0] = u;
  out[1] = v;
}
