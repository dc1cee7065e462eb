/**
 * A counter-based generator: numbers that are a pure function of who asks and for what, in whatever order they ask.
 *
 * The idea is that of Salmon et al. ("Parallel random numbers: as easy as 1, 2, 3", SC 2011): a strong mix of a key
 * (a 64-bit identity) and a counter (step, block). The mix is ours: seven Feistel-like half-rounds over two 32-bit
 * lanes, each a rotation, an xor and an odd multiplication, so it is a bijection of 64 bits. Multipliers are those of
 * Wellons' lowbias32, MurmurHash3 and xxHash. Their own Threefry-2x32 took twice as long in JavaScript. Five
 * half-rounds still show bias, six no longer do (see the avalanche test); the seventh is the margin. Ten tests of
 * dieharder 3.31 over streams ordered by identity, by step and by block showed no failure that more data confirmed. Only
 * 32-bit integer operations: every engine gives the same words.
 *
 * Step and block are spread over the lanes by xxHash's primes 0x9e3779b1 and 0x85ebca77. Multipliers are literals, since
 * a constant of a module costs a load.
 */

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

  /** The two lanes before mixing: identity plus counter. */
  private left = 0;
  private right = 0;
  private taken = 0;

  /**
   * Goes to the first block of step `step` of the identity (a, b).
   *
   * All three are int32. Different steps of one identity are independent of each other, as are different identities.
   */
  start(a: number, b: number, step: number): void {
    this.left = (a + Math.imul(step, 0x9e3779b1)) | 0;
    this.right = b | 0;
    this.taken = 0;
    this.mix();
  }

  /** Replaces word0 and word1 by the next two words of this step. */
  nextBlock(): void {
    this.right = (this.right + 0x85ebca77) | 0;
    this.taken = 0;
    this.mix();
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

  private mix(): void {
    let x = this.left;
    let y = this.right;
    x = Math.imul(x ^ ((y << 16) | (y >>> 16)), 0x21f0aaad);
    y = Math.imul(y ^ ((x << 16) | (x >>> 16)), 0x735a2d97);
    x = Math.imul(x ^ ((y << 16) | (y >>> 16)), 0x85ebca6b);
    y = Math.imul(y ^ ((x << 16) | (x >>> 16)), 0xc2b2ae35);
    x = Math.imul(x ^ ((y << 16) | (y >>> 16)), 0x27d4eb2f);
    y = Math.imul(y ^ ((x << 16) | (x >>> 16)), 0x165667b1);
    x = Math.imul(x ^ ((y << 16) | (y >>> 16)), 0xd35a2d97);
    // The last half-round leaves x's low bits weaker than its high ones.
    y ^= x >>> 16;
    this.word0 = x ^ (y >>> 15);
    this.word1 = y;
  }
}

/**
 * Writes the identity of the child (x, y) of the identity (a, b) to out[0] and out[1]: user → request → attempt.
 *
 * Different children of one identity never share an identity (the mix is a bijection). The constant on `a` keeps
 * them apart from the words that a Counter gives out.
 */
export function derive(a: number, b: number, x: number, y: number, out: Int32Array): void {
  let u = ((a ^ 0x5bd1e995) + Math.imul(x, 0x9e3779b1)) | 0;
  let v = (b + Math.imul(y, 0x85ebca77)) | 0;
  u = Math.imul(u ^ ((v << 16) | (v >>> 16)), 0x21f0aaad);
  v = Math.imul(v ^ ((u << 16) | (u >>> 16)), 0x735a2d97);
  u = Math.imul(u ^ ((v << 16) | (v >>> 16)), 0x85ebca6b);
  v = Math.imul(v ^ ((u << 16) | (u >>> 16)), 0xc2b2ae35);
  u = Math.imul(u ^ ((v << 16) | (v >>> 16)), 0x27d4eb2f);
  v = Math.imul(v ^ ((u << 16) | (u >>> 16)), 0x165667b1);
  u = Math.imul(u ^ ((v << 16) | (v >>> 16)), 0xd35a2d97);
  v ^= u >>> 16;
  out[0] = u ^ (v >>> 15);
  out[1] = v;
}
