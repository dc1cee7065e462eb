/** Seeded choices: one number in, one architecture out, on every machine. */

/** A plain value of a scenario file. */
export type Value = string | number | boolean | Value[] | { [name: string]: Value };
/** A map of a scenario file. */
export type Fields = { [name: string]: Value };

export class Draw {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
    // Neighbouring seeds differ in few bits; the first numbers mix them.
    for (let i = 0; i < 4; i++) this.unit();
  }

  /** In [0, 1): Mulberry32 by Tommy Ettinger, 32 bits of state are plenty for choices. */
  unit(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.unit() * (most - least + 1));
  }

  /**
   * A number whose logarithm is uniform: as often from 1 to 10 as from 10 to 100. Made of square roots, which are the
   * same on every machine, as logarithms are not.
   */
  scale(least: number, most: number): number {
    let value = least;
    let factor = most / least;
    for (let i = 0; i < 12; i++) {
      factor = Math.sqrt(factor);
      if (this.chance(0.5)) value *= factor;
    }
    return value;
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)];
  }

  /** `count` different ones, in random order. */
  some<T>(list: readonly T[], count: number): T[] {
    return this.shuffled(list).slice(0, count);
  }

  shuffled<T>(list: readonly T[]): T[] {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }

  /** One of the makers, by weight. */
  weighted<T>(options: readonly (readonly [weight: number, make: () => T])[]): T {
    let left = this.unit() * options.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, make] of options) {
      left -= weight;
      if (left < 0) return make();
    }
    return options[options.length - 1][1]();
  }

  /** `count` shares written in per cent that add up to exactly 100 %. */
  shares(count: number): string[] {
    const cuts = Array.from({ length: count - 1 }, () => this.int(0, 100)).sort((a, b) => a - b);
    return [...cuts, 100].map((cut, i) => `${cut - (i === 0 ? 0 : cuts[i - 1])}%`);
  }

  /** Fields that are there with a probability. */
  maybe(probability: number, fields: () => Fields): Fields {
    return this.chance(probability) ? fields() : {};
  }
}

/** A duration of so many milliseconds, as a file writes it. */
export const ms = (milliseconds: number): string => `${Math.round(milliseconds * 1000)}us`;
