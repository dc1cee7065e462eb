/**
 * Where randomness begins: keys and streams made from the seed by name, so that adding a component or reordering a
 * file changes nobody else's numbers.
 */
import seedrandom from 'seedrandom';

/**
 * The 64-bit identity (two int32) of a purpose of a name under a seed, the root from which `derive` goes on.
 *
 * @param seed the run's seed; always a string, since seedrandom treats 1 and '1' differently
 * @param name whose numbers they are, e.g. a population
 * @param purpose what for, e.g. 'think'
 */
export function identityKey(seed: string, name: string, purpose: string): [number, number] {
  const source = seedrandom(asciiKey(seed, name, purpose));
  return [source.int32(), source.int32()];
}

/**
 * One text for several, different whenever any of them differs.
 *
 * seedrandom keeps eight bits of each code unit, so 'а' (U+0430) and '0' (U+0030) would share a stream: everything
 * beyond ASCII is escaped first.
 */
function asciiKey(...parts: string[]): string {
  return JSON.stringify(parts).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * A named stream of numbers for an actor's own choices (random balancing, election timeouts).
 *
 * xoshiro128** (Blackman, Vigna: "Scrambled linear pseudorandom number generators", ACM TOMS 2021), seeded by
 * seedrandom from the run's seed and the name. Period 2¹²⁸ − 1; does not allocate.
 */
export class Stream {
  private state = new Int32Array(4);

  constructor(seed: string, name: string) {
    const source = seedrandom(asciiKey(seed, name));
    for (let i = 0; i < 4; i++) this.state[i] = source.int32();
    // The state must not be all zero.
    this.state[3] |= 1;
  }

  /** Keeps its state elsewhere from now on, where others may draw from it too. */
  keepIn(state: Int32Array<ArrayBuffer>): void {
    state.set(this.state);
    this.state = state;
  }

  /** The next number, an int32, all values equally likely. */
  nextInt32(): number {
    const { state } = this;
    const s1 = state[1];
    const five = Math.imul(s1, 5);
    const word = Math.imul((five << 7) | (five >>> 25), 9);
    const s2 = state[2] ^ state[0];
    const s3 = state[3] ^ s1;
    state[1] = s1 ^ s2;
    state[0] ^= s3;
    state[2] = s2 ^ (s1 << 9);
    state[3] = (s3 << 11) | (s3 >>> 21);
    return word;
  }

  /** An unbiased integer from 0 to n − 1, for n from 1 to 2³¹. May take several numbers. */
  below(n: number): number {
    if (n <= 1) return 0;
    const shift = Math.clz32(n - 1);
    let word = this.nextInt32() >>> shift;
    while (word >= n) word = this.nextInt32() >>> shift;
    return word;
  }
}
